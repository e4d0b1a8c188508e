"""Whatever is not the name of a granted instance is turned away before the bus hears of it, in the same words
everywhere."""
import pytest

from helpers import bus, rpc, web
from helpers.system import BROKER, FAILING, OTHER, WELL, Instance, invocations, main_pid, unit

NAME, NO_GRANT = 1, 2

# What the closed grammar does not know.
MALFORMED = {
    "nothing": "",
    "space": " ",
    "dots and a slash": "../etc",
    "path": "/etc/passwd",
    "semicolon": "1234;x",
    "shell": "$(reboot)",
    "newline behind": "1234\n",
    "newline before": "\n1234",
    "return behind": "1234\r",
    "tab": "12\t34",
    "space behind": "1234 ",
    "space before": " 1234",
    "two ids": "1234 1235",
    "comma": "1234,1235",
    "percent": "%0a",
    "escaped percent": "1234%00",
    "arabic digits": "\u0661\u0662\u0663\u0664",
    "wide digits": "\uff11\uff12\uff13\uff14",
    "no-break space": "1234\u00a0",
    "umlaut": "12\u00e434",
    "at": "@",
    "two ats": "example@@1234.service",
    "instance with an at": "example@12@34.service",
    "id with an at": "1234@",
    "socket": "example@1234.socket",
    "template": "example@.service",
    "instance of nothing": "@1234.service",
    "dash in front": "-example@1234.service",
    "backslash": "12\\34",
    "backslash escape": "example@\\x31234.service",
    "backslash in the template": "exa\\x6dple@1234.service",
    "glob": "*",
    "glob of instances": "example@*.service",
    "class": "example@[0-9].service",
    "quotes": "'1234'",
    "markup": "<b>1234</b>",
    "ampersand": "1234&verb=stop",
    "space in the name": "example @1234.service",
    "slash in the instance": "example@12/34.service",
    "300 digits": "1" * 300,
    "300 letters": "x" * 300,
    "4000 digits": "1" * 4000,
    "long unit": f"example@{'1' * 260}.service",
    "nothing but a suffix": ".service",
}

# Fine names of what nobody granted.
NOT_GRANTED = {
    "five digits": "12345",
    "three digits": "123",
    "letters": "abcd",
    "hexadecimal": "12af",
    "negative": "-123",
    "dash": "-",
    "dots": "..",
    "float": "12.4",
    "suffix twice": "example@1234.service.service",
    "suffix in capitals": "example@1234.SERVICE",
    "plain unit": "ssh.service",
    "plain unit, suffix twice": "ssh.service.service",
    "the template's name without '@'": "example.service",
    "ours": "restarter-broker.service",
    "the bus": "dbus.service",
    "other template": "other@1234.service",
    "other template, short": "other@1234",
    "five digits, short": "example@12345",
    "template in capitals": "Example@1234.service",
    "longer template": "example2@1234.service",
    "shorter template": "exampl@1234.service",
    "five digits, whole name": "example@12345.service",
    "letters, whole name": "example@abcd.service",
    "longest name": f"example@{'1' * 239}.service",
}
BAD = [pytest.param(v, NAME, id=k) for k, v in MALFORMED.items()] + [
    pytest.param(v, NO_GRANT, id=k) for k, v in NOT_GRANTED.items()
]
STATUS = {NAME: 400, NO_GRANT: 403}
WORD = {NAME: "name", NO_GRANT: "no-grant"}


@pytest.mark.parametrize("bad, code", BAD)
def test_refused_in_the_same_words_everywhere(bad, code):
    answer = web.click(bad)
    assert answer.status == STATUS[code], answer
    assert answer.json["success"] is False
    assert answer.json["code"] == code and answer.json["refusal"] == WORD[code]
    message = answer.json["message"]
    assert message.isprintable() and 20 < len(message) < 600

    page = web.click(bad, accept=web.HTML)
    assert page.status == STATUS[code]
    assert 'data-outcome="refused"' in page.text and escaped(message) in page.text

    for server, said in ((rpc.over_tcp(), message), (rpc.over_unix(), told_to_root(bad, message))):
        assert server.restart_unit(bad) == {"success": False, "message": said}
        for method in (server.restarter.restart, server.restarter.status):
            fault = rpc.fault_of(method, bad)
            assert (fault.faultCode, fault.faultString) == (code, said)


# They carry a click: no policy opens them.
NEVER = ("restarter-broker.service", "dbus.service")


def told_to_root(bad, message):
    """The same; where a line of the policy would open it, that line comes behind, for admins alone."""
    said = rpc.over_unix().restart_unit(bad)["message"]
    if bad in MALFORMED.values() or bad in NEVER:
        assert said == message
    else:
        assert said.startswith(message) and said.endswith(" would open it.") and said != message
        assert "/etc/restarter/policy.conf" in said[len(message) :] and "policy.conf" not in message
    return said


