"""Keys alone, from the search to the outcome, in both engines: "/" and words, a row, its button, Enter, the question, Enter."""
import time

import pytest
from conftest import ADDRESS, BOTH_ENGINES
from pages import DECIDES, find, focused, said, wait, wait_for_end
from selenium.webdriver.common.keys import Keys
from states import name, shops

from helpers.system import WELL, Instance, invocation, unit

pytestmark = BOTH_ENGINES


def press(driver, *keys):
    focused(driver).send_keys("".join(keys))


def tab_to(driver, wanted, most=30):
    """As somebody does who looks where the focus is."""
    for _ in range(most):
        if wanted(focused(driver)):
            return focused(driver)
        press(driver, Keys.TAB)
    raise AssertionError("no number of tabs leads there")


def search(driver, words):
    press(driver, "/")
    wait(driver, lambda: focused(driver).get_attribute("name") == "q")
    press(driver, words)
    press(driver, Keys.ENTER)


def armed(driver):
    return driver.execute_script("return document.querySelector('button[data-armed]')")


@pytest.fixture
def well():
    instance = Instance(WELL)
    instance.fresh()
    return instance


def to_button(driver):
    return tab_to(driver, lambda e: e.tag_name == "button" and e.get_attribute("value") == unit(WELL))


def test_from_search_to_outcome(driver, well):
    before = invocation(unit(WELL))
    search(driver, WELL)
    wait(driver, lambda: "q=" + WELL in driver.current_url)
    to_button(driver)
    press(driver, Keys.ENTER)
    button = wait(driver, lambda: armed(driver))
    assert button == focused(driver) and f"{WELL}?" in button.text
    assert invocation(unit(WELL)) == before
    time.sleep(DECIDES)
    press(driver, Keys.ENTER)
    assert wait_for_end(driver, WELL)[0] == "succeeded"
    assert invocation(unit(WELL)) != before and len(well.starts()) == 1


def test_escape(driver, well):
    """The button is what it was, in its size too, and the next press asks anew."""
    to_button(driver)
    words, size = focused(driver).text, focused(driver).size
    for _ in range(2):
        press(driver, Keys.ENTER)
        button = wait(driver, lambda: armed(driver))
        assert button.size == size and button.text != words
        press(driver, Keys.ESCAPE)
        wait(driver, lambda: not armed(driver))
        assert button.text == words
    assert well.starts() == [] and said(driver, WELL)[0] is None


def test_slash_in_a_field_is_a_slash(driver):
    search(driver, "a")
    wait(driver, lambda: "q=a" in driver.current_url)
    field = find(driver, "[name=q]")
    field.send_keys("/b")
    assert field.get_property("value") == "a/b"


def test_search_of_many(driver):
    with shops(50):
        driver.get(ADDRESS)
        search(driver, "ap-7")
        wait(driver, lambda: "q=ap-7" in driver.current_url)
        rows = driver.execute_script("return [...document.querySelectorAll('[data-unit]')].map((e) => e.dataset.unit)")
        assert rows == [name(20)] == ["shop@ap-7.service"]
