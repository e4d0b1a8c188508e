"""What an open page is told as it happens, by a real broker of a real systemd: whoever caused it, over restarts of both
daemons, and without keeping anything awake when it has been closed."""
import time

import pytest

from helpers import journal, web
from helpers.events import Page
from helpers.system import (
    BROKER,
    SOCKETS,
    WEBFRONT,
    WELL,
    cgroup_gone,
    main_pid,
    open_doors_anew,
    settings,
    systemctl,
    unit,
    wait_for,
)

IDLE_SEC = 0.4


@pytest.fixture
def page(instance):
    with Page() as opened:
        opened.wait_for("whole")
        yield opened


@pytest.mark.core
def test_a_killed_unit_is_told(page):
    """The half second of the issue is looked at in `make bench`; here the machine may be busy."""
    begin = time.monotonic()
    systemctl("kill", "--signal=KILL", unit(WELL))
    event = page.wait_for_row_outside(unit(WELL), "running")
    print(f"told after {1000 * (time.monotonic() - begin):.0f} ms")
    assert event.kind == "rows"
    systemctl("reset-failed", unit(WELL))
    systemctl("start", unit(WELL))
    page.wait_for_row(unit(WELL), "running")


def test_whoever_caused_it(page):
    systemctl("stop", unit(WELL))
    page.wait_for_row_outside(unit(WELL), "running")
    assert web.click(WELL).status == 200 or systemctl("start", unit(WELL))
    page.wait_for_row(unit(WELL), "running")


def test_the_query_of_the_page(instance):
    with Page("?q=" + WELL) as one, Page("?q=there-is-none-like-that") as none:
        assert unit(WELL) in one.wait_for("whole").data
        assert "<li data-unit" not in none.wait_for("whole").data


def change(page):
    """By somebody else, and told."""
    systemctl("stop", unit(WELL))
    page.wait_for_row_outside(unit(WELL), "running")
    systemctl("start", unit(WELL))
    page.wait_for_row(unit(WELL), "running")


def test_over_a_broker_that_is_started_anew(page):
    for verb in ("restart", "stop"):
        systemctl(verb, BROKER)
        change(page)
    systemctl("kill", "--signal=KILL", BROKER)
    change(page)


def test_over_a_web_front_that_is_started_anew(page):
    """The browser comes again by itself, with the last id."""
    systemctl("restart", WEBFRONT)
    page.wait_for_end()
    with Page(last="0123456789abcdef-1") as again:
        assert unit(WELL) in again.wait_for("whole").data
        change(again)


def test_an_outage_is_said(page):
    systemctl("stop", SOCKETS[2], BROKER)
    try:
        since = int(page.wait_for("lost").data)
        assert abs(since - time.time()) < 60
    finally:
        systemctl("start", SOCKETS[2])
    assert unit(WELL) in page.wait_for("whole").data
    change(page)


def gone():
    return cgroup_gone(BROKER) and cgroup_gone(WEBFRONT)


def both():
    return [main_pid(service) for service in (BROKER, WEBFRONT)]


def both_stay():
    """For three times as long as they would for nobody."""
    pids = both()
    time.sleep(3 * IDLE_SEC)
    return 0 not in pids and both() == pids


def test_with_nobody_looking_both_go_to_rest(instance):
    """Between its first two questions to the broker the web front has none there for a moment, and a machine may make that
    longer than an idle broker stays; from the second one on there is always one."""
    with settings(IDLE_EXIT_SEC=str(IDLE_SEC)):
        with Page() as page:
            page.wait_for("whole")
            wait_for(both_stay, "neither ends while somebody looks", 60)
        wait_for(gone, "both have ended")


def test_the_end_of_the_web_front_waits_for_no_page(page):
    """It ends the stream; one that it had waited for would be cut off."""
    since = journal.Mark()
    systemctl("stop", WEBFRONT)
    page.wait_for_end()
    assert "timed out" not in since.text()
    open_doors_anew()
