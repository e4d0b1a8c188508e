"""Each lock alone: whoever has taken over one part, or is a local user, meets the next lock and goes no further."""
import contextlib
import ctypes
import errno
import os
import pathlib
import re
import socket
import stat
import subprocess
import tempfile
import xml.etree.ElementTree

import pytest

from helpers import bus, journal, rpc, web
from helpers.people import as_user, as_webfront, broker_does, in_child
from helpers.policy import bus_policy_taken_away
from helpers.system import (
    BROKER,
    WEBFRONT,
    WELL,
    invocation,
    invocations,
    main_pid,
    run,
    show,
    systemctl,
    unit,
    wait_until,
)

# --- a web front that was taken over: it may speak to web.sock, as its group says, and say what it likes ---


def web_sock(body, **options):
    return as_webfront(lambda: rpc.post(rpc.WEB, body, **options))


def web_sock_raw(data):
    return as_webfront(lambda: rpc.raw(rpc.WEB, data, 30))


def test_taken_over_webfront_can_do_what_the_web_front_does(instance):
    """Otherwise the tests below would show nothing."""
    value = rpc.value_of(web_sock(rpc.call("restarter.restart", WELL)))
    assert value["success"] is True and len(instance.starts()) == 1


@pytest.mark.parametrize(
    "name",
    [
        "ssh.service",
        "dbus.service",
        "restarter-broker.service",
        "victim.service",
        "victim@1234.service",
        "example@12345.service",
        "example-2@1234.service",
        "12345",
        "example@.service",
        "example@1234.socket",
        "*",
        "",
        pytest.param("a" * 4000, id="4000 letters"),
    ],
)
def test_taken_over_webfront_names_other_units(name, others):
    before = invocations(others)
    for method in ("restarter.restart", "restarter.status"):
        answer = web_sock(rpc.call(method, name))
        fault = rpc.fault_of(rpc.value_of, answer)
        assert fault.faultCode in (1, 2, -32602), fault
    assert rpc.value_of(web_sock(rpc.call("restart_unit", name)))["success"] is False
    assert invocations(others) == before


@pytest.mark.parametrize(
    "method",
    [
        "restarter.stop",
        "restarter.start",
        "restarter.kill",
        "restarter.reset_failed",
        "StopUnit",
        "RestartUnit",
        "system.multicall",
        "system.shutdown",
        "system.methodSignature2",
        "restarter.Restart",
        "restarter.restart.",
        "restart_unit/",
        "x" * 60,
    ],
)
def test_taken_over_webfront_calls_other_methods(method, instance):
    calls = [{"methodName": "restarter.restart", "params": [WELL]}]
    for parameters in ((WELL,), (), (calls,)):
        fault = rpc.fault_of(rpc.value_of, web_sock(rpc.call(method, *parameters)))
        assert fault.faultCode in (-32601, -32602, -32700), fault
    assert instance.starts() == []


