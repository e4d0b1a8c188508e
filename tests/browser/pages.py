"""What the tests do with the page: find a row, press, wait, and read what became of it."""
import contextlib
import time
import urllib.parse

from bidi import wait_until
from conftest import ADDRESS
from leaving import asked
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers.system import unit

PATIENCE = 60
RESTS = 0.6  # seconds after which a button that has moved works again
DECIDES = 0.4  # seconds after which a second press of a button is one of its own
REST = 0.5  # seconds that a button has to lie still before it works

BOXES = """return Object.fromEntries(Array.from(document.querySelectorAll("#presses button[value], .other button"), (b) => {
    const box = b.getBoundingClientRect();
    return [b.value, [box.left, box.top, box.width, box.height]];
}));"""

MIDDLE = """element => {
    const box = element.getBoundingClientRect();
    return {x: box.left + box.width / 2, y: box.top + box.height / 2};
}"""


def wait(driver, condition):
    """Until it holds; what is looked for may come only then."""

    def answer():
        with contextlib.suppress(NoSuchElementException):
            return asked(condition)

    answered = wait_until(answer, PATIENCE)
    assert answered, f"it does not hold after {PATIENCE} seconds, at {driver.current_url}"
    return answered


# Parts of an open page are exchanged for newer ones whenever there is something new: whoever holds one of them, or asks for
# the next of several, may hold what is gone. So what is read of such parts is read at one look.
TEXTS = "selector => Array.from(document.querySelectorAll(selector), (e) => e.innerText.trim())"
VALUES = "(selector, name) => Array.from(document.querySelectorAll(selector), (e) => e.getAttribute(name))"
BOXES_OF = """selector => Array.from(document.querySelectorAll(selector), (e) => {
    const box = e.getBoundingClientRect();
    return {x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height};
})"""

SAID = """selector => {
    const line = document.querySelector(selector);
    return [line.getAttribute("data-outcome"), line.innerText.trim()];
}"""


def texts(driver, selector):
    """What is written in each of them."""
    return driver.call(TEXTS, selector)


def values(driver, selector, name):
    """That attribute of each of them."""
    return driver.call(VALUES, selector, name)


def rects(driver, selector):
    """Where each of them is on the page."""
    return driver.call(BOXES_OF, selector)


def find(driver, selector):
    return driver.find_element(By.CSS_SELECTOR, selector)


def click(driver, selector):
    """Presses it wherever it is by then: between the finding and the press it may have been exchanged."""
    wait(driver, lambda: find(driver, selector).click() or True)


def row(driver, name):
    return find(driver, f'[data-unit="{unit(name)}"]')


def button_of(driver, name):
    return find(driver, f'#presses button[value="{unit(name)}"]')


def is_armed(button):
    return button.get_attribute("data-armed") is not None


def has_moved(driver):
    """The page takes no press of a button that has just come to where it is; who meant it presses again."""
    return driver.find_elements(By.CSS_SELECTOR, ".said[data-outcome=moved]")


def mean(driver, button):
    """Presses it, and says so when it is asked whether it was meant: the same button with JavaScript, else a page. What is
    refused anyway is told there at once."""
    button.click()
    if driver.javascript:
        wait(driver, lambda: is_armed(button) or has_moved(driver))
        if not is_armed(button):
            time.sleep(RESTS)
            button.click()
            wait(driver, lambda: is_armed(button))
        time.sleep(DECIDES)
        button.click()
    elif not driver.find_elements(By.CSS_SELECTOR, ".outcome"):
        question(driver).click()


def question(driver):
    """The button of the page that asks."""
    return wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "form.confirm button"))[0]


def press_by_key(driver, button):
    button.send_keys(Keys.ENTER)
    if driver.javascript:
        time.sleep(DECIDES)
        button.send_keys(Keys.ENTER)
    else:
        question(driver).send_keys(Keys.ENTER)


def press(driver, name):
    mean(driver, button_of(driver, name))


def said(driver, name):
    """The line of a row: (kind, words); kind is None as long as nothing was pressed there."""
    return tuple(driver.call(SAID, f'[data-unit="{unit(name)}"] .said'))


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
    on = "[data-outcome=busy], [data-outcome=watching], [data-outcome=under-way]"
    ended = f".outcome[data-outcome]:not({on}), .said[data-outcome]:not({on})"
    shown = wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ended))
    assert len(shown) == 1
    kind = shown[0].get_attribute("data-outcome")
    if shown[0].tag_name == "section":
        return kind, shown[0].text
    name = shown[0].find_element(By.XPATH, "..").get_attribute("data-unit")
    return kind, details(driver, name.partition("@")[2].removesuffix(".service"))


def search(driver, text):
    field = find(driver, "#q")
    field.clear()
    field.send_keys(text + Keys.ENTER)
    wait(driver, lambda: f"q={urllib.parse.quote_plus(text)}" in driver.current_url and find(driver, "#as-of"))


def type_id(driver, text):
    """Searches for it, and presses the one button that it finds, its row's or that for what is not listed; and means it."""
    search(driver, text)
    (button,) = driver.find_elements(By.CSS_SELECTOR, "#presses button[value], .other button")
    mean(driver, button)


def boxes(driver):
    """Where each button is in the window: {unit: [left, top, width, height]}, the field's as ''."""
    return driver.execute_script(BOXES)


def middle(driver, name):
    """The coordinates at which a pointer is that aims at the row's button."""
    left, top, width, height = boxes(driver)[unit(name)]
    return {"x": left + width / 2, "y": top + height / 2}


def point(driver, at):
    driver.mouse("mouseMoved", **at)


def aim(driver, element):
    """The pointer over it: nothing moves from now on that somebody could miss by it."""
    point(driver, driver.call(MIDDLE, element))


def click_at(driver, at):
    """A real click, wherever the page has put its buttons by now."""
    point(driver, at)
    for kind in ("mousePressed", "mouseReleased"):
        driver.mouse(kind, **at)


def press_at(driver, at, by=click_at):
    """The same as one means it: the button asks, and is told."""
    by(driver, at)
    time.sleep(DECIDES)
    by(driver, at)


def tap_at(driver, at):
    """The same with a finger, which nothing announces."""
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def focused(driver):
    return driver.switch_to.active_element


def spoken(driver):
    """What the live region holds."""
    return find(driver, "#live").get_attribute("textContent")
