"""restartctl -H, with a program in place of ssh that does as a test tells it: one that runs the bridge here, and ones that lie in every
way. What ends before the bridge has greeted was not sent; what ends after that is unknown; and nobody waits for ever."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from helpers.fake_ssh import ssh  # noqa: F401 (a fixture)
from helpers.system import WELL, invocation, run, unit

pytestmark = pytest.mark.once

MACHINES = pathlib.Path("/etc/restarter/machines.conf")
GREETING = "printf 'restarter-bridge 1\\n'\n"
# Takes the whole call before it goes on.
TAKE = "while IFS= read -r line; do case $line in *'</methodCall>'*) break ;; esac; done\n"


@contextlib.contextmanager
def machines(text):
    MACHINES.write_text(text)
    try:
        yield
    finally:
        MACHINES.unlink()


def ctl(*arguments, **options):
    return run("restartctl", *arguments, check=False, **options)


@pytest.mark.parametrize("verb", [("list",), ("status", WELL), ("allowed",), ("restart", "--no-settle", WELL)])
def test_verbs_that_call(verb, ssh):
    """What they say is what they say here."""
    here, there = ctl(*verb), ctl("-H", "web1", *verb)
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout.split()[0] == here.stdout.split()[0]
    assert json.loads(ctl("--host=web1", "--json", *verb).stdout).keys() == json.loads(ctl("--json", *verb).stdout).keys()


def test_the_environment_names_it(ssh):
    ssh('printf "restarter-bridge 1 %s\\n" "$*"')
    done = ctl("list", env={**os.environ, "RESTARTER_HOST": "anna@web1"})
    assert done.returncode == 4 and "-- anna@web1 restartctl bridge" in done.stderr
    assert done.stderr.startswith("Nothing was done: anna@web1 cannot be reached: its broker is not.")
    # What is said goes before it, and what another machine runs here is for here.
    assert ctl("-s", "/run/restarter/broker.sock", "list", env={**os.environ, "RESTARTER_HOST": "web1"}).returncode == 0
    done = ctl("bridge", env={**os.environ, "RESTARTER_HOST": "web1"})
    assert (done.returncode, done.stdout) == (0, "restarter-bridge 1\n")


@pytest.mark.parametrize("verb", ["check", "policy", "passwd", "log", "bridge"])
def test_verbs_that_are_about_this_machine(verb, ssh):
    done = ctl("-H", "anna@web1", verb)
    assert done.returncode == 2 and done.stdout == ""
    assert f"{verb} is about this machine, and asks no other one; 'ssh anna@web1 restartctl {verb}' runs it there" in done.stderr


WRONG = {
    "-oProxyCommand=x": "neither a machine or a group of /etc/restarter/machines.conf nor a host",
    "": "neither a machine or a group",
    "a b": "neither a machine or a group",
    "web1,,web2": "'' is neither",
    "a@-b": "neither of both begins with '-'",
    "$(reboot)": "neither a machine or a group",
}


@pytest.mark.parametrize("host", WRONG)
def test_no_host(host, ssh):
    ssh("touch /run/never")
    done = ctl(f"--host={host}", "restart", WELL)
    assert done.returncode == 2 and WRONG[host] in done.stderr
    assert not pathlib.Path("/run/never").exists()


def test_a_socket_is_of_this_machine(ssh):
    done = ctl("-H", "web1", "-s", "/run/restarter/broker.sock", "list")
    assert done.returncode == 2 and "do not go together" in done.stderr


def test_machines_and_groups(ssh):
    ssh('printf "restarter-bridge 1 %s\\n" "$*"')
    text = "[Machine one]\nVia=ssh\nHost=far@10.0.0.1\nPort=2222\n[Machine two]\nVia=ssh\n[Machine s]\nVia=socket\n"
    with machines(text + "[Group both]\nMachines=two one\n[Group all]\nMachines=one s\n"):
        done = ctl("-H", "one", "list")
        assert done.stderr.startswith("Nothing was done: one cannot be reached")
        assert "-p 2222 -- far@10.0.0.1 restartctl bridge" in done.stderr
        done = ctl("-H", "both", "list")
        assert done.returncode == 4 and done.stdout == "two:\none:\n"
        assert "-- two restartctl bridge" in done.stderr and "-p 2222 -- far@10.0.0.1" in done.stderr
        for host in ("s", "all"):
            done = ctl("-H", host, "list")
            assert done.returncode == 2 and "s is reached by a socket that is for the page (Via=socket in" in done.stderr
    with machines("[Machine one]\nVia=tcp\n"):
        done = ctl("-H", "one", "restart", WELL)
        assert done.returncode == 4
        assert done.stderr == "restartctl: /etc/restarter/machines.conf:2: Via=tcp is neither ssh nor socket. Nothing was done.\n"


def test_no_ssh():
    """It is not among what the tests' machine has."""
    if run("sh", "-c", "command -v ssh", check=False).returncode == 0:
        pytest.skip("there is one")
    done = ctl("-H", "web1", "list")
    assert done.returncode == 4
    assert done.stderr == (
        "Nothing was done: web1 cannot be reached: there is no ssh here. Install it (apt install openssh-client).\n"
    )


BEFORE = {
    "nothing": "exit 0",
    "refused": "echo 'ssh: connect to host web1 port 22: Connection refused' >&2; exit 255",
    "a line without end": "exec cat /dev/zero",
    "another line": "echo Welcome; exec sleep 60",
    "another version": "echo 'restarter-bridge 2'; exec sleep 60",
    "bytes": "printf '\\200\\000\\n'; exec sleep 60",
    "a part of it": "printf 'restarter-bridge'",
}