CALL = b"<methodCall><methodName>restart_unit</methodName><params><param><value>%s</value></param></params></methodCall>"
BILLION = (
    b"<!DOCTYPE x [<!ENTITY a '1234'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
BOMBS = {
    "entity expansion": BILLION + CALL % b"<string>&j;</string>",
    "external entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    + CALL % b"<string>&e;</string>",
    "entity for the id": b"<!DOCTYPE x [<!ENTITY e '1234'>]>" + CALL % b"<string>&e;</string>",
    "UTF-16": ("<?xml version='1.0' encoding='UTF-16'?>" + (CALL % b"<string>1234</string>").decode()).encode(
        "utf-16"
    ),
    "UTF-16 with a DOCTYPE": (BILLION + CALL % b"<string>&j;</string>").decode().encode("utf-16-be"),
    "UTF-7": b"<?xml version='1.0' encoding='UTF-7'?>" + CALL % b"<string>+ADE-234</string>",
    "CDATA": CALL % b"<string><![CDATA[1234]]></string>",
    "deep": CALL % (b"<array><data><value>" * 500 + b"</value></data></array>" * 500),
    "deep and unknown": b"<a>" * 5000 + b"</a>" * 5000,
    "never closed": b"<a>" * 5000,
    "not XML": b"\x00\x01\x02" * 100,
    "binary": bytes(range(256)) * 40,
    "nothing": b"",
    "response in place of a call": b"<methodResponse><params/></methodResponse>",
    "two calls": (CALL % b"<string>1234</string>") * 2,
    "attributes": CALL.replace(b"<value>", b"<value a='b'>") % b"<string>1234</string>",
    "namespaces": CALL.replace(b"<methodCall>", b"<methodCall xmlns='x'>") % b"<string>1234</string>",
    "base64": CALL % b"<base64>MTIzNA==</base64>",
    "senseless base64": CALL % b"<base64>!!!!</base64>",
    "int": CALL % b"<int>1234</int>",
    "nil": CALL % b"<nil/>",
    "method with a line end": (CALL % b"<string>1234</string>").replace(
        b"restart_unit", b"restart_unit&#10;"
    ),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_taken_over_webfront_sends_bombs(body, instance):
    """Turned away in no time, and the broker lives on."""
    pid = broker_pid()
    for send in (
        web_sock,
        lambda b: rpc.post(rpc.CLIENTS, b),
        lambda b: web.request("POST", "/RPC2", b, {"Content-Type": "text/xml"}),
    ):
        took, answer = web.seconds(send, body)
        assert took < 10
        if answer.status == 200:
            assert rpc.fault_of(rpc.value_of, answer).faultCode in (-32700, -32600, -32601, -32602)
        else:
            assert answer.status in (400, 413)
    assert instance.starts() == []
    assert broker_pid() == pid, "the broker did not survive it"


def broker_pid():
    rpc.over_unix().system.listMethods()
    return main_pid(BROKER)


def test_taken_over_webfront_sends_too_much():
    pid = broker_pid()
    assert web_sock(CALL % (b"<string>" + b"1" * 100_000 + b"</string>")).status == 413
    claims = (
        b"POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 99999999999\r\n\r\n"
    )
    assert web.status_of(web_sock_raw(claims)) == 413
    assert web.status_of(
        web_sock_raw(b"POST /RPC2 HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n")
    ) in (413, 431)
    assert broker_pid() == pid


SMUGGLED = rpc.call("restarter.restart", WELL)
RAW = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: %d\r\n" % len(SMUGGLED),
    "length and chunks": b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(SMUGGLED),
    "chunks": b"Transfer-Encoding: chunked\r\n",
    "no length": b"",
    "signed length": b"Content-Length: +%d\r\n" % len(SMUGGLED),
    "list of lengths": b"Content-Length: %d, %d\r\n" % (len(SMUGGLED), len(SMUGGLED)),
}


@pytest.mark.parametrize("headers", RAW.values(), ids=RAW.keys())
def test_taken_over_webfront_confuses_http(headers, instance):
    data = (
        b"POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nConnection: close\r\n"
        + headers
        + b"\r\n"
        + SMUGGLED
    )
    received = web_sock_raw(data)
    # libmicrohttpd writes some of its own refusals twice, so answers are not counted.
    assert web.status_of(received) == 400 and b" 200 OK" not in received, received
    assert instance.starts() == []


@pytest.mark.parametrize(
    "target, method, status",
    [
        ("/", "POST", 404),
        ("/RPC2/", "POST", 404),
        ("/restart", "POST", 404),
        ("/RPC2", "GET", 405),
        ("/RPC2", "DELETE", 405),
    ],
)
def test_taken_over_webfront_asks_for_other_paths(target, method, status, instance):
    assert web_sock(SMUGGLED, target=target, method=method).status == status
    assert instance.starts() == []


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "text/xmlx", "application/xml", ""]
)
def test_other_media_types_are_415(content_type, instance):
    assert web_sock(SMUGGLED, headers={"Content-Type": content_type}).status == 415
    assert instance.starts() == []


