"""The pages of one unit, of a day, and of a press, with hostile words wherever there can be any: all of it is text, for whoever
looks; axe-core finds nothing, in both engines, light and dark, English and German; nothing is cut or sticks out of a narrow
window, nor of one at 400 %, with JavaScript and without."""
import pytest
from axe import findings
from conftest import ADDRESS, FIREFOX, OUT, WITH, WITHOUT, browsers, width
from open_page import outage, wait_until_live, wait_until_lost
from pages import find, spoken, wait
from past import DOWN, SHOWN, SLOW, UP, foreign_name, log_in, past, under_way
from selenium.webdriver.common.by import By

from helpers.system import systemctl

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# In a row of the list what is too long is cut on purpose: all of it is on the unit's own page.
CUT = """() => Array.from(document.querySelectorAll("header *, main *, footer *"), (e) => [e, getComputedStyle(e)])
    .filter(([e, style]) => e.clientWidth > 1 && style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
    .map(([e]) => e).filter((e) => !e.closest("#instances li, .unseen")).map((e) => e.outerHTML.slice(0, 100))"""
LOADED = "() => Array.from(document.querySelectorAll('img, script:not([src]), iframe, [onerror]'), (e) => e.outerHTML)"
SHOWS = {
    "list": ".count, #counts",
    "running": ".past li",
    "down": ".why-failed",
    "day": ".past li",
    "day-empty": ".past, .day",
    "done": "[data-outcome=succeeded]",
    "did-fail": "[data-outcome=failed]",
    "unknown": ".outcome",
}
HOSTILE = ("list", "running", "down", "day")
NARROW = ((320, 900), (320, 225))  # a phone; 1280 by 900 at 400 %


@pytest.fixture(scope="module")
def addresses():
    with past() as found:
        yield found


@pytest.fixture
def anna(driver, addresses):
    log_in(driver, "anna")
    yield driver
    width(driver, 1280)
    driver.get("about:blank")  # whose page is open comes again, whatever is stopped
    driver.complaints()  # of pages that are answered 404 and the like


def is_harmless(driver):
    assert "owned" not in driver.title and driver.call(LOADED) == []
    assert not set(driver.call("() => document.body.textContent")) & set("\u202e\u2066\u200b")


def is_whole(driver):
    for pixels, height in NARROW:
        driver.width(pixels, height)
        assert driver.call(SIDEWAYS) <= 0 and driver.call(CUT) == []
    driver.width(1280)


def each(driver, addresses):
    """Goes to each of them in turn."""
    for name, address in addresses.items():
        driver.get(ADDRESS + address)
        assert driver.find_elements(By.CSS_SELECTOR, SHOWS[name]), name
        assert (name not in HOSTILE) or SHOWN in driver.call("() => document.body.textContent"), name
        yield name
    with under_way() as address:
        driver.get(ADDRESS + address)
        assert driver.find_elements(By.CSS_SELECTOR, "[data-outcome=under-way]")
        yield "under-way"


@browsers(WITH)
@pytest.mark.parametrize("language", ["en", "de"])
def test_pages(anna, addresses, language):
    anna.language(language)
    for name in each(anna, addresses):
        is_harmless(anna)
        for scheme in ("light", "dark") if language == "en" else ("light",):
            anna.media(prefers_color_scheme=scheme)
            assert findings(anna) == [], name
        anna.media(forced_colors="active", prefers_color_scheme="dark")
        anna.shot(OUT / f"past-{name}-{language}-forced.png")
        anna.media()
        is_whole(anna)
        anna.shot(OUT / f"past-{name}-{language}.png")
    anna.language("")


@browsers(FIREFOX)
def test_pages_in_the_other_engine(anna, addresses):
    for name in each(anna, addresses):
        is_harmless(anna)
        assert findings(anna) == [], name
        is_whole(anna)


@browsers(WITHOUT)
def test_pages_without_javascript(anna, addresses):
    for name in each(anna, addresses):
        is_harmless(anna)
        is_whole(anna)
        anna.shot(OUT / f"past-{name}-plain.png")


@browsers(WITH)
def test_rows_that_come_by_an_event(anna, addresses):
    """They are text as well, also when the state changes while the page is open."""
    wait_until_live(anna)
    systemctl("kill", "--signal=KILL", UP)
    wait(anna, lambda: find(anna, f'[data-unit="{UP}"]').get_attribute("data-group") == "failed")
    assert SHOWN in find(anna, f'[data-unit="{UP}"]').get_attribute("textContent")
    is_harmless(anna)
    systemctl("restart", UP)
    wait(anna, lambda: find(anna, f'[data-unit="{UP}"]').get_attribute("data-group") == "running")
    is_harmless(anna)


@browsers(WITH)
def test_lost(anna, addresses):
    wait_until_live(anna)
    with outage():
        wait_until_lost(anna)
        for scheme in ("light", "dark"):
            anna.media(prefers_color_scheme=scheme)
            assert findings(anna) == []
        anna.media(forced_colors="active", prefers_color_scheme="dark")
        anna.shot(OUT / "past-lost-forced.png")
        anna.media()
        is_whole(anna)
        assert "No connection since " in spoken(anna)
    wait_until_live(anna)


@browsers(WITH, FIREFOX)
def test_under_another_name(driver, addresses):
    """Answered 421, in both engines."""
    with foreign_name() as address:
        driver.get(address)
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".outcome"))
        assert findings(driver) == []
        is_whole(driver)
    driver.complaints()


@browsers(WITH)
def test_somebody_without_a_grant(driver, addresses):
    """Of anna's units, their words and her presses nothing is there: no name but the one that was asked for, no word, no trace."""
    log_in(driver, "bert")
    try:
        for name, address in addresses.items():
            driver.get(ADDRESS + address)
            text = driver.call("() => document.documentElement.outerHTML")
            assert "gnp" not in text and "WWW" not in text and "anna" not in text, name
            assert not [unit for unit in (UP, DOWN, SLOW) if unit in text and unit not in address], name
            assert not driver.find_elements(By.CSS_SELECTOR, ".past, .lines, .facts, #presses button"), name
            is_harmless(driver)
            assert findings(driver) == [], name
    finally:
        driver.delete_all_cookies()
        driver.complaints()
