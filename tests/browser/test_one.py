"""The page of one unit: its last restarts below its card, also of those that others do meanwhile, with JavaScript and without."""
import contextlib

import pytest
from conftest import ADDRESS, BOTH_ENGINES, EVERYWHERE, width
from axe import findings
from pages import boxes, click, find, mean, texts, wait

from helpers import rpc
from helpers.policy import LAST_GOOD, POLICY, kept
from helpers.system import WELL, stop_daemons, unit

GRANT = f"[Grant]\nUnit=example@.service\nInstances={WELL}\nVerbs=restart\n"


@pytest.fixture(scope="module", autouse=True)
def granted():
    with kept():
        POLICY.write_text(GRANT, encoding="ascii")
        LAST_GOOD.unlink(missing_ok=True)
        stop_daemons()
        yield
    stop_daemons()


def entries(driver):
    return texts(driver, "#past .past li")


def latest(driver):
    """When the first of them was, at one look; "": there is none."""
    return driver.call("() => document.querySelector('#past time')?.dateTime ?? ''")


def restart():
    assert rpc.over_unix().restarter.restart(unit(WELL), {"settle": 0})["success"]


@EVERYWHERE
def test_its_last_restarts(driver, picture):
    restart()
    driver.get(ADDRESS)
    assert find(driver, "#instances").get_attribute("data-size") == "one"
    shown = entries(driver)
    assert 1 <= len(shown) <= 5 and "Restarted" in shown[0]
    click(driver, "#past p:last-child a")
    wait(driver, lambda: driver.current_url.endswith(f"/instances/{unit(WELL)}") and find(driver, ".past"))


@BOTH_ENGINES
def test_others_restarts_come(driver):
    """They come below the button, which keeps its place, while the pointer is on it as well."""
    driver.get(ADDRESS)
    wait(driver, lambda: find(driver, "#link").text == "live")
    before = boxes(driver)
    shown = latest(driver)
    restart()
    wait(driver, lambda: latest(driver) not in ("", shown))
    assert boxes(driver) == before


@BOTH_ENGINES
def test_ones_own_press(driver):
    driver.get(ADDRESS)
    shown = latest(driver)
    mean(driver, find(driver, "#presses button[value]"))
    wait(driver, lambda: latest(driver) not in ("", shown))


@pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_for_everyone(driver, scheme):
    restart()
    with contextlib.ExitStack() as back:
        back.callback(driver.media)
        back.callback(width, driver, 1280)
        driver.media(prefers_color_scheme=scheme)
        driver.get(ADDRESS)
        assert findings(driver) == []
        driver.width(320)
        assert driver.call("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
