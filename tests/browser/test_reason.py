"""Where a grant wants a reason, a press asks for it, and the answer is that press: with JavaScript in place, without it on the
page that asks anyway."""
import pathlib

import pytest
from pages import ADDRESS, aim, find, mean, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers import journal
from helpers.policy import applied
from helpers.system import invocation, reload_manager, systemctl

TEMPLATE, UNIT = "why@.service", "why@one.service"


@pytest.fixture(scope="module", autouse=True)
def granted():
    file = pathlib.Path("/run/systemd/system", TEMPLATE)
    file.write_text("[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nType=exec\nExecStart=/bin/sleep infinity\n")
    reload_manager()
    systemctl("start", UNIT)
    with applied(f"[Grant]\nUnit={TEMPLATE}\nInstances=one\nVerbs=restart\nSettle=0\nReason=required\n"):
        yield
    systemctl("stop", UNIT)
    file.unlink()
    reload_manager()


def asked(driver, button):
    """The field that asks, after the button was pressed and nothing was done by it."""
    if driver.javascript:
        mean(driver, button)
    else:
        button.click()
    form = ".why" if driver.javascript else "form.confirm"
    shown = wait(driver, lambda: [f for f in driver.find_elements(By.CSS_SELECTOR, f"{form} [name=reason]") if f.is_displayed()])
    assert not driver.javascript or driver.switch_to.active_element == shown[0]
    return shown[0]


def verdict(driver, place):
    ended = place if driver.javascript else ".outcome[data-outcome=succeeded] .verdict"
    return wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ended))[0].text


def answered(driver, field, place):
    before, mark = invocation(UNIT), journal.Mark()
    field.send_keys("it hangs" + Keys.ENTER)
    assert "Restarted" in verdict(driver, place)
    assert invocation(UNIT) != before
    (entry,) = mark.decisions()
    assert entry["RESTARTER_REASON"] == "it hangs" and entry["RESTARTER_UNIT"] == UNIT


def button_of_row(driver):
    return find(driver, f'#presses button[value="{UNIT}"]')


def test_button_asks(driver, picture):
    before = invocation(UNIT)
    field = asked(driver, button_of_row(driver))
    picture("why")
    assert invocation(UNIT) == before
    answered(driver, field, f'[data-unit="{UNIT}"] .said[data-outcome=succeeded]')


def not_listed(driver):
    """The button for a name that was searched for while nothing of that name ran."""
    systemctl("stop", UNIT)
    other = ".other button[value]"
    wait(driver, lambda: driver.get(f"{ADDRESS}?q={UNIT}") or driver.find_elements(By.CSS_SELECTOR, other))
    button = find(driver, other)
    aim(driver, button)
    systemctl("start", UNIT)
    return button


def test_button_for_what_is_not_listed_asks(driver):
    field = asked(driver, not_listed(driver))
    answered(driver, field, ".told .outcome[data-outcome=succeeded] .verdict")


def test_nothing_typed_is_nothing_done(driver):
    """The field is required: the browser itself does not send it."""
    before = invocation(UNIT)
    field = asked(driver, button_of_row(driver))
    field.send_keys(Keys.ENTER)
    assert field.is_displayed() and invocation(UNIT) == before
