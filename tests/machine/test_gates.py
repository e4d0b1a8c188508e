"""The broker's doors on a real machine: who comes in by which, for whom it may speak there, and the one door that need not
be there."""
import pytest

from helpers import hers_and_team, journal, rpc, web
from helpers.people import as_user, as_webfront
from helpers.system import BROKER, SOCKETS, WELL, open_doors_anew, show, stop_daemons, systemctl, unit

DOOR = "restarter-broker-web-proxy.socket"


@pytest.fixture(scope="module", autouse=True)
def people():
    with hers_and_team.granted():
        yield


def as_proxys_front(function, *arguments):
    return as_user(64998, function, *arguments, group="restarter-web-proxy")


def ask(unit_name, user, groups=None):
    """What the front behind a proxy is told for somebody: the fault's code, or 0."""
    headers = {"Restarter-User": user, "Restarter-Client": "192.0.2.7:1234"}
    if groups:
        headers["Restarter-Groups"] = groups
    return rpc.code_of(as_proxys_front(rpc.post, rpc.WEB_PROXY, rpc.call("restarter.status", unit_name), headers))


@pytest.mark.core
def test_whom_the_proxys_front_names():
    hers, team = "hers.service", "team.service"
    assert (ask(hers, "anna"), ask(team, "anna"), ask(team, "anna", "dev,ops")) == (0, 2, 0)
    assert (ask(hers, "bob"), ask(hers, "root"), ask(hers, "root", "restarter-clients,sudo")) == (2, 2, 2)


def test_it_is_written_down():
    mark = journal.Mark()
    headers = {"Restarter-User": "anna", "Restarter-Client": "192.0.2.7:1234"}
    answer = as_proxys_front(rpc.post, rpc.WEB_PROXY, rpc.call("restarter.restart", "hers.service"), headers)
    assert rpc.value_of(answer)["success"] is True
    (entry,) = mark.decisions()
    assert [entry[f"RESTARTER_{name}"] for name in ("USER", "KNOWN", "DOOR")] == ["anna", "proxy", "web-proxy.sock"]
    assert "192.0.2.7" in entry["RESTARTER_PEER"]


NOT_THERE = {
    "a name at the page's door": (rpc.WEB, {"Restarter-User": "anna"}, "Restarter-User"),
    "groups at the page's door": (rpc.WEB, {"Restarter-Groups": "ops"}, "Restarter-Groups"),
    "a name at that of scripts": (rpc.CLIENTS, {"Restarter-User": "anna"}, "Restarter-User"),
    "a ticket at that of scripts": (rpc.CLIENTS, {"Restarter-Ticket": "1.a.b"}, "Restarter-Ticket"),
    "a ticket at the proxy's front's": (
        rpc.WEB_PROXY,
        {"Restarter-User": "anna", "Restarter-Ticket": "1.a.b"},
        "Restarter-Ticket",
    ),
    "nobody at the proxy's front's": (rpc.WEB_PROXY, {}, "Restarter-User"),
    "a name that is none": (rpc.WEB_PROXY, {"Restarter-User": "an na"}, "Restarter-User"),
    "a group that is none": (rpc.WEB_PROXY, {"Restarter-User": "anna", "Restarter-Groups": "ops,"}, "Restarter-Groups"),
}


@pytest.mark.once
@pytest.mark.parametrize("path, headers, named", NOT_THERE.values(), ids=NOT_THERE.keys())
def test_what_is_not_for_that_door_is_refused_and_written_down(path, headers, named, instance):
    mark = journal.Mark()
    answer = rpc.post(path, rpc.call("restarter.restart", WELL), headers)
    assert answer.status == 400 and named in answer.text
    (entry,) = mark.decisions(journal.REFUSED)
    assert named in entry["MESSAGE"] and entry["RESTARTER_DOOR"] == path.rsplit("/", 1)[1]
    assert entry["RESTARTER_USER"] == "-" and instance.starts() == []


def test_each_front_has_its_own_door():
    for who, path in ((as_webfront, rpc.WEB_PROXY), (as_proxys_front, rpc.WEB)):
        with pytest.raises(PermissionError):
            who(rpc.post, path, rpc.call("restarter.list"), {"Restarter-User": "anna"})


@pytest.mark.once
def test_without_that_door_all_else_works():
    systemctl("mask", "--runtime", "--now", DOOR)
    try:
        stop_daemons()
        assert web.get("/healthz").status == 200 and rpc.over_unix().restarter.status(WELL)
        assert show(DOOR, "ActiveState") == "inactive", "nobody has opened it again"
        assert show(BROKER, "ActiveState") == "active"
    finally:
        systemctl("unmask", "--runtime", DOOR)
        open_doors_anew()


@pytest.mark.once
def test_what_is_taken_off_is_shut():
    """Also while a broker runs that has the socket."""
    assert ask("hers.service", "anna") == 0
    systemctl("stop", DOOR)
    try:
        with pytest.raises(OSError):
            rpc.open_socket(rpc.WEB_PROXY)
        assert rpc.over_unix().restarter.status(unit(WELL))["unit"] == unit(WELL)
    finally:
        open_doors_anew()
    assert [show(name, "ActiveState") for name in SOCKETS] == ["active"] * len(SOCKETS)
