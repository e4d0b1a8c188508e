"""restarter.changes: whoever waits is told what changed, whoever changed it, and nobody is told what he may not see."""
import array
import concurrent.futures
import contextlib
import fcntl
import signal
import termios

import pytest

from helpers import bus, rpc, web
from helpers.people import as_user, as_webfront
from helpers.system import BROKER, OTHER, main_pid, reload_manager, run, send_signal, settings, systemctl, unit, wait_for

LONG = 60


def ask(cursor, seconds=0, path=rpc.CLIENTS):
    return rpc.over_unix(path).restarter.changes(cursor, seconds)


def begin(path=rpc.CLIENTS):
    """A cursor behind which nothing has changed for a moment."""
    answer = ask("", LONG, path)
    assert answer["whole"] and answer["units"] == [] and answer["cursor"]
    while True:
        calm = ask(answer["cursor"], 1, path)
        if calm["cursor"] == answer["cursor"]:
            return answer["cursor"]
        answer = calm


@contextlib.contextmanager
def waiting(cursor, seconds=LONG):
    """Somebody waits while this is done; in the end he has been answered."""
    connection = rpc.UnixConnection(rpc.CLIENTS)
    connection.request("POST", "/RPC2", rpc.call("restarter.changes", cursor, seconds), {"Content-Type": "text/xml"})
    wait_for(lambda: unread(connection.sock) == 0, "the broker has read the call")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        yield pool.submit(answer_at, connection)
    connection.close()


def unread(connection):
    """What the other side has not taken yet."""
    taken = array.array("i", [0])
    fcntl.ioctl(connection, termios.TIOCOUTQ, taken)
    return taken[0]


def answer_at(connection):
    answer = connection.getresponse()
    return rpc.value_of(web.Answer(answer.status, answer.headers, answer.read()))


def told(cursor, wanted):
    """All that is told from a cursor on, until there is that unit in it."""
    seen = set()
    while wanted not in seen:
        answer = ask(cursor, LONG)
        assert not answer["whole"] and answer["cursor"] != cursor, answer
        cursor, seen = answer["cursor"], seen | set(answer["units"])
    return seen


@pytest.mark.core
def test_killed_from_outside(instance):
    cursor = begin()
    with waiting(cursor) as call:
        send_signal(instance.unit, signal.SIGKILL)
        answer = call.result()
    assert answer["units"] == [instance.unit] and not answer["whole"]
    assert told(cursor, instance.unit) == {instance.unit}
    instance.fresh()


@pytest.mark.core
@pytest.mark.parametrize("verb", ["restart", "stop"])
def test_by_systemctl(verb):
    cursor = begin()
    with waiting(cursor) as call:
        systemctl(verb, unit(OTHER))
        answer = call.result()
    assert not answer["whole"], answer
    assert unit(OTHER) in answer["units"] or unit(OTHER) in told(answer["cursor"], unit(OTHER))


@pytest.mark.core
def test_a_web_front_is_told_that_and_not_what(instance):
    cursor = as_webfront(begin, rpc.WEB)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        call = pool.submit(as_webfront, ask, cursor, LONG, rpc.WEB)
        systemctl("restart", instance.unit)
        answer = call.result()
    assert answer["units"] == [] and not answer["whole"] and answer["cursor"] != cursor


@pytest.mark.core
@pytest.mark.parametrize("what", ["daemon-reload", "daemon-reexec", "policy", "unit files"])
def test_told_to_look(what):
    cursor = begin()
    with waiting(cursor) as call:
        if what == "daemon-reload":
            reload_manager()
        elif what == "daemon-reexec":
            systemctl("daemon-reexec")
        elif what == "policy":
            systemctl("reload", BROKER)
        else:
            systemctl("enable", "--runtime", unit("4711"))
            systemctl("disable", "--runtime", unit("4711"))
        assert call.result()["whole"] is True


@pytest.mark.core
def test_what_others_do_is_nobodys_business(others):
    cursor = begin()
    for _ in range(3):
        systemctl("restart", *others)
    answer = ask(cursor, 1)
    assert answer == {"cursor": cursor, "whole": False, "units": []}


def forge(names):
    for name in names:
        run(
            "busctl", "emit", f"--destination={name}", "/org/freedesktop/systemd1/unit/example_400001_2eservice",
            "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", bus.UNIT, "2", "ActiveState", "s",
            "failed", "SubState", "s", "failed", "0",
        )
        run(
            "busctl", "emit", f"--destination={name}", bus.SYSTEMD_PATH, bus.MANAGER, "UnitRemoved", "so",
            unit("0001"), "/org/freedesktop/systemd1/unit/example_400001_2eservice",
        )


@pytest.mark.core
def test_told_by_systemd_alone():
    cursor = begin()
    names = bus.names_of(main_pid(BROKER))
    assert names
    as_user("nobody", forge, names)
    assert ask(cursor, 1) == {"cursor": cursor, "whole": False, "units": []}


def test_another_broker():
    cursor = begin()
    with waiting(cursor) as call:
        systemctl("restart", BROKER)
        assert call.result() == {"cursor": cursor, "whole": False, "units": []}
    assert ask(cursor, LONG)["whole"] is True


def test_who_waits_keeps_the_broker():
    """Somebody else keeps it until he waits: on a slow machine it would have gone by then."""
    with settings(IDLE_EXIT_SEC="0.1"):
        with rpc.open_socket(rpc.CLIENTS) as other:
            cursor = begin()
            with waiting(cursor, 2) as call:
                other.close()
                assert call.result() == {"cursor": cursor, "whole": False, "units": []}, "another broker knows no cursor"
        wait_for(lambda: main_pid(BROKER) == 0, "nobody waits any more")
        assert ask(cursor, LONG)["whole"] is True


def test_not_by_way_of_the_web():
    fault = rpc.fault_of(rpc.over_tcp().restarter.changes, "", 1)
    assert fault.faultCode == -32601 and "/events" in fault.faultString


@pytest.mark.once
@pytest.mark.parametrize(
    "arguments", [(), ("",), ("", "1"), ("", -1), ("", 61), ("a" * 65, 0), ("a b", 0), (1, 1), ("", True), ([], 0)]
)
def test_what_it_does_not_take(arguments):
    fault = rpc.fault_of(rpc.over_unix().restarter.changes, *arguments)
    assert fault.faultCode == -32602 and fault.faultString.startswith("restarter.changes takes a cursor")
