"""A page that is open shows what happens while it happens, says so when it cannot, and comes back by itself: nobody reloads
any of these pages."""
import time

import pytest
from conftest import ADDRESS, BOTH_ENGINES, WITH, browsers
from open_page import greyed, group, link, outage, watched
from pages import boxes, button_of, click_at, middle, point, press, said, spoken, wait, wait_for_end
from selenium.webdriver.common.by import By

from helpers import system
from helpers.beside import WEB_ADDRESS, web_request
from helpers.crowd import Crowd
from helpers.system import BROKER, OTHER, SOCKETS, WEBFRONT, WELL, systemctl, unit

STREAM = web_request("GET", "/events")
PLACES = 1024

READABLE = """() => Array.from(document.querySelectorAll("#presses button[value] > span:first-child"))
    .filter((words) => getComputedStyle(words).opacity === "1").map((words) => words.innerText.trim())"""


@pytest.fixture
def page(driver):
    """Open, and told of changes; still the same page at the end."""
    with watched(driver):
        yield driver


def readable(driver):
    """What the buttons say, as far as it can be seen."""
    return set(driver.call(READABLE))


def change(driver):
    systemctl("stop", unit(WELL))
    wait(driver, lambda: group(driver) != "running")
    systemctl("start", unit(WELL))
    wait(driver, lambda: group(driver) == "running")


@BOTH_ENGINES
def test_a_killed_unit(page):
    begin = time.monotonic()
    systemctl("kill", "--signal=KILL", unit(WELL))
    wait(page, lambda: group(page) != "running")
    print(f"shown after {1000 * (time.monotonic() - begin):.0f} ms")
    systemctl("reset-failed", unit(WELL), check=False)
    systemctl("start", unit(WELL))
    wait(page, lambda: group(page) == "running")


@browsers(WITH)
def test_two_browsers_watch_one_instance(page, firefox):
    firefox.get(ADDRESS)
    wait(firefox, lambda: link(firefox) == "live")
    systemctl("stop", unit(WELL))
    for driver in (page, firefox):
        wait(driver, lambda d=driver: group(d) != "running")
    press(page, WELL)
    assert wait_for_end(page, WELL)[0] == "succeeded"
    for driver in (page, firefox):
        wait(driver, lambda d=driver: group(d) == "running")
    assert said(firefox, WELL)[0] is None


@BOTH_ENGINES
def test_daemons_that_are_started_anew(page):
    for services in ([BROKER], [WEBFRONT], [BROKER, WEBFRONT]):
        systemctl("restart", *services)
        change(page)
        wait(page, lambda: link(page) == "live" and greyed(page) == 0)
    page.complaints()  # of a connection that broke


@BOTH_ENGINES
def test_an_outage_is_said(page, picture):
    """Since when, in its line and aloud; no button does anything meanwhile, though each still says what it is for, nothing
    moves, and it comes back by itself."""
    before = boxes(page)
    with outage():
        wait(page, lambda: link(page).startswith("lost since "))
        wait(page, lambda: greyed(page) == len(page.find_elements(By.CSS_SELECTOR, "#presses button")))
        assert "No connection since " in spoken(page)
        assert "No connection since " in button_of(page, WELL).get_attribute("title")
        assert readable(page) == {"Restart"}
        click_at(page, middle(page, WELL))
        wait(page, lambda: "Nothing was pressed." in spoken(page))
        assert said(page, WELL)[0] is None and boxes(page) == before
        picture("lost")
    wait(page, lambda: link(page) == "live" and greyed(page) == 0)
    assert boxes(page) == before
    press(page, WELL)
    assert wait_for_end(page, WELL)[0] == "succeeded"
    page.complaints()


@browsers(WITH)
def test_the_broker_alone_is_away(page):
    try:
        system.stop(SOCKETS[2], BROKER)
        wait(page, lambda: link(page).startswith("lost since "))
    finally:
        system.open_doors_anew()
    wait(page, lambda: link(page) == "live" and greyed(page) == 0)
    page.complaints()


@browsers(WITH)
def test_no_place_for_another_stream(driver):
    """The page is read every few seconds instead, and says so."""
    driver.get("about:blank")  # which gives up its own place
    with Crowd("once", PLACES + 100, WEB_ADDRESS, STREAM) as crowd:
        crowd.wait_for_everyone()
        driver.get(ADDRESS)
        wait(driver, lambda: link(driver) == "every 5 seconds")
        change(driver)
    driver.complaints()


@browsers(WITH)
def test_nothing_moves_under_the_pointer(page):
    """What would move something waits until nobody is about to press anything."""
    button = button_of(page, OTHER)
    point(page, middle(page, OTHER))
    before = boxes(page)
    systemctl("stop", unit(WELL))
    wait(page, lambda: group(page) != "running")
    assert boxes(page) == before and button == button_of(page, OTHER)
    systemctl("start", unit(WELL))
    wait(page, lambda: group(page) == "running")
    assert boxes(page) == before


HIDE = """Object.defineProperty(document, "hidden", {value: arguments[0], configurable: true});
document.dispatchEvent(new Event("visibilitychange"));"""


@BOTH_ENGINES
def test_a_page_that_nobody_sees_lets_go(page):
    """And catches up when it is seen again."""
    page.execute_script(HIDE, True)
    assert page.execute_script("return source === null")
    systemctl("stop", unit(WELL))
    time.sleep(1)
    assert group(page) == "running"
    page.execute_script(HIDE, False)
    wait(page, lambda: group(page) != "running")
    systemctl("start", unit(WELL))
    wait(page, lambda: group(page) == "running")
