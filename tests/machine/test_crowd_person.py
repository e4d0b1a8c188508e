"""One person who hammers, by each of the broker's doors: all that is his is braked, and nobody else waits for it."""
import contextlib
import xmlrpc.client

import pytest

from helpers import login, rpc
from helpers.beside import Watch, click_by_call, click_by_form
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.people import as_user
from helpers.policy import applied, kept
from helpers.system import OTHER, run, systemctl, unit_files, wait_for

UNITS = [f"busy-{number}.service" for number in range(8)]
GRANTS = "".join(f"[Grant]\nUnit={name}\nVerbs=restart\nStartStopped=yes\n\n" for name in UNITS)


@pytest.fixture(scope="module", autouse=True)
def people():
    service = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n"
    for name in ("anna", "bert"):
        run("useradd", "--no-create-home", "--groups=restarter-clients", name)
    with unit_files(dict.fromkeys(UNITS, service)), kept(), applied(GRANTS):
        systemctl("start", *UNITS)
        login.as_it_should_be()
        yield
        login.leave_nothing()
    for name in ("anna", "bert"):
        run("userdel", name)


def by_ticket(name):
    """Where somebody comes in, and with which headers."""
    return rpc.WEB, {"Restarter-Ticket": login.make_ticket(name)}


def by_proxy(name):
    return rpc.WEB_PROXY, {"Restarter-User": name}


def by_uid(_name):
    return rpc.CLIENTS, {}


DOORS = sampled({"ticket": (by_ticket,), "proxy": (by_proxy,), "uid": (by_uid,)})


def request(headers, method, *arguments):
    body = rpc.call(method, *arguments)
    lines = ["POST /RPC2 HTTP/1.1", "Host: localhost", "Content-Type: text/xml", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def click_of(person, door):
    path, headers = door(person)

    def call(name, _headers=None):
        try:
            return rpc.over_unix(path, tuple(headers.items())).restarter.restart(name)["success"], person
        except xmlrpc.client.Fault as fault:
            return False, str(fault)

    if door is by_uid:
        return lambda name, _headers=None: as_user(person, call, name, group=person, groups=["restarter-clients"])
    return call


@contextlib.contextmanager
def hammering(door):
    """Two hundred connections of anna's, which ask again as soon as they are answered: restarts of eight units, states, lists."""
    path, headers = door("anna")
    who = {"user": "anna", "groups": ["restarter-clients"]} if door is by_uid else {}
    reads = (request(headers, "restarter.status", UNITS[0]), request(headers, "restarter.list"))
    with contextlib.ExitStack() as stack:
        crowds = [(15, request(headers, "restarter.restart", name)) for name in UNITS] + [(40, read) for read in reads]
        yield [stack.enter_context(Crowd("ask", count, path, what, **who)) for count, what in crowds]


@pytest.mark.once
@pytest.mark.parametrize("door", DOORS)
def test_one_who_hammers(door):
    with Watch() as watch, hammering(door) as crowds:
        watch.click(OTHER, 12, (click_of("bert", door), click_by_form, click_by_call))
        # Who hammers is served, too: his restarts as a whole, for they share what is his, and each kind of his reads.
        *restarts, states, lists = crowds
        for served in (restarts, [states], [lists]):
            wait_for(lambda kind=served: any(crowd.so_far()["200"] for crowd in kind), "one of each kind is answered", 60)
    told = set().union(*(crowd.answers for crowd in crowds))
    assert told <= {"200", "fault 9"}, told


@pytest.mark.once
@pytest.mark.parametrize("door", DOORS)
def test_sixteen_at_once_are_no_crowd(door):
    path, headers = door("anna")
    who = {"user": "anna", "groups": ["restarter-clients"]} if door is by_uid else {}
    wait_for(lambda: click_of("anna", door)(UNITS[0])[0], "what she asked for in the test before is over")
    for what in (("restarter.restart", UNITS[0]), ("restarter.status", UNITS[0]), ("restarter.list",)):
        with Crowd("ask", 16, path, request(headers, *what), **who) as crowd:
            click_by_call(OTHER)
        assert set(crowd.answers) <= {"200"}, (what, crowd.answers)