LIES = {
    "line end": "a\tb",
    "control": "\x1b[2Jroot",
    "long": "u" * 3000,
    "markup": "<script>",
    "field": "x RESTARTER_UNIT=victim.service",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_taken_over_webfront_lies_about_who_asks(lie, instance):
    """A name it makes up is written down at most as a name; it opens nothing and forges no other field."""
    mark = journal.Mark()
    answer = web_sock(SMUGGLED, headers={"Restarter-User": lie, "Restarter-Client": lie})
    assert answer.status in (200, 400)
    for entry in mark.decisions():
        assert entry.get("RESTARTER_UNIT") in (instance.unit, None)
        written = str(entry.get("RESTARTER_USER", "")) + str(entry.get("RESTARTER_PEER", ""))
        assert len(written) < 600 and written.isprintable() and "<" not in written


def test_names_of_users_are_believed_on_one_socket_only(instance):
    mark = journal.Mark()
    headers = {"Restarter-User": "alice", "Restarter-Client": "192.0.2.7:1234"}
    assert rpc.value_of(web_sock(SMUGGLED, headers=headers))["success"] is True
    assert rpc.value_of(rpc.post(rpc.CLIENTS, SMUGGLED, headers))["success"] is True
    first, second = mark.decisions()
    assert first["RESTARTER_USER"] == "alice" and "192.0.2.7" in first["RESTARTER_PEER"]
    assert second["RESTARTER_USER"] == "root" and "192.0.2.7" not in second["RESTARTER_PEER"]


def test_taken_over_webfront_holds_connections():
    """As many as it can get, all silent: scripts on the other socket are served."""
    with web.held(600, lambda: rpc.open_socket(rpc.WEB)) as connections:
        assert len(connections) > 100
        took, value = web.seconds(rpc.over_unix().restarter.status, WELL)
        assert took < 10 and value["active_state"] == "active"
    assert rpc.value_of(web_sock(rpc.call("restarter.status", WELL)))["active_state"] == "active"


# --- another local user ---


def connect_error(path):
    """The errno of a connect(), or 0."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(path)


@pytest.mark.core
@pytest.mark.parametrize("path", [rpc.CLIENTS, rpc.WEB])
def test_other_user_cannot_connect(path):
    assert as_user("nobody", connect_error, path) == errno.EACCES
    assert connect_error(path) == 0, "nobody at all can"


def test_other_user_does_not_see_the_sockets():
    with pytest.raises(PermissionError):
        as_user("nobody", os.listdir, "/run/restarter")
    assert stat.S_IMODE(os.stat("/run/restarter").st_mode) & 0o022 == 0


@contextlib.contextmanager
def open_for_all(path):
    before = stat.S_IMODE(os.stat(path).st_mode)
    os.chmod(path, 0o666)
    try:
        yield
    finally:
        os.chmod(path, before)


WHO = {
    "nobody": ("nobody", (), ()),
    "a client": ("games", ("restarter-clients",), (rpc.CLIENTS,)),
    "the web front's group": (64999, ("restarter-web",), (rpc.WEB,)),
    "the broker itself": ("restarter", (), ()),
}


@pytest.mark.core
@pytest.mark.parametrize("path", [rpc.CLIENTS, rpc.WEB])
@pytest.mark.parametrize("user, groups, may", WHO.values(), ids=WHO.keys())
def test_peer_credentials_decide_though_the_mode_is_wrong(user, groups, may, path, instance):
    """With sockets that everybody may open, the broker still looks who it is."""
    with open_for_all(path):
        answer = as_user(user, lambda: rpc.post(path, SMUGGLED), groups=groups)
    if path in may:
        assert rpc.value_of(answer)["success"] is True
    else:
        assert answer.status == 403 and len(answer.text) > 20, answer
        assert instance.starts() == []


def test_group_of_clients_opens_one_socket(instance):
    """With the modes as they are."""
    answer = as_user("games", lambda: rpc.post(rpc.CLIENTS, SMUGGLED), groups=["restarter-clients"])
    assert rpc.value_of(answer)["success"] is True
    assert as_user("games", connect_error, rpc.WEB, groups=["restarter-clients"]) == errno.EACCES


# --- a broker that was taken over: it may speak to the bus as user restarter ---

VICTIM = "victim.service"


def call_as_broker(*arguments):
    """busctl call …; returns what it printed, errors included."""
    done = broker_does(
        "busctl", "--timeout=30", "--allow-interactive-authorization=no", "call", "--", *arguments
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def manager(method, *arguments):
    return call_as_broker(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, method, *arguments)


def methods_of(service, path, interface):
    """The methods with the signatures of what they take."""
    text = run("busctl", "introspect", "--xml-interface", service, path).stdout
    found = {}
    for node in xml.etree.ElementTree.fromstring(text).iter("interface"):
        if node.get("name") == interface:
            for method in node.iter("method"):
                arguments = [
                    (a.get("name", ""), a.get("type"))
                    for a in method.iter("arg")
                    if a.get("direction") != "out"
                ]
                found[method.get("name")] = arguments
    assert found, f"{interface} has no methods"
    return found


# What a call is filled with: names of things of ours, and nothing that does much harm if a lock should be open. It
# has to make sense, since systemd looks at some of it before it asks polkit.
BY_TYPE = {
    "s": [VICTIM],
    "o": ["/org/freedesktop/systemd1/unit/victim_2eservice"],
    "u": ["1"],
    "i": ["10"],
    "b": ["false"],
    "t": ["1"],
    "as": ["1", VICTIM],
}
BY_NAME = {
    "mode": "replace",
    "job_mode": "replace",
    "job_type": "restart",
    "whom": "all",
    "who": "all",
    "subcgroup": "/",
    "source": "/etc",
    "destination": "/etc",
    "level": "info",
    "target": "journal",
}
PRESET = {"PresetAllUnitFiles", "PresetUnitFilesWithMode"}
FILLED = {
    "AttachProcessesToUnit": ["ssau", VICTIM, "/", "1", "1"],
    "AttachProcesses": ["sau", "/", "1", "1"],
    "CleanUnit": ["sas", VICTIM, "1", "cache"],
    "Clean": ["as", "1", "cache"],
    "SetExitCode": ["y", "0"],
    "QueueSignalUnit": ["ssii", VICTIM, "all", "40", "0"],
    "QueueSignal": ["sii", "all", "40", "0"],
    "SetEnvironment": ["as", "1", "A=b"],
    "UnsetEnvironment": ["as", "1", "A"],
    "UnsetAndSetEnvironment": ["asas", "1", "A", "1", "A=b"],
}


def fill(method, arguments):
    """Arguments of busctl for a method; None for a signature that cannot be filled this way."""
    if method in FILLED:
        return FILLED[method]
    values = []
    for name, kind in arguments:
        if kind == "s":
            values.append("full" if method in PRESET and name == "mode" else BY_NAME.get(name, VICTIM))
        elif kind in BY_TYPE:
            values += BY_TYPE[kind]
        elif kind.startswith("a"):
            values.append("0")
        else:
            return None
    return ["".join(kind for _, kind in arguments), *values] if arguments else []


# What the broker needs. Everything else is turned away, reading included.
ALLOWED = {"RestartUnit", "Subscribe", "ListUnitsByPatterns", "ListUnitFilesByPatterns"}
BY_THE_BUS = re.compile(
    r"Access denied|AccessDenied|Sender is not authorized|rejected send message|policy prevented", re.I
)
BY_POLKIT = re.compile(
    r"Interactive authentication required|Access denied|Permission denied|requires? (administrative )?"
    r"privileges|not authorized|Operation not permitted|Sender is not authorized",
    re.I,
)


@pytest.fixture
def victim(others):
    """What must not be touched; afterwards it has not been."""

    def look():
        environment = systemctl("show-environment").stdout
        return invocations(units), sorted(os.listdir("/etc/systemd/system")), environment

    units = [*others, "dbus.service", "polkit.service"]
    systemctl("start", "polkit.service")
    before = look()
    yield VICTIM
    assert look() == before
    assert systemctl("is-active", *others).stdout.split() == ["active"] * len(others)


def test_taken_over_broker_has_its_methods(instance):
    """Otherwise the refusals below would show nothing."""
    status, text = manager("RestartUnit", "ss", instance.unit, "replace")
    assert status == 0 and "/org/freedesktop/systemd1/job/" in text, text
    instance.wait_for_start()
    assert manager("ListUnitsByPatterns", "asas", "0", "1", "example@*")[0] == 0


@pytest.mark.core
def test_bus_policy_denies_every_other_method(victim):
    methods = methods_of(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER)
    assert len(methods) > 60
    open_ones = {}
    for name, arguments in methods.items():
        if name in ALLOWED:
            continue
        # A signature that busctl cannot fill is left out: the bus policy does not look at it.
        status, text = manager(name, *(fill(name, arguments) or []))
        if status == 0 or not BY_THE_BUS.search(text):
            open_ones[name] = text
    assert not open_ones, open_ones


def test_bus_policy_denies_methods_of_units(victim, instance):
    path = "/org/freedesktop/systemd1/unit/" + instance.unit.replace("@", "_40").replace(".", "_2e")
    for interface in (bus.UNIT, "org.freedesktop.systemd1.Service"):
        for name, arguments in methods_of(bus.SYSTEMD, path, interface).items():
            status, text = call_as_broker(bus.SYSTEMD, path, interface, name, *(fill(name, arguments) or []))
            assert status != 0 and BY_THE_BUS.search(text), (name, text)
    status, text = call_as_broker(
        bus.SYSTEMD, path, "org.freedesktop.DBus.Properties", "Set", "ssv", bus.UNIT, "Description", "s", "x"
    )
    assert status != 0 and BY_THE_BUS.search(text)
    assert instance.starts() == []


ELSEWHERE = {
    "power off": (
        "org.freedesktop.login1",
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PowerOff",
        "b",
        "false",
    ),
    "list sessions": (
        "org.freedesktop.login1",
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "ListSessions",
    ),
    "host name": (
        "org.freedesktop.hostname1",
        "/org/freedesktop/hostname1",
        "org.freedesktop.hostname1",
        "SetHostname",
        "sb",
        "taken",
        "false",
    ),
    "time zone": (
        "org.freedesktop.timedate1",
        "/org/freedesktop/timedate1",
        "org.freedesktop.timedate1",
        "SetTimezone",
        "sb",
        "Europe/Berlin",
        "false",
    ),
    "polkit's answer": (
        "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        "AuthenticationAgentResponse2",
        "us(sa{sv})",
        "0",
        "x",
        "unix-user",
        "1",
        "uid",
        "u",
        "0",
    ),
    "polkit's actions": (
        "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        "EnumerateActions",
        "s",
        "",
    ),
}
DRIVER = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


@pytest.mark.parametrize("call", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_bus_policy_denies_other_services(call, victim):
    status, text = call_as_broker(*call)
    assert status != 0 and BY_THE_BUS.search(text), text


@pytest.mark.parametrize(
    "call",
    [
        ("ListNames",),
        ("RequestName", "su", "org.freedesktop.Avahi", "0"),
        ("ReloadConfig",),
        ("GetConnectionUnixUser", "s", "org.freedesktop.systemd1"),
        ("StartServiceByName", "su", "org.freedesktop.hostname1", "0"),
        ("UpdateActivationEnvironment", "a{ss}", "1", "A", "b"),
    ],
    ids=lambda c: c[0],
)
def test_bus_policy_denies_the_rest_of_the_bus(call):
    status, text = call_as_broker(*DRIVER, *call)
    assert status != 0 and BY_THE_BUS.search(text), text


def test_taken_over_broker_cannot_listen_in():
    done = broker_does("timeout", "5", "busctl", "monitor")
    assert done.returncode not in (0, 124) and BY_THE_BUS.search(done.stderr), done.stderr


OTHER_UNITS = [
    "victim.service",
    "victim@1234.service",
    "example@12345.service",
    "example@abcd.service",
    "example@0001-2.service",
    "example-2@1234.service",
    "dbus.service",
    "polkit.service",
    "restarter-broker.service",
    "restarter-webfront.service",
    "systemd-journald.service",
    "example@.service",
    "basic.target",
    "example@1234.socket",
    "-.slice",
    "../1234",
    "example@1234.service\nx",
]


@pytest.mark.core
@pytest.mark.parametrize("name", OTHER_UNITS)
def test_polkit_denies_other_units(name, victim):
    """RestartUnit passes the bus, so that the rule has to say it, with and without the bus policy."""
    broker = invocation(BROKER)
    status, text = manager("RestartUnit", "ss", name, "replace")
    assert status != 0, text
    assert (
        BY_POLKIT.search(text)
        or "not valid" in text
        or "missing the instance name" in text
        or "Invalid" in text
    ), text
    assert invocation(BROKER) == broker


# What systemd itself finds wrong with the call, before it would ask polkit: the process belongs to somebody else, a job
# has to be there, and who holds no reference cannot give it back.
NO_BY_ITSELF = {
    "AttachProcessesToUnit",
    "AttachProcesses",
    "CancelJob",
    "StartUnitReplace",
    "UnrefUnit",
    "Unref",
}
# Without the bus policy these are left to systemd's own: any user may read.
READING = re.compile(r"^(Get|List|Load|Dump|Subscribe$|Unsubscribe$|Ref|Lookup|GetUnitByPIDFD)")


@pytest.mark.core
def test_polkit_alone_denies_every_other_method(victim, instance):
    with bus_policy_taken_away():
        assert manager("GetUnit", "s", instance.unit)[0] == 0, "the bus policy is still there"
        methods = methods_of(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER)
        open_ones = {}
        for name, arguments in methods.items():
            filled = fill(name, arguments)
            if READING.match(name) or name in ALLOWED or filled is None:
                continue
            status, text = manager(name, *filled)
            if status == 0 or not (BY_POLKIT.search(text) or name in NO_BY_ITSELF):
                open_ones[name] = text
        assert not open_ones, open_ones
        assert manager("RestartUnit", "ss", instance.unit, "replace")[0] == 0, "and the one thing is granted"
        instance.wait_for_start()


VERBS = [
    "StartUnit",
    "StopUnit",
    "ReloadUnit",
    "TryRestartUnit",
    "ReloadOrRestartUnit",
    "ReloadOrTryRestartUnit",
]


def test_polkit_alone_denies_other_verbs(victim, instance):
    """Even of the instance that may be restarted."""
    before = instance.state()
    with bus_policy_taken_away():
        for verb in VERBS:
            status, text = manager(verb, "ss", instance.unit, "replace")
            assert status != 0 and BY_POLKIT.search(text), (verb, text)
        for call in (
            ("KillUnit", "ssi", instance.unit, "all", "15"),
            ("ResetFailedUnit", "s", instance.unit),
            ("SetUnitProperties", "sba(sv)", instance.unit, "true", "0"),
            ("CleanUnit", "sas", instance.unit, "0"),
            ("FreezeUnit", "s", instance.unit),
            ("MaskUnitFiles", "asbb", "1", instance.unit, "true", "true"),
            ("StartTransientUnit", "ssa(sv)a(sa(sv))", instance.unit, "replace", "0", "0"),
            ("StartTransientUnit", "ssa(sv)a(sa(sv))", "example@7777.service", "replace", "0", "0"),
            ("EnqueueUnitJob", "sss", instance.unit, "stop", "replace"),
        ):
            status, text = manager(*call)
            assert status != 0 and BY_POLKIT.search(text), (call, text)
        for name in OTHER_UNITS:
            status, text = manager("RestartUnit", "ss", name, "replace")
            assert status != 0, (name, text)
    assert instance.state() == before


def test_polkit_alone_denies_methods_of_units(victim, instance):
    path = "/org/freedesktop/systemd1/unit/victim_2eservice"
    with bus_policy_taken_away():
        for interface in (bus.UNIT, "org.freedesktop.systemd1.Service"):
            for name, arguments in methods_of(bus.SYSTEMD, path, interface).items():
                filled = fill(name, arguments)
                if filled is None or READING.match(name):
                    continue
                status, text = call_as_broker(bus.SYSTEMD, path, interface, name, *filled)
                assert status != 0 and (BY_POLKIT.search(text) or name in NO_BY_ITSELF), (name, text)


def test_polkit_alone_denies_to_cancel_a_job(instance):
    """A restart that somebody else asked for goes on."""
    instance.slow(1.5)
    systemctl("restart", "--no-block", instance.unit)
    instance.wait_for_start()
    number = systemctl("list-jobs", "--no-legend", "--plain").stdout.split()[0]
    with bus_policy_taken_away():
        status, text = manager("CancelJob", "u", number)
        assert status != 0 and BY_POLKIT.search(text), text
    instance.quick()
    wait_until(instance.unit, "active")
    assert len(instance.starts()) == 1


@pytest.mark.parametrize("name", ["power off", "host name", "time zone", "polkit's answer"])
def test_polkit_alone_denies_other_services(name, victim):
    with bus_policy_taken_away():
        status, text = call_as_broker(*ELSEWHERE[name])
        assert status != 0, text
        assert BY_POLKIT.search(text) or "Only uid 0" in text or "was not provided" in text, text


# --- the sandbox ---

# The figures are the table's of `restartctl check`.
TABLE = (pathlib.Path(__file__).resolve().parents[2] / "cli" / "check" / "shipped.c").read_text(encoding="utf-8")
DAEMONS = {
    service: int(re.search(r"SHIPPED_EXPOSURE\[\] = .*{ %s, ([0-9]+) }" % name, TABLE).group(1)) / 10
    for service, name in ((WEBFRONT, "WEBFRONT"), (BROKER, "BROKER"))
}
both_daemons = pytest.mark.parametrize("service", DAEMONS)


def running(service):
    """Its process, awake."""
    web.get("/api/instances")
    pid = main_pid(service)
    assert pid > 0
    return pid


@both_daemons
def test_exposure(service):
    line = run("systemd-analyze", "security", "--no-pager", service).stdout.strip().splitlines()[-1]
    exposure = float(re.search(r": ([0-9.]+) ", line).group(1))
    print(line)
    assert exposure <= DAEMONS[service]


@both_daemons
def test_no_capability_no_new_privileges(service):
    lines = open(f"/proc/{running(service)}/status", encoding="ascii").read().splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert "0" not in status["Uid"].split() + status["Gid"].split()


@both_daemons
def test_no_core_dump_and_no_debugger(service):
    pid = running(service)
    limits = open(f"/proc/{pid}/limits", encoding="ascii").read()
    assert re.search(r"Max core file size +0 +0 ", limits)
    # The files of a process that is not dumpable belong to root.
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    assert os.stat(f"/proc/{main_pid(unit(WELL))}/environ").st_uid != 0, "for others it would not"


def inside(pid, function):
    """Calls the function in the mount namespace of the process, as its user."""

    def enter():
        lines = open(f"/proc/{pid}/status", encoding="ascii").read()
        uid = int(re.search(r"Uid:\t(\d+)", lines).group(1))
        gid = int(re.search(r"Gid:\t(\d+)", lines).group(1))
        libc = ctypes.CDLL(None, use_errno=True)
        namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
        if libc.setns(namespace, 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)

    return in_child(enter, function)


def writable_directories():
    """Directories in which a file could be made, tried."""
    found = []
    for directory, subdirectories, _ in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        name = os.path.join(directory, "restarter-test")
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError:
            continue
        os.unlink(name)
        found.append(directory)
    return found


def writable_files():
    """Files, no devices, that could be written to."""
    found = []
    for directory, subdirectories, files in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        paths = [os.path.join(directory, f) for f in files]
        found += [p for p in paths if os.path.isfile(p) and not os.path.islink(p) and os.access(p, os.W_OK)]
    return found


def sockets_seen():
    found = []
    for directory, subdirectories, files in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        for file in files:
            path = os.path.join(directory, file)
            try:
                if stat.S_ISSOCK(os.stat(path).st_mode):
                    found.append(path)
            except OSError:
                continue
    return found


def web_sock_seen():
    return stat.S_ISSOCK(os.stat(rpc.WEB).st_mode)


@both_daemons
def test_nothing_is_writable(service):
    memory = ["/run/restarter-broker"] if service == BROKER else []
    assert inside(running(service), writable_directories) == memory
    assert [f for f in inside(running(service), writable_files) if os.path.dirname(f) not in memory] == []


def test_the_search_for_what_is_writable_finds_something():
    """As user nobody outside of a sandbox, to show that the tests above look properly."""
    assert "/tmp" in as_user("nobody", writable_directories)
    assert "/run/dbus/system_bus_socket" in as_user("nobody", sockets_seen)


def test_web_front_sees_no_bus():
    # Its root is a directory below /usr, and is seen a second time there.
    seen = {s.removeprefix("/usr/lib/restarter/root") for s in inside(running(WEBFRONT), sockets_seen)}
    # The folder that web.sock is in cannot be listed, only gone through.
    assert inside(running(WEBFRONT), web_sock_seen)
    journal_sockets = {"/run/systemd/journal/" + name for name in ("socket", "stdout", "dev-log")}
    assert seen <= {"/run/systemd/notify", *journal_sockets}


@both_daemons
def test_no_network(service):
    """A network of its own, which has nothing in it but its loopback."""
    enter = ["nsenter", f"--net=/proc/{running(service)}/ns/net"]
    assert [line.split()[1] for line in run(*enter, "ip", "-oneline", "link").stdout.splitlines()] == ["lo:"]
    assert run(*enter, "ip", "route").stdout == "" and "127.0.0.1:8080" in run("ss", "-ltn").stdout
    refused = run(*enter, "curl", "--silent", "--max-time", "5", "http://127.0.0.1:8080/", check=False)
    assert refused.returncode == 7, "not even its own page can be reached from there"


def test_web_front_opens_one_kind_of_connection():
    """Traced from its start: whatever it connects to is web.sock, the journal or systemd's notification socket."""
    pid = running(WEBFRONT)
    with traced(pid, "connect,sendto,sendmsg") as lines:
        assert web.click(WELL).status == 200
        assert web.click("12345").status == 403
        assert web.get("/").status == 200
    targets = set(re.findall(r'sun_path="([^"]*)"', "\n".join(lines)))
    assert rpc.WEB in targets, "the trace does not work"
    assert targets <= {rpc.WEB, "/run/systemd/journal/socket", "/run/systemd/notify"}
    assert not re.search("AF_INET", "\n".join(lines))


@contextlib.contextmanager
def traced(pid, calls):
    """The lines that strace writes about a process; complete after the block."""
    lines = []
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as file:
        tracer = subprocess.Popen(
            ["strace", "-f", "-p", str(pid), "-e", f"trace={calls}", "-o", file.name],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert "attached" in tracer.stderr.readline()
            yield lines
        finally:
            tracer.terminate()
            tracer.wait()
            tracer.stderr.close()
            lines += file.read().splitlines()


@both_daemons
def test_system_calls_that_are_no_business_of_a_daemon(service):
    """The filter as systemd has it."""
    properties = show(
        service, "SystemCallFilter", "RestrictNamespaces", "MemoryDenyWriteExecute", "SystemCallArchitectures"
    )
    allowed = set(properties["SystemCallFilter"].split())
    forbidden = "mount chroot pivot_root swapon reboot init_module bpf perf_event_open ptrace clock_settime setpriority"
    assert not allowed & set(forbidden.split())
    assert "read" in allowed, "and not because the list is empty"
    assert properties["MemoryDenyWriteExecute"] == "yes" and properties["SystemCallArchitectures"] == "native"
