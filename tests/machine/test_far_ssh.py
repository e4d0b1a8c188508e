"""Another machine's broker is asked over ssh, at a socket of this machine: calls are answered there, for the account that ssh
lets in, and connections are kept."""
import pytest

from helpers import by_ssh as far
from helpers.check import assert_clean
from helpers.people import as_user
from helpers.system import WELL, run, settings, show, systemctl, unit, wait_for
from test_docs import TREE, blocks

NAME = "web1"


@pytest.fixture
def web1(machines):
    """It, with the way to it open."""
    machine = machines[NAME]
    with far.reached(machine):
        yield machine


def test_a_restart_there(web1):
    """There, and not here, and by that account."""
    before, here = web1.show(unit(WELL), "InvocationID"), show(unit(WELL), "InvocationID")
    answer = far.value(NAME, "restarter.restart", WELL)
    assert answer["success"] and answer["unit"] == unit(WELL), answer
    assert web1.show(unit(WELL), "InvocationID") != before
    assert show(unit(WELL), "InvocationID") == here
    entry = web1.run("journalctl", "--no-pager", "-o", "json", "-n", "1", "RESTARTER_DECISION=allowed").stdout
    assert f'"RESTARTER_USER":"{far.ACCOUNT}"' in entry.replace(" ", ""), entry


@pytest.mark.once
def test_set_up_as_the_page_says(machines):
    """restarter-far(8), typed; restartctl check finds nothing then."""
    machine = machines[NAME]
    here, there, conf = [text.replace("web1.example.org", NAME) for _, text in blocks(TREE / "docs/restarter-far.8.scd")]
    machine.run("sh", "-c", f"userdel --force --remove {far.ACCOUNT}", check=False)
    try:
        run("sh", "-ec", here)
        machine.put("/root/web1.key.pub", (far.KEYS / "web1.key.pub").read_text())
        machine.run("sh", "-ec", f"cd /root\n{there}")
        far.CONF.write_text(conf)
        systemctl("enable", "--now", "--quiet", far.socket_unit(NAME))
        assert far.value(NAME, "restarter.restart", WELL)["success"]
        assert_clean()
    finally:
        far.forget(NAME)


def test_a_list_from_there(web1):
    assert unit(WELL) in [row["unit"] for row in far.value(NAME, "restarter.list")["instances"]]


def test_both_releases(machines):
    """The other one is of this machine's own."""
    one, other = machines[NAME], machines["web2"]
    with far.reached(one, other):
        for machine in (one, other):
            assert far.value(machine.name, "restarter.restart", WELL)["success"]


def test_connections_are_kept(web1):
    """Calls on one connection, and on several one after the other and at once: ssh was let in once."""
    before = far.logins(web1)
    for _ in range(3):
        with far.Kept(NAME) as connection:
            for _ in range(3):
                assert connection.value("restarter.list")["instances"]
    with far.Kept(NAME) as one, far.Kept(NAME) as other:
        assert one.value("restarter.list") and other.value("restarter.list")
    assert far.logins(web1) == before + 1


def test_many_at_once(web1):
    """More than one master carries: a second one is made, and not one for each."""
    before = far.logins(web1)
    connections = [far.Kept(NAME) for _ in range(12)]
    for connection in connections:
        assert connection.value("restarter.list")["instances"]
    for connection in connections:
        connection.connection.close()
    assert far.logins(web1) == before + 2


def test_it_ends_when_nobody_needs_it(web1):
    """And ssh with it; the next call finds the way anew."""
    with settings(IDLE_EXIT_SEC=0.5):
        assert far.value(NAME, "restarter.list")
        wait_for(lambda: show(far.service(NAME), "ActiveState") == "inactive", "it has ended, and ssh with it")
        assert show(far.service(NAME), "Result") == "success"
        assert far.value(NAME, "restarter.list")


def test_only_web_fronts_come_in(web1):
    """The folder and the socket."""
    assert run("stat", "-c", "%a %U %G", "/run/restarter/far").stdout == "750 root restarter-web\n"
    assert run("stat", "-c", "%a %U %G", far.socket_of(NAME)).stdout == "660 root restarter-web\n"
    with pytest.raises(PermissionError):
        as_user("nobody", far.value, NAME, "restarter.list", groups=("restarter-clients",))
    assert as_user("nobody", far.value, NAME, "restarter.list", group="restarter-web")


def test_the_account_there_can_do_nothing_else(web1):
    """Whoever has the key gets the bridge, whatever he asks for, and no way through that machine."""
    ssh = ["ssh", "-F", "none", "-i", far.KEYS / f"{NAME}.key", "-o", f"UserKnownHostsFile={far.KEYS}/{NAME}.known_hosts",
           "-o", "BatchMode=yes", f"{far.ACCOUNT}@{NAME}"]
    for command in (["id"], ["-t", "sh"], ["-s", "sftp"], ["restartctl", "list"]):
        options = [word for word in command if word.startswith("-")]
        words = [word for word in command if not word.startswith("-")]
        done = run(*ssh[:-1], *options, ssh[-1], *words, check=False)
        assert done.stdout in (f"{far.GREETING}\n", ""), done
        assert "uid=" not in done.stdout + done.stderr
    done = run(*ssh[:-1], "-o", "ExitOnForwardFailure=yes", "-R", "12345:127.0.0.1:22", ssh[-1], check=False)
    assert done.returncode == 255 and "forwarding failed" in done.stderr, done
    done = run(*ssh[:-1], "-W", "127.0.0.1:22", ssh[-1], check=False)
    assert done.returncode == 255 and "SSH-2.0" not in done.stdout, done
