"""A hand that slips: what is loaded again, pressed twice, or pressed on a page that one has gone back to. And a service
that comes up and does not stay: both of them are about what became of one press."""
import time

import pytest
from conftest import EVERYWHERE, FIREFOX_WITHOUT, WITHOUT, browsers
from pages import (
    ADDRESS,
    DECIDES,
    button_of,
    click_at,
    details,
    find,
    middle,
    outcome,
    press,
    question,
    row,
    spoken,
    wait,
    wait_for_end,
)
from selenium.webdriver.common.by import By

from helpers import system
from helpers.system import OTHER, WELL, Instance, dropins, unit

WITH_JAVASCRIPT = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)
PLAIN = pytest.mark.parametrize("driver", ["without JavaScript"], indirect=True)
PLAIN_EVERYWHERE = browsers(WITHOUT, FIREFOX_WITHOUT)
AGAIN = "nothing was done again"
SIMPLE = "[Service]\nType=simple\nNotifyAccess=none\nExecStart=\nExecStart=/bin/sh -c '{}'\n"


@pytest.fixture
def well():
    instance = Instance(WELL)
    instance.fresh()
    yield instance
    instance.quick()


@pytest.fixture
def other():
    instance = Instance(OTHER)
    instance.fresh()
    return instance


@PLAIN
def test_reload_of_an_outcome(driver, well, picture):
    press(driver, WELL)
    assert outcome(driver)[0] == "succeeded" and AGAIN not in outcome(driver)[1]
    address = driver.current_url
    assert address.startswith(ADDRESS + "restarts/page-")
    for _ in range(3):
        driver.refresh()
        kind, text = outcome(driver)
        assert kind == "succeeded" and f"{unit(WELL)} was restarted" in text and AGAIN not in text
    picture("again")
    assert driver.current_url == address
    assert len(well.starts()) == 1


def place_to_press(driver, name):
    """Where the one press that counts is made: the button that asks, or that of the page that does."""
    if driver.javascript:
        at = middle(driver, name)
        click_at(driver, at)
        time.sleep(DECIDES)
        return at
    button_of(driver, name).click()
    box = question(driver).rect
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


@EVERYWHERE
def test_slow_double_click(driver, well):
    """At the same place, half a second apart, while the first one still runs."""
    well.slow(3)  # and not until it is let go: Chromium's driver waits for the page that is on its way
    at = place_to_press(driver, WELL)
    click_at(driver, at)
    well.wait_for_start()
    time.sleep(0.5)
    click_at(driver, at)
    assert outcome(driver)[0] == "succeeded"
    assert len(well.starts()) == 1


@PLAIN_EVERYWHERE
def test_back_and_press_another(driver, well, other):
    """Who goes back and presses another button means that one, though Chromium shows the very page again."""
    press(driver, WELL)
    assert outcome(driver)[0] == "succeeded"
    driver.back()
    question(driver)
    driver.back()
    wait(driver, lambda: driver.find_elements(By.ID, "presses"))
    press(driver, OTHER)
    kind, text = outcome(driver)
    assert kind == "succeeded" and AGAIN not in text
    assert (len(well.starts()), len(other.starts())) == (1, 1)


@PLAIN
def test_back_to_the_list_and_press_the_same(driver, well):
    """The way that the outcome offers leads to a page with a press of its own."""
    press(driver, WELL)
    assert outcome(driver)[0] == "succeeded"
    find(driver, "main a.button").click()
    press(driver, WELL)
    assert AGAIN not in outcome(driver)[1]
    assert len(well.starts()) == 2


@PLAIN
def test_back_to_a_page_that_was_kept(driver, well, other):
    """As in browsers that show the very page again, with the press that it had: another button is another press, and
    the same one is told what came of it."""
    def press_on_the_kept_page(name):
        driver.get(ADDRESS)
        button_of(driver, name).click()
        question(driver)
        driver.execute_script("document.querySelector('[name=press]').value = arguments[0]", kept)
        question(driver).click()
        return outcome(driver)

    button_of(driver, WELL).click()
    question(driver)
    kept = find(driver, "[name=press]").get_attribute("value")
    question(driver).click()
    outcome(driver)
    assert AGAIN in press_on_the_kept_page(WELL)[1]
    kind, text = press_on_the_kept_page(OTHER)
    assert kind == "succeeded" and AGAIN not in text
    assert (len(well.starts()), len(other.starts())) == (1, 1)


@WITH_JAVASCRIPT
def test_each_press_is_a_new_one(driver, well):
    for _ in range(2):
        press(driver, WELL)
        wait_for_end(driver, WELL)
        wait(driver, lambda: not driver.find_elements(By.CLASS_NAME, "clock"))
    assert len(well.starts()) == 2


@pytest.mark.parametrize(
    "script, kind, words",
    [
        ("exec sleep infinity", "succeeded", "and still up"),
        ("sleep 0.3; exit 7", "failed", "Came up and failed after"),
        ("sleep 0.3", "failed", "Came up and ended after"),
    ],
)
def test_verdict(driver, picture, script, kind, words):
    """Told at once that it was restarted, and then what became of it, in the same place; without JavaScript in one."""
    name = "2000"
    with dropins({unit(name): SIMPLE.format(script)}):
        # After the verdict before it has come up again only a moment ago, and a page that is open may be without its row.
        wait(driver, lambda: driver.get(ADDRESS) or row(driver, name).get_attribute("data-group") == "running")
        press(driver, name)
        if driver.javascript:
            wait(driver, lambda: "watching it" in spoken(driver))
            ended, line = wait_for_end(driver, name)
            text = details(driver, name)
            assert ended == kind and words in line and words in spoken(driver)
        else:
            ended, text = outcome(driver)
            assert ended == kind
        picture(f"verdict-{words.split()[-2]}")
        assert words in text and AGAIN not in text
    system.systemctl("restart", unit(name))
