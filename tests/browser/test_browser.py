"""The page in a real browser: load, click, see what happened; with JavaScript and without."""
import pytest
from conftest import EVERY_BROWSER, EVERYWHERE, ONCE, WITHOUT, browsers, width
from pages import button_of, outcome, press, press_by_key, row, texts, type_id, values, wait, wait_for_end
from selenium.webdriver.common.by import By

from helpers.system import FAILING, OTHER, WELL, Failing, invocation, show, stop_daemons, unit


@EVERY_BROWSER
def test_load(driver, picture):
    picture("list")
    assert "Restart" in driver.title
    names = values(driver, "#instances [data-unit]", "data-unit")
    assert {unit(WELL), unit(OTHER), unit(FAILING)} <= set(names) and names == sorted(names)
    for name in (WELL, OTHER, FAILING):
        assert "running" in row(driver, name).text
        assert button_of(driver, name).is_displayed()


@ONCE
def test_style_is_applied(driver):
    """The content security policy lets our own style in."""
    sheets = driver.find_element(By.TAG_NAME, "body").value_of_css_property("font-family")
    assert "serif" not in sheets.split(",")[0].lower() or "sans" in sheets.lower()


@EVERY_BROWSER
def test_click(driver, picture):
    before = invocation(unit(WELL))
    press(driver, WELL)
    kind, text = outcome(driver)
    picture("restarted")
    assert kind == "succeeded" and f"{unit(WELL)} was restarted" in text
    assert invocation(unit(WELL)) != before


@EVERYWHERE
def test_click_by_keyboard(driver):
    before = invocation(unit(WELL))
    press_by_key(driver, button_of(driver, WELL))
    assert outcome(driver)[0] == "succeeded"
    assert invocation(unit(WELL)) != before


@browsers(WITHOUT)
def test_back_to_the_list(driver):
    """Without JavaScript the outcome is a page of its own, with a way back."""
    press(driver, WELL)
    outcome(driver)
    driver.find_element(By.CSS_SELECTOR, "main a.button").click()
    wait(driver, lambda: driver.find_elements(By.ID, "instances"))
    assert driver.current_url == "http://127.0.0.1:8080/"
    assert "running" in row(driver, WELL).text


def test_failing_instance(driver, picture):
    press(driver, FAILING)
    kind, text = outcome(driver)
    picture("failed")
    assert kind == "failed"
    assert "failed" in text and "66" in text and unit(FAILING) in text
    assert show(unit(FAILING), "ActiveState") == "failed"
    if driver.javascript:
        wait(driver, lambda: "failed" in row(driver, FAILING).text)
    Failing().mend()


@pytest.mark.parametrize(
    "typed, words",
    [
        ("12345", "policy"),
        ("<b>x</b>", "A-Z a-z 0-9"),
        ("ssh.service", "policy file does not let you restart ssh.service"),
    ],
)
def test_refused_id(driver, picture, typed, words):
    type_id(driver, typed)
    kind, text = outcome(driver)
    assert kind == "refused" and "Nothing was restarted" in text and words in text
    if typed == "12345":
        picture("refused")


def test_id_typed(driver):
    before = invocation(unit(OTHER))
    type_id(driver, OTHER)
    assert outcome(driver)[0] == "succeeded"
    assert invocation(unit(OTHER)) != before


def test_phone(driver, picture):
    """Nothing sticks out at the side, and the buttons are big enough for a thumb."""
    width(driver, 360, mobile=True)
    driver.get("http://127.0.0.1:8080/")
    picture("phone")
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    assert size["width"] <= 360
    assert button_of(driver, WELL).size["height"] >= 32
    press(driver, FAILING)
    assert outcome(driver)[0] == "failed"
    picture("phone-failed")
    size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
    assert size["width"] <= 360


@ONCE
def test_page_of_another_site_cannot_click(driver):
    """A form elsewhere that posts to us: another port is another origin, and a name of its own another host."""
    before = invocation(unit(WELL))
    driver.get(
        "data:text/html,<form method=post action='http://127.0.0.1:8080/restart'>"
        f"<input name=service_id value={WELL}><button id=go>x</button></form>"
    )
    driver.find_element(By.ID, "go").click()
    kind, text = outcome(driver)
    assert kind == "refused" and "another site" in text
    assert invocation(unit(WELL)) == before


@ONCE
def test_broken_policy_is_on_the_page(driver, picture):
    with open("/etc/restarter/policy.conf", encoding="ascii") as file:
        before = file.read()
    try:
        with open("/etc/restarter/policy.conf", "w", encoding="ascii") as file:
            file.write("[Grant]\nUnit=example@.service\nColour=red\n")
        stop_daemons()
        driver.get("http://127.0.0.1:8080/")
        (banner,) = texts(driver, "[role=alert]")
        assert "says where the mistake" in banner and "policy.conf:3" not in banner
        picture("broken-policy")
    finally:
        with open("/etc/restarter/policy.conf", "w", encoding="ascii") as file:
            file.write(before)
        stop_daemons()


@ONCE
def test_picture_for_the_documentation(driver, picture):
    """docs/page.png: the list after two clicks, one of which went wrong."""
    press(driver, WELL)
    wait_for_end(driver, WELL)
    press(driver, FAILING)
    wait_for_end(driver, FAILING)
    wait(driver, lambda: "failed" in texts(driver, f'[data-unit="{unit(FAILING)}"] .state')[0])
    picture("documentation")
