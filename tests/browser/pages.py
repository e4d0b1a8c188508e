"""What the tests do with the page: find a row, press, wait, and read what became of it."""
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from helpers.system import unit

PATIENCE = 60
ADDRESS = "http://127.0.0.1:8080/"
REST = 0.5  # seconds that a button has to lie still before it works

BOXES = """return Object.fromEntries(Array.from(document.querySelectorAll("#presses button[value], .other button"), (b) => {
    const box = b.getBoundingClientRect();
    return [b.value, [box.left, box.top, box.width, box.height]];
}));"""


def wait(driver, condition):
    return WebDriverWait(driver, PATIENCE, 0.05).until(lambda _: condition())


def find(driver, selector):
    return driver.find_element(By.CSS_SELECTOR, selector)


def row(driver, name):
    return find(driver, f'[data-unit="{unit(name)}"]')


def button_of(driver, name):
    return find(driver, f'#presses button[value="{unit(name)}"]')


def said(driver, name):
    """The line of a row: (kind, words); kind is None as long as nothing was pressed there."""
    line = row(driver, name).find_element(By.CLASS_NAME, "said")
    return line.get_attribute("data-outcome"), line.text


def wait_for_end(driver, name):
    """Waits until that row says how it ended, and returns its line."""
    wait(driver, lambda: said(driver, name)[0] not in (None, "busy", "watching"))
    return said(driver, name)


def details(driver, name):
    """All that is known of the outcome in that row."""
    row(driver, name).find_element(By.CSS_SELECTOR, ".said button").click()
    text = find(driver, "#details .outcome").text
    find(driver, "#details > button").click()
    return text


def outcome(driver):
    """The one outcome that is shown: (kind, all of its text)."""
    ended = ".outcome[data-outcome], .said[data-outcome]:not([data-outcome=busy], [data-outcome=watching])"
    shown = wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ended))
    assert len(shown) == 1
    kind = shown[0].get_attribute("data-outcome")
    if shown[0].tag_name == "section":
        return kind, shown[0].text
    name = shown[0].find_element(By.XPATH, "..").get_attribute("data-unit")
    return kind, details(driver, name.partition("@")[2].removesuffix(".service"))


def type_id(driver, text):
    field = find(driver, "#service_id")
    field.clear()
    field.send_keys(text + Keys.ENTER)


def boxes(driver):
    """Where each button is in the window: {unit: [left, top, width, height]}, the field's as ''."""
    return driver.execute_script(BOXES)


def middle(driver, name):
    """The coordinates at which a pointer is that aims at the row's button."""
    left, top, width, height = boxes(driver)[unit(name)]
    return {"x": left + width / 2, "y": top + height / 2}


def point(driver, at):
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", **at})


def click_at(driver, at):
    """A real click, wherever the page has put its buttons by now."""
    point(driver, at)
    for kind in ("mousePressed", "mouseReleased"):
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "button": "left", "clickCount": 1, **at})


def tap_at(driver, at):
    """The same with a finger, which nothing announces."""
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def focused(driver):
    return driver.switch_to.active_element


def spoken(driver):
    """What the live region holds."""
    return find(driver, "#live").get_attribute("textContent")
