"""The same of somebody who is logged in, whose browser has a cookie of ours: what a page of another site makes it do is
nothing that counts, nobody is logged in as somebody else by it, and nobody is signed out."""
import pytest
from hostile import resolving, site
from pages import ADDRESS, find, row, wait
from selenium.webdriver.common.by import By
from test_hostile import ASK, CLICK, FORM

from helpers import login
from helpers.system import WELL, Instance, dropins, stop_daemons, unit
from helpers.web_settings import web_settings

WITH_JAVASCRIPT = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)
COOKIE = "restarter"
LOG_IN_AS_BERT = '<input name="user" value="bert"><input name="password" value="geheim"><input name="next" value="/">'


@pytest.fixture(scope="module", autouse=True)
def people():
    login.as_it_should_be()
    with web_settings("[Web]\nLogin=password\nCleartextPasswords=yes\nAllowedHosts=panel.test evil.panel.test\n"):
        yield
    login.leave_nothing()


@pytest.fixture(autouse=True)
def nobody(driver):
    login.forget()
    driver.delete_all_cookies()
    yield
    driver.get(ADDRESS)
    driver.delete_all_cookies()
    driver.complaints()


@pytest.fixture
def well():
    instance = Instance(WELL)
    instance.fresh()
    return instance


def log_in(driver, user, address=ADDRESS):
    driver.get(address)
    find(driver, "#user").send_keys(user)
    find(driver, "#password").send_keys(login.PASSWORDS[user])
    find(driver, "form.login button").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "[data-unit]"))


def is_logged_in(driver):
    driver.get(ADDRESS)
    return bool(driver.find_elements(By.CSS_SELECTOR, "[data-unit]"))


def press(driver, page):
    """The button of a page of another site, which leads to us."""
    with site(page) as there:
        driver.get(there.address)
        find(driver, "#go").click()
        wait(driver, lambda: driver.current_url.startswith(ADDRESS))


def form(action, fields):
    return FORM.format(action=ADDRESS + action, fields=fields, enctype="application/x-www-form-urlencoded")


@WITH_JAVASCRIPT
def test_form(driver, well):
    log_in(driver, "anna")
    press(driver, form("restart", CLICK))
    assert well.starts() == []
    assert is_logged_in(driver)


@WITH_JAVASCRIPT
def test_link(driver):
    """Who follows one, in a mail or on somebody's page, is logged in as before, though the cookie does not come along."""
    log_in(driver, "anna")
    with site(f'<a id="go" href="{ADDRESS}">The page</a>') as there:
        driver.get(there.address)
        find(driver, "#go").click()
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "[data-unit]"))


@WITH_JAVASCRIPT
@pytest.mark.parametrize("credentials", ["include", "omit"])
def test_fetch(driver, well, credentials):
    log_in(driver, "anna")
    with site("<p>A kitten") as there:
        driver.get(there.address)
        for path, options in (
            ("restart", {"method": "POST", "body": f"service_id={WELL}", "mode": "no-cors",
                         "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
            ("api/instances", {}),
            ("", {"mode": "no-cors"}),
        ):
            type_, _, text = driver.execute_async_script(ASK, ADDRESS + path, {"credentials": credentials, **options})
            assert type_ in ("failed", "opaque") and "example@" not in text
    assert well.starts() == []


@WITH_JAVASCRIPT
def test_login_of_somebody_else(driver):
    """Who is logged in by a stranger's page, as whom the stranger likes, would press what the stranger sees."""
    press(driver, form("login", LOG_IN_AS_BERT))
    assert driver.get_cookie(COOKIE) is None
    assert not is_logged_in(driver)


@WITH_JAVASCRIPT
def test_login_of_somebody_else_beside_one(driver):
    log_in(driver, "anna")
    before = driver.get_cookie(COOKIE)["value"]
    press(driver, form("login", LOG_IN_AS_BERT))
    assert driver.get_cookie(COOKIE)["value"] == before


@WITH_JAVASCRIPT
def test_sign_out_by_another_site(driver):
    """By an image, a form, a script: each asks to sign out, and is not listened to."""
    log_in(driver, "anna")
    page = f'<img src="{ADDRESS}logout"><iframe src="{ADDRESS}logout"></iframe>' + form("logout", "")
    press(driver, page)
    assert is_logged_in(driver)


@WITH_JAVASCRIPT
def test_a_ticket_that_was_there_before(driver):
    """Whoever could put a ticket of his own into the browser has nothing of it once somebody logs in."""
    theirs = login.log_in("bert", "geheim").removeprefix("ticket ")
    driver.add_cookie({"name": COOKIE, "value": "1.x.y", "path": "/"})
    log_in(driver, "anna")
    mine = driver.get_cookie(COOKIE)
    assert mine["value"] not in (theirs, "1.x.y") and mine["httpOnly"] and mine["sameSite"] == "Strict"
    assert [c["name"] for c in driver.get_cookies()] == [COOKIE]


@WITH_JAVASCRIPT
def test_cookie_of_a_sibling(driver):
    """evil.panel.test may set a cookie for panel.test as well: of two nobody can tell whose counts, so none does. (Over TLS the
    name begins with __Host-, and no sibling can set that one.) Nor does theirs at the next load, when ours would be gone."""
    theirs = login.log_in("bert", "geheim").removeprefix("ticket ")
    names = ("127.0.0.1 panel.test", "127.0.0.1 evil.panel.test")
    with resolving(*names):
        log_in(driver, "anna", "http://panel.test:8080/")
        driver.get("http://evil.panel.test:8080/style.css")
        driver.execute_script(f"document.cookie = '{COOKIE}={theirs}; domain=panel.test; path=/'")
        assert [c["domain"] for c in driver.get_cookies()] == [".panel.test"]
        for _ in range(3):
            driver.get("http://panel.test:8080/")
            assert not driver.find_elements(By.CSS_SELECTOR, "[data-unit]") and find(driver, "#user")
            assert "another site of the same domain" in find(driver, "[role=status]").text
        driver.delete_all_cookies()


MARKUP = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@WITH_JAVASCRIPT
def test_description_full_of_markup(driver):
    """It is text, whatever is in it, and shows nothing out of its order."""
    markup = "</bdi>&lt;<img src=x onerror=alert(1)><script>alert(1)</script>"
    description = f"\u202egnp.exe\u2066 \u200b{markup}"
    with dropins({unit(WELL): f"[Unit]\nDescription={description}\n"}):
        stop_daemons()
        log_in(driver, "anna")
        text = row(driver, WELL).get_attribute("textContent")
        assert f"?gnp.exe? ?{markup}" in text and not set(text) & set("\u202e\u2066\u200b")
        assert not row(driver, WELL).find_elements(By.CSS_SELECTOR, "img, script")
    stop_daemons()


@WITH_JAVASCRIPT
def test_user_name_full_of_markup(driver):
    """What was typed stands in the field again, as it was typed, and is nothing but that."""
    driver.get(ADDRESS)
    find(driver, "#user").send_keys('">' + MARKUP)
    find(driver, "#password").send_keys("guess")
    find(driver, "form.login button").click()
    wait(driver, lambda: driver.find_elements(By.ID, "wrong"))
    assert find(driver, "#user").get_attribute("value") == '">' + MARKUP
    assert not driver.find_elements(By.CSS_SELECTOR, "main img, form script") and driver.title != "owned"
