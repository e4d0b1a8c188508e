"""Every page in every state: axe-core finds nothing, in light and dark; nothing sticks out of a narrow window, nor of one
at 400 %, and no state is cut; nothing moves for who wants that; and a picture of each, for people to look at."""
import pytest
from axe import findings
from conftest import EMPTY, OUT, WITH, browsers, width
from layout import SIDEWAYS, wrong
from selenium.webdriver.common.by import By
from states import ALARM, EVERY, SHOWS

pytestmark = browsers(WITH)

MOVING = """() => document.getAnimations().filter((a) => a.playState === "running").map((a) => String(a.animationName ?? a))"""


@pytest.fixture(params=EVERY)
def state(request, driver):
    context, lead = EVERY[request.param]
    with context():
        lead(driver)
        assert (request.param in SHOWS) == bool(driver.find_elements(By.CSS_SELECTOR, SHOWS.get(request.param, ALARM)))
        yield request.param
        driver.media()
        width(driver, 1280)
        driver.delete_all_cookies()
        driver.get(EMPTY)  # or the page follows how the state comes to its end
        driver.complaints()


def shown(driver, name, kind, wide=1280, **features):
    """The whole page, in a window that is as high."""
    driver.media(**features)
    driver.width(wide)
    assert wrong(driver) == []
    driver.width(wide, max(900, driver.call("() => document.documentElement.scrollHeight")))
    driver.shot(OUT / f"state-{name}-{kind}.png")


def test_state(driver, state):
    shown(driver, state, "light", prefers_color_scheme="light")
    assert findings(driver) == []
    shown(driver, state, "dark", prefers_color_scheme="dark")
    assert findings(driver, ["color-contrast"]) == []  # colours are what the scheme changes
    driver.media(prefers_reduced_motion="reduce")
    assert driver.call(MOVING) == []
    shown(driver, state, "forced", forced_colors="active", prefers_color_scheme="dark")
    for wide in (961, 960, 769, 700):  # where one layout begins and another one ends
        driver.width(wide)
        assert wrong(driver) == [], wide
    shown(driver, state, "narrow", 320, prefers_color_scheme="light")
    driver.width(320, 225)  # 1280 by 900 at 400 %
    assert driver.call(SIDEWAYS) <= 0


def test_what_is_wrong_is_found(driver):
    """The looking itself: words too pale to be read, a picture and a field that have no name."""
    flaws = "<p id='pale'>pale</p><img><input>"
    driver.execute_script("document.querySelector('main').innerHTML += arguments[0]", flaws)
    driver.execute_script("Object.assign(document.getElementById('pale').style, {color: '#999', background: '#fff'})")
    found = " ".join(findings(driver))
    assert "color-contrast" in found and "image-alt" in found and "label" in found
