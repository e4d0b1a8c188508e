"""At the proxy's door: who is named sees and presses what is theirs, and the record says who it was."""
import pytest

from helpers import journal, proxy, rpc, team, web
from helpers.system import WELL, unit
from helpers.web_settings import web_settings


@pytest.fixture(scope="module", autouse=True)
def at_work():
    with team.at_work(), web_settings("[Web]\nLogin=none\nGroupsHeader=Remote-Groups\n"), proxy.door():
        yield


def listed(user, groups=None):
    answer = proxy.get("/api/instances", user, groups)
    assert answer.status == 200, answer
    return team.of(row["unit"] for row in answer.json["instances"])


def test_each_sees_their_own():
    """Side by side, and whatever the other one was just told."""
    for _ in range(3):
        assert listed("anna") == {"team@anna.service"}
        assert listed("bob") == {"team@bob.service"}
        assert listed("bob", "staff") == {"team@bob.service", "together.service"}
        assert listed("carl", "") == set()
    asked = [lambda u=u: listed(u) for u in ("anna", "bob") * 16]
    assert web.at_once(asked) == [{"team@anna.service"}, {"team@bob.service"}] * 16


def test_each_presses_their_own():
    assert proxy.click("team@anna.service", "anna").json["success"] is True
    assert proxy.click("together.service", "bob", "ops,staff").json["success"] is True
    assert proxy.click(unit(WELL), "carl").json["success"] is True
    for name, user, groups in (
        ("team@bob.service", "anna", None),
        ("together.service", "anna", None),
        ("together.service", "anna", "staff2,staf"),
        ("team@root.service", "root", None),
    ):
        answer = proxy.click(name, user, groups)
        assert answer.status in (403, 404), answer
    nowhere = proxy.click("nosuch@bob.service", "anna").json["message"]
    assert proxy.click("team@bob.service", "anna").json["message"] == nowhere.replace("nosuch", "team")


def call(method, *arguments, user):
    body = rpc.call(method, *arguments)
    return proxy.request("POST", "/RPC2", body, {"Content-Type": "text/xml", **proxy.named(user)})


def test_programs_too():
    assert rpc.value_of(call("restarter.restart", "team@anna.service", user="anna"))["success"] is True
    assert rpc.fault_of(rpc.value_of, call("restarter.restart", "team@anna.service", user="bob")).faultCode == 2
    assert rpc.value_of(call("restart_unit", "team@anna.service", user="bob"))["success"] is False
    told = rpc.value_of(call("restarter.allowed", user="anna"))
    assert told["user"] == "anna" and "team@.service" in {grant["unit"] for grant in told["allowed"]}


def test_the_page():
    answer = proxy.get("/", "anna", accept=web.HTML)
    assert answer.status == 200 and "team@anna" in answer.text and "team@bob" not in answer.text
    assert unit(WELL) in answer.text


def test_nobody_logs_in_here():
    """The proxy does that; a ticket or a password that comes along changes nothing about who it is."""
    odd = {"Authorization": "Basic YW5uYTpzZWNyZXQ=", "Cookie": "restarter=1.x.y; __Host-restarter=1.x.y"}
    answer = proxy.request("GET", "/api/instances", None, {**proxy.named("bob"), **odd})
    assert answer.status == 200
    assert team.of(row["unit"] for row in answer.json["instances"]) == {"team@bob.service"}


def test_the_record_says_who_and_from_where():
    mark = journal.Mark()
    proxy.click("team@anna.service", "anna", headers={"X-Forwarded-For": "192.0.2.99, 192.0.2.7"})
    proxy.click("team@anna.service", "bob", "staff", headers={"X-Forwarded-For": "<b>"})
    done, refused = mark.entries("RESTARTER_UNIT=team@anna.service")
    for entry, user in ((done, "anna"), (refused, "bob")):
        who = (entry["RESTARTER_USER"], entry["RESTARTER_KNOWN"], entry["RESTARTER_DOOR"])
        assert who == (user, "proxy", "web-proxy.sock")
    assert done["RESTARTER_DECISION"] == "restarted" or done["RESTARTER_LOCK"]
    assert done["RESTARTER_PEER"].endswith("for 192.0.2.7") and refused["RESTARTER_PEER"].endswith("for local")
