"""Logging in and out by the page, in a real browser, with JavaScript and without; and that nobody sees what is not theirs."""
import time
import urllib.parse

import pytest
from conftest import EVERY_BROWSER, EVERYWHERE
from pages import ADDRESS, button_of, click, find, focused, outcome, press, row, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers import login, system, web
from helpers.policy import POLICY, kept
from helpers.system import OTHER, WELL, invocation, stop_daemons, unit
from helpers.web_settings import web_settings

GRANT = "[Grant]\nUnit=example@.service\nInstances={instance}\nVerbs=restart\nUsers={user}\n\n"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WITH_JAVASCRIPT = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)


@pytest.fixture(scope="module", autouse=True)
def door():
    """Anna may restart one instance, Bert another one."""
    with kept(), web_settings("[Web]\nLogin=password\n"):
        POLICY.write_text(GRANT.format(instance=WELL, user="anna") + GRANT.format(instance=OTHER, user="bert"))
        login.as_it_should_be()
        yield
        login.leave_nothing()


def another_second():
    """Tickets have whole seconds, and all of the one in which somebody signs out everywhere are over."""
    second = int(time.time())
    system.wait_for(lambda: int(time.time()) > second, "another second has begun")


@pytest.fixture(autouse=True)
def nobody(door, driver):
    login.forget()
    driver.delete_all_cookies()
    driver.get(ADDRESS)
    yield
    driver.delete_all_cookies()
    driver.complaints()


def fill_in(driver, user, password):
    for name, text in (("user", user), ("password", password)):
        field = find(driver, f"#{name}")
        field.clear()
        field.send_keys(text)
    find(driver, "form.login button").click()


def log_in(driver, user):
    fill_in(driver, user, login.PASSWORDS[user])
    wait(driver, lambda: driver.find_elements(By.ID, "instances"))


def is_at_login(driver):
    return urllib.parse.urlsplit(driver.current_url).path == "/login"


def other_browser(user):
    """The Cookie header of a login somewhere else."""
    answer = web.request("POST", "/login", f"user={user}&password={login.PASSWORDS[user]}", FORM)
    assert answer.status == 303, answer
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def button(driver, words):
    return driver.find_element(By.XPATH, f"//div[@class='person']//button[normalize-space()='{words}']")


@EVERY_BROWSER
def test_log_in(driver, picture):
    """The page leads to the form, and the form to the page, where each sees what is theirs."""
    assert is_at_login(driver) and driver.title.startswith("Log in")
    picture("login")
    log_in(driver, "anna")
    assert driver.current_url == ADDRESS
    picture("signed-in")
    assert find(driver, ".person bdi").text == "anna"
    assert row(driver, WELL).is_displayed() and unit(OTHER) not in driver.page_source
    before = invocation(unit(WELL))
    press(driver, WELL)
    assert outcome(driver)[0] == "succeeded" and invocation(unit(WELL)) != before


@WITH_JAVASCRIPT
def test_cookie(driver):
    """No script can read it, no other site's page can have it sent."""
    log_in(driver, "anna")
    (cookie,) = driver.get_cookies()
    assert cookie["name"] == "restarter" and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert cookie["path"] == "/" and "expiry" in cookie


def test_wrong_password(driver, picture):
    fill_in(driver, "anna", "sikrit")
    wait(driver, lambda: driver.find_elements(By.ID, "wrong"))
    picture("login-wrong")
    assert "user name or the password is wrong" in find(driver, "#wrong").text
    assert find(driver, "#user").get_attribute("value") == "anna"
    assert find(driver, "#password").get_attribute("value") == "" and "sikrit" not in driver.page_source
    assert find(driver, "#password").get_attribute("aria-describedby") == "wrong"
    assert focused(driver).get_attribute("id") == "password"
    assert driver.get_cookies() == []
    fill_in(driver, "anna", login.PASSWORDS["anna"])
    wait(driver, lambda: driver.find_elements(By.ID, "instances"))


