"""The main job, on real parts: a click restarts the instance and the answer tells the truth about it."""
import json
import re
import socket
import xmlrpc.client

import pytest

from helpers import rpc, web
from helpers.system import FAILING, OTHER, WELL, Instance, run, show, systemctl, unit

pytestmark = pytest.mark.core


def by_form(name):
    answer = web.click(name)
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json


def by_page(name):
    """A browser gets a page; what it says is as good as a message."""
    answer = web.click(name, accept=web.HTML)
    assert answer.headers["Content-Type"].startswith("text/html")
    return {"success": 'data-outcome="succeeded"' in answer.text, "message": answer.text}


def by_curl(name):
    done = run(
        "curl",
        "--silent",
        "--show-error",
        "--data",
        f"service_id={name}",
        f"http://127.0.0.1:{web.PORT}/restart",
    )
    return json.loads(done.stdout)


def by_curl_to_the_broker(name):
    body = rpc.call("restarter.restart", name).decode()
    done = run(
        "curl",
        "--silent",
        "--show-error",
        "--fail",
        "--unix-socket",
        rpc.CLIENTS,
        "--header",
        "Content-Type: text/xml",
        "--data-binary",
        body,
        "http://localhost/RPC2",
    )
    (value,), _ = xmlrpc.client.loads(done.stdout)
    return value


WAYS = {
    "form": by_form,
    "page": by_page,
    "curl": by_curl,
    "curl, broker's socket": by_curl_to_the_broker,
    "restart_unit over TCP": lambda name: rpc.over_tcp().restart_unit(name),
    "restarter.restart over TCP": lambda name: rpc.over_tcp().restarter.restart(name),
    "restart_unit, broker's socket": lambda name: rpc.over_unix().restart_unit(name),
    "restarter.restart, broker's socket": lambda name: rpc.over_unix().restarter.restart(name),
}
every_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@every_way
@pytest.mark.parametrize("name", [WELL, unit(WELL)], ids=["id", "whole name"])
def test_click_changes_invocation_and_process(way, name):
    instance = Instance(WELL)
    before = instance.state()
    answer = way(name)
    after = instance.state()
    assert answer["success"] is True, answer
    assert instance.unit in answer["message"]
    assert len(instance.starts()) == 1
    assert after["InvocationID"] != before["InvocationID"]
    assert after["MainPID"] != before["MainPID"]
    assert after["ActiveState"] == "active"


@every_way
def test_answer_tells_the_truth(way):
    """Whatever an answer says beyond success and message is what systemd says too."""
    instance = Instance(WELL)
    before = instance.state()
    answer = way(WELL)
    after = instance.state()
    truth = {
        "unit": instance.unit,
        "verb": "restart",
        "result": "done",
        "active_state": after["ActiveState"],
        "sub_state": after["SubState"],
        "service_result": after["Result"],
        "exec_main_status": int(after["ExecMainStatus"]),
        "main_pid": int(after["MainPID"]),
        "invocation_id_before": before["InvocationID"],
        "invocation_id_after": after["InvocationID"],
        "callers": 1,
    }
    said = {key: answer[key] for key in answer if key in truth}
    assert said == {key: truth[key] for key in said}
    if len(answer) > 2:
        assert set(truth) <= set(answer)


def test_milliseconds_are_plausible(instance):
    instance.slow(0.5)
    took, answer = web.seconds(web.click, WELL)
    instance.quick()
    assert 500 <= answer.json["milliseconds"] <= took * 1000 + 1


def test_message_names_unit_and_time(instance):
    message = web.click(WELL).json["message"]
    assert re.search(rf"{re.escape(instance.unit)} was restarted in \d+ ms", message), message


@every_way
def test_failing_instance_reports_failed_and_why(way, failing):
    answer = way(FAILING)
    state = failing.state()
    assert (
        state["ActiveState"] == "failed" and state["ExecMainStatus"] == "66"
    ), "the demonstration is to fail here"
    assert answer["success"] is False
    assert failing.unit in answer["message"]
    assert "failed" in answer["message"] and "66" in answer["message"], answer["message"]
    truth = {
        "result": "failed",
        "active_state": "failed",
        "service_result": state["Result"],
        "exec_main_status": 66,
    }
    said = {key: answer[key] for key in answer if key in truth}
    assert said == {key: truth[key] for key in said}


def test_failed_restart_is_no_refusal(failing):
    """The job ran to its end, so the request was carried out: 200, and success says how it went."""
    answer = web.click(FAILING)
    assert answer.status == 200 and answer.json["success"] is False
    assert 'data-outcome="failed"' in web.click(FAILING, accept=web.HTML).text


def test_failed_instance_can_be_restarted(failing):
    """An instance that is down because it failed is just the one that wants a click."""
    assert web.click(FAILING).json["success"] is False
    failing.mend()
    assert web.click(FAILING).json["success"] is True
    assert failing.state()["ActiveState"] == "active"


def test_stopped_instance_is_refused():
    """StartStopped=no: nobody brings up one of the ten thousand instances that were never meant to run."""
    answer = web.click("4321")
    assert answer.status == 403 and answer.json["success"] is False
    assert answer.json["refusal"] == "stopped"
    assert answer.json["message"].endswith(" An admin can.") and "policy.conf" not in answer.json["message"]
    assert show(unit("4321"), "ActiveState") == "inactive"
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, "4321")
    assert rpc.over_unix().restart_unit("4321") == {"success": False, "message": fault.faultString}
    assert fault.faultCode == 3 and fault.faultString.startswith(answer.json["message"] + " StartStopped=yes at /")


