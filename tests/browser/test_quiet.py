"""The order of the list is frozen while the pointer or the focus is inside, and comes by itself once nobody has been there
for a while; an armed button stays wherever either is. And a row that is under way says what it usually takes."""
import contextlib
import time

import pytest
from conftest import ADDRESS, BOTH_ENGINES, browsers
from pages import boxes, button_of, find, mean, middle, point, said, wait, wait_for_end
from selenium.webdriver.common.by import By

from helpers import rpc, system
from helpers.system import OTHER, WELL, Instance, unit

EARLIER = "0001"  # sorts before all of them
ASIDE = {"x": 2, "y": 2}
ONE = "1 change: refresh to see it."


@pytest.fixture
def earlier():
    """An instance that comes up when told to, and is gone afterwards."""
    yield lambda: system.systemctl("start", unit(EARLIER))
    system.systemctl("stop", unit(EARLIER))


def live(driver):
    point(driver, ASIDE)
    driver.get(ADDRESS)
    wait(driver, lambda: find(driver, "#link").text == "live")


@browsers("with JavaScript")
def test_comes_by_itself(driver, earlier):
    live(driver)
    before = boxes(driver)
    point(driver, middle(driver, OTHER))
    earlier()
    wait(driver, lambda: find(driver, "#news").text == ONE)
    time.sleep(5)  # longer than it takes where nobody is
    assert boxes(driver) == before and find(driver, "#news").text == ONE
    point(driver, ASIDE)
    wait(driver, lambda: unit(EARLIER) in boxes(driver))
    assert find(driver, "#news").text == ""


@BOTH_ENGINES
def test_not_while_the_focus_is_inside(driver, earlier):
    live(driver)
    before = boxes(driver)
    driver.execute_script("arguments[0].focus({preventScroll: true})", button_of(driver, OTHER))
    earlier()
    wait(driver, lambda: find(driver, "#news").text == ONE)
    time.sleep(5)
    assert boxes(driver) == before
    driver.execute_script("document.activeElement.blur()")
    wait(driver, lambda: unit(EARLIER) in boxes(driver))


# Whether the button of that unit asks, and where it is; what it says of its unit's row. All at one look.
LOOK = """(unit) => {
    const button = document.querySelector(`#presses button[value="${unit}"]`), box = button?.getBoundingClientRect();
    return button && ["armed" in button.dataset, box.left, box.top, box.width, box.height];
}"""


@BOTH_ENGINES
def test_armed_button_stays(driver, earlier):
    """As after a tap where buttons take no focus: the unit has gone meanwhile, and the row goes when nobody asks any more."""
    earlier()
    live(driver)
    assert driver.call("(unit) => document.querySelector(`#presses button[value='${unit}']`).click()", unit(EARLIER)) is None
    first = driver.call(LOOK, unit(EARLIER))
    system.systemctl("stop", unit(EARLIER))
    while (now := driver.call(LOOK, unit(EARLIER))) and now[0]:
        assert now == first
    wait(driver, lambda: driver.call(LOOK, unit(EARLIER)) is None)


@browsers("with JavaScript")
def test_what_it_usually_takes(driver):
    """Beside the seconds that have passed."""
    assert rpc.over_unix().restarter.restart(unit(WELL), {"settle": 0})["success"]
    instance = Instance(WELL)
    with contextlib.ExitStack() as back:
        back.callback(instance.quick)
        instance.hold()
        live(driver)
        mean(driver, button_of(driver, WELL))
        wait(driver, lambda: said(driver, WELL)[1].startswith("Restarting… usually "))
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".clock") and find(driver, ".clock").text.endswith(" s"))
    wait_for_end(driver, WELL)


@browsers("without JavaScript", "without JavaScript in Firefox")
def test_what_it_usually_takes_without_javascript(driver):
    assert rpc.over_unix().restarter.restart(unit(WELL), {"settle": 0})["success"]
    instance = Instance(WELL)
    with contextlib.ExitStack() as back:
        back.callback(instance.quick)
        instance.hold()
        driver.get(ADDRESS)
        mean(driver, button_of(driver, WELL))
        wait(driver, lambda: "so far; usually " in driver.page_source)
