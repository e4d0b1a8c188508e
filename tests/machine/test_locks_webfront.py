"""A web front that was taken over may speak to web.sock, as its group says, and say what it likes: it meets the broker's own
decisions, lock 3, and goes no further."""
import pytest

from helpers import journal, rpc, web
from helpers.people import as_webfront
from helpers.system import BROKER, WELL, invocations, main_pid


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


def test_taken_over_webfront_calls_other_methods_at_once(instance):
    """One call of several opens nothing that each of them would not."""
    names = ["system.shutdown", "RestartUnit", "restarter.stop", "system.multicall", "restarter.changes"]
    calls = [{"methodName": name, "params": [WELL]} for name in names]
    for answer in rpc.value_of(web_sock(rpc.call("system.multicall", calls))):
        assert answer["faultCode"] in (-32600, -32601, -32602), answer
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
    "boolean": CALL % b"<boolean>1</boolean>",
    "double": CALL % b"<double>1234</double>",
    "int of many digits": CALL % b"<int>12345678901234567890</int>",
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
    """A name it makes up is refused, and so is an address that is none; neither forges a field."""
    mark = journal.Mark()
    for header in ("Restarter-User", "Restarter-Groups", "Restarter-Client"):
        assert web_sock(SMUGGLED, headers={header: lie}).status == 400
    assert instance.starts() == []
    for entry in mark.decisions():
        assert entry["RESTARTER_UNIT"] == "-"
        written = str(entry.get("RESTARTER_USER", "")) + str(entry.get("RESTARTER_PEER", ""))
        assert len(written) < 600 and written.isprintable() and "<" not in written


def test_where_somebody_sits_is_written_down_and_who_it_is_is_not_believed(instance):
    mark = journal.Mark()
    client = {"Restarter-Client": "192.0.2.7:1234"}
    assert rpc.value_of(web_sock(SMUGGLED, headers=client))["success"] is True
    assert web_sock(SMUGGLED, headers={**client, "Restarter-User": "alice"}).status == 400
    (done,) = mark.decisions(journal.RESTARTED)
    assert done["RESTARTER_USER"] == "-" and "192.0.2.7" in done["RESTARTER_PEER"]
    assert len(instance.starts()) == 1


def test_taken_over_webfront_holds_connections():
    """As many as it can get, all silent: scripts on the other socket are served."""
    with web.held(600, lambda: rpc.open_socket(rpc.WEB)) as connections:
        assert len(connections) > 100
        took, value = web.seconds(rpc.over_unix().restarter.status, WELL)
        assert took < 10 and value["active_state"] == "active"
    assert rpc.value_of(web_sock(rpc.call("restarter.status", WELL)))["active_state"] == "active"
