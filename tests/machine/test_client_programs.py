"""Clients that others wrote work as they are: each lists, restarts by a name and by a number, and is told a fault."""
import json
import re
import xmlrpc.client
from pathlib import Path

import pytest
from helpers import rpc, web
from helpers.system import WELL, run

pytestmark = pytest.mark.once

HERE = Path(__file__).parent / "clients"
URL = f"http://{web.HOST}:{web.PORT}/RPC2"
CALL = "<?xml version='1.0'?><methodCall><methodName>{}</methodName><params>{}</params></methodCall>"


class Fault(Exception):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code, self.text = code, text


def program(*command):
    """One that prints its answer as JSON."""

    def call(method, *parameters):
        said = json.loads(run(*command, method, *map(written, parameters)).stdout)
        if "fault" in said:
            raise Fault(said["fault"], said["text"])
        return said["value"]

    return call


def written(parameter):
    return f"int:{parameter}" if isinstance(parameter, int) else parameter


def perl(method, *parameters):
    """It makes an int of what looks like one by itself."""
    return program("perl", HERE / "client.pl", URL)(method, *map(str, parameters))


def python(server):
    def call(method, *parameters):
        try:
            return getattr(server(), method)(*parameters)
        except xmlrpc.client.Fault as fault:
            raise Fault(fault.faultCode, fault.faultString) from None

    return call


def xmlrpc_c(method, *parameters):
    """The program of libxmlrpc-core-c3-dev, which prints values in words of its own."""
    typed = [f"i/{p}" if isinstance(p, int) else f"s/{p}" for p in parameters]
    done = run("xmlrpc", URL, method, *typed, check=False)
    if done.returncode != 0:
        code = re.search(r"[Ff]ault code[^-\d]*(-?\d+)|\((-?\d+)\)", done.stderr)
        raise Fault(int(code[1] or code[2]), done.stderr)
    return done.stdout


def curl(*where):
    """By hand."""

    def call(method, *parameters):
        typed = [f"<int>{p}</int>" if isinstance(p, int) else f"<string>{p}</string>" for p in parameters]
        body = CALL.format(method, "".join(f"<param><value>{value}</value></param>" for value in typed))
        done = run("curl", "--silent", "--show-error", "--fail", "--header", "Content-Type: text/xml",
                   "--data-binary", body, *where)
        try:
            return xmlrpc.client.loads(done.stdout)[0][0]
        except xmlrpc.client.Fault as fault:
            raise Fault(fault.faultCode, fault.faultString) from None

    return call


CLIENTS = {
    "python": python(rpc.over_tcp),
    "python, broker.sock": python(rpc.over_unix),
    "xmlrpc-c": xmlrpc_c,
    "perl": perl,
    "ruby": program("ruby", HERE / "client.rb", URL),
    "node": program("node", HERE / "client.js", URL),
    "node, broker.sock": program("node", HERE / "client.js", f"unix:{rpc.CLIENTS}"),
    "curl": curl(URL),
    "curl, broker.sock": curl("--unix-socket", rpc.CLIENTS, "http://localhost/RPC2"),
}
every = pytest.mark.parametrize("client", CLIENTS)


def is_true(value):
    """Perl has numbers for it."""
    return value is True or value == 1


@every
def test_lists(client, instance):
    methods = CLIENTS[client]("system.listMethods")
    assert "restart_unit" in methods and "system.multicall" in methods
    listed = CLIENTS[client]("restarter.list")
    if client == "xmlrpc-c":
        assert f"String: '{instance.unit}'" in listed
    else:
        assert instance.unit in [row["unit"] for row in listed["instances"]]


@every
def test_restarts_by_a_name(client, instance):
    answer = CLIENTS[client]("restarter.restart", instance.unit)
    assert len(instance.starts()) == 1
    if client != "xmlrpc-c":
        assert is_true(answer["success"]) and answer["unit"] == instance.unit and answer["result"] == "done"


@every
def test_restarts_by_a_number(client, instance):
    answer = CLIENTS[client]("restart_unit", int(WELL))
    assert len(instance.starts()) == 1
    if client != "xmlrpc-c":
        assert is_true(answer["success"]) and WELL in answer["message"]


@every
def test_is_told_a_fault(client, instance):
    for method, parameter, code in (
        ("restarter.restart", "no-such", 2),
        ("restarter.stop", "1234", -32601),
        ("restarter.restart", "../1234", 1),
    ):
        with pytest.raises(Fault) as told:
            CLIENTS[client](method, parameter)
        assert told.value.code == code, told.value
        assert told.value.text
    assert instance.starts() == []


def test_ruby_asks_for_several_at_once(instance):
    said = run("ruby", HERE / "client.rb", URL, "multicall", "restarter.restart", WELL, "restarter.stop", WELL,
               "restarter.status", WELL).stdout
    restarted, none, status = json.loads(said)["value"]
    assert restarted["value"]["success"] is True and len(instance.starts()) == 1
    assert none["fault"] == -32601
    assert status["value"]["unit"] == instance.unit


@pytest.mark.parametrize("server", [rpc.over_tcp, rpc.over_unix], ids=["/RPC2", "broker.sock"])
def test_python_asks_for_several_at_once(server, instance):
    calls = xmlrpc.client.MultiCall(server())
    calls.restarter.restart(WELL)
    calls.restart_unit(int(WELL))
    restarted, plain = calls()
    assert restarted["success"] is True and plain["success"] is True
    assert 1 <= len(instance.starts()) <= 2
