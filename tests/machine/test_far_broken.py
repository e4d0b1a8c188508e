"""Whatever is in the way to another machine is told in a sentence where nothing was sent, and ends without an answer where something may
have been; a restart is never taken for done, and never done twice."""
import threading

import pytest

from helpers import by_ssh as far
from helpers import rpc
from helpers.machines import slow_unit
from helpers.system import WELL, run, show, systemctl, unit, wait_for

NAME = "web1"
# Its Type=notify service takes so long to come up that a machine can go down meanwhile.
SLOW = "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'sleep 20; systemd-notify --ready; sleep infinity'\n"


@pytest.fixture
def web1(machines):
    machine = machines[NAME]
    with far.reached(machine):
        yield machine


def alive():
    """The program is there, or can be: nothing has given up for good."""
    assert show(far.socket_unit(NAME), "ActiveState") == "active"
    assert show(far.service(NAME), "ActiveState") != "failed"


def told_by_one_that_stays():
    """Whoever is let in by one that is just ending is told that, and that nothing was done."""

    def told():
        answer = far.turned_away(NAME)
        return None if "restarter-far is about to end. Nothing was done." in answer else answer

    return wait_for(told, "one that stays")


def test_it_is_down(web1):
    web1.kill()
    assert f"{NAME} cannot be reached: " in far.turned_away(NAME, "restarter.restart", WELL)
    alive()
    web1.up()
    wait_for(lambda: far.call(NAME, "restarter.list").status == 200, "it is reached again", 60)


def test_sshd_is_down(web1):
    web1.systemctl("stop", "ssh.service", "ssh.socket", check=False)
    web1.touched = True
    assert "nobody listens at that port" in far.turned_away(NAME)
    alive()


@pytest.mark.once
def test_another_host_key(web1):
    """Nobody is asked, and nothing is sent."""
    other = run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/root/other-key", check=False)
    assert other.returncode == 0, other
    key = open("/root/other-key.pub", encoding="ascii").read().split()
    run("rm", "/root/other-key", "/root/other-key.pub")
    (far.KEYS / f"{NAME}.known_hosts").write_text(f"{NAME} {key[0]} {key[1]}\n")
    far.anew(NAME)
    assert "its host key is not the one that is known here" in far.turned_away(NAME, "restarter.restart", WELL)
    far.pin(NAME, web1)
    far.anew(NAME)
    assert far.value(NAME, "restarter.list")


@pytest.mark.once
def test_a_key_that_is_not_let_in(web1):
    web1.run("rm", f"/home/{far.ACCOUNT}/.ssh/authorized_keys")
    assert "it does not let this key in" in far.turned_away(NAME, "restarter.restart", WELL)
    alive()


@pytest.mark.once
@pytest.mark.parametrize("gone", ["key", "known_hosts", "section", "via"])
def test_what_is_missing_here(web1, gone):
    """The program runs, says so, and goes on saying so."""
    if gone in ("key", "known_hosts"):
        (far.KEYS / f"{NAME}.{gone}").unlink()
        words = f"/etc/restarter/far/{NAME}.{gone} is missing"
    elif gone == "section":
        far.name_machines({"web2": "web2"})
        words = f"has no section [Machine {NAME}]"
    else:
        far.CONF.write_text(f"[Machine {NAME}]\nVia=socket\n")
        words = "Via=socket"
    far.anew(NAME)
    for _ in range(8):
        assert words in told_by_one_that_stays()
        systemctl("kill", "--signal=TERM", far.service(NAME), check=False)
    alive()
    assert words in run("journalctl", "--no-pager", "-o", "cat", "-u", far.service(NAME)).stdout


def test_slow_and_lossy(web1):
    """It takes its time, and is done once."""
    before = web1.show(unit(WELL), "InvocationID")
    web1.slow(delay=100, loss=5)
    answer = far.value(NAME, "restarter.restart", WELL)
    assert answer["success"], answer
    web1.slow()
    assert web1.show(unit(WELL), "InvocationID") != before
    assert web1.journal("--boot", "-u", unit(WELL), "--grep", "Started").count("Started") >= 1


@pytest.fixture
def slow(web1):
    with slow_unit(web1, SLOW) as name:
        yield name


def test_the_power_goes_in_the_middle_of_a_restart(web1, slow):
    """No answer comes, so nobody takes it for done; and when the machine is back nothing is sent again."""
    outcome = []
    caller = threading.Thread(target=lambda: outcome.append(_outcome(slow)))
    caller.start()
    wait_for(lambda: web1.show(slow, "ActiveState") == "activating", "it is being restarted")
    web1.reboot(force=True)
    caller.join(120)
    assert outcome == ["unknown"]
    assert far.value(NAME, "restarter.list")
    assert web1.show(slow, "ActiveState") == "inactive"


def test_the_master_is_killed_in_the_middle(web1, slow):
    outcome = []
    caller = threading.Thread(target=lambda: outcome.append(_outcome(slow)))
    caller.start()
    wait_for(lambda: web1.show(slow, "ActiveState") == "activating", "it is being restarted")
    for pid in _ssh_of_it():
        run("kill", "-KILL", pid, check=False)
    caller.join(60)
    assert outcome == ["unknown"]
    assert far.value(NAME, "restarter.list")
    assert web1.show(slow, "ActiveState") in ("activating", "active")


@pytest.mark.once
@pytest.mark.parametrize(
    "bridge, words",
    [
        ("echo restarter-bridge 2", "cannot be reached"),
        ("echo 'restarter-bridge 1 there is no broker'", "there is no broker"),
        ("yes", "cannot be reached"),
        ("cat /dev/zero", "cannot be reached"),
        ("false", "cannot be reached"),
    ],
)
def test_a_bridge_that_lies(web1, bridge, words):
    """Before it has greeted nothing was sent."""
    far.account(web1, far.own_key(NAME), bridge)
    far.anew(NAME)
    assert words in far.turned_away(NAME, "restarter.restart", WELL)
    alive()


@pytest.mark.once
def test_a_bridge_that_sends_for_ever(web1):
    """As fast as somebody reads, and no faster; nothing piles up here."""
    far.account(web1, far.own_key(NAME), "echo restarter-bridge 1; head -c 1 >/dev/null; exec cat /dev/zero")
    far.anew(NAME)
    with rpc.open_socket(far.socket_of(NAME), 60) as connection:
        connection.sendall(b"x")
        for _ in range(100):
            assert connection.recv(65536)
        assert sum(_memory(pid) for pid in _processes()) < 64_000_000
    alive()


@pytest.mark.once
def test_silent_connections_are_in_nobodys_way(web1):
    crowd = [rpc.open_socket(far.socket_of(NAME), 60) for _ in range(200)]
    try:
        assert far.value(NAME, "restarter.restart", WELL)["success"]
    finally:
        for connection in crowd:
            connection.close()


def _outcome(name):
    """Like a front: an answer, or that nobody knows."""
    try:
        answer = far.call(NAME, "restarter.restart", name)
    except (OSError, far.http.client.HTTPException):
        return "unknown"
    return answer


def _processes():
    group = show(far.service(NAME), "ControlGroup")
    return open(f"/sys/fs/cgroup{group}/cgroup.procs", encoding="ascii").read().split()


def _ssh_of_it():
    return [pid for pid in _processes() if open(f"/proc/{pid}/comm", encoding="ascii").read().strip() == "ssh"]


def _memory(pid):
    """What is its own, in bytes."""
    pages = open(f"/proc/{pid}/statm", encoding="ascii").read().split()
    return (int(pages[1]) - int(pages[2])) * 4096
