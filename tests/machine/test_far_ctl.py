"""restartctl -H over a real ssh to real machines: what it does there, who it is there, and in how many ways it cannot get there, each
of which ends in one sentence and with nothing done."""
import json
import pathlib
import subprocess
import time

import pytest

from helpers import machines
from helpers.system import WELL, run, unit

pytestmark = pytest.mark.once

HOME = pathlib.Path("/root/.ssh")
CONFIG = HOME / "config"
LINES = "Host *\n  IdentityFile /root/.ssh/id_ed25519\n  IdentitiesOnly yes\n"


@pytest.fixture(scope="module", autouse=True)
def key():
    """Root's own, and an ssh that does not ask."""
    HOME.mkdir(mode=0o700, exist_ok=True)
    (HOME / "id_ed25519").unlink(missing_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", HOME / "id_ed25519", "-C", "here")
    CONFIG.write_text(LINES)
    yield
    for file in HOME.iterdir():
        file.unlink()


@pytest.fixture
def far(machines):  # noqa: F811
    """Two machines on which the account ops may run the bridge, by that key, and whose host keys are known."""
    line = run("restartctl", "bridge", "--authorized-key", HOME / "id_ed25519.pub").stdout
    for name in ("web1", "web2"):
        machine = machines[name]
        machine.run("sh", "-c", "id ops >/dev/null 2>&1 || useradd -m -s /bin/sh -G restarter-clients ops")
        machine.run("install", "-d", "-m", "700", "-o", "ops", "-g", "ops", "/home/ops/.ssh")
        machine.put("/home/ops/.ssh/authorized_keys", line)
    (HOME / "known_hosts").write_text(run("ssh-keyscan", "-t", "ed25519", "web1", "web2").stdout)
    yield machines
    CONFIG.write_text(LINES)
    (HOME / "known_hosts").unlink(missing_ok=True)


def ctl(*arguments, **options):
    return run("restartctl", *arguments, check=False, timeout=120, **options)


def invocation(machine):
    return machine.show(unit(WELL), "InvocationID")


def test_a_restart_there(far):
    before = invocation(far["web1"])
    done = ctl("-H", "ops@web1", "restart", "--no-settle", WELL)
    assert done.returncode == 0 and done.stdout.startswith(f"{unit(WELL)} was restarted in "), done.stderr
    assert invocation(far["web1"]) != before
    entry = json.loads(far["web1"].run("restartctl", "log", "--lines=1", "--json=short").stdout)
    assert (entry["user"], entry["known"], entry["door"]) == ("ops", "uid", "broker.sock")


@pytest.mark.parametrize("verb", [("list",), ("status", WELL), ("allowed",)])
def test_what_is_read(verb, far):
    done = ctl("-H", "ops@web2", "--json=short", *verb)
    assert done.returncode == 0 and json.loads(done.stdout), done.stderr


def test_the_key_does_nothing_else(far):
    """Whatever ssh is asked to run."""
    done = run("ssh", "-oBatchMode=yes", "ops@web1", "id", check=False)
    assert done.stdout == "restarter-bridge 1\n"
    done = run("ssh", "-oBatchMode=yes", "-oExitOnForwardFailure=yes", "-R", "2222:127.0.0.1:22", "ops@web1", check=False)
    assert done.returncode == 255


def test_both_side_by_side(far):
    before = [invocation(far[name]) for name in ("web1", "web2")]
    done = ctl("-H", "ops@web1,ops@web2", "restart", "--no-settle", WELL)
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()
    assert (words[0], words[2]) == ("ops@web1:", "ops@web2:") and len(words) == 4
    after = [invocation(far[name]) for name in ("web1", "web2")]
    assert before[0] != after[0] and before[1] != after[1]


def test_one_is_gone(far):
    """It hides nobody, and is told as what it is."""
    far["web2"].slow(loss=100)
    with subprocess.Popen(
        ["restartctl", "-H", "ops@web2,ops@web1", "list"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "ops@web1:\n"
        assert process.poll() is None
        rest, errors = process.communicate(timeout=120)
    assert process.returncode == 4 and rest.endswith("ops@web2:\n")
    assert "ops@web2: Nothing was done: ops@web2 cannot be reached: nothing came back from its address" in errors


@pytest.fixture
def slow(far):
    with machines.slow_unit(far["web1"], "[Service]\nType=oneshot\nExecStart=/bin/sleep 300\n") as name:
        yield name


def test_it_goes_away_in_the_middle(far, slow):
    """A restart that was heard there is unknown here, and is not asked for again."""
    process = subprocess.Popen(
        ["restartctl", "-H", "ops@web1", "restart", slow],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while far["web1"].show(slow, "ActiveState") != "activating":
        assert time.monotonic() < deadline and process.poll() is None, process.communicate()
    far["web1"].run("sh", "-c", "pkill -u ops -f 'restartctl bridge'; pkill -u ops sshd; true")
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, out) == (5, ""), errors
    assert "ops@web1 took the call and did not answer" in errors and "look at the unit before trying again" in errors


def cannot(host, why, *options):
    begin = time.monotonic()
    done = ctl(*options, "-H", host, "restart", WELL)
    assert (done.returncode, done.stdout) == (4, ""), done.stderr
    assert done.stderr.startswith(f"Nothing was done: {host} cannot be reached: ") and done.stderr.count("\n") == 1
    assert why in done.stderr
    assert time.monotonic() - begin < 100


def test_a_host_key_that_is_not_known(far):
    (HOME / "known_hosts").unlink()
    cannot("ops@web1", "its host key is not known here. Connect to it once with ssh")


def test_a_host_key_that_has_changed(far):
    lines = (HOME / "known_hosts").read_text()
    other = run("cat", HOME / "id_ed25519.pub").stdout.split()[1]
    (HOME / "known_hosts").write_text("\n".join(f"{line.split()[0]} ssh-ed25519 {other}" for line in lines.splitlines() if line) + "\n")
    cannot("ops@web1", "its host key is not the one that is known here. Somebody may be in between")


def test_a_key_that_is_not_let_in(far):
    cannot("root@web1", "it does not let this key in. The public key has to be in authorized_keys")


def test_nobody_listens(far):
    far["web1"].touched = True
    far["web1"].run("sh", "-c", "systemctl stop ssh.socket ssh.service || systemctl stop ssh.service")
    cannot("ops@web1", "nobody listens at that port")


def test_a_name_that_is_not_known(far):
    cannot("ops@nowhere", "that name is not known")


def test_an_account_that_may_not_open_the_socket(far):
    far["web1"].run("gpasswd", "--delete", "ops", "restarter-clients")
    try:
        cannot("ops@web1", "its broker is not. The account that ssh lets in there may not open its socket")
    finally:
        far["web1"].run("gpasswd", "--add", "ops", "restarter-clients")


def test_no_restarter_there(far):
    far["web1"].run("mv", "/usr/bin/restartctl", "/usr/bin/restartctl.away")
    try:
        cannot("ops@web1", "restartctl is not there. Install restarter on it.")
    finally:
        far["web1"].run("mv", "/usr/bin/restartctl.away", "/usr/bin/restartctl")


def test_a_key_for_another_command(far):
    line = far["web1"].run("cat", "/home/ops/.ssh/authorized_keys").stdout
    far["web1"].put("/home/ops/.ssh/authorized_keys", line.replace("/usr/bin/restartctl bridge", "echo Welcome"))
    cannot("ops@web1", "what runs there is not 'restartctl bridge', and begins with \"Welcome\"")


def test_a_shell_that_ends_at_once(far):
    far["web1"].run("usermod", "-s", "/usr/sbin/nologin", "ops")
    try:
        cannot("ops@web1", "is not 'restartctl bridge', and begins with \"This account is currently not available.\"")
    finally:
        far["web1"].run("usermod", "-s", "/bin/sh", "ops")


def test_a_master_that_is_kept(far):
    """The user's own configuration counts: what is behind it holds nobody up."""
    CONFIG.write_text(LINES + "  ControlMaster auto\n  ControlPath /root/.ssh/master-%C\n  ControlPersist 60\n")
    for _ in range(2):
        assert ctl("-H", "ops@web1", "list").returncode == 0
    run("ssh", "-O", "exit", "ops@web1", check=False)