@WITH_JAVASCRIPT
def test_next(driver):
    driver.get(ADDRESS + "api/instances")
    assert is_at_login(driver)
    fill_in(driver, "anna", login.PASSWORDS["anna"])
    wait(driver, lambda: driver.current_url == ADDRESS + "api/instances")
    assert unit(WELL) in driver.page_source and unit(OTHER) not in driver.page_source


@WITH_JAVASCRIPT
def test_next_of_another_site(driver):
    driver.get(ADDRESS + "login?next=//evil.example/")
    log_in(driver, "anna")
    assert driver.current_url == ADDRESS


@EVERYWHERE
def test_keyboard(driver):
    """The field has the focus, and nothing but keys is needed, to the end."""
    focused(driver).send_keys("anna" + Keys.TAB)
    focused(driver).send_keys(login.PASSWORDS["anna"] + Keys.ENTER)
    wait(driver, lambda: driver.find_elements(By.ID, "instances"))
    for _ in range(3):  # the brand, and then the buttons
        focused(driver).send_keys(Keys.TAB)
        if focused(driver).text == "Sign out":
            break
    focused(driver).send_keys(Keys.ENTER)
    wait(driver, lambda: is_at_login(driver))


@pytest.mark.parametrize("words", ["Sign out", "Sign out everywhere"])
def test_sign_out(driver, picture, words):
    """Back shows nothing, and what the cookie was is worth nothing."""
    log_in(driver, "anna")
    (cookie,) = driver.get_cookies()
    button(driver, words).click()
    wait(driver, lambda: is_at_login(driver))
    picture("signed-out")
    assert "You are signed out" in find(driver, ".said-so").text and driver.get_cookies() == []
    driver.back()
    wait(driver, lambda: is_at_login(driver) and driver.find_elements(By.ID, "user"))
    assert unit(WELL) not in driver.page_source and "anna" not in driver.page_source
    answer = web.request("GET", "/api/instances", headers={"Cookie": f"restarter={cookie['value']}"})
    assert answer.status == 401 and unit(WELL) not in answer.text
    another_second()


def test_sign_out_everywhere_elsewhere(driver, picture):
    """The page that is still open says so at the next press, and leads to the login and back to the list, where nothing was
    done meanwhile."""
    log_in(driver, "anna")
    before = invocation(unit(WELL))
    elsewhere = other_browser("anna")
    assert web.request("POST", "/logout", "everywhere=yes", {**FORM, **elsewhere}).status == 303
    if driver.javascript:
        press(driver, WELL)
        link = wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "a.login"))[0]
        picture("login-ended")
        assert "log in first" in find(driver, "main").text
        link.click()
    else:
        button_of(driver, WELL).click()
    assert is_at_login(driver)
    another_second()
    log_in(driver, "anna")
    assert driver.current_url == ADDRESS and invocation(unit(WELL)) == before


@WITH_JAVASCRIPT
def test_sign_out_here_leaves_the_others(driver):
    log_in(driver, "anna")
    elsewhere = other_browser("anna")
    button(driver, "Sign out").click()
    wait(driver, lambda: is_at_login(driver))
    assert web.request("GET", "/api/instances", headers=elsewhere).status == 200


@WITH_JAVASCRIPT
def test_another_login_in_the_same_browser(driver):
    """What anna saw is not there for bert."""
    log_in(driver, "anna")
    driver.get(ADDRESS + "login")
    log_in(driver, "bert")
    assert find(driver, ".person bdi").text == "bert"
    assert unit(OTHER) in driver.page_source and unit(WELL) not in driver.page_source


@WITH_JAVASCRIPT
def test_web_front_that_ended_signs_nobody_out(driver):
    log_in(driver, "anna")
    stop_daemons()
    driver.get(ADDRESS)
    assert find(driver, ".person bdi").text == "anna"


@WITH_JAVASCRIPT
def test_refresh_after_the_end(driver):
    log_in(driver, "anna")
    elsewhere = other_browser("anna")
    assert web.request("POST", "/logout", "everywhere=yes", {**FORM, **elsewhere}).status == 303
    find(driver, "#refresh").click()
    wait(driver, lambda: "Your login has ended" in find(driver, "#news").text)
    click(driver, "#news a")
    wait(driver, lambda: is_at_login(driver))
    another_second()