def escaped(text):
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(character, entity)
    return text


# What no string can say and bytes can.
FORMS = {
    "no body": b"",
    "NUL": b"service_id=1234%00",
    "NUL in the middle": b"service_id=12%0034",
    "raw NUL": b"service_id=1234\0",
    "raw newline": b"service_id=1234\n",
    "raw byte above ASCII": b"service_id=12\xff34",
    "UTF-8, cut": b"service_id=12%C3",
    "overlong slash": b"service_id=%C0%AF",
    "half an escape": b"service_id=1234%",
    "no hexadecimal": b"service_id=1234%zz",
    "no field": b"1234",
    "other field": b"id=1234",
    "field in capitals": b"SERVICE_ID=1234",
    "twice": b"service_id=1234&service_id=1235",
    "twice the same": b"service_id=1234&service_id=1234",
    "one more field": b"service_id=1234&verb=stop",
    "an empty one more": b"service_id=1234&",
    "array": b"service_id[]=1234",
    "semicolons between": b"service_id=12345;service_id=1234",
    "escaped name": b"service%5Fid=1234",
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_crooked_forms_are_refused(body, instance):
    answer = web.click("", body=body)
    assert answer.status == 400 and answer.json["success"] is False, answer
    page = web.click("", body=body, accept=web.HTML)
    assert page.status == 400 and escaped(answer.json["message"]) in page.text
    assert instance.starts() == []


def call_with(parameter):
    return (
        b"<?xml version='1.0'?><methodCall><methodName>%s</methodName><params><param><value><string>"
        + parameter
        + b"</string></value></param></params></methodCall>"
    )


STRINGS = {
    "NUL": b"1234\0",
    "NUL by reference": b"1234&#0;",
    "byte above ASCII": b"12\xff34",
    "UTF-8": "\u0661234".encode(),
    "undefined entity": b"12&foo;34",
    "beyond the first plane, which xmlrpc-c does not know": b"1234&#128260;",
}


@pytest.mark.parametrize("parameter", STRINGS.values(), ids=STRINGS.keys())
@pytest.mark.parametrize("method", [b"restart_unit", b"restarter.restart"])
def test_crooked_strings_are_faults(parameter, method, instance):
    body = call_with(parameter) % method
    for answer in (
        rpc.post(rpc.CLIENTS, body),
        web.request("POST", "/RPC2", body, {"Content-Type": "text/xml"}),
    ):
        with pytest.raises(Exception) as caught:
            rpc.value_of(answer)
        assert getattr(caught.value, "faultCode", 0) in (-32700, -32602), answer
    assert instance.starts() == []


def test_references_are_what_they_stand_for(instance):
    """&#49; is a 1, and nothing else is meant by it."""
    assert rpc.value_of(rpc.post(rpc.CLIENTS, call_with(b"&#49;234") % b"restart_unit"))["success"] is True
    assert len(instance.starts()) == 1


def refuse_all():
    for bad in (*MALFORMED.values(), *NOT_GRANTED.values()):
        answers = [
            web.click(bad).json["success"],
            rpc.over_unix().restart_unit(bad)["success"],
            rpc.over_tcp().restart_unit(bad)["success"],
        ]
        assert answers == [False] * 3
        rpc.fault_of(rpc.over_unix().restarter.restart, bad)
        rpc.fault_of(rpc.over_unix().restarter.status, bad)
    for body in FORMS.values():
        assert web.click("", body=body).status == 400
    for parameter in STRINGS.values():
        rpc.post(rpc.CLIENTS, call_with(parameter) % b"restarter.restart")


def broker_and_its_bus_name():
    """The broker, running, and the one name by which the bus knows it."""
    rpc.over_unix().system.listMethods()
    pid = main_pid(BROKER)
    (name,) = bus.names_of(pid)
    return pid, name


@pytest.mark.core
def test_no_message_on_the_bus():
    """Counted by the bus itself. That the count works is shown by a click, which needs a few messages."""
    web.click(WELL)
    pid, name = broker_and_its_bus_name()
    with bus.Monitor(name) as monitor:
        refuse_all()
        assert monitor.messages() == [], "bad ids reached the bus"
        assert web.click(WELL).json["success"] is True
        assert monitor.messages().count("RestartUnit") == 1, "the count does not work"
    assert main_pid(BROKER) == pid, "the counted broker is not the one that refused"


def test_nothing_was_restarted(others):
    names = [unit(WELL), unit(OTHER), unit(FAILING), *others]
    instances = [Instance(WELL), Instance(OTHER)]
    before = invocations(names)
    refuse_all()
    assert invocations(names) == before
    assert [i.starts() for i in instances] == [[], []]
