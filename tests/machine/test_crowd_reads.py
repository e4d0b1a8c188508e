"""Crowds of those who only read: statuses, lists, pages. A click beside them has places of its own."""
import pathlib
import time

import pytest

from helpers import rpc
from helpers.beside import WEB_ADDRESS, Watch, call_request, web_request
from helpers.crowd import Crowd
from helpers.system import OTHER, WELL, reload_manager, systemctl, unit

INSTANCES = 500


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


@pytest.mark.parametrize("path", ["/", "/api/instances", "/healthz"])
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
    assert len(rpc.over_unix().restarter.list()["instances"]) == INSTANCES
    with Watch() as watch, Crowd("ask", 440, rpc.CLIENTS, call_request("restarter.list")) as crowd:
        watch.click(OTHER)
        time.sleep(4)
    assert set(crowd.answers) == {"200"} and crowd.answers["200"] >= 440, crowd.answers


def test_lists_that_nobody_reads(five_hundred):
    assert len(rpc.over_unix().restarter.list()["instances"]) == INSTANCES
    with Watch() as watch, Crowd("deaf", 440, rpc.CLIENTS, call_request("restarter.list"), 20):
        time.sleep(1)
        watch.click(OTHER)
