"""Crowds that log in with wrong passwords, as programs do and as the page's form does, or that come with tickets which are none: pages
and clicks beside them are as quick as beside any other crowd, attempts are few, and who is told to come back later is told when."""
import time

import pytest

from helpers import login, web
from helpers.beside import WEB_ADDRESS, Watch, web_request
from helpers.crowd import MEMBER, Crowd
from helpers.journal import Mark
from helpers.system import OTHER, unit
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

BY_PROGRAM = web_request("GET", "/api/instances").replace(
    b"\r\n\r\n", b"\r\nAuthorization: Basic Ym9iYnk6Z3Vlc3M=\r\n\r\n"  # bobby:guess
)
BY_FORM = web_request("POST", "/login", "user=bobby&password=guess&next=%2F", web.FORM)
PAGE_SECONDS = 1.0
SECONDS = 3


@pytest.fixture(scope="module", autouse=True)
def door():
    login.as_it_should_be()
    with web_settings("[Web]\nLogin=password\n"):
        yield
    login.leave_nothing()


@pytest.fixture
def cookie():
    """Of somebody who is logged in."""
    login.rest()
    login.forget()
    return {"Cookie": "restarter=" + login.log_in("anna", "secret").removeprefix("ticket ")}


def pages(cookie, seconds):
    """How long each took, while that time goes by."""
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        spent, answer = web.seconds(web.request, "GET", "/", None, {"Accept": web.HTML, **cookie})
        assert answer.status == 200
        took.append(spent)
    return sorted(took)


@pytest.mark.parametrize("request_, wrong", [(BY_PROGRAM, "401"), (BY_FORM, "403")], ids=["programs", "form"])
def test_wrong_logins_without_end(request_, wrong, cookie):
    since, begin = Mark(), time.monotonic()
    with Watch(cookie) as watch, Crowd("ask", 64, WEB_ADDRESS, request_) as crowd:
        watch.click(OTHER, 20)
        took = pages(cookie, SECONDS)
        answer = web.request("GET", "/api/instances", headers={"Authorization": "Basic Ym9iYnk6Z3Vlc3M="})
    print(f"{len(took)} pages, 95 % within {took[len(took) * 95 // 100] * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms")
    assert took[len(took) * 95 // 100] < PAGE_SECONDS
    # Of one user five are looked at, and one more each twelve seconds.
    assert set(crowd.answers) <= {wrong, "429", "503"}, crowd.answers
    assert 1 <= crowd.answers[wrong] <= 5 + 1 + (time.monotonic() - begin) / 12 and crowd.answers["429"] > 50 * SECONDS
    assert answer.status == 429 and 1 <= answer.retry_after <= 12
    assert len(since.text("-t", "restarter-login").splitlines()) <= 100, "and the journal is not flooded"
    login.rest()
    assert login.TICKET.match(login.log_in("anna", "secret")), "whoever else wants to log in does"


def test_one_address_leaves_room_for_others(cookie):
    """Those of one client's, behind a proxy on this machine, do not take the places of others'."""
    request_ = BY_PROGRAM.replace(b"\r\n\r\n", b"\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
    headers = {"Authorization": "Basic YW5uYTpzZWNyZXQ=", "X-Forwarded-Proto": "https"}
    with Crowd("ask", 64, WEB_ADDRESS, request_):
        for number in range(5):
            headers["X-Forwarded-For"] = f"192.0.2.{8 + number}"
            took, answer = web.seconds(web.request, "GET", "/api/instances", None, headers)
            assert answer.status == 200 and took < 5, answer


def test_many_addresses_leave_room_for_others(cookie):
    """Two hundred who ask on and on, each from an address of his own, of which each alone could have a third of the places: whoever
    comes for the first time is asked about, now or when he was told to come back."""
    request_ = BY_FORM.replace(b"\r\n\r\n", b"\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.%s\r\n\r\n" % MEMBER)
    with Watch(cookie) as watch, Crowd("ask", 200, WEB_ADDRESS, request_) as crowd:
        crowd.wait_for_everyone()
        watch.click(OTHER)
        tries = [until_logged_in(f"198.51.100.{number}") for number in range(5)]
    print(f"logged in after so many tries: {tries}")
    assert set(crowd.answers) <= {"403", "429", "503", "closed"}, crowd.answers
    assert crowd.answers["429"] > 1000


ONE = f"/api/instances/{unit(OTHER)}"
WITH_MADE_UP_TICKETS = {
    "list": web_request("GET", "/"),
    "one": web_request("GET", ONE),
    "restart": web_request("POST", "/restart", "service_id=1300", web.FORM),
}


@pytest.mark.parametrize("request_", WITH_MADE_UP_TICKETS.values(), ids=WITH_MADE_UP_TICKETS)
def test_tickets_that_are_made_up(request_, cookie):
    """Each has its own, so that as many people seem to ask: they are one where places are shared."""
    headers = b"\r\nCookie: restarter=1.bm9ib2R5%s.bm9ib2R5\r\n\r\n" % MEMBER
    assert pages(cookie, 0.1)
    with Watch(cookie) as watch, Crowd("ask", 200, WEB_ADDRESS, request_.replace(b"\r\n\r\n", headers, 1)) as crowd:
        crowd.wait_for_everyone()
        watch.click(OTHER)
        assert pages(cookie, SECONDS)
        assert {web.request("GET", ONE, headers=cookie).status for _ in range(20)} == {200}
    assert crowd.answers["429"] > 100 and set(crowd.answers) <= {"303", "400", "401", "429", "503", "closed"}, crowd.answers


def until_logged_in(address):
    """How often anna asked from there, who does as she is told."""
    headers = {"Content-Type": web.FORM, "X-Forwarded-Proto": "https", "X-Forwarded-For": address}
    for number in range(1, 11):
        answer = web.request("POST", "/login", "user=anna&password=secret", headers)
        if answer.status == 303:
            return number
        assert answer.status == 429, answer
        time.sleep(answer.retry_after)
    raise AssertionError("anna is kept out")
