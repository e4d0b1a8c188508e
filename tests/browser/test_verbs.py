"""The second button, where reload is granted and the unit can: it reloads, says so, and restarts nothing."""
import pathlib

import pytest
from conftest import width
from pages import ADDRESS, find, wait
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
    driver.get(ADDRESS)
    picture("reload-button")
    button(driver, "Reload").click()
    assert told(driver).startswith("Reloaded in ")
    assert invocation(UNIT) == before and RELOADS.read_text() == "once\n"
    driver.get(ADDRESS)
    button(driver, "Restart").click()
    assert told(driver).startswith("Restarted in ")
    assert invocation(UNIT) != before and RELOADS.read_text() == "once\n"


def test_only_who_can_has_it(driver):
    driver.get(ADDRESS)
    assert len(driver.find_elements(By.CSS_SELECTOR, "#instances .reload")) == 1
    assert len(driver.find_elements(By.CSS_SELECTOR, f'#instances button[value="{unit(WELL)}"]')) == 1


@pytest.mark.parametrize("wide", [1280, 700, 320])
def test_in_line(driver, wide, picture):
    """The buttons for the same are below each other, whether there is one for the other thing or not."""
    width(driver, wide, mobile=wide == 320)
    driver.get(ADDRESS)
    picture(f"reload-{wide}")
    buttons = driver.find_elements(By.CSS_SELECTOR, "#instances button[value]")
    lefts = {word: {b.rect["x"] for b in buttons if b.text.startswith(word)} for word in ("Restart", "Reload")}
    assert len(lefts["Restart"]) == 1 and len(lefts["Reload"]) == 1
    assert max(b.rect["x"] + b.rect["width"] for b in buttons) <= wide
    for state in driver.find_elements(By.CSS_SELECTOR, "#instances .state"):
        assert state.rect["width"] >= 80


def test_refused(driver):
    """It cannot be done any more by the time that it is pressed."""
    driver.get(ADDRESS)
    pressed = button(driver, "Reload")
    systemctl("stop", UNIT)
    try:
        pressed.click()
        assert told(driver).startswith("Not reloaded")
    finally:
        systemctl("start", UNIT)


@pytest.mark.parametrize("driver", ["without JavaScript"], indirect=True)
def test_loaded_again(driver):
    """One press, one reload."""
    RELOADS.unlink(missing_ok=True)
    driver.get(ADDRESS)
    button(driver, "Reload").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".outcome"))
    driver.refresh()
    wait(driver, lambda: "nothing was done again" in find(driver, ".outcome").text)
    assert RELOADS.read_text() == "once\n"
