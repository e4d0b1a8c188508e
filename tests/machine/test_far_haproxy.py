"""Another machine's broker behind HAProxy and TLS, with the configurations of docs/examples at both ends: who passes, what
passes, and what whoever asked is told when the far end is not there, not the one that is meant, or goes in the middle."""
import errno
import os
import pathlib
import re
import socket
import ssl
import stat
import threading

import pytest

from helpers import far_ends, rpc, web
from helpers.far_ends import SOCKET, UNREACHED
from helpers.people import as_user
from helpers.system import run, systemctl, wait_for

TREE = pathlib.Path(__file__).resolve().parents[2]
SERVICE = "restarter-broker.service"
ONE, SLOW = "quick@a.service", "slow@a.service"
QUICK_FILE = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=sleep infinity
"""
# It starts when the test says so.
SLOW_FILE = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStartPre=sh -c 'until [ -e /run/go-on ]; do sleep 0.1; done'
ExecStart=sleep infinity
"""
GRANTS = "[Policy]\nFronts=front\n" + "".join(f"[Grant]\nUnit={name}@.service\nInstances=[a-z]+\nVerbs=restart\nStartStopped=yes\n" for name in ("quick", "slow"))


@pytest.fixture(scope="module")
def installed(machines_there):
    web1 = machines_there["web1"]
    web1.put("/etc/systemd/system/slow@.service", SLOW_FILE)
    web1.put("/etc/systemd/system/quick@.service", QUICK_FILE)
    web1.put("/etc/restarter/policy.conf.d/far.conf", GRANTS)
    web1.systemctl("daemon-reload")
    web1.run("restartctl", "policy", "apply")
    web1.systemctl("start", ONE)
    with far_ends.installed(web1) as ends:
        yield ends
    web1.run("rm", "/etc/restarter/policy.conf.d/far.conf")
    web1.run("restartctl", "policy", "apply")


@pytest.fixture
def ends(installed, machines):
    """Both are there, whatever the last test did."""
    installed.machine.run("rm", "-f", "/run/go-on")
    installed.machine.systemctl("start", ONE)
    installed.start()
    installed.up()
    yield installed


def restartctl(*arguments, **options):
    return run("restartctl", "--socket", SOCKET, *arguments, check=False, timeout=300, **options)


def invocation(ends, name=ONE):
    return ends.machine.show(name, "InvocationID")


# --- what passes ---


def test_list_and_restart(ends):
    before = invocation(ends)
    broker = rpc.over_unix(SOCKET)
    assert ONE in {row["unit"] for row in broker.restarter.list()["instances"]}
    answer = broker.restarter.restart(ONE)
    assert answer["success"] is True and invocation(ends) != before
    assert broker.restart_unit("quick@4711.service")["success"] is False
    done = restartctl("restart", ONE)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith(f"{ONE} was restarted")


def test_who_it_is_there(ends):
    """The account of the far end's HAProxy, which is nothing else."""
    ends.call("restarter.restart", ONE)
    (entry,) = ends.machine.journal(f"RESTARTER_UNIT={ONE}", "--lines=1", "--output=json").splitlines()
    assert '"RESTARTER_USER":"front"' in entry.replace(" ", "")


def test_changes_are_waited_for(ends):
    broker = rpc.over_unix(SOCKET)
    cursor = broker.restarter.changes("", 0)["cursor"]
    told = []
    waiting = threading.Thread(target=lambda: told.append(rpc.over_unix(SOCKET).restarter.changes(cursor, 60)))
    waiting.start()
    ends.call("restarter.restart", ONE)
    waiting.join(120)
    assert told and told[0]["cursor"] != cursor


def test_at_once(ends):
    answers = web.at_once([lambda: ends.call("restarter.list").status] * 24)
    assert answers == [200] * 24


def connect_error(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(path)


def test_who_may_open_it(ends):
    """The page's web fronts, and root."""
    status = os.stat(SOCKET)
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o660)
    assert stat.S_IMODE(os.stat(os.path.dirname(SOCKET)).st_mode) == 0o750
    for groups in ((), ("restarter-clients",), ("restarter-proxy",), ("haproxy",)):
        assert as_user("nobody", connect_error, SOCKET, groups=groups) == errno.EACCES
    assert as_user("nobody", connect_error, SOCKET, groups=("restarter-web",)) == 0


