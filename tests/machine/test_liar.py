"""Whoever lies, in whatever type and place: callers to both daemons, and a broker to both of its clients. Nobody dies
of it, nothing is restarted by it, and nothing of it reaches a terminal or a JSON reader that they could not bear."""
import itertools
import json
import re
import unicodedata

import pytest

from helpers import liar, rpc, system, web
from helpers.system import BROKER, SOCKETS, WEBFRONT, main_pid

CALL = "<methodCall><methodName>%s</methodName><params>%s</params></methodCall>"
LEAVES = list(liar.leaves())
LIES = list(liar.values())
METHODS = ("restart_unit", "restarter.restart", "restarter.status", "restarter.list", "system.listMethods")
FAULTS = (-32700, -32600, -32601, -32602, 1, 2)

INSTANCE = {
    "unit": "example@1234.service",
    "description": "d",
    "load_state": "loaded",
    "active_state": "active",
    "sub_state": "running",
    "enabled": "<boolean>1</boolean>",
}
LIST = {"policy_ok": "<boolean>1</boolean>", "policy_error": "", "instances": liar.array(liar.struct(**INSTANCE))}


def daemons():
    rpc.over_unix().system.listMethods()
    assert web.get("/api/instances").status == 200
    return main_pid(BROKER), main_pid(WEBFRONT)


def parameters(method):
    """The lies as the only parameter; where there are options, also as these and in their place."""
    for lie in LIES if method == "restarter.restart" else LEAVES:
        yield f"<param><value>{lie}</value></param>"
    for lie in LEAVES if method == "restarter.restart" else ():
        for second in (lie, liar.struct(settle=lie), liar.struct(press=lie)):
            yield f"<param><value>zz</value></param><param><value>{second}</value></param>"


@pytest.mark.once
@pytest.mark.parametrize("method", METHODS)
def test_lying_caller(method, instance):
    """All values in all places, through the web front and to the broker. What is a call after all may be refused, but
    restarts nothing but what it names."""
    before = daemons()
    for params in parameters(method):
        body = (CALL % (method, params)).encode()
        for send in (over_tcp, over_unix):
            answer = send(body)
            assert answer.status in (200, 400, 413), (body, answer)
            assert answer.status != 200 or b"methodResponse" in answer.body, body
    assert daemons() == before, "a daemon died of it"


def over_tcp(body):
    return web.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})


def over_unix(body):
    return rpc.post(rpc.CLIENTS, body)


def test_types_that_no_method_uses(instance):
    """They do not come as far as the parser, and the answer says so."""
    before = daemons()
    for name in ("double", "i1", "i2", "i8", "base64", "dateTime.iso8601", "nil", "float", "ex:i8"):
        for text in ("inf", "A", ""):
            body = (CALL % ("restarter.status", f"<param><value><{name}>{text}</{name}></value></param>")).encode()
            for send in (over_tcp, over_unix):
                fault = rpc.fault_of(rpc.value_of, send(body))
                assert fault.faultCode == -32700, (body, fault)
                assert "an element that no method here uses" in fault.faultString
    assert daemons() == before
    assert instance.starts() == []


# --- the broker lies ---


def answers():
    """Each lie as the whole answer, as each member of the right ones, and in a fault."""
    yield from (liar.response(lie) for lie in [*LEAVES, *liar.odd_shapes()])
    for lie in LEAVES:
        for whole in (liar.RESTART, LIST, INSTANCE):
            names = ("success", "message", "main_pid", "policy_error", "unit")
            yield from (one_wrong(whole, name, lie) for name in names if name in whole)
        yield liar.response(liar.struct(**{**liar.RESTART, "unknown": lie}))
        yield liar.response(liar.struct(**{**LIST, "instances": lie}))
        yield liar.response(liar.struct(**{**LIST, "instances": liar.array(lie)}))
        yield liar.fault(lie)
        yield liar.fault(liar.struct(faultCode=lie, faultString="x"))
        yield liar.fault(liar.struct(faultCode="<int>6</int>", faultString=lie))


def one_wrong(whole, name, lie):
    wrong = liar.struct(**{**whole, name: lie})
    return liar.response(liar.struct(**{**LIST, "instances": liar.array(wrong)}) if whole is INSTANCE else wrong)


@pytest.fixture
def lying_broker():
    true_one = (BROKER, "restarter-broker.socket", "restarter-broker-web.socket", "restarter-broker-web-proxy.socket")
    system.systemctl("stop", *SOCKETS, WEBFRONT, BROKER)
    # The web front's unit wants the broker, whose socket would take the liar's place.
    system.systemctl("mask", "--runtime", *true_one)
    with liar.behind_webfront() as broker:
        system.systemctl("start", "restarter-webfront.socket")
        yield broker
        system.systemctl("stop", "restarter-webfront.socket", WEBFRONT)
    system.systemctl("unmask", "--runtime", *true_one)
    system.open_doors_anew()


def no_commands(text):
    """Nothing that a terminal obeys, or that turns a line around."""
    return all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in text)


