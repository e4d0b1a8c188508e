"""Several calls in one, by Python's own MultiCall, at either door: each is done, refused and written down as if it
had come by itself."""
import xmlrpc.client

import pytest
from helpers import journal, rpc
from helpers.system import WELL

pytestmark = pytest.mark.once

DOORS = {"broker.sock": rpc.over_unix, "/RPC2": rpc.over_tcp}


def results(calls):
    """What each was answered: a value, or its fault."""
    answers = []
    gathered = calls()
    for i in range(len(gathered.results)):
        try:
            answers.append(gathered[i])
        except xmlrpc.client.Fault as fault:
            answers.append(fault)
    return answers


@pytest.mark.core
@pytest.mark.parametrize("door", DOORS)
def test_each_is_its_own(door, instance):
    mark = journal.Mark()
    calls = xmlrpc.client.MultiCall(DOORS[door]())
    calls.restarter.restart(WELL)
    calls.restarter.restart("no-such")
    calls.restarter.stop(WELL)
    calls.restarter.list()
    calls.restart_unit("../1234")
    restarted, refused, none, listed, plain = results(calls)
    assert restarted["success"] and restarted["unit"] == instance.unit
    assert len(instance.starts()) == 1
    assert refused.faultCode == 2 and "Nothing was restarted" in refused.faultString
    assert none.faultCode == -32601
    assert any(row["unit"] == instance.unit for row in listed["instances"])
    assert plain["success"] is False and "Nothing was restarted" in plain["message"]
    decisions = sorted(entry["RESTARTER_DECISION"] for entry in mark.decisions())
    assert decisions.count("allowed") == 1
    assert decisions.count("refused") >= 2


@pytest.mark.parametrize("door", DOORS)
def test_side_by_side(door, instance):
    """Four of the same unit share one job, and are told so: none waited for another one's end."""
    instance.slow(1)
    calls = xmlrpc.client.MultiCall(DOORS[door]())
    for _ in range(4):
        calls.restarter.restart(WELL)
    answers = results(calls)
    instance.quick()
    assert [answer["callers"] for answer in answers] == [4] * 4
    assert len(instance.starts()) == 1


@pytest.mark.parametrize("door", DOORS)
def test_how_many(door):
    server = DOORS[door]()
    call = {"methodName": "system.listMethods", "params": []}
    assert server.system.multicall([]) == []
    for n in (1, 2, 32):
        answers = server.system.multicall([call] * n)
        assert len(answers) == n
        assert all(isinstance(answer, list) for answer in answers), answers
    assert rpc.fault_of(server.system.multicall, [call] * 33).faultCode == -32602


@pytest.mark.parametrize("door", DOORS)
def test_garbage_is_an_elements_own(door):
    server = DOORS[door]()
    good = {"methodName": "system.methodHelp", "params": ["restart_unit"]}
    odd = [
        "x", 1, True, [], {}, {"methodName": "restarter.list"}, {"params": []},
        {"methodName": 1, "params": []}, {"methodName": "restarter.list", "params": {}},
        {"methodName": "restarter.list", "params": [], "more": 1},
        {"methodName": "system.multicall", "params": [[good]]},
        {"methodName": "restarter.changes", "params": ["", 0]},
    ]
    for element in odd:
        first, fault, last = server.system.multicall([good, element, good])
        assert fault["faultCode"] == -32600 and fault["faultString"].endswith("."), element
        assert "restart_unit takes" in first[0] and first == last
    for around in ([], [1], [{}], ["x"], [[], []], [[good], good]):
        assert rpc.fault_of(server.system.multicall, *around).faultCode == -32602, around
