"""Thousands of open pages: what they cost the broker and the web front, and what a click beside them is told."""
import os
import pathlib
import re
import resource

import pytest

from helpers.beside import WEB_ADDRESS, Watch, web_request
from helpers.crowd import Crowd
from helpers.events import Page
from helpers.system import BROKER, OTHER, WEBFRONT, WELL, main_pid, systemctl, unit, wait_for

STREAM = web_request("GET", "/events")
PLACES = 1024
PAGES = 1000
ROUNDS = 5
PSS_KIB = 20 * 1024


@pytest.fixture(autouse=True)
def descriptors():
    """A crowd has one for each of its members."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(8192, before[0]), max(8192, before[1])))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def pss_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1])


def cpu_ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def changes(page, rounds=ROUNDS):
    """So many, each told before the next; what they cost the broker, in seconds of a processor."""
    begin = cpu_ticks(main_pid(BROKER))
    for _ in range(rounds):
        systemctl("stop", unit(WELL))
        page.wait_for_row_outside(unit(WELL), "running")
        systemctl("start", unit(WELL))
        page.wait_for_row(unit(WELL), "running")
    return (cpu_ticks(main_pid(BROKER)) - begin) / os.sysconf("SC_CLK_TCK")


def streams(crowd):
    crowd.wait_for_everyone()
    return crowd


@pytest.mark.once
def test_a_thousand_pages(instance):
    """They cost the broker what one costs (three times as much would be noise here, a thousand times as much would not), and
    the web front stays small."""
    with Page() as page:
        page.wait_for("whole")
        one = changes(page)
        with Crowd("once", PAGES, WEB_ADDRESS, STREAM) as crowd:
            streams(crowd)
            all_of_them = changes(page)
            pss = pss_kib(main_pid(WEBFRONT))
    print(f"the broker: {one:.2f} s for one page, {all_of_them:.2f} s for {PAGES}; the web front: {pss} kB")
    assert crowd.answers["200"] == PAGES, crowd.answers
    assert all_of_them < 3 * one + 0.5
    assert pss < PSS_KIB


@pytest.mark.once
def test_five_thousand_streams_of_one_person(instance):
    with Page() as page, Watch() as watch:
        page.wait_for("whole")
        # Whom there is no place for asks again after five seconds, as the page does. Thousands who connect as fast as they can
        # fill the kernel's queue, which is not what this is about.
        with Crowd("once", 5000, WEB_ADDRESS, STREAM, pause=5) as crowd:
            streams(crowd)
            watch.click(OTHER)
            changes(page, 1)
    assert crowd.answers["429"] > 0 and crowd.answers["200"] <= PLACES, crowd.answers
    assert set(crowd.answers) <= {"200", "429", "closed"}, crowd.answers


@pytest.mark.once
def test_readers_that_never_read(instance):
    """Nothing is held for them but what all share, and the others are told as ever."""
    with Page() as page, Watch() as watch, Crowd("deaf", 500, WEB_ADDRESS, STREAM):
        page.wait_for("whole")
        changes(page)
        watch.click(OTHER)
        assert pss_kib(main_pid(WEBFRONT)) < PSS_KIB


@pytest.mark.once
def test_they_leave_nothing_behind(instance):
    with Crowd("once", PAGES, WEB_ADDRESS, STREAM) as crowd:
        streams(crowd)
        full = pss_kib(main_pid(WEBFRONT))
    wait_for(lambda: pss_kib(main_pid(WEBFRONT)) < full / 2, "the web front is small again")
