"""What a page of another site makes a browser do: nothing is restarted by it, and nothing of ours is shown to it."""
import contextlib
import json

import pytest
from hostile import NAME, resolving, site
from pages import ADDRESS, find, wait
from selenium.webdriver.common.by import By

from helpers.system import WELL, Instance

WITH_JAVASCRIPT = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)

CALL = f"<methodCall><methodName>restart_unit</methodName><params><param><value>{WELL}</value></param></params></methodCall>"
FORM = '<form method="post" action="{action}" enctype="{enctype}">{fields}<button id="go">A kitten</button></form>'
CLICK = f'<input name="service_id" value="{WELL}">'
# What such a form sends is the name, "=", the value: here the "=" is inside of a comment.
PLAIN_CALL = f"<input name='<?xml version=\"1.0\"?><!--' value='-->{CALL}'>"

ASK = """
const [url, options, done] = arguments;
fetch(url, options).then(
    async (r) => done([r.type, r.status, await r.text()]),
    (error) => done(["failed", 0, String(error)]),
);
"""


@pytest.fixture
def well():
    instance = Instance(WELL)
    instance.fresh()
    return instance


@pytest.fixture(autouse=True)
def quiet(driver):
    """What the browser has to say about such pages is meant to be said."""
    yield
    driver.complaints()


def ask(driver, url, **options):
    """What a script of the open page learns by fetch(): (type, status, text)."""
    return driver.execute_async_script(ASK, url, options)


def form(action, fields, enctype="application/x-www-form-urlencoded"):
    return FORM.format(action=ADDRESS + action, fields=fields, enctype=enctype)


@WITH_JAVASCRIPT
@pytest.mark.parametrize(
    "page, words",
    [
        (form("restart", CLICK), "another site"),
        (form("restart", CLICK, "text/plain"), "another site"),
        (form("restart", CLICK, "multipart/form-data"), "another site"),
        (form("RPC2", PLAIN_CALL, "text/plain"), "another site"),
        (form("restart", CLICK).replace('"post"', '"get"'), "only takes POST"),
    ],
    ids=["form", "plain text", "multipart", "XML-RPC as plain text", "GET"],
)
def test_forms(driver, well, page, words):
    """Sent by whoever presses a button of that page."""
    with site(page) as there:
        driver.get(there.address)
        find(driver, "#go").click()
        wait(driver, lambda: driver.current_url.startswith(ADDRESS))
        assert words in find(driver, "body").text
    assert well.starts() == []


@WITH_JAVASCRIPT
def test_form_in_a_sandbox(driver, well):
    """Its origin is "null", as is that of a form of ours when no referrer is to be told."""
    inner = form("restart", CLICK).replace('"', "&quot;")
    frame = f'<iframe sandbox="allow-forms allow-scripts" srcdoc="{inner}<script>document.forms[0].submit()</script>"></iframe>'
    with site(frame) as there:
        driver.get(there.address)
        driver.switch_to.frame(0)
        wait(driver, lambda: not driver.find_elements(By.ID, "go"))
        driver.switch_to.default_content()
    assert well.starts() == []


@WITH_JAVASCRIPT
def test_what_pages_load(driver, well):
    """Images, styles, scripts, frames: each is a GET with whatever the browser has of us."""
    addresses = [f"{ADDRESS}restart?service_id={WELL}", f"{ADDRESS}RPC2?{WELL}", f"{ADDRESS}api/instances", ADDRESS]
    page = "".join(
        f'<img src="{a}"><script src="{a}"></script><link rel="stylesheet" href="{a}"><iframe src="{a}"></iframe>'
        f'<object data="{a}"></object><video src="{a}"></video>'
        for a in addresses
    )
    with site(page) as there:
        driver.get(there.address)
        assert len(driver.find_elements(By.TAG_NAME, "img")) == len(addresses)
    assert well.starts() == []