@pytest.mark.parametrize(
    "method, path, status",
    (("GET", "/healthz", 200), ("POST", "/healthz", 404), ("GET", "/RPC2", 404), ("POST", "/", 404), ("POST", "/RPC2/", 404)),
)
def test_nothing_else_is_there(ends, method, path, status):
    connection = ends.over_tls("here")
    assert web.converse(connection, method, path, rpc.call("system.listMethods"), {"Content-Type": "text/xml"}).status == status


STRIPPED = (
    {"Restarter_User": "anna"},
    {"restarter_user": "anna", "RESTARTER_GROUPS": "staff"},
    {"Restarter_Client": "192.0.2.1:1"},
    {"Restarter-Ticket": "1.a.b"},
    {"restarter_ticket": "1.a.b"},
)


@pytest.mark.parametrize("headers", STRIPPED, ids=[" ".join(h) for h in STRIPPED])
def test_what_does_not_pass(ends, headers):
    """Not by either end. The broker takes no ticket at this door: with one the call would be refused."""
    assert ends.call("system.listMethods", headers=headers).status == 200
    connection = ends.over_tls("here")
    everything = {"Content-Type": "text/xml", **headers}
    assert web.converse(connection, "POST", "/RPC2", rpc.call("system.listMethods"), everything).status == 200


# --- who does not pass ---

WRONG_HERE = ("here-expired", "here-of-others", "here-misnamed", "there")
WRONG_THERE = ("there-expired", "there-of-others", "there-misnamed")


@pytest.fixture
def right_again(ends):
    yield
    ends.use()


def restarts_nothing(ends):
    """And says so."""
    before = invocation(ends)
    ends.unreached()
    done = restartctl("restart", ONE)
    assert done.returncode == 4 and UNREACHED in done.stderr and done.stdout == ""
    answer = ends.call("restarter.restart", ONE)
    assert answer.status == 503 and answer.text.strip() == UNREACHED and answer.retry_after > 0
    assert answer.headers["Content-Type"] == "text/plain"
    assert invocation(ends) == before


@pytest.mark.parametrize("certificate", WRONG_HERE)
def test_a_wrong_near_end(ends, right_again, certificate):
    ends.use(here=certificate)
    restarts_nothing(ends)


@pytest.mark.parametrize("certificate", WRONG_THERE)
def test_a_wrong_far_end(ends, right_again, certificate):
    mark = ends.machine.journal("--unit=haproxy.service", "--lines=1", "--show-cursor").splitlines()[-1].partition(": ")[2]
    ends.use(there=certificate)
    restarts_nothing(ends)
    assert "/RPC2" not in ends.machine.journal("--unit=haproxy.service", f"--after-cursor={mark}")


@pytest.mark.parametrize("certificate", (None, *WRONG_HERE))
def test_a_wrong_client_on_the_wire(ends, certificate):
    """Who leaves the near end out is told no before a byte of a call is read."""
    before = invocation(ends)
    connection = ends.over_tls(certificate)
    try:
        answer = web.converse(connection, "POST", "/RPC2", rpc.call("restarter.restart", ONE), {"Content-Type": "text/xml"})
    except OSError:
        answer = None
    if certificate in ("here-misnamed", "there"):
        assert answer.status == 403 and "not one of a front" in answer.text
    else:
        assert answer is None
    assert invocation(ends) == before


def test_old_tls_and_none(ends):
    with pytest.raises(OSError):
        ends.over_tls("here", ssl.TLSVersion.TLSv1_2).request("GET", "/healthz")
    plain = rpc.http.client.HTTPConnection(ends.machine.address, far_ends.PORT, timeout=60)
    with pytest.raises((OSError, rpc.http.client.HTTPException)):
        plain.request("GET", "/healthz")
        plain.getresponse()


# --- it goes ---


def test_the_far_end_is_down(ends):
    ends.machine.systemctl("stop", "haproxy.service")
    restarts_nothing(ends)


def test_the_far_broker_is_down(ends):
    """Its HAProxy says that nothing was sent, and the near one hands it on."""
    sockets = [name for name in ends.machine.run("systemctl", "list-units", "--plain", "--no-legend", "restarter-broker*.socket").stdout.split() if name.endswith(".socket")]
    ends.machine.systemctl("stop", *sockets, SERVICE)
    try:
        done = restartctl("restart", ONE)
        assert done.returncode == 4 and "The broker cannot be reached: nothing was done." in done.stderr
    finally:
        ends.machine.systemctl("start", *sockets)


