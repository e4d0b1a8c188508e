"""The fault codes that restarter-broker(8) lists, caused at the daemons that run: at the broker's own socket, and at POST /RPC2. By code
and by door they are a table in tests/unit/fault-rows.c, which has the one that cannot be caused here for sure: no memory."""
import pathlib
import re
import xmlrpc.client

import pytest

from helpers import rpc, web
from helpers.policy import applied
from helpers.system import WELL, open_doors_anew, stop_daemons, systemctl, unit_files

pytestmark = pytest.mark.once

MANUAL = pathlib.Path(__file__).parents[2] / "docs/restarter-broker.8.scd"
HEADERS = {"Content-Type": "text/xml"}
DOORS = {
    "broker.sock": lambda body: rpc.post(rpc.CLIENTS, body),
    "/RPC2": lambda body: web.request("POST", "/RPC2", body, HEADERS),
}
DOOR = "restarter-broker-web.socket"
LIST = {"methodName": "restarter.list", "params": []}
MISTAKES = {
    -32700: b"<methodCall><methodName>restarter.list</methodName><params><param><value><double>1</double></value></param></params></methodCall>",
    -32600: rpc.call("system.multicall", [{"methodName": "restarter.list"}]),
    -32601: rpc.call("system.shutdown"),
    -32602: rpc.call("restarter.status"),
}
NO_MEMORY = -32603
LONG = 12
# A row of the list is longer than this.
DESCRIPTION = "long " * 300


def codes(answer):
    """Of the fault, or of those in the answer of a system.multicall."""
    try:
        value = rpc.value_of(answer)
    except xmlrpc.client.Fault as fault:
        return [fault.faultCode]
    return [part["faultCode"] for part in value if isinstance(part, dict) and "faultCode" in part]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("code", MISTAKES)
def test_mistakes(door, code):
    assert codes(DOORS[door](MISTAKES[code])) == [code]


@pytest.fixture(scope="module")
def long_list():
    units = {
        f"long-{i}.service": f"[Unit]\nDescription={DESCRIPTION}\n[Service]\nExecStart=sleep infinity\n" for i in range(LONG)
    }
    grants = "".join(f"[Grant]\nUnit={name}\nVerbs=restart\n\n" for name in units)
    with unit_files(units), applied(grants, check=None):
        yield


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_that_is_too_long(door, long_list):
    """The first ones have their place, and those after them are to be asked for by themselves."""
    told = codes(DOORS[door](rpc.call("system.multicall", [LIST] * 32)))
    assert 0 < len(told) < 32 and set(told) == {-32500}, told
    assert codes(DOORS[door](rpc.call("restarter.list"))) == []


def test_a_broker_that_is_not_there():
    """Which only a web front has to tell."""
    systemctl("mask", "--runtime", "--now", DOOR)
    try:
        stop_daemons()
        assert codes(DOORS["/RPC2"](rpc.call("restarter.status", WELL))) == [-32300]
    finally:
        systemctl("unmask", "--runtime", DOOR)
        open_doors_anew()


def test_no_other_codes_are_listed():
    """Whoever adds one to the manual has it caused here."""
    faults = MANUAL.read_text(encoding="utf-8").split("# FAULTS\n")[1].split("\n[[")[0]
    assert {int(code) for code in re.findall(r"-32\d{3}", faults)} == {*MISTAKES, -32500, -32300, NO_MEMORY}