@WITH_JAVASCRIPT
@pytest.mark.parametrize("credentials", ["include", "omit"])
@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_fetch(driver, well, credentials, mode):
    """Nothing happens, and nothing is told: neither that there is an instance, nor which."""
    form_type, xml_type = "application/x-www-form-urlencoded", "text/xml"
    with site("<p>A kitten") as there:
        driver.get(there.address)
        for path, method, kind, body in (
            ("restart", "POST", form_type, f"service_id={WELL}"),
            ("restart", "POST", "text/plain", f"service_id={WELL}"),
            ("RPC2", "POST", xml_type, CALL),
            ("RPC2", "POST", "text/plain", CALL),
            ("api/instances", "GET", None, None),
            ("", "GET", None, None),
        ):
            options = {"mode": mode, "credentials": credentials, "method": method}
            if body:
                options |= {"body": body, "headers": {"Content-Type": kind}}
            type_, status, text = ask(driver, ADDRESS + path, **options)
            assert (type_, status) in (("failed", 0), ("opaque", 0)), (path, kind, type_, status)
            assert "example@" not in text
    assert well.starts() == []


@WITH_JAVASCRIPT
def test_password_in_a_header(driver, well):
    """A header of its own is asked for leave first, and nobody is given it."""
    with site("<p>A kitten") as there:
        driver.get(there.address)
        for header in ({"Authorization": "Basic YW5uYTpzZWNyZXQ="}, {"Remote-User": "anna"}, {"Idempotency-Key": "x" * 20}):
            options = {"method": "POST", "mode": "cors", "body": f"service_id={WELL}"}
            options["headers"] = {"Content-Type": "application/x-www-form-urlencoded", **header}
            assert ask(driver, ADDRESS + "restart", **options)[0] == "failed"
    assert well.starts() == []


@WITH_JAVASCRIPT
@pytest.mark.parametrize("frame", ["iframe src", "object data", "embed src"])
def test_in_a_frame(driver, well, frame):
    """Nobody is made to press a button of ours in the belief that it was another one."""
    tag, attribute = frame.split()
    with site(f'<{tag} id="ours" {attribute}="{ADDRESS}" width="900" height="700"></{tag}>') as there:
        driver.get(there.address)
        wait(driver, lambda: driver.find_elements(By.ID, "ours"))
        if tag == "iframe":
            driver.switch_to.frame(find(driver, "#ours"))
            assert not driver.find_elements(By.CSS_SELECTOR, "#presses, .other, form, [data-unit]")
            driver.switch_to.default_content()
        driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 450, "y": 300})
        for kind in ("mousePressed", "mouseReleased"):
            at = {"type": kind, "button": "left", "clickCount": 1, "x": 450, "y": 300}
            driver.execute_cdp_cmd("Input.dispatchMouseEvent", at)
    assert well.starts() == []


@WITH_JAVASCRIPT
def test_window_of_ours(driver):
    """Whoever opens our page in a window has nothing in hand to look into it, or to lead it elsewhere later."""
    with site('<body><button id="go">A kitten</button></body>') as there:
        driver.get(there.address)
        own = driver.current_window_handle
        driver.execute_script("document.getElementById('go').onclick = () => { window.w = window.open(arguments[0]); }", ADDRESS)
        find(driver, "#go").click()
        wait(driver, lambda: len(driver.window_handles) == 2)
        (other,) = set(driver.window_handles) - {own}
        driver.switch_to.window(other)
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "[data-unit]"))
        assert driver.execute_script("return window.opener") is None
        driver.close()
        driver.switch_to.window(own)
        assert driver.execute_script("return window.w.closed"), "as far as the opener can tell"


@WITH_JAVASCRIPT
def test_rebinding(driver, well):
    """The site's name has its own address first, and then ours: what the browser takes for the same site is we."""
    with site("<p>A kitten", address="127.0.0.3", port=8080) as there, contextlib.ExitStack() as stack:
        driver.get(there.address)
        assert "A kitten" in find(driver, "body").text
        there.close()
        stack.enter_context(resolving(f"127.0.0.1 {NAME}"))
        wait(driver, lambda: ask(driver, there.address + "healthz")[1] == 421)
        for path, options in (
            ("api/instances", {}),
            ("", {}),
            ("restart", {"method": "POST", "body": f"service_id={WELL}",
                         "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
            ("RPC2", {"method": "POST", "body": CALL, "headers": {"Content-Type": "text/xml"}}),
        ):
            type_, status, text = ask(driver, there.address + path, **options)
            assert (type_, status) == ("basic", 421), (path, type_, status, text)
            assert "example@" not in text and "worker" not in text.lower()
        frame = ask(driver, there.address + "api/instances", headers={"Accept": "application/json"})
        assert json.loads(frame[2])["refusal"] == "http"
    assert well.starts() == []

