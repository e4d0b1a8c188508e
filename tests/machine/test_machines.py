"""Other machines on the page: a section for each, a click that goes to the one that it names, and one that is gone, silent or
lies keeps nothing from anybody but itself."""
import contextlib
import itertools
import re

import pytest
from test_liar import LIST, answers, no_commands

from helpers import far, liar, rpc, system, web
from helpers.system import OTHER, WEBFRONT, main_pid, unit

MANY = [f"web{n}" for n in range(1, 11)]


def page(path="/"):
    return web.get(path, accept=web.HTML)


def sections(text):
    """By machine: the markup of its section."""
    parts = re.split(r'<section class="far" data-machine="([^"]+)"', text)
    return dict(zip(parts[1::2], parts[2::2]))


def test_a_click_goes_there(instance):
    """There is this machine again: what it restarts is to be seen."""
    with far.named("web1"), far.at("web1"):
        mine = sections(page().text)["web1"]
        assert f'href="/machines/web1/instances/{instance.unit}"' in mine
        body = f"service_id={instance.unit}&machine=web1&press=machine-{system.invocation(instance.unit)}"
        answer = web.request("POST", "/restart", body, {"Content-Type": web.FORM, "Accept": web.JSON})
        assert answer.status == 200 and answer.json["success"], answer
        assert len(instance.starts()) == 1
        press = web.get(f"/machines/web1/restarts/machine-{body.rpartition('-')[2]}", accept=web.JSON)
        assert press.json["unit"] == instance.unit
        nowhere = web.request("POST", "/restart", body.replace("web1", "web2"), {"Content-Type": web.FORM, "Accept": web.JSON})
        assert nowhere.status == 404 and len(instance.starts()) == 1
        body = '{"machine": "web1", "reason": "by a program"}'
        address = f"/api/instances/{instance.unit}/restart"
        assert web.request("POST", address, body, {"Content-Type": "text/plain"}).status == 415
        answer = web.request("POST", address, body, {"Content-Type": "application/json"})
        assert answer.status == 200 and answer.json["success"], answer
        assert len(instance.starts()) == 2


def test_ten_of_which_three_are_dead():
    """No socket, nobody at it, and one that takes the question: each says so, and the other seven are whole, as is this one."""
    with contextlib.ExitStack() as there:
        there.enter_context(far.named(*MANY))
        for name in MANY[:7]:
            there.enter_context(far.at(name))
        there.enter_context(far.refusing(MANY[7]))
        there.enter_context(far.silent(MANY[8]))
        text = ""

        def is_seen():
            nonlocal text
            text = page().text
            return text.count("data-silent=") == 3 and text.count("machine-web") and "no answer yet" not in text

        system.wait_for(is_seen, "three machines that are known to be silent")
        found = sections(text)
        assert list(found) == MANY
        for name in MANY[:7]:
            system.wait_for(lambda: f'href="/machines/{name}/instances/{unit(OTHER)}"' in sections(page().text)[name], name)  # noqa: B023
        for name in MANY[7:]:
            assert re.search(r"no answer for \d+ s", found[name])
        assert f'<a href="/instances/{unit(OTHER)}">' in text
        assert web.get("/api/instances").status == 200
        refused = web.request("POST", "/restart", f"service_id=1234&machine={MANY[9]}", {"Content-Type": web.FORM, "Accept": web.JSON})
        assert refused.status == 503 and "Nothing was restarted" in refused.text


@pytest.mark.once
def test_one_lies():
    """Whatever it answers, of any type: the page is there, with this machine's rows, and the web front does not die of it."""
    with far.named("web1", "web2"), far.at("web2"), liar.broker(far.path_of("web1")) as broker:
        system.run("chgrp", "restarter-web", far.path_of("web1"))
        system.run("chmod", "0660", far.path_of("web1"))
        broker.answer = liar.response(liar.struct(**LIST))
        assert page().status == 200
        pid = main_pid(WEBFRONT)
        for lie in itertools.islice(answers(), 0, None, 17):
            broker.answer = lie
            answer = page()
            assert answer.status == 200 and no_commands(answer.text)
            assert f'<a href="/instances/{unit(OTHER)}">' in answer.text
            answer = web.request("POST", "/machines/web1/restart", "service_id=1234", {"Content-Type": web.FORM, "Accept": web.JSON})
            assert answer.status in (200, 400, 403, 404, 429, 503), (lie, answer)
        assert main_pid(WEBFRONT) == pid, "the web front died of it"


def test_what_the_web_front_sees_of_them():
    """Their sockets, read-only, and nothing else of where those are."""
    with far.named("web1"), far.at("web1"):
        assert page().status == 200
        root = f"/proc/{main_pid(WEBFRONT)}/root"
        assert system.run("ls", f"{root}/run/restarter-far").stdout.split() == ["web1.sock"]
        assert system.run("touch", f"{root}/run/restarter-far/x", check=False).returncode != 0
        assert system.run("ls", f"{root}/run/restarter").stdout.split() == ["web.sock"]


def test_without_machines():
    """No machines.conf: nothing of this is on the page, and their addresses are none."""
    text = page().text
    assert "machine-name" not in text and 'name="machine"' not in text
    assert page("/machines/web1/").status == 404
    assert rpc.over_unix().restarter.list()["policy_ok"]
