"""A login that was taken over, or is broken: it hangs, crashes, lies and floods. Whoever comes by the page gets nothing by it that
the broker would take, the page goes on, and the next login is a good one."""
import contextlib
import pathlib
import urllib.parse

import pytest

from helpers import login, web
from helpers.system import BROKER, systemctl
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

DROPIN = pathlib.Path("/run/systemd/system/restarter-login@.service.d/50-liar.conf")
# Out of its sandbox, which is not what this is about: a shell, with the connection as its standard output.
LIAR = """[Service]
RootDirectory=
BindReadOnlyPaths=
TemporaryFileSystem=
InaccessiblePaths=
SystemCallFilter=
TasksMax=16
ExecStart=
ExecStart=/bin/bash -c "cat >/dev/null; {}"
"""
MAC = "A" * 43


@pytest.fixture(scope="module", autouse=True)
def people():
    with web_settings("[Web]\nLogin=password\n"):
        login.as_it_should_be()
        yield
        login.leave_nothing()


@contextlib.contextmanager
def liar(script):
    DROPIN.parent.mkdir(parents=True, exist_ok=True)
    DROPIN.write_text(LIAR.format(script))
    systemctl("daemon-reload")
    try:
        yield
    finally:
        DROPIN.unlink()
        systemctl("daemon-reload")
        login.rest()
        systemctl("reset-failed", BROKER, check=False)


def log_in(password="secret"):
    """By the page, as a browser does."""
    fields = urllib.parse.urlencode({"user": "anna", "password": password, "next": "/"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", "Origin": f"http://{web.HOST}:{web.PORT}"}
    return web.request("POST", "/login", fields, headers)


def page(cookie=None):
    return web.request("GET", "/", headers={"Accept": "text/html", **({"Cookie": cookie} if cookie else {})})


def cookie_of(answer):
    return (answer.headers.get("Set-Cookie") or "").split(";")[0]


def assert_all_is_well():
    answer = log_in()
    assert answer.status == 303 and page(cookie_of(answer)).status == 200


LIES = {
    "crashes": "kill -SEGV \\$\\$",
    "ends without a word": "exit 0",
    "half a ticket": "printf 'ticket 1.YW5u'",
    "no ticket": "printf 'ticket \\n'",
    "a word of its own": "printf 'root\\n'",
    "two answers": f"printf 'wrong\\nticket 1.YW5u.{MAC}\\n'",
    "a header": f"printf 'ticket 1.YW5u.{MAC}\\r\\nSet-Cookie: a=b\\n'",
    "one that says nothing": f"printf 'ticket 1.YW5u.{MAC}\\n'",
    "a flood": "head -c 20000000 /dev/zero",
    "for ever later": "printf 'later 99999999999\\n'",
}


@pytest.mark.parametrize("script", LIES.values(), ids=LIES.keys())
def test_nobody_is_let_in(script):
    with liar(script):
        answer = log_in()
        assert answer.status in (429, 503) and not cookie_of(answer), answer
        assert "not logged in" in answer.text and "secret" not in answer.text
        assert page().status == 303, "and the page is there"
    assert_all_is_well()


def test_a_login_that_hangs():
    """Others are served meanwhile, and whoever waits is told so."""
    with liar("sleep 60"):
        done = web.at_once([log_in, log_in, log_in, log_in, log_in, page])
        assert {answer.status for answer in done[:5]} <= {429, 503} and not any(map(cookie_of, done[:5]))
        assert done[5].status == 303
    assert_all_is_well()


def test_a_ticket_that_it_made_up():
    """The page passes it on, and the broker does not take it: the way leads back to the login."""
    forged = login.make_ticket("anna", key=bytes(32))
    with liar(f"printf 'ticket {forged}\\n'"):
        answer = log_in()
        assert answer.status == 303 and forged in cookie_of(answer)
        there = page(cookie_of(answer))
        assert there.status in (303, 401) and "anna" not in there.text, there
        clicked = web.click("example@1234.service", headers={"Cookie": cookie_of(answer)})
        assert clicked.status == 401 and clicked.json["code"] == 19
    assert_all_is_well()
