"""/api: what programs read and do, on real parts; and how each refusal there is told."""
import json
import urllib.parse
import uuid

import pytest

from helpers import rpc, web
from helpers.system import FAILING, OTHER, WELL, ready, run, unit, wait_for

PROBLEM = "application/problem+json"
SENT_AS_JSON = {"Content-Type": "application/json"}


def at(name, verb=""):
    return "/api/instances/" + urllib.parse.quote(name, safe="") + ("/" + verb if verb else "")


def post(name, verb="restart", body=None, headers=None):
    sent = json.dumps(body) if body is not None else ""
    return web.request("POST", at(name, verb), sent, {**(SENT_AS_JSON if sent else {}), **(headers or {})})


def assert_problem(answer, status, refusal):
    assert answer.status == status and answer.headers["Content-Type"] == PROBLEM, answer
    problem = answer.json
    assert problem["status"] == status and problem["refusal"] == refusal and not problem["success"], problem
    assert problem["detail"] == problem["message"] and problem["title"], problem
    assert problem["type"] == ("about:blank" if refusal == "http" else f"/api#{refusal}"), problem


def test_one_unit():
    answer = web.get(at(unit(WELL)))
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json", answer
    assert answer.json == rpc.over_unix().restarter.status(unit(WELL))
    assert answer.json["unit"] == unit(WELL) and answer.json["active_state"] == "active"
    assert web.get("/api/instances/" + unit(WELL)).json == answer.json, "an @ may stand there as it is"
    assert web.get(at(WELL)).json == answer.json, "and an id will do"


def test_restart():
    (instance,) = ready(WELL)
    answer = post(unit(WELL), "restart", {"reason": "it hangs", "settle": 0})
    assert answer.status == 200 and answer.json["success"] and answer.json["verb"] == "restart", answer
    assert len(instance.starts()) == 1


@pytest.mark.parametrize("verb", ["try-restart", "reload", "reload-or-restart"])
def test_a_verb_that_is_not_granted(verb):
    answer = post(unit(WELL), verb)
    assert_problem(answer, 403, "no-grant")
    assert f"does not let you {verb} {unit(WELL)}" in answer.json["detail"]


def test_curl_needs_no_more_than_this():
    (instance,) = ready(WELL)
    done = run("curl", "-sS", "-d", "reason=it hangs", f"http://127.0.0.1:{web.PORT}{at(unit(WELL), 'restart')}")
    assert json.loads(done.stdout)["success"] and len(instance.starts()) == 1


def test_a_job_that_fails_is_an_answer():
    answer = post(unit(FAILING), body={})
    assert answer.status == 200 and not answer.json["success"] and answer.json["result"], answer


def test_once_for_each_press():
    (instance,) = ready(WELL)
    key = {"Idempotency-Key": "press-" + uuid.uuid4().hex}
    first, second = post(unit(WELL), headers=key), post(unit(WELL), headers=key)
    assert first.json["success"] and not first.json["repeated"] and second.json["repeated"]
    assert len(instance.starts()) == 1
    assert_problem(post(unit(OTHER), headers=key), 409, "press")


def test_refusals():
    assert_problem(post("ssh.service"), 403, "no-grant")
    assert_problem(web.get(at("ssh.service")), 403, "no-grant")
    assert_problem(post("a/b"), 400, "name")
    assert_problem(web.get(at("a%40b.service")), 400, "name")
    assert_problem(post(unit(WELL), "stop"), 404, "http")
    assert_problem(post(unit(WELL), headers={"Origin": "http://evil.example"}, body={}), 403, "cross-site")
    assert_problem(web.request("POST", at(unit(WELL), "restart"), "{}", {"Content-Type": "text/plain"}), 415, "http")
    assert_problem(web.request("OPTIONS", at(unit(WELL), "restart")), 405, "http")
    assert_problem(web.request("PUT", at(unit(WELL)), ""), 405, "http")
    assert_problem(web.get("/api/nothing"), 404, "http")


