"""GET /api says what there is at /api, and nothing else is there: every path, method, status and schema that it names is
called here, and every answer is one that it names."""
import json
import re
import uuid

import jsonschema
import pytest

from helpers import login, web
from helpers.system import BROKER, OTHER, WELL, dropins, open_doors_anew, ready, systemctl, unit
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

SENT_AS_JSON = {"Content-Type": "application/json"}
LIST, ONE, ACT, OUTCOME = (
    "/api/instances",
    "/api/instances/{unit}",
    "/api/instances/{unit}/{verb}",
    "/api/restarts/{press}",
)
VERB = f"/api/instances/{unit(WELL)}/restart"
FILLED = {"/api": "/api", LIST: LIST, ONE: f"{LIST}/{unit(WELL)}", ACT: VERB, OUTCOME: "/api/restarts/nobody-has-this"}


@pytest.fixture(scope="module")
def document():
    answer = web.get("/api")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json


@pytest.fixture(scope="module")
def seen():
    """(path, method, status) that were met; the last test compares them with those that are named."""
    return set()


def schema_of(document, name):
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/components/schemas/{name}"}
    return {**found, "components": document["components"]}


@pytest.fixture
def ask(document, seen):
    def call(template, method="GET", path=None, body=None, headers=None):
        answer = web.request(method, path or FILLED[template], body, headers or {})
        operation = document["paths"][template][method.lower()]
        described = operation["responses"].get(str(answer.status))
        assert described, f"{method} {template}: {answer.status} is not in the document: {answer}"
        if "content" not in described:
            assert "Content-Type" not in answer.headers and answer.body == b"", answer
            schema = {}
        else:
            assert set(described["content"]) == {answer.headers["Content-Type"]}, answer
            schema = described["content"][answer.headers["Content-Type"]]["schema"]
        if "$ref" in schema:
            jsonschema.validate(answer.json, schema_of(document, schema["$ref"].rpartition("/")[2]))
        for header in described.get("headers", ()):
            assert header in answer.headers, header
        seen.add((template, method, answer.status))
        return answer

    return call


def test_it_is_a_document(document):
    assert document["openapi"].startswith("3.1") and set(document["paths"]) == set(FILLED)
    for name in document["components"]["schemas"]:
        jsonschema.Draft202012Validator.check_schema(schema_of(document, name))
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document["paths"])))
    assert named | {"Instance"} == set(document["components"]["schemas"])
    assert document["paths"][ACT]["post"]["parameters"][1]["schema"]["enum"] == [
        "restart",
        "try-restart",
        "reload",
        "reload-or-restart",
    ]


def test_what_is_read(ask):
    ask("/api")
    ask(LIST)
    assert len(ask(LIST, path=LIST + "?q=example&state=running&offset=1&limit=1").json["instances"]) == 1
    ask(LIST, path=LIST + "?limit=0")
    ask(ONE)
    ask(ONE, path=LIST + "/a%40b%40c")
    ask(ONE, path=LIST + "/ssh.service")
    assert ask(ONE, path=LIST + "/" + unit("0999")).status in (200, 404)
    ask(OUTCOME)
    ask(OUTCOME, path="/api/restarts/short")


def test_what_is_known_already(ask):
    for template in ("/api", LIST):
        tag = ask(template).headers["ETag"]
        assert ask(template, headers={"If-None-Match": f'"another", {tag}'}).status == 304
        assert ask(template, headers={"If-None-Match": '"another"'}).status == 200


def test_what_is_done(ask):
    (instance,) = ready(WELL)
    press = "document-" + uuid.uuid4().hex
    key = {"Idempotency-Key": press}
    assert ask(ACT, "POST", body="{}", headers={**SENT_AS_JSON, **key}).json["success"]
    assert ask(OUTCOME, path="/api/restarts/" + press).json["success"]
    assert ask(ACT, "POST", path=f"{LIST}/{unit(OTHER)}/restart", body="", headers=key).status == 409
    instance.hold()
    answer = ask(ACT, "POST", body="", headers={"Prefer": "respond-async"})
    instance.quick()
    assert answer.status == 202 and ask(OUTCOME, path=answer.headers["Location"]).status == 200
    for verb in ("try-restart", "reload", "reload-or-restart"):
        assert ask(ACT, "POST", path=f"{LIST}/{unit(WELL)}/{verb}", body="").status == 403
    assert ask(ACT, "POST", body="[]", headers=SENT_AS_JSON).status == 400
    assert ask(ACT, "POST", body='{"machine": "nowhere"}', headers=SENT_AS_JSON).status == 404
    assert ask(ACT, "POST", body="[" * 5000, headers=SENT_AS_JSON).status == 413
    assert ask(ACT, "POST", body="{}", headers={"Content-Type": "text/plain"}).status == 415


def test_a_unit_that_is_not_there(ask, policy_with):
    with policy_with("[Grant]\nUnit=not-there.service\nVerbs=restart\nStartStopped=yes\n"):
        assert ask(ACT, "POST", path=f"{LIST}/not-there.service/restart", body="").status == 404
        assert ask(ONE, path=f"{LIST}/not-there.service").status == 404


def test_too_soon(ask):
    ready(WELL)
    with dropins({unit(WELL): "[Unit]\nStartLimitIntervalSec=300\nStartLimitBurst=2\n"}):
        answers = {ask(ACT, "POST", body='{"settle": 0}', headers=SENT_AS_JSON).status for _ in range(4)}
    systemctl("reset-failed", unit(WELL), check=False)
    assert 429 in answers, "the unit's start limit"


def test_not_under_that_name(ask):
    for template in FILLED:
        ask(template, "POST" if template == ACT else "GET", headers={"Host": "evil.example"}, body="" if template == ACT else None)


def test_nobody_answers(ask):
    systemctl("stop", "restarter-broker-web.socket", BROKER)
    try:
        for template in set(FILLED) - {"/api"}:
            assert ask(template, "POST" if template == ACT else "GET", body="" if template == ACT else None).status == 503
    finally:
        open_doors_anew()


def test_nobody_is_logged_in(ask):
    login.as_it_should_be()
    with web_settings("[Web]\nLogin=password\n"):
        for template in FILLED:
            assert ask(template, "POST" if template == ACT else "GET", body="" if template == ACT else None).status == 401
    login.leave_nothing()


def test_other_methods_and_addresses():
    for template, path in FILLED.items():
        answer = web.request("DELETE", path)
        assert answer.status == 405 and answer.headers["Allow"] == ("POST" if template == ACT else "GET, HEAD")
        if template != ACT:
            assert web.request("HEAD", path).body == b""
    for path in ("/api/", "/api/nothing", "/api/instances/", "/api/restarts/", VERB + "/now", "/api.json"):
        assert web.get(path).status == 404, path


def test_nothing_is_named_that_was_not_met(document, seen):
    named = {
        (path, method.upper(), int(status))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    assert named - seen == set()
