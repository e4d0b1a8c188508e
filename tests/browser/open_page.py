"""What the tests see of a page that hears of changes while it is open, and what ends what it hears from."""
import contextlib

from pages import find, row, wait
from selenium.webdriver.common.by import By

from helpers import system
from helpers.system import WELL, systemctl, unit

HIDE = """Object.defineProperty(document, "hidden", {value: arguments[0], configurable: true});
document.dispatchEvent(new Event("visibilitychange"));"""


def link(driver):
    return find(driver, "#link").text


def group(driver, name=WELL):
    return row(driver, name).get_attribute("data-group")


def hide(driver, hidden):
    driver.execute_script(HIDE, hidden)


def greyed(driver):
    return len(driver.find_elements(By.CSS_SELECTOR, "#presses button[aria-disabled=true]"))


def wait_until_live(driver):
    wait(driver, lambda: link(driver) == "live" and greyed(driver) == 0)


def wait_until_lost(driver):
    """And no button may be pressed."""
    wait(driver, lambda: link(driver).startswith("lost since "))
    wait(driver, lambda: greyed(driver) == len(driver.find_elements(By.CSS_SELECTOR, "#presses button")) > 0)


@contextlib.contextmanager
def watched(driver):
    """It is told of changes; and is still the same page at the end, whatever was done meanwhile."""
    wait(driver, lambda: link(driver) == "live")
    driver.execute_script("window.opened = true")
    yield driver
    assert driver.execute_script("return window.opened === true")


@contextlib.contextmanager
def outage():
    """Nobody listens."""
    try:
        system.close_doors()
        yield
    finally:
        system.open_doors_anew()


def fail():
    systemctl("kill", "--signal=KILL", unit(WELL))


def mend():
    systemctl("reset-failed", unit(WELL), check=False)
    systemctl("start", unit(WELL))