ASYNC = {"Prefer": "respond-async"}


def followed(address):
    """The outcome, when there is one."""
    return wait_for(lambda: (answer := web.get(address)).json.get("verdict") != "under-way" and answer, "it is over")


def test_who_does_not_wait():
    (instance,) = ready(WELL)
    instance.hold()
    answer = post(unit(WELL), headers=ASYNC)
    assert answer.status == 202 and answer.headers["Preference-Applied"] == "respond-async", answer
    assert web.get(answer.headers["Location"]).json["verdict"] == "under-way"
    instance.quick()
    outcome = followed(answer.headers["Location"])
    assert outcome.status == 200 and outcome.json["success"] and outcome.json["unit"] == unit(WELL), outcome
    assert len(instance.starts()) == 1
    assert_problem(post("ssh.service", headers=ASYNC), 403, "no-grant")
    assert_problem(web.get("/api/restarts/never-heard-of"), 404, "no-press")


def test_a_crowd_of_those_beside_an_honest_click():
    """None of 200 is lost: each is taken, or told to come back; and who clicks on something else is served."""
    slow, honest = ready(OTHER, WELL)
    slow.hold()
    answers = web.at_once([lambda: post(unit(OTHER), headers=ASYNC)] * 200 + [lambda: web.click(WELL)])
    click = answers.pop()
    assert click.status == 200 and click.json["success"] and len(honest.starts()) == 1, click
    taken = [answer for answer in answers if answer.status == 202]
    assert taken and all(answer.status in (202, 429) for answer in answers), {answer.status for answer in answers}
    assert all(answer.headers["Retry-After"] for answer in answers)
    slow.quick()
    assert followed(taken[0].headers["Location"]).json["success"]
    assert len(slow.starts()) <= 2


def test_parts_of_the_list():
    whole = web.get("/api/instances").json
    part = web.get("/api/instances?limit=1&offset=1&q=example").json
    assert part["instances"] == [row for row in whole["instances"] if "example" in row["unit"]][1:2]
    assert part["matching"] >= 2 and part["offset"] == 1 and part["running"] == whole["running"]
    assert not web.get("/api/instances?q=" + "no-such-" * 5).json["instances"]
    assert_problem(web.get("/api/instances?limit=501"), 400, "http")
    assert_problem(web.get("/api/instances?q=" + "a" * 101), 400, "http")
    assert_problem(web.get("/api/instances?q=" + "a" * 7000), 400, "http")


VALUES = [None, True, False, 0, -1, 61, 10**30, 0.5, 1e300, "", "x" * 3000, "\0", "\ud83d", "\U0001f600", [], [[]], {}, {"a": {}}]


@pytest.mark.once
@pytest.mark.parametrize("member", ["reason", "settle", "press", "verb", "", "__proto__"])
def test_every_member_of_every_type(member):
    """What is not taken restarts nothing, and what is taken is what was said."""
    fits = [("reason", str, ""), ("reason", str, "\U0001f600"), ("settle", int, 0)]
    (instance,) = ready(WELL)
    taken = 0
    for value in VALUES:
        answer = post(unit(WELL), body={member: value})
        if (member, type(value), value) in fits:
            taken += 1
            assert answer.status == 200 and answer.json["success"], (member, value, answer)
        else:
            assert_problem(answer, 400, "http")
    assert len(instance.starts()) == taken


@pytest.mark.once
@pytest.mark.parametrize(
    "body",
    [b"{", b"[" * 4000, b'{"a":' * 800, b"{}{}", b"\xff\xfe{}", b"{\0}", b'{"reason":"\xff\xff"', b"null", b'"', b"1e9999", b"{" + b" " * 5000],
)
def test_bodies_that_are_none(body):
    (instance,) = ready(WELL)
    answer = web.request("POST", at(unit(WELL), "restart"), body, SENT_AS_JSON)
    assert_problem(answer, 413 if len(body) > 4096 else 400, "http")
    assert not instance.starts()
