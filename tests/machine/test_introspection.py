"""What the methods say of themselves is true: each is called as its own signature has it, by either door."""
import gzip
import re
import xmlrpc.client

import pytest
from helpers import rpc
from helpers.system import WELL

pytestmark = pytest.mark.once

DOORS = {"broker.sock": rpc.over_unix, "/RPC2": rpc.over_tcp}
SAMPLES = {"string": WELL, "int": 0, "struct": {}, "array": []}
# What is a string, and no unit.
STRINGS = {
    "restarter.changes": "",
    "restarter.day": "",
    "restarter.outcome": "0123456789abcdef",
    "system.methodHelp": "restart_unit",
    "system.methodSignature": "restart_unit",
}
OF_A_LOGIN = {"restarter.renew", "restarter.sign_out", "restarter.sign_out_everywhere"}
TYPES = {"struct": dict, "array": list, "string": str, "boolean": bool}


def call(server, method, types):
    parameters = [STRINGS.get(method, WELL) if kind == "string" else SAMPLES[kind] for kind in types]
    function = server
    for part in method.split("."):
        function = getattr(function, part)
    return function(*parameters)


def signatures(server):
    for method in server.system.listMethods():
        for signature in server.system.methodSignature(method):
            yield method, signature


@pytest.mark.parametrize("door", DOORS)
def test_each_signature_can_be_called(door):
    server = DOORS[door]()
    called = set()
    for method, (answer, *types) in signatures(server):
        called.add(method)
        try:
            assert isinstance(call(server, method, types), TYPES[answer]), (method, types)
        except xmlrpc.client.Fault as fault:
            assert 0 < fault.faultCode < 100, (method, types, fault)  # a refusal: understood, and said no to
        except xmlrpc.client.ProtocolError as error:
            assert error.errcode == 401 and method in OF_A_LOGIN, (method, types, error)
    assert called == set(server.system.listMethods())
    assert ("restarter.changes" in called) == (door == "broker.sock"), "each tells what can be called there"


@pytest.mark.parametrize("door", DOORS)
def test_help_and_capabilities(door):
    system = DOORS[door]().system
    for method in system.listMethods():
        assert f"{method} takes " in system.methodHelp(method)
    for ask in (system.methodHelp, system.methodSignature):
        for odd in ("", "nothing", "system", "../etc", "x" * 2000):
            assert rpc.fault_of(ask, odd).faultCode == -32602
    capabilities = system.getCapabilities()
    assert capabilities["xmlrpc"]["specVersion"] == 1
    assert capabilities["faults_interop"]["specVersion"] == 20010516
    assert all(set(of) == {"specUrl", "specVersion"} for of in capabilities.values())


@pytest.mark.parametrize("door", DOORS)
def test_an_id_that_is_a_number(door):
    """As some clients send it, and never with zeros that it did not have."""
    answer = DOORS[door]().restart_unit(1234)
    assert answer["success"] and "1234" in answer["message"]
    assert rpc.fault_of(DOORS[door]().restarter.restart, 1234).faultCode == -32602


def test_the_manual_has_what_is_served():
    """Each with its signatures, and no other."""
    with gzip.open("/usr/share/man/man7/restarter-xmlrpc.7.gz", "rt", encoding="utf-8") as file:
        page = re.sub(r"\\f[BIRP]|\\&", "", file.read()).replace("\\-", "-")
    server = rpc.over_unix()
    heads = re.findall(r"^((?:restart_unit|restarter\.\w+|system\.\w+)\(.*\)): (\w+)$", page, re.M)
    forms = {form: answer for head, answer in heads for form in head.split(" or ")}
    assert forms == {
        f"{method}({', '.join(types)})": answer for method, (answer, *types) in signatures(server)
    }
