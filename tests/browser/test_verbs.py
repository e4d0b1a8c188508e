"""The second button, where reload is granted and the unit can: it reloads, says so, and restarts nothing."""
import pathlib

import pytest
from conftest import ONCE, width
from layout import wrong
from pages import ADDRESS, aim, find, mean, rects, wait
from selenium.webdriver.common.by import By

from helpers.policy import applied
from helpers.system import WELL, invocation, reload_manager, systemctl, unit

UNIT = "reloads@one.service"
TEMPLATE = "[Service]\nType=exec\nExecStart=/bin/sleep infinity\nExecReload=/bin/sh -c 'echo once >>/run/reloads'\n"
GRANT = "[Grant]\nUnit=reloads@.service\nInstances=one\nVerbs=restart reload\nSettle=0\n"
RELOADS = pathlib.Path("/run/reloads")


@pytest.fixture(scope="module", autouse=True)
def granted():
    template = pathlib.Path("/run/systemd/system/reloads@.service")
    template.write_text(TEMPLATE)
    reload_manager()
    systemctl("start", UNIT)
    with applied(GRANT):
        yield
    systemctl("stop", UNIT)
    template.unlink()
    reload_manager()


def button(driver, word):
    kind = ".reload" if word == "Reload" else ":not(.reload)"
    (found,) = driver.find_elements(By.CSS_SELECTOR, f'#instances button{kind}[value="{UNIT}"]')
    assert found.text.startswith(word)
    return found


def opened(driver):
    """With the unit's two buttons: what it can do is asked when it is loaded, and the test before had stopped it."""
    wait(driver, lambda: driver.get(ADDRESS) or driver.find_elements(By.CSS_SELECTOR, f'#instances button.reload[value="{UNIT}"]'))


def told(driver):
    """All that the page says of it, when it is over."""
    if not driver.javascript:
        return wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".outcome .verdict"))[0].text
    line = find(driver, f'[data-unit="{UNIT}"] .said')
    wait(driver, lambda: line.get_attribute("data-outcome") not in (None, "busy", "watching"))
    return line.text


def test_reload(driver, picture):
    RELOADS.unlink(missing_ok=True)
    before = invocation(UNIT)
    opened(driver)
    picture("reload-button")
    mean(driver, button(driver, "Reload"))
    assert told(driver).startswith("Reloaded in ")
    assert invocation(UNIT) == before and RELOADS.read_text() == "once\n"
    driver.get(ADDRESS)
    mean(driver, button(driver, "Restart"))
    assert told(driver).startswith("Restarted in ")
    assert invocation(UNIT) != before and RELOADS.read_text() == "once\n"


@ONCE
def test_only_who_can_has_it(driver):
    opened(driver)
    assert len(driver.find_elements(By.CSS_SELECTOR, "#instances .reload")) == 1
    assert len(driver.find_elements(By.CSS_SELECTOR, f'#instances button[value="{unit(WELL)}"]')) == 1


@ONCE
@pytest.mark.parametrize("wide", [1280, 897, 896, 769, 320])
def test_in_line(driver, wide, picture):
    """The buttons for the same are below each other, whether there is one for the other thing or not."""
    width(driver, wide, mobile=wide == 320)
    opened(driver)
    picture(f"reload-{wide}")
    restarts, reloads = (rects(driver, f"#instances button{kind}[value]") for kind in (":not(.reload)", ".reload"))
    assert len({box["x"] for box in restarts}) == 1 and len({box["x"] for box in reloads}) == 1
    assert wrong(driver) == []
    assert all(box["width"] >= 80 for box in rects(driver, "#instances .state"))


def test_refused(driver):
    """It cannot be done any more by the time that it is pressed."""
    opened(driver)
    pressed = button(driver, "Reload")
    aim(driver, pressed)
    systemctl("stop", UNIT)
    try:
        mean(driver, pressed)
        assert told(driver).startswith("Not reloaded")
    finally:
        systemctl("start", UNIT)


@pytest.mark.parametrize("driver", ["without JavaScript"], indirect=True)
def test_loaded_again(driver):
    """One press, one reload."""
    RELOADS.unlink(missing_ok=True)
    opened(driver)
    mean(driver, button(driver, "Reload"))
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".outcome"))
    driver.refresh()
    wait(driver, lambda: "Reloaded in" in find(driver, ".outcome .verdict").text)
    assert RELOADS.read_text() == "once\n"
