"""Crowds that click on a unit that takes its time to stop: they do not keep others from clicking on another one, and
those who have left keep nobody from anything."""
import contextlib
import time

import pytest

from helpers import journal, rpc, web
from helpers.beside import WEB_ADDRESS, Watch, call_request, click_by_call, click_by_form, click_request
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import OTHER, STARTS, dropins, ready, systemctl, unit, wait_for

SLOW = ["4000", "4001", "4002", "4003"]
HELD = STARTS / "held"
STOPS_SLOWLY = f"[Service]\nExecStop=/bin/sh -c 'while [ -e {HELD} ]; do sleep 0.1; done'\nTimeoutStopSec=300\n"
WAITING_MAX = 32  # for one unit, here and in the broker


@pytest.fixture
def slow():
    """Instances that stop when the test is over."""
    HELD.touch()
    with dropins({unit(name): STOPS_SLOWLY for name in SLOW}):
        ready(*SLOW)
        yield SLOW[0]
        HELD.unlink()
        systemctl("stop", *map(unit, SLOW))


def stops(name):
    return systemctl("is-active", unit(name), check=False).stdout.strip() == "deactivating"


@contextlib.contextmanager
def crowd_on(name, way, count, address=WEB_ADDRESS):
    request = click_request(name) if address == WEB_ADDRESS else call_request("restarter.restart", name)
    with Crowd(way, count, address, request) as crowd:
        wait_for(lambda: stops(name), f"{name} stops")
        time.sleep(0.5)
        yield crowd


def test_those_who_wait(slow):
    with Watch() as watch, crowd_on(slow, "once", 130) as crowd:
        watch.click(OTHER, 20)
    assert crowd.answers == {"429": 130 - WAITING_MAX}


@pytest.mark.once
def test_what_those_are_told_who_find_no_place(slow):
    with crowd_on(slow, "once", 130):
        answer = web.click(slow)
        assert answer.status == 429 and answer.json["refusal"] == "busy" and answer.retry_after >= 1
        assert f"{WAITING_MAX} others wait for the very same restart" in answer.json["message"]
        call = web.request("POST", "/RPC2", rpc.call("restarter.restart", slow), {"Content-Type": "text/xml"})
        assert rpc.fault_of(rpc.value_of, call).faultCode == 9 and call.retry_after >= 1


@pytest.mark.once
def test_those_who_wait_over_the_socket(slow):
    with Watch() as watch, crowd_on(slow, "once", 130, rpc.CLIENTS) as crowd:
        watch.click(OTHER, 10)
        fault = rpc.fault_of(rpc.over_unix().restarter.restart, slow)
        assert fault.faultCode == 9 and f"{WAITING_MAX} others" in fault.faultString
    assert crowd.answers == {"fault 9": 130 - WAITING_MAX}


@pytest.mark.parametrize("address", sampled({"web": (WEB_ADDRESS,), "socket": (rpc.CLIENTS,)}))
def test_those_who_have_left(slow, address):
    """Again and again 130 of them; and none of them holds a place a moment later."""
    with Watch() as watch, crowd_on(slow, "leave", 130, address):
        watch.click(OTHER, 20)
    # Each daemon looks four times a second for who has left.
    wait_for(lambda: all_find_a_place(slow, address), "all of them find a place")


def all_find_a_place(name, address):
    with crowd_on(name, "once", WAITING_MAX, address) as crowd:
        assert click_by_form(OTHER)[0] and click_by_call(OTHER)[0]
    return crowd.answers == {}


@pytest.mark.once
def test_the_restart_goes_on_without_those_who_asked(slow):
    since = journal.Mark()
    with web.connect() as connection:
        connection.sendall(click_request(slow))
        wait_for(lambda: stops(slow), "it stops")
    time.sleep(1)
    systemctl("kill", "--signal=KILL", unit(slow))
    wait_for(lambda: since.decisions(journal.RESTARTED), "the journal tells of the restart")
    assert len(since.decisions()) == 1
    assert [e["RESTARTER_UNIT"] for e in since.decisions()] == [unit(slow)]


@pytest.mark.once
def test_several_slow_units(slow):
    """Each unit has its limit, and all of them together leave places for others."""
    with contextlib.ExitStack() as stack:
        watch = stack.enter_context(Watch())
        for name in SLOW:
            stack.enter_context(crowd_on(name, "once", 44))
        watch.click(OTHER, 10, (click_by_call,))
        watch.click(OTHER, 10, (click_by_form,))
