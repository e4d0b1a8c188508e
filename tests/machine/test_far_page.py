"""All the way: the page of this machine, restarter-far and ssh, or HAProxy and TLS, and the broker of another machine, which is told who
presses where it believes this one."""
import contextlib
import json

import pytest

from helpers import by_ssh as far
from helpers import far_ends, login, web
from helpers.system import WELL, stop_daemons, systemctl, unit, wait_for
from helpers.web_settings import web_settings

NAME = "web1"
FORM = {"Content-Type": web.FORM, "Accept": web.JSON}
FRONTS = "/etc/restarter/policy.conf.d/fronts.conf"


def press(headers=None):
    return web.request("POST", "/restart", f"service_id={unit(WELL)}&machine={NAME}", {**FORM, **(headers or {})})


def invocation(machine):
    return machine.show(unit(WELL), "InvocationID")


def recorded(machine):
    (line,) = machine.journal(f"RESTARTER_UNIT={unit(WELL)}", "RESTARTER_DECISION=allowed", "--lines=1", "--output=json").splitlines()
    return json.loads(line)


@contextlib.contextmanager
def believed(machine, account):
    """The account there may say for whom it asks."""
    machine.put(FRONTS, f"[Policy]\nFronts={account}\n")
    machine.run("restartctl", "policy", "apply")
    try:
        yield
    finally:
        machine.run("rm", FRONTS)
        machine.run("restartctl", "policy", "apply")


@contextlib.contextmanager
def anna():
    """People log in here; the Cookie header of one."""
    login.as_it_should_be()
    try:
        with web_settings("[Web]\nLogin=password\n"):
            answer = web.request("POST", "/login", f"user=anna&password={login.PASSWORDS['anna']}", {"Content-Type": web.FORM})
            assert answer.status == 303, answer
            yield {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}
    finally:
        login.leave_nothing()


@pytest.fixture
def web1(machines):
    return machines[NAME]


@pytest.fixture
def by_ssh(web1):
    with far.reached(web1):
        stop_daemons()
        yield web1
    stop_daemons()


@pytest.fixture
def by_haproxy(web1):
    far.CONF.write_text(f"[Machine {NAME}]\nVia=socket\n")
    with far_ends.installed(web1) as ends:
        ends.up()
        stop_daemons()
        yield web1
    far.CONF.unlink()
    stop_daemons()


def test_by_ssh(by_ssh):
    """Nobody has logged in here: who asks there is the account."""
    before = invocation(by_ssh)
    assert unit(WELL) in web.request("GET", f"/machines/{NAME}/").text
    answer = press()
    assert answer.status == 200 and answer.json["success"], answer
    assert invocation(by_ssh) != before
    entry = recorded(by_ssh)
    assert (entry["RESTARTER_USER"], entry["RESTARTER_KNOWN"]) == (far.ACCOUNT, "uid") and "RESTARTER_VIA" not in entry
    assert entry["RESTARTER_MACHINE"] == "-", "it is its own there"
    told = web.get(f"/api/instances?machine={NAME}").json
    assert {told["machine"]} | {row["machine"] for row in told["instances"]} == {NAME}
    lines = web.get("/metrics").text.splitlines()
    assert f'restarter_machine_restarts_total{{machine="{NAME}",outcome="up"}} 1' in lines
    assert f'restarter_machine_silent_seconds{{machine="{NAME}"}} 0' in lines


def test_who_presses_by_ssh(by_ssh):
    with believed(by_ssh, far.ACCOUNT), anna() as cookie:
        before = invocation(by_ssh)
        assert press().status in (303, 401) and invocation(by_ssh) == before
        answer = press(cookie)
        assert answer.status == 200 and answer.json["success"], answer
        entry = recorded(by_ssh)
        assert [entry[f"RESTARTER_{key}"] for key in ("USER", "KNOWN", "VIA")] == ["anna", "front", far.ACCOUNT]
        assert invocation(by_ssh) != before


def test_who_is_not_believed(by_ssh):
    """Without Fronts= there nothing is done in anybody's name, and nothing in the account's."""
    with anna() as cookie:
        before = invocation(by_ssh)
        answer = press(cookie)
        assert answer.status != 200 and not answer.json.get("success"), answer
        assert invocation(by_ssh) == before
        page = web.request("GET", "/", headers=cookie)
        assert page.status == 200 and NAME in page.text and unit(WELL) in page.text


def test_when_it_is_gone(by_ssh):
    by_ssh.touched = True
    by_ssh.systemctl("stop", "ssh.service", "ssh.socket", check=False)
    systemctl("stop", far.service(NAME))
    before = invocation(by_ssh)
    answer = press()
    assert answer.status == 503 and "restarted nothing" in answer.json["message"] and NAME in answer.json["message"], answer
    assert invocation(by_ssh) == before
    page = web.request("GET", "/")
    assert page.status == 200 and unit(WELL) in page.text


def test_who_presses_by_haproxy(by_haproxy):
    with believed(by_haproxy, "front"), anna() as cookie:
        before = invocation(by_haproxy)
        answer = wait_for(lambda: done(press(cookie)), "it is pressed", 60)
        assert answer.json["success"] and invocation(by_haproxy) != before
        entry = recorded(by_haproxy)
        assert [entry[f"RESTARTER_{key}"] for key in ("USER", "KNOWN", "VIA")] == ["anna", "front", "front"]


def done(answer):
    """Not while the near end has yet to see that the far one is there: nothing was done then."""
    assert answer.status in (200, 503), answer
    return answer if answer.status == 200 else None