def test_the_near_end_is_down(ends):
    systemctl("stop", "haproxy.service")
    assert restartctl("restart", ONE).returncode == 4


class Restart(threading.Thread):
    """A restart that goes on until it is let go on, or whoever carries it is gone."""

    def __init__(self, ends):
        super().__init__(daemon=True)
        self.ends = ends
        self.start()
        self.before = wait_for(self._job, "the restart is under way there", 60)

    def _job(self):
        return self.ends.machine.show(SLOW, "ActiveState") == "activating"

    def run(self):
        self.done = restartctl("restart", SLOW)

    def end(self):
        self.join(240)
        return self.done

    def let_go_on(self):
        self.ends.machine.run("touch", "/run/go-on")


@pytest.fixture
def restart(ends):
    ends.machine.systemctl("stop", SLOW)
    restart = Restart(ends)
    yield restart
    restart.let_go_on()
    ends.machine.systemctl("stop", SLOW)


def is_unknown(done):
    assert done.returncode == 5 and done.stdout == "", done
    assert "unknown" in done.stderr and "--press=" in done.stderr


def test_a_restart_that_takes_its_time(restart, ends):
    restart.let_go_on()
    assert restart.end().returncode == 0


def test_either_end_reads_its_configuration_anew(restart, ends):
    """Who waits is answered."""
    systemctl("reload", "haproxy.service")
    ends.machine.systemctl("reload", "haproxy.service")
    restart.let_go_on()
    assert restart.end().returncode == 0


GOES = {
    "the far haproxy is killed": lambda ends: ends.machine.systemctl("kill", "--signal=KILL", "haproxy.service"),
    "the far haproxy is stopped": lambda ends: ends.machine.systemctl("stop", "haproxy.service"),
    "the far broker is killed": lambda ends: ends.machine.systemctl("kill", "--signal=KILL", SERVICE),
    "the near haproxy is killed": lambda ends: systemctl("kill", "--signal=KILL", "haproxy.service"),
    "the near haproxy is stopped": lambda ends: systemctl("stop", "haproxy.service"),
}


@pytest.mark.parametrize("way", GOES)
def test_it_goes_in_the_middle(restart, ends, way):
    """It is never a success, nor is it said that nothing was done; and it is done once."""
    jobs = ends.machine.show(SLOW, "InvocationID")
    GOES[way](ends)
    is_unknown(restart.end())
    assert ends.machine.show(SLOW, "InvocationID") == jobs


@pytest.mark.parametrize("way", ("power", "wire"))
def test_the_machine_goes_in_the_middle(restart, ends, way):
    """Nobody says goodbye: that there is no answer shows when nobody answers the near end's probes."""
    ends.machine.kill() if way == "power" else ends.machine.network(False)
    is_unknown(restart.end())
    ends.unreached()
    ends.machine.up()
    ends.machine.network(True)
    ends.start()
    ends.up()


def test_a_slow_and_lossy_wire(ends):
    ends.machine.slow(delay=150, loss=5)
    wait_for(lambda: restartctl("list").returncode == 0, "a list", 120)
    before = invocation(ends)
    done = restartctl("restart", ONE)
    assert (done.returncode == 0) == (done.stdout != "")
    assert done.returncode in (0, 4, 5) and (done.returncode == 4 or invocation(ends) != before)


# --- what is written ---


@pytest.mark.once
def test_patience():
    """Each waits longer than who is behind it: a restart with all that may belong to it, and a question for changes."""
    header = (TREE / "common/patience.h").read_text()
    job, settle, margin = (int(re.search(rf"{name} = (\d+)", header).group(1)) for name in ("PATIENCE_JOB_SEC", "PATIENCE_SETTLE_SEC", "PATIENCE_MARGIN_SEC"))
    waits = job + settle + margin
    for end in ("there", "here"):
        text = (far_ends.front.EXAMPLES / f"haproxy-far-{end}.cfg").read_text()
        seconds = [int(s) for s in re.findall(r"timeout (?:server|client) +(\d+)s", text)]
        assert len(seconds) == 2 and min(seconds) >= waits + margin
        waits = min(seconds)
