"""Crowds that ask and never take an answer, or open a connection and say nothing: they cost no memory, and hold no
place that somebody else needs."""
import contextlib
import time

import pytest

from helpers import rpc, web
from helpers.beside import (
    WEB_ADDRESS, Watch, call_request, click_by_call, click_by_form, click_request, web_request
)
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import OTHER, WELL

PAGE = web_request("GET", "/")
# As short as can be: what a client has not sent yet is in its own socket, which is one of this machine here.
SHORT = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
NO_ID = click_request("../etc")


@pytest.mark.once
@pytest.mark.parametrize("request_, times", sampled({"pages": (SHORT, 3000), "refusals": (NO_ID, 600)}))
def test_many_requests_and_no_ear(request_, times):
    with Watch() as watch, Crowd("deaf", 190, WEB_ADDRESS, request_, times):
        time.sleep(1)
        watch.click(OTHER)


@pytest.mark.once
@pytest.mark.parametrize("method", sampled({name: (name,) for name in ("restarter.list", "system.listMethods")}))
def test_three_thousand_calls_and_no_ear(method):
    with Watch() as watch, Crowd("deaf", 190, rpc.CLIENTS, call_request(method), 3000):
        time.sleep(1)
        watch.click(OTHER)


@pytest.mark.once
def test_clicks_in_a_row_and_no_ear():
    with Watch() as watch, Crowd("deaf", 190, WEB_ADDRESS, click_request(WELL), 20):
        time.sleep(1)
        watch.click(OTHER)


@pytest.mark.once
def test_pipelines_that_are_read_are_answered():
    with Crowd("ask", 4, WEB_ADDRESS, PAGE, 30) as crowd:
        time.sleep(1.5)
    assert set(crowd.answers) == {"200"} and crowd.answers["200"] >= 240, crowd.answers


@pytest.mark.parametrize("address, way", [(WEB_ADDRESS, click_by_form), (rpc.CLIENTS, click_by_call)], ids=["web", "socket"])
def test_all_kinds_of_holders_at_once(address, way):
    """Three hundred and more: the silent, the slow, the deaf, and those who ask in a loop."""
    web_ = address == WEB_ADDRESS
    request = click_request(WELL) if web_ else call_request("restarter.restart", WELL)
    read = call_request("restarter.status", WELL)
    with Watch() as watch, contextlib.ExitStack() as stack:
        for kind, count, what, times in (
            ("hold", 150, request, 1), ("drip", 100, request, 1), ("deaf", 50, read, 50), ("ask", 100, read, 1)
        ):
            stack.enter_context(Crowd(kind, count, address, what, times))
        watch.click(OTHER, 20, (way,))


@pytest.mark.once
def test_three_hundred_silent_ones():
    with Watch() as watch, Crowd("hold", 300, WEB_ADDRESS, click_request(WELL)):
        watch.click(OTHER, 20)
        assert web.get("/").status == 200
