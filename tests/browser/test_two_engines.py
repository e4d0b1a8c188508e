"""Two people watch one instance, one in Chromium and one in Firefox: what one of them does the other sees begin and end, and by
whom, in that order; and a press that the other's covers says so, and restarts nothing again. (How fast is `make bench`'s.)"""
import contextlib
import itertools

import pytest
from conftest import ADDRESS, WITH, browsers
from open_page import group, wait_until_live
from pages import details, press, wait, wait_for_end
from past import log_in

from helpers import login
from helpers.policy import POLICY, SHIPPED_GRANT, kept
from helpers.system import WELL, Instance, stop_daemons, unit
from helpers.web_settings import web_settings

NOTE = """window.groups = [];
const row = document.querySelector(`[data-unit="${arguments[0]}"]`);
new MutationObserver(() => row.dataset.group !== groups.at(-1) && groups.push(row.dataset.group))
    .observe(row, {attributeFilter: ["data-group"]});"""


@contextlib.contextmanager
def team():
    with kept(), web_settings("[Web]\nLogin=password\n"):
        POLICY.write_text(SHIPPED_GRANT + "Users=anna bert\n", encoding="ascii")
        login.as_it_should_be()
        stop_daemons()
        yield
        login.leave_nothing()
    stop_daemons()


@pytest.fixture
def people(driver, firefox):
    """By name, each at their own browser."""
    with team():
        found = {"anna": driver, "bert": firefox}
        for name, browser in found.items():
            log_in(browser, name)
            browser.get(ADDRESS)
            wait_until_live(browser)
        yield found
        for browser in found.values():
            browser.delete_all_cookies()
            browser.get("about:blank")
            browser.complaints()


def last(driver):
    """Also while it is hidden, because there is something newer to say in its place."""
    return driver.call("selector => document.querySelector(selector).textContent", f'[data-unit="{unit(WELL)}"] .last')


def is_followed(driver):
    """Its press has arrived, and goes on."""
    return driver.execute_script("return performance.getEntriesByType('resource').some((e) => e.name.includes('/restarts/'))")


def groups(driver):
    """What it was seen to become, one after the other: not what it was already, as a row says that is exchanged before anybody
    presses; and that it is stopped between its stop and its start is true for a moment."""
    seen = [group for group, _ in itertools.groupby(g for g in driver.execute_script("return groups") if g != "stopped")]
    return seen[1:] if seen[:1] == ["running"] else seen


def pressed(well, presser, watcher):
    """Goes on until well.quick(), and both see that it does."""
    well.fresh()
    for browser in (presser, watcher):
        browser.execute_script("performance.clearResourceTimings();" + NOTE, well.unit)
    well.hold()
    press(presser, WELL)
    well.wait_for_start()
    for browser in (watcher, presser):
        wait(browser, lambda b=browser: group(b) == "restarting")


@browsers(WITH)
def test_one_presses_and_the_other_sees_it(people):
    well = Instance(WELL)
    for name, other in (("anna", "bert"), ("bert", "anna")):
        presser, watcher = people[name], people[other]
        pressed(well, presser, watcher)
        well.quick()
        assert wait_for_end(presser, WELL)[0] == "succeeded"
        for browser in (watcher, presser):
            wait(browser, lambda b=browser, n=name: group(b) == "running" and f"by {n}" in last(b))
            assert groups(browser) == ["restarting", "running"]
        assert len(well.starts()) == 1


@browsers(WITH)
def test_a_press_that_is_covered(people):
    well = Instance(WELL)
    for name, other in (("anna", "bert"), ("bert", "anna")):
        presser, watcher = people[name], people[other]
        pressed(well, presser, watcher)
        press(watcher, WELL)
        wait(watcher, lambda w=watcher: is_followed(w))
        well.quick()
        assert wait_for_end(presser, WELL)[0] == "succeeded" and wait_for_end(watcher, WELL)[0] == "succeeded"
        assert f"{name} had pressed before" in details(watcher, WELL) and "had pressed" not in details(presser, WELL)
        assert len(well.starts()) == 1
