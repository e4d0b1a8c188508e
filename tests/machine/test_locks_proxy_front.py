"""A proxy's front that was taken over may name anybody to the broker, at web-proxy.sock, and goes no further: not to the other
doors, not to the login, not to systemd."""
import errno
import pathlib
import socket

import pytest

from helpers import proxy, rpc, team
from helpers.people import MADE_UP_UID, as_user
from helpers.system import WELL, main_pid, run, systemctl, unit
from test_locks_sandbox import inside, sockets_seen, writable_directories, writable_files

GROUP = "restarter-web-proxy"


@pytest.fixture(scope="module", autouse=True)
def at_work():
    with team.at_work(), proxy.door():
        yield


def as_proxys_front(function, *arguments):
    return as_user(MADE_UP_UID, function, *arguments, group=GROUP)


def ask(method, *arguments, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return as_proxys_front(lambda: rpc.post(rpc.WEB_PROXY, rpc.call(method, *arguments), named))


def test_it_can_name_anybody():
    """That is what it is for, so it is what there is to take over."""
    for user in ("anna", "bob"):
        told = rpc.value_of(ask("restarter.restart", f"team@{user}.service", Restarter_User=user))
        assert told["success"] is True
    told = rpc.value_of(ask("restarter.restart", "together.service", Restarter_User="eve", Restarter_Groups="staff"))
    assert told["success"] is True


def test_it_is_bound_by_what_that_person_may():
    for name in ("team@bob.service", "together.service", "dbus.service", "victim.service"):
        assert rpc.fault_of(rpc.value_of, ask("restarter.restart", name, Restarter_User="anna")).faultCode == 2
    # Root is who the kernel says it is, and no name.
    fault = rpc.fault_of(rpc.value_of, ask("restarter.restart", "nosuch.service", Restarter_User="root"))
    assert fault.faultCode == 2 and "would open it" not in fault.faultString


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Restarter_Groups": "staff"},
        {"Restarter_User": "an na"},
        {"Restarter_User": "a" * 300},
        {"Restarter_User": "anna", "Restarter_Groups": "staff,"},
        {"Restarter_User": "anna", "Restarter_Ticket": "1.x.y"},
        {"Restarter_Ticket": "1.x.y"},
    ],
    ids=lambda headers: ", ".join(headers) or "nobody",
)
def test_it_has_to_name_somebody_and_nothing_else(headers):
    assert ask("restarter.restart", unit(WELL), **headers).status == 400


def connect_error(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(path)


def test_no_other_door():
    """With the modes as they are, and in its own sandbox, where they are not even there."""
    systemctl("start", "restarter-login.socket")
    try:
        assert as_proxys_front(connect_error, rpc.WEB_PROXY) == 0
        doors = (rpc.WEB, rpc.CLIENTS, "/run/restarter/login.sock", "/run/restarter/web/login.sock", proxy.PATH)
        assert {as_proxys_front(connect_error, path) for path in doors} == {errno.EACCES}
        proxy.get("/", "anna")
        seen = inside(main_pid(proxy.SERVICE), lambda: {path: connect_error(path) for path in (*doors, rpc.WEB_PROXY)})
        assert seen.pop(rpc.WEB_PROXY) == 0 and set(seen.values()) == {errno.ENOENT}
    finally:
        systemctl("stop", "restarter-login.socket")


def test_a_name_is_nothing_at_the_other_doors():
    """Those who could open them: the header is not for there."""
    for path, group in ((rpc.WEB, "restarter-web"), (rpc.CLIENTS, "restarter-clients")):
        named = {"Restarter-User": "anna"}
        answer = as_user(
            "games", lambda p=path, n=named: rpc.post(p, rpc.call("restarter.restart", "team@anna.service"), n), group=group
        )
        assert answer.status == 400 or rpc.fault_of(rpc.value_of, answer).faultCode == 2


def test_not_by_systemd():
    """The bus does not even know its number. Were it some user's, polkit's rule would say yes to another one only."""
    call = ["busctl", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"]
    for user, words in ((MADE_UP_UID, "not connected"), ("games", "authentication required")):
        who = ["setpriv", f"--reuid={user}", f"--regid={GROUP}", "--clear-groups"]
        done = run(*who, *call, "RestartUnit", "ss", unit(WELL), "replace", check=False)
        assert done.returncode != 0
        assert words in done.stderr or "denied" in done.stderr.lower(), done.stderr


def test_its_sandbox():
    proxy.get("/", "anna")
    pid = main_pid(proxy.SERVICE)
    memory = "/run/restarter-webfront-proxy"
    assert set(inside(pid, writable_directories)) <= {memory}
    assert {str(pathlib.Path(file).parent) for file in inside(pid, writable_files)} <= {memory}
    journal_sockets = {f"/run/systemd/journal/{name}" for name in ("socket", "stdout", "dev-log")}
    assert set(inside(pid, sockets_seen)) <= {"/run/systemd/notify", *journal_sockets}
    enter = ["nsenter", f"--net=/proc/{pid}/ns/net"]
    assert [line.split()[1] for line in run(*enter, "ip", "-oneline", "link").stdout.splitlines()] == ["lo:"]
    lines = open(f"/proc/{pid}/status", encoding="ascii").read().splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    assert int(status["CapBnd"], 16) == 0 and status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