def test_stopped_but_enabled_instance_is_started():
    instance = Instance(OTHER)
    systemctl("stop", instance.unit)
    assert web.click(OTHER).json["success"] is True
    assert instance.state()["ActiveState"] == "active"


def test_unknown_template_is_404(policy_with):
    with policy_with("[Grant]\nUnit=nothing-here@.service\nInstances=[0-9]{4}\nVerbs=restart\n"):
        answer = web.click("nothing-here@1234.service")
        assert answer.status == 404 and answer.json["refusal"] == "no-unit"
        assert "nothing-here@1234.service" in answer.json["message"]


def test_masked_instance_is_refused():
    name = unit("4322")
    systemctl("mask", "--runtime", name)
    try:
        answer = web.click("4322")
        assert answer.status in (403, 503) and answer.json["success"] is False
        assert "masked" in answer.json["message"]
    finally:
        systemctl("unmask", "--runtime", name)


def test_list_shows_the_instances():
    value = rpc.over_unix().restarter.list()
    assert value["policy_ok"] is True and value["policy_error"] == "" and value["truncated"] is False
    units = [i["unit"] for i in value["instances"]]
    assert unit(WELL) in units and unit(FAILING) in units and units == sorted(units)
    mine = value["instances"][units.index(unit(WELL))]
    assert mine["active_state"] == "active" and mine["sub_state"] == "running" and mine["enabled"] is True
    assert mine["load_state"] == "loaded" and mine["description"] == show(unit(WELL), "Description")
    page = web.get("/api/instances").json
    assert page["instances"] == [{**row, "machine": ""} for row in value["instances"]]
    assert page["machine"] == value["machine"] == socket.gethostname()


def test_list_leaves_out_what_is_not_granted(others):
    units = [i["unit"] for i in rpc.over_unix().restarter.list()["instances"]]
    assert not set(others) & set(units), "units beyond the policy"
    assert all(re.fullmatch(r"example@[0-9]{4}\.service", u) for u in units)


def test_list_shows_enabled_ones_that_are_not_loaded():
    systemctl("stop", unit(OTHER))
    listed = {i["unit"]: i for i in rpc.over_unix().restarter.list()["instances"]}
    assert listed[unit(OTHER)]["enabled"] is True and listed[unit(OTHER)]["active_state"] == "inactive"


def test_status():
    instance = Instance(WELL)
    value = rpc.over_unix().restarter.status(WELL)
    state = instance.state()
    assert value["unit"] == instance.unit and value["load_state"] == "loaded"
    assert value["active_state"] == "active" and value["sub_state"] == "running"
    assert value["invocation_id"] == state["InvocationID"] and value["main_pid"] == int(state["MainPID"])
    assert rpc.over_tcp().restarter.status(instance.unit)["invocation_id"] == state["InvocationID"]
    since = int(run("date", "+%s", "--date", show(instance.unit, "StateChangeTimestamp")).stdout)
    assert abs(value["since"] - since) <= 1
    assert instance.starts() == [], "a question changes nothing"


def test_status_is_refused_as_a_restart_is():
    assert rpc.fault_of(rpc.over_unix().restarter.status, "12345").faultCode == 2
    assert rpc.fault_of(rpc.over_unix().restarter.status, "../etc").faultCode == 1


def test_list_methods():
    names = rpc.over_unix().system.listMethods()
    assert {
        "restart_unit",
        "restarter.restart",
        "restarter.list",
        "restarter.status",
        "restarter.changes",
        "system.listMethods",
    } <= set(names)
    assert "system.shutdown" not in names
    assert set(rpc.over_tcp().system.listMethods()) <= set(names)


@pytest.mark.parametrize("server", [rpc.over_tcp, rpc.over_unix])
def test_unknown_methods_are_faults(server):
    for method in ("system.shutdown", "restarter.stop", "restarter.start", "StopUnit", "nothing"):
        assert rpc.fault_of(getattr(server(), method)).faultCode == -32601


@pytest.mark.parametrize("server", [rpc.over_tcp, rpc.over_unix])
@pytest.mark.parametrize(
    "parameters", [(), (WELL, OTHER), (1234, WELL), (True,), ([WELL],), ({"id": WELL},)], ids=repr
)
def test_wrong_parameters_are_faults(server, parameters, instance):
    for method in ("restart_unit", "restarter.restart", "restarter.status"):
        assert rpc.fault_of(getattr(server(), method), *parameters).faultCode == -32602
    assert instance.starts() == []


def test_page_shows_instances():
    page = web.get("/", accept=web.HTML)
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    for name in (WELL, OTHER, FAILING):
        assert f'value="{unit(name)}"' in page.text, "a button for each"
    assert 'name="service_id"' in page.text and 'action="/restart"' in page.text


def test_healthz():
    assert web.get("/healthz").status == 200


def test_shipped_policy_and_rule_are_what_is_tested():
    """dpkg knows both files as they were shipped, and both say example@[0-9]{4}.service and restart."""
    assert run("dpkg", "--verify", "restarter").stdout == "", "files of the package were changed"
    with open("/etc/polkit-1/rules.d/50-restarter.rules", encoding="ascii") as file:
        rule = file.read()
    assert "example@" in rule and "[0-9]{4}" in rule and '"restarter"' in rule