@pytest.mark.parametrize("script", BEFORE.values(), ids=BEFORE.keys())
def test_what_ends_before_the_greeting_was_not_sent(script, ssh, instance):
    ssh(script)
    done = ctl("-H", "web1", "restart", WELL)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("Nothing was done: web1 cannot be reached: ") and done.stderr.count("\n") == 1
    error = json.loads(ctl("-H", "web1", "--json", "restart", WELL).stdout)["error"]
    assert (error["kind"], error["code"]) == ("unavailable", 10) and error["message"].startswith("Nothing was done")
    assert instance.starts() == []


HEAD = "HTTP/1.1 200 OK\\r\\nContent-Type: text/xml\\r\\nContent-Length: %s\\r\\n\\r\\n"
ANSWERED = f"printf '{HEAD % 10}'\n"
AFTER = {
    "nothing": "exit 0",
    "killed": "kill -9 $$",
    "the beginning of an answer": "printf 'HTTP/1.1 2'; exit 0",
    "a head": ANSWERED + "exit 0",
    "the beginning of a body": ANSWERED + "printf '<?xml'; exit 0",
    "a body that is none": ANSWERED + "printf 0123456789; exit 0",
    "bytes": "head -c 100000 /dev/urandom; exit 0",
    "NULs": "exec cat /dev/zero",
    "no answer in XML": f"printf '{HEAD % 4}\\200\\200\\000\\n'; exit 0",
    "an answer to another call": f"""body='<?xml version="1.0"?><methodResponse><params><param><value><struct></struct></value></param></params></methodResponse>'
printf '{HEAD % "%s"}%s' ${{#body}} "$body"; exit 0""",
    "headers without end": "printf 'HTTP/1.1 200 OK\\r\\n'; exec yes 'X: y'",
    "a length that is none": f"printf '{HEAD % '-1'}'; exit 0",
    "a body without end": "printf 'HTTP/1.1 200 OK\\r\\nContent-Type: text/xml\\r\\n\\r\\n'; exec yes",
}


@pytest.mark.parametrize("script", AFTER.values(), ids=AFTER.keys())
def test_what_ends_after_it_is_unknown(script, ssh):
    ssh(GREETING + TAKE + script)
    done = ctl("-H", "web1", "restart", WELL)
    assert (done.returncode, done.stdout) == (5, ""), done.stderr
    assert "look at the unit before trying again" in done.stderr and "web1" in done.stderr
    error = json.loads(ctl("-H", "web1", "--json", "restart", WELL).stdout)["error"]
    assert (error["kind"], error["exit_status"]) == ("unknown", 5)


def test_an_answer_that_comes_twice_is_one(ssh):
    """And is not taken for that to the next call."""
    value = "<struct><member><name>units</name><value><array><data/></array></value></member></struct>"
    ssh(GREETING + TAKE + f"""body='<?xml version="1.0"?><methodResponse><params><param><value>{value}</value></param></params></methodResponse>'
for i in 1 2; do printf 'HTTP/1.1 200 OK\\r\\nContent-Type: text/xml\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${{#body}} "$body"; done""")
    assert ctl("-H", "web1", "allowed", timeout=60).returncode in (0, 4, 5)


def test_several_are_asked_side_by_side(ssh):
    """One that is gone, and one that never answers, hide nobody; the worst decides."""
    ssh("echo 'ssh: Could not resolve hostname gone: Name or service not known' >&2; exit 255", host="gone")
    before = invocation(unit(WELL))
    done = ctl("-H", "web1,gone", "-H", "web2", "restart", "--no-settle", WELL)
    assert done.returncode == 4
    sections = done.stdout.splitlines()
    assert sections[0] == "web1:" and sections[-2] == "web2:" and sections[2] == "gone:" and len(sections) == 5
    assert all(line.startswith(f"{unit(WELL)} was restarted in ") or "gone" in line or "web" in line for line in sections)
    assert done.stderr == "gone: Nothing was done: gone cannot be reached: that name is not known. Look how it is written.\n"
    assert invocation(unit(WELL)) != before


def test_several_as_json(ssh):
    ssh("exit 255", host="gone")
    done = ctl("-H", "gone", "-H", "web1", "--json=short", "status", WELL)
    assert done.returncode == 4 and done.stderr == ""
    gone, web1 = json.loads(done.stdout)["machines"]
    assert (gone["machine"], gone["exit_status"], gone["answer"]["error"]["kind"]) == ("gone", 4, "unavailable")
    assert (web1["machine"], web1["exit_status"], web1["answer"]["unit"]) == ("web1", 0, unit(WELL))


def test_one_that_never_answers_hides_nobody(ssh):
    ssh(GREETING + "exec sleep 120", host="slow")
    with subprocess.Popen(
        ["restartctl", "-H", "slow,web1", "list"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout.readline() == b"web1:\n"
        assert process.poll() is None
        process.wait(60)
        assert b"slow:\n" in process.stdout.read()
        assert process.returncode == 5 or process.returncode == 4


def test_ctrl_c_ends_all(ssh):
    ssh(GREETING + "exec sleep 1234", host="slow")
    process = subprocess.Popen(
        ["restartctl", "-H", "slow,web1", "restart", WELL],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # As at a terminal, also where the tests were begun by something that is deaf to it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout.readline() == b"web1:\n"
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == -2
    deadline = time.monotonic() + 60
    while run("pgrep", "-f", "^sleep 1234", check=False).returncode == 0:
        assert time.monotonic() < deadline
        time.sleep(0.05)
