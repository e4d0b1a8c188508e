"""Crowds of those who only read: statuses, lists, pages. A click beside them has places of its own."""
import pathlib
import threading
import time
import xmlrpc.client

import pytest

from helpers import rpc
from helpers.beside import WEB_ADDRESS, Watch, call_request, web_request
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import OTHER, WELL, reload_manager, systemctl, unit

INSTANCES = 500


@pytest.mark.once
def test_statuses_over_the_web():
    with Watch() as watch, Crowd("ask", 150, WEB_ADDRESS, call_request("restarter.status", WELL)) as crowd:
        time.sleep(0.5)
        watch.click(OTHER, 20)
    assert set(crowd.answers) <= {"200", "fault 9", "429"} and crowd.answers["200"] > 0, crowd.answers


def test_statuses_over_the_socket():
    with Watch() as watch, Crowd("ask", 150, rpc.CLIENTS, call_request("restarter.status", WELL)) as crowd:
        time.sleep(0.5)
        watch.click(OTHER, 20)
    assert set(crowd.answers) <= {"200", "fault 9"} and crowd.answers["200"] > 0, crowd.answers


@pytest.mark.once
@pytest.mark.parametrize("path", sampled({path: (path,) for path in ("/", "/api/instances", "/healthz")}))
def test_pages(path):
    with Watch() as watch, Crowd("ask", 180, WEB_ADDRESS, web_request("GET", path)) as crowd:
        watch.click(OTHER)
    assert set(crowd.answers) <= {"200", "429"} and crowd.answers["200"] > 0, crowd.answers


@pytest.fixture
def five_hundred():
    """That many instances that are loaded, and nothing runs in them: another unit only names them."""
    file = pathlib.Path("/run/systemd/system/crowd.target")
    names = " ".join(unit(5000 + n) for n in range(INSTANCES))
    file.write_text(f"[Unit]\nAfter={names}\n")
    reload_manager()
    systemctl("start", file.name)
    yield
    systemctl("stop", file.name)
    file.unlink()
    reload_manager()


def test_lists_of_many_instances(five_hundred):
    """Nobody is refused, and nobody is left waiting: each of them gets a list, beside whoever asks again and again."""
    assert len(rpc.over_unix().restarter.list()["instances"]) == INSTANCES
    with Watch() as watch, Crowd("ask", 440, rpc.CLIENTS, call_request("restarter.list")) as crowd:
        watch.click(OTHER)
        crowd.wait_for_everyone()
    assert set(crowd.answers) == {"200"}, crowd.answers


@pytest.mark.once
def test_lists_that_nobody_reads(five_hundred):
    assert len(rpc.over_unix().restarter.list()["instances"]) == INSTANCES
    with Watch() as watch, Crowd("deaf", 440, rpc.CLIENTS, call_request("restarter.list"), 20):
        time.sleep(1)
        watch.click(OTHER)


@pytest.mark.once
def test_two_hundred_filters(five_hundred):
    """Each of them asks for another part, and is told that part; nobody's click waits for them."""
    told, server = {}, rpc.over_unix

    def ask(number):
        told[number] = server().restarter.list({"filter": f"@{number} SERVICE", "limit": 50})

    assert server().restarter.list({"limit": 1})["matching"] >= INSTANCES
    askers = [threading.Thread(target=ask, args=(5000 + n,)) for n in range(200)]
    with Watch() as watch:
        for asker in askers:
            asker.start()
        watch.click(OTHER)
        for asker in askers:
            asker.join()
    assert {number: [row["unit"] for row in part["instances"]] for number, part in told.items()} == {
        5000 + n: [unit(5000 + n)] for n in range(200)}
    assert {part["matching"] for part in told.values()} == {1}


HOSTILE = ["%s%n", "*", ".*", "[", "\\", "'\"`$(id)", "<script>", "&#0;", "../..", "\u202e", "\u0080", "\U0001f600", "a" * 100, " " * 90]


@pytest.mark.once
def test_hostile_filters():
    """They are words like any others, or no filter; and the broker is there afterwards."""
    for text in HOSTILE:
        try:
            assert rpc.over_unix().restarter.list({"filter": text})["matching"] >= 0
        except xmlrpc.client.Fault as fault:
            assert fault.faultCode == -32700, (text, fault)
    with pytest.raises(xmlrpc.client.Fault, match="at most 100 bytes"):
        rpc.over_unix().restarter.list({"filter": "x" * 101})
    for door in (rpc.CLIENTS, rpc.WEB):
        answer = rpc.post(door, rpc.call("restarter.list", {"filter": "x" * 100 * 1024}))
        assert answer.status == 413, answer
    assert unit(WELL) in [row["unit"] for row in rpc.over_unix().restarter.list({"filter": WELL})["instances"]]
