"""A press is made twice: the first one asks, in the same place, and the second one answers. What slips does nothing."""
import time

import pytest
from conftest import WITH, WITHOUT, browsers, width
from pages import (
    ADDRESS,
    DECIDES,
    boxes,
    button_of,
    find,
    focused,
    outcome,
    press,
    search,
    spoken,
    wait,
    wait_for_end,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers.policy import LAST_GOOD, POLICY, kept
from helpers.system import WELL, Instance, stop_daemons, unit

SCRIPTED = browsers(WITH)
PLAIN = browsers(WITHOUT)


@pytest.fixture
def well():
    instance = Instance(WELL)
    instance.fresh()
    return instance


@pytest.fixture
def waived():
    """Its admin says that one press is enough."""
    with kept():
        POLICY.write_text("[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\nConfirm=no\n", encoding="ascii")
        LAST_GOOD.unlink(missing_ok=True)
        stop_daemons()
        yield
    stop_daemons()


def words(button):
    return button.find_element(By.CSS_SELECTOR, "span").text


def is_armed(driver):
    return button_of(driver, WELL).get_attribute("data-armed") is not None


def arm(driver, key=None):
    button = button_of(driver, WELL)
    if key:
        driver.execute_script("arguments[0].focus()", button)
        button.send_keys(key)
    else:
        button.click()
    assert is_armed(driver)
    return button


@SCRIPTED
@pytest.mark.parametrize("key", [Keys.ENTER, Keys.SPACE], ids=["Enter", "Space"])
def test_by_keyboard_alone(driver, well, key):
    button = arm(driver, key)
    assert words(button) == f"Restart {WELL}?" and unit(WELL) in button.accessible_name
    assert spoken(driver).count("Press again") == 1 and focused(driver) == button
    time.sleep(DECIDES)
    button.send_keys(key)
    assert wait_for_end(driver, WELL)[0] == "succeeded"
    assert len(well.starts()) == 1 and not is_armed(driver) and button.accessible_name == f"Restart {unit(WELL)}"


@SCRIPTED
@pytest.mark.parametrize("pixels", [1280, 320])
def test_nothing_moves(driver, well, pixels, picture):
    width(driver, pixels, mobile=pixels == 320)
    driver.get(ADDRESS)
    before = boxes(driver)
    arm(driver)
    assert boxes(driver) == before
    picture(f"armed-{pixels}")
    driver.execute_script("document.activeElement.blur()")
    assert boxes(driver) == before and well.starts() == []


@SCRIPTED
@pytest.mark.parametrize("key", [Keys.ESCAPE, Keys.TAB], ids=["Escape", "Tab"])
def test_another_key(driver, well, key):
    arm(driver, Keys.ENTER).send_keys(key)
    wait(driver, lambda: not is_armed(driver))
    if key == Keys.ESCAPE:
        assert "Nothing was pressed." in spoken(driver)
        arm(driver, Keys.ENTER)  # the next one asks anew
    assert well.starts() == []


@SCRIPTED
def test_who_waits_does_nothing(driver, well):
    since = time.monotonic()
    arm(driver)
    wait(driver, lambda: not is_armed(driver))
    assert time.monotonic() - since > 3
    assert words(button_of(driver, WELL)) == "Restart" and well.starts() == []


@SCRIPTED
def test_double_click_is_one_press(driver, well):
    driver.execute_script("arguments[0].click(); arguments[0].click(); arguments[0].click()", button_of(driver, WELL))
    assert is_armed(driver) and spoken(driver).count("Press again") == 1
    assert well.starts() == []


@SCRIPTED
def test_key_that_is_held(driver, well):
    """It would press again and again: the browser is told not to."""
    held = "new KeyboardEvent('keydown', {key: 'Enter', repeat: true, bubbles: true, cancelable: true})"
    button = arm(driver, Keys.ENTER)
    assert driver.execute_script(f"return arguments[0].dispatchEvent({held})", button) is False
    assert well.starts() == []


@SCRIPTED
def test_another_button(driver, well):
    """There is one question at a time."""
    arm(driver)
    other = button_of(driver, "2000")
    other.click()
    assert not is_armed(driver) and other.get_attribute("data-armed") is not None
    assert well.starts() == []


@SCRIPTED
def test_waived(driver, well, waived):
    driver.get(ADDRESS)
    button_of(driver, WELL).click()
    assert wait_for_end(driver, WELL)[0] == "succeeded"
    assert len(well.starts()) == 1


@PLAIN
def test_page_asks(driver, well, picture):
    button_of(driver, WELL).click()
    assert find(driver, "h1").text == f"Restart {unit(WELL)}" and "/confirm?" in driver.current_url
    picture("confirm")
    assert well.starts() == []
    driver.refresh()
    find(driver, "form.confirm a").click()
    assert driver.current_url == ADDRESS and well.starts() == []


@PLAIN
def test_page_does_not_ask_where_it_is_waived(driver, well, waived):
    driver.get(ADDRESS)
    button_of(driver, WELL).click()
    assert outcome(driver)[0] == "succeeded"
    assert len(well.starts()) == 1


@PLAIN
def test_back_after_the_press(driver, well):
    """Back leads to the page that asked; there is nothing to be sent again."""
    press(driver, WELL)
    assert outcome(driver)[0] == "succeeded"
    driver.back()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "form.confirm"))
    driver.forward()
    assert outcome(driver)[0] == "succeeded"
    assert len(well.starts()) == 1


@SCRIPTED
def test_name_that_is_not_listed(driver):
    """Its button asks in the same way, about what was typed."""
    search(driver, "ssh.service")
    button = find(driver, ".other button")
    before, size = words(button), button.size
    button.click()
    assert words(button) == "Restart ssh?" and button.size == size and button.get_attribute("data-armed") is not None
    button.send_keys(Keys.ESCAPE)
    assert words(button) == before == "Restart ssh.service" and "Nothing was pressed." in spoken(driver)
