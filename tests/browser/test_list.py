"""The list of many: search first, a page at a time, with JavaScript and without; and what the reader's language changes."""
import pytest
from conftest import BOTH_ENGINES, EVERYWHERE, FIREFOX, FIREFOX_WITHOUT, ONCE, WITH, WITHOUT, browsers
from pages import ADDRESS, click, find, focused, rects, search, spoken, texts, values, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from states import name, shops

from helpers import system

COUNT = 120
FAILED = [70, 71]


@pytest.fixture(scope="module")
def many():
    """At least so many: other tests may have left some of that template. Those that are to fail do not run yet."""
    system.systemctl("stop", *[name(n) for n in FAILED], check=False)
    with shops(COUNT, FAILED):
        yield


def units(driver):
    return values(driver, "#instances > li", "data-unit")


@BOTH_ENGINES
def test_failed_ones_first(many, driver):
    driver.get(ADDRESS)
    assert set(units(driver)[:2]) == {name(n) for n in FAILED} and len(units(driver)) == 50
    assert driver.title.startswith("(2 failed) ")
    assert "icon-failed" in find(driver, "link[rel=icon]").get_attribute("href")
    assert {box["height"] for box in rects(driver, "#instances > li")} <= {44, 45}


@browsers(WITH, FIREFOX_WITHOUT)
def test_each_part_is_a_link(many, driver):
    driver.get(ADDRESS)
    click(driver, "#counts .failed")
    wait(driver, lambda: "state=failed" in driver.current_url)
    assert set(units(driver)) == {name(n) for n in FAILED}
    assert texts(driver, "#counts [aria-current]") == ["2 failed"]
    assert texts(driver, "#counts a:last-child")[0].endswith(" in all")
    click(driver, "#counts a:last-child")
    wait(driver, lambda: len(units(driver)) == 50)


@browsers(WITHOUT, FIREFOX)
def test_pages(many, driver):
    """There and back; no row is on two of them."""
    driver.get(ADDRESS)
    first = units(driver)
    click(driver, "#pages [rel=next]")
    wait(driver, lambda: "page=2" in driver.current_url and driver.find_elements(By.CSS_SELECTOR, "#pages [rel=prev]"))
    second = units(driver)
    assert len(first) == len(second) == 50 and not set(first) & set(second)
    assert texts(driver, "#pages p")[0].startswith("51 to 100 of ")
    click(driver, "#pages [rel=prev]")
    wait(driver, lambda: "page=" not in driver.current_url and units(driver) == first)


@EVERYWHERE
def test_search(many, driver):
    driver.get(ADDRESS)
    search(driver, "EU-1 front")
    assert units(driver) and all("@eu-1" in unit for unit in units(driver))
    assert find(driver, "#q").get_attribute("value") == "EU-1 front"


@BOTH_ENGINES
def test_key(many, driver):
    """A slash leads to the search, and is a slash there."""
    driver.get(ADDRESS)
    find(driver, "body").send_keys("/")
    assert focused(driver).get_attribute("id") == "q"
    focused(driver).send_keys("a/b")
    assert driver.call("() => document.activeElement.value") == "a/b"


@BOTH_ENGINES
def test_refresh_keeps_the_part(many, driver):
    driver.get(ADDRESS + "?state=failed")
    find(driver, "#refresh").send_keys(Keys.ENTER)
    wait(driver, lambda: "State as of" in spoken(driver))
    assert set(units(driver)) == {name(n) for n in FAILED}


@ONCE
def test_button_is_described_by_its_state(many, driver):
    driver.get(ADDRESS + "?state=failed")
    button = find(driver, "#presses button[value]")
    (state,) = texts(driver, f'[id="{button.get_attribute("aria-describedby")}"]')
    assert state.startswith("failed")
    assert button.accessible_name == f"Restart {units(driver)[0]}"
