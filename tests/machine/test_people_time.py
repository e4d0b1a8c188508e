"""How long it takes says no more than the words do: what is somebody else's and runs, what is somebody else's and is not
there, and what no grant names are refused alike, before anything is asked of systemd."""

import random
import statistics
import time

import pytest

from helpers import bus, login, rpc
from helpers.people import as_user, as_webfront
from helpers.policy import applied, kept
from helpers.system import BROKER, main_pid, run, stop_daemons, systemctl, unit_files
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

GRANTS = """[Grant]
Unit=mine.service
Verbs=restart
Users=bert

[Grant]
Unit=hers.service
Verbs=restart
StartStopped=yes
Users=anna

[Grant]
Unit=gone.service
Verbs=restart
StartStopped=yes
Users=anna

[Grant]
Unit=each@.service
Instances=%u
Verbs=restart
StartStopped=yes
Users=*
"""
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n"
RUNS = ("mine.service", "hers.service", "each@anna.service")
# Each set of one length. None is called -dan: names begin otherwise.
PLAIN = {"another's that runs": "hers.service", "another's that is not there": "gone.service", "nobody's": "none.service"}
NAMED = {"another's that runs": "each@anna.service", "another's that is not there": "each@carl.service", "nobody's": "each@-dan.service"}
SAMPLES = 300
METHODS = ("status", "restart")


@pytest.fixture(scope="module", autouse=True)
def people():
    run("useradd", "-M", "-G", "restarter-clients", "bert")
    units = {"mine.service": SERVICE, "hers.service": SERVICE, "each@.service": SERVICE}
    with unit_files(units), kept(), applied(GRANTS, check=None), web_settings("[Web]\nLogin=password\n"):
        systemctl("start", *RUNS)
        login.as_it_should_be()
        yield
        login.leave_nothing()
    run("userdel", "bert")


def by_ticket(function, *arguments):
    headers = {"Restarter-Client": "192.0.2.7:1234", "Restarter-Ticket": login.make_ticket("bert")}
    return as_webfront(function, rpc.WEB, headers, *arguments)


def by_uid(function, *arguments):
    return as_user("bert", function, rpc.CLIENTS, {}, *arguments, group="bert", groups=["restarter-clients"])


DOORS = pytest.mark.parametrize("at_the_door", [by_ticket, by_uid])


class Talk:
    """Calls over one connection, so that what is timed is little else than the broker."""

    def __init__(self, path, headers):
        self.headers = {"Content-Type": "text/xml", **headers}
        self.connection = rpc.UnixConnection(path)

    def ask(self, method, name):
        """(seconds, what was answered)"""
        body = rpc.call(f"restarter.{method}", name)
        begin = time.perf_counter()
        self.connection.request("POST", "/RPC2", body, self.headers)
        answer = self.connection.getresponse().read()
        return time.perf_counter() - begin, answer.decode()


def refuse(path, headers, method, names):
    """Asks about each of the names; each is refused."""
    talk = Talk(path, headers)
    for name in names:
        _, answer = talk.ask(method, name)
        assert "<int>2<" in answer or "<i4>2<" in answer, answer


def sample(path, headers, method, cases):
    """{case: how long each call took}: all cases in turns, in another order each time, so that whatever else the machine
    does meets all of them alike."""
    talk, order, seconds = Talk(path, headers), list(cases), {case: [] for case in cases}
    for _ in range(SAMPLES):
        random.shuffle(order)
        for case in order:
            seconds[case].append(talk.ask(method, cases[case])[0])
    return seconds


@DOORS
def test_systemd_is_asked_nothing(at_the_door):
    """Not one message leaves the broker for any of them, so there is nothing that could take its time."""
    stop_daemons()
    at_the_door(refuse, "status", ["none.service"])
    (name,) = bus.names_of(main_pid(BROKER))
    with rpc.open_socket(rpc.CLIENTS), bus.Monitor(name) as monitor:
        for method in METHODS:
            at_the_door(refuse, method, [*PLAIN.values(), *NAMED.values()])
        assert monitor.messages() == []
        with pytest.raises(AssertionError):
            at_the_door(refuse, "restart", ["mine.service"])
        assert monitor.messages().count("RestartUnit") == 1, "the count does not work"


@DOORS
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cases", [PLAIN, NAMED], ids=["plain", "template"])
def test_it_takes_as_long(at_the_door, method, cases):
    """What one may not see takes longer each time, a machine that is busy now and then."""
    assert any(take_as_long(at_the_door(sample, method, cases)) for _ in range(5))


def take_as_long(samples):
    medians = {case: statistics.median(seconds) for case, seconds in samples.items()}
    print({case: f"{seconds * 1e6:.0f} µs" for case, seconds in medians.items()})
    return max(medians.values()) < 1.5 * min(medians.values()) + 0.00005
