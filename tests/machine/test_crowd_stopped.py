"""Crowds that click on granted ids that do not run: systemd reads such a unit's files at each question, so such looks
have a rate, and a click on a unit that runs does not wait behind them."""
import contextlib
import time

import pytest

from helpers import rpc
from helpers.beside import WEB_ADDRESS, Watch, call_request, click_request
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import OTHER, stop_daemons

STOPPED = "7000"


@pytest.mark.parametrize("address", sampled({"socket": (rpc.CLIENTS,), "web": (WEB_ADDRESS,)}))
def test_one_stopped_id(address):
    request = click_request(STOPPED) if address == WEB_ADDRESS else call_request("restarter.restart", STOPPED)
    with Watch() as watch, Crowd("ask", 60, address, request) as crowd:
        time.sleep(0.5)
        watch.click(OTHER, 20)
    assert set(crowd.answers) == ({"403", "429"} if address == WEB_ADDRESS else {"fault 3", "fault 9"})


def test_many_stopped_ids_and_a_unit_that_is_not_known_yet():
    stop_daemons()
    with Watch() as watch, contextlib.ExitStack() as stack:
        for n in range(12):
            stack.enter_context(Crowd("ask", 5, WEB_ADDRESS, click_request(str(7000 + n))))
        time.sleep(0.5)
        watch.click(OTHER, 20)
        watch.click("1236", 4)


@pytest.mark.once
def test_status_of_a_stopped_id():
    with Watch() as watch, Crowd("ask", 60, WEB_ADDRESS, call_request("restarter.status", STOPPED)):
        time.sleep(0.5)
        watch.click(OTHER, 20)
