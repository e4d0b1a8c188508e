"""How the page behaves towards its reader: the busy button, the focus, what is spoken, names that are not ours."""
import contextlib
import pathlib
import re

import pytest
from conftest import width
from pages import ADDRESS, boxes, button_of, details, find, focused, press, rects, row, said, spoken, wait, wait_for_end
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers import web
from helpers.system import FAILING, WELL, Instance, unit

WITH_JAVASCRIPT = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)
HOSTS = pathlib.Path("/etc/hosts")


@pytest.fixture
def slow():
    instance = Instance(WELL)
    instance.hold()
    yield instance
    instance.quick()


def overlap(a, b):
    directions = (("x", "width"), ("y", "height"))
    return all(a[start] < b[start] + b[size] and b[start] < a[start] + a[size] for start, size in directions)


@WITH_JAVASCRIPT
@pytest.mark.parametrize("pixels", [1280, 320])
def test_busy_button(driver, pixels, slow, picture):
    """It keeps its size and its name, its clock stands over the words, and nothing is covered by it."""
    width(driver, pixels, mobile=pixels == 320)
    driver.get(ADDRESS)
    before, name = boxes(driver), button_of(driver, WELL).accessible_name
    press(driver, WELL)
    clock = wait(driver, lambda: driver.find_elements(By.CLASS_NAME, "clock"))[0]
    wait(driver, lambda: clock.text.endswith(" s"))
    assert boxes(driver) == before
    button = button_of(driver, WELL)
    assert button.accessible_name == name == f"Restart {unit(WELL)}"
    assert button.get_attribute("aria-disabled") == "true" and focused(driver) == button
    parts = rects(driver, ", ".join(f'[data-unit="{unit(WELL)}"] .{part}' for part in ("unit", "about", "state", "said")))
    assert len(parts) == 4 and not any(overlap(button.rect, part) for part in parts)
    usual = row(driver, WELL).get_attribute("data-usual")
    assert said(driver, WELL) == ("busy", f"Restarting… usually {usual}" if usual else "Restarting…")
    picture(f"busy-{pixels}")
    slow.quick()
    wait_for_end(driver, WELL)
    assert boxes(driver) == before and not driver.find_elements(By.CLASS_NAME, "clock")


@WITH_JAVASCRIPT
def test_press_of_a_busy_button_does_nothing(driver, slow):
    slow.forget()
    press(driver, WELL)
    driver.execute_script("for (let i = 0; i < 3; i++) arguments[0].click()", button_of(driver, WELL))
    slow.wait_for_start()
    slow.quick()
    wait_for_end(driver, WELL)
    assert len(slow.starts()) == 1


@WITH_JAVASCRIPT
def test_focus_after_refresh(driver):
    """It stays on the link, and what came of it is said."""
    find(driver, "#refresh").send_keys(Keys.ENTER)
    wait(driver, lambda: "State as of" in spoken(driver))
    assert focused(driver).get_attribute("id") == "refresh"


@WITH_JAVASCRIPT
def test_live_region(driver):
    """One, from the start and for good; it asks, says that a restart began and how it ended, and keeps that until the next
    one has been told as well; of what is older nothing is left."""
    region = find(driver, "[role=status]")
    told = {FAILING: ("The restart failed", "exit status 66"), WELL: (f"{unit(WELL)} was restarted",)}
    for name, end in told.items():
        press(driver, name)
        wait_for_end(driver, name)
        for words in (f"Restart {name}?", f"Restarting {unit(name)}.", *end):
            assert words in spoken(driver)
    assert len(region.find_elements(By.TAG_NAME, "p")) == 4 and "The restart failed" in spoken(driver)
    assert driver.find_elements(By.CSS_SELECTOR, "[role=status], [aria-live]") == [region]
    assert region.get_attribute("aria-atomic") == "false"


@WITH_JAVASCRIPT
def test_details(driver, picture):
    """A dialog that gives the focus back."""
    press(driver, FAILING)
    wait_for_end(driver, FAILING)
    opener = row(driver, FAILING).find_element(By.CSS_SELECTOR, ".said button")
    assert opener.accessible_name == f"Details on {unit(FAILING)}"
    before = boxes(driver)
    opener.send_keys(Keys.ENTER)
    dialog = find(driver, "#details")
    assert dialog.is_displayed() and dialog.accessible_name == unit(FAILING)
    assert focused(driver).text == "Close"
    picture("details")
    focused(driver).send_keys(Keys.ESCAPE)
    assert not dialog.is_displayed() and focused(driver) == opener and boxes(driver) == before
    assert "Exit status" in details(driver, FAILING)


def sent(path):
    """Bytes of a file as a browser is sent it."""
    answer = web.request("HEAD", path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    return int(answer.headers["Content-Length"])


@WITH_JAVASCRIPT
def test_weight(driver):
    """The page with all that it loads."""
    page = web.get("/", accept=web.HTML).text
    loaded = re.findall(r'(?:href|src)="(/[a-z-]+-[0-9a-f]{16}\.[a-z]+)"', page)
    assert len(loaded) == 3
    assert len(page) + sum(sent(path) for path in loaded) < 40000


@contextlib.contextmanager
def host_name(name):
    before = HOSTS.read_text(encoding="ascii")
    HOSTS.write_text(f"{before}\n127.0.0.1 {name}\n", encoding="ascii")
    try:
        yield
    finally:
        HOSTS.write_text(before, encoding="ascii")


@WITH_JAVASCRIPT
def test_name_that_is_not_ours(driver, picture):
    """The page that says so has its style, says what to do, and has no link that would only fail again."""
    with host_name("elsewhere.test"):
        driver.get("http://elsewhere.test:8080/")
        picture("elsewhere")
        assert find(driver, "[data-outcome]").get_attribute("data-outcome") == "refused"
        text = find(driver, "body").text
        assert "Not under this name" in text and "AllowedHosts=" in text and "address that you were given" in text
        assert driver.find_elements(By.CSS_SELECTOR, "a, button, form, script") == []
        assert find(driver, ".outcome").value_of_css_property("border-left-width") == "6px"
        driver.complaints()