def is_json(text):
    return json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_lying_broker_and_webfront(lying_broker):
    lying_broker.answer = liar.response(liar.struct(**LIST))
    assert web.get("/api/instances").status == 200
    pid = main_pid(WEBFRONT)
    calls = [(CALL % (m, "<param><value>1234</value></param>" if m in METHODS[:3] else "")).encode() for m in METHODS]
    # All of them are tried in test-wire.c, where it takes no time.
    for i, lie in enumerate(itertools.islice(answers(), 0, None, 5)):
        lying_broker.answer = lie
        # First, since what makes no sense as a restart's answer also drops the list that is kept.
        answer = web.click("1234")
        assert answer.status in (200, 400, 403, 404, 429, 503)
        assert no_commands(answer.text), answer
        is_json(answer.text)
        if b"policy_ok" in lie:
            answer = web.get("/api/instances" if i % 2 else "/")
            assert answer.status in (200, 503)
        else:
            answer = over_tcp(calls[i % len(calls)])
            assert answer.status == 200 and b"methodResponse" in answer.body
    assert lying_broker.calls > 500
    assert main_pid(WEBFRONT) == pid, "the web front died of it"


SOCKET = "/run/restarter-tests/liar.sock"
VERBS = (["restart", "1234"], ["status", "1234"], ["list"])


def restartctl(*arguments):
    return system.run("restartctl", "--socket", SOCKET, *arguments, check=False)


def test_lying_broker_and_restartctl():
    with liar.broker(SOCKET) as broker:
        for i, lie in enumerate(itertools.islice(answers(), 0, None, 19)):
            broker.answer = lie
            done = restartctl(*(["--json"] if i % 2 else []), *VERBS[i % 3])
            assert done.returncode in (0, 1, 3, 4, 5), (lie, done)
            assert no_commands(done.stdout + done.stderr), (lie, done)


def test_terminal_and_json_of_a_liar():
    """The named case: an escape, C1 and a turned direction, in each place that restartctl prints."""
    evil = liar.CONTROL.replace("&#127;", "")
    lies = {
        "restart": liar.response(liar.struct(**{**liar.RESTART, "message": evil, "unit": evil})),
        "status": liar.response(liar.struct(**{**INSTANCE, "enabled": "yes", "active_state": evil})),
        "list": liar.response(
            liar.struct(policy_ok="<boolean>0</boolean>", policy_error=evil, instances=liar.array(liar.struct(**dict.fromkeys(INSTANCE, evil), enabled_="x")))
        ),
    }
    lies["list"] = lies["list"].replace(b"<name>enabled</name>", b"<name>enabled__</name>")
    with liar.broker(SOCKET) as broker:
        for verb, lie in lies.items():
            broker.answer = lie
            plain = restartctl(verb, *(["1234"] if verb != "list" else []))
            assert no_commands(plain.stdout + plain.stderr), plain
            assert "?2J?evil?" in plain.stdout, plain
            broker.answer = lie
            escaped = restartctl("--json", verb, *(["1234"] if verb != "list" else []))
            assert no_commands(escaped.stdout + escaped.stderr), escaped
            assert re.search(r"\\u009b2J\\u202eevil\\u2066\\t\\n", escaped.stdout, re.I), escaped
            is_json(escaped.stdout)
        broker.answer = liar.fault(liar.struct(faultCode="<int>6</int>", faultString=evil))
        refused = restartctl("restart", "1234")
        assert refused.returncode == 3 and no_commands(refused.stderr) and "?2J?evil?" in refused.stderr
        broker.answer = b"HTTP/1.1 403 No\r\nContent-Length: 22\r\n\r\n\x1b]0;evil\x07\xc2\x9b\xe2\x80\xaeevil\n\n\n\n"
        refused = restartctl("restart", "1234")
        assert refused.returncode == 3 and no_commands(refused.stderr) and "?]0;evil???evil" in refused.stderr


MEANINGS = (
    # fault or HTTP status, restart's exit status, status' exit status, the click's kind
    *((code, 3, 3, "refused") for code in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16, 17)),
    (10, 4, 4, "refused"),
    (12, 5, 4, "unknown"),
    *((code, 4, 4, "refused") for code in (-32700, -32600, -32601, -32602)),
    *((code, 5, 4, "unknown") for code in (-32603, -32300, 0, 4711, -1)),
    *((f"HTTP {status}", 4, 4, "refused") for status in (400, 404, 405, 408, 413, 415, 431, 503)),
    *((f"HTTP {status}", 3, 3, "refused") for status in (403, 429)),
    *((f"HTTP {status}", 5, 4, "unknown") for status in (204, 302, 500, 502, 504)),
)


def lie_of(what):
    if isinstance(what, int):
        return liar.fault(liar.struct(faultCode=f"<int>{what}</int>", faultString="Why."))
    return b"HTTP/1.1 %s No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % what[5:].encode()


def test_a_fault_means_the_same_to_all(lying_broker):
    """What the exit status of restartctl says, the page says, and so do STATUS= and the journal."""
    lying_broker.answer = liar.response(liar.struct(**LIST))
    assert web.get("/api/instances").status == 200
    unknown = 0
    with liar.broker(SOCKET) as broker:
        for what, restart, status, kind in MEANINGS:
            broker.answer = lying_broker.answer = lie_of(what)
            assert restartctl("restart", "1234").returncode == restart, what
            assert restartctl("status", "1234").returncode == status, what
            page = web.click("1234", accept=web.HTML).text
            assert f'data-outcome="{kind}"' in page, (what, page)
            # What the broker says of itself is in the broker's journal.
            unknown += kind == "unknown" and what != 12
    text = system.wait_for(
        lambda: re.search(r"(\d+) refused here, (\d+) unknown", system.show(WEBFRONT, "StatusText")), "STATUS="
    )
    system.wait_for(
        lambda: f", {unknown} unknown" in system.show(WEBFRONT, "StatusText"),
        f"{unknown} of unknown outcome are counted, and not {text[0]}",
    )
