"""Another login in place of ours, by a drop-in with another ExecStart=, as a site may bring its own: and what becomes of
it when that hangs, crashes, lies or floods. Nobody gets in by it, it is said, and whoever is logged in sees nothing of it."""
import concurrent.futures
import contextlib
import pathlib

import pytest

from helpers import login, web
from helpers.system import WELL, dropins, systemctl
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

SCRIPT = pathlib.Path("/run/restarter-tests/login")
DROPIN = f"""[Service]
ExecStart=
ExecStart=/bin/sh {SCRIPT}
RootDirectory=
BindReadOnlyPaths=
TemporaryFileSystem=
InaccessiblePaths=
SystemCallFilter=
TasksMax=8
"""
BASIC = {"Authorization": "Basic YW5uYTpzZWNyZXQ="}


@pytest.fixture(scope="module", autouse=True)
def ticket():
    """Of somebody who has logged in before."""
    login.as_it_should_be()
    got = login.log_in("anna", "secret")
    assert login.TICKET.match(got)
    with web_settings("[Web]\nLogin=password\n"), dropins({login.SERVICE: DROPIN}):
        yield got.removeprefix("ticket ")
    SCRIPT.unlink(missing_ok=True)
    login.leave_nothing()


@contextlib.contextmanager
def login_that(script):
    SCRIPT.write_text(script + "\n")
    systemctl("stop", "restarter-webfront.service")
    try:
        yield
    finally:
        systemctl("stop", "restarter-login@*.service")
        login.rest()


def log_in_as_program():
    return web.request("GET", "/api/instances", headers=BASIC)


def log_in_as_person():
    return web.request(
        "POST", "/login", "user=anna&password=secret&next=%2F", {"Content-Type": web.FORM, "Accept": web.HTML}
    )


def pages_go_on(ticket, times=5):
    cookie = {"Cookie": f"restarter={ticket}"}
    for _ in range(times):
        assert web.request("GET", "/", None, {"Accept": web.HTML, **cookie}).status == 200
        answer = web.click(WELL, web.JSON, cookie)
        assert answer.status == 200 and answer.json["success"]
        assert web.get("/login", web.HTML).status == 200


NO_LOGIN = {
    "hangs": "exec sleep 60",
    "crashes": "exit 1",
    "floods": "exec yes 'ticket 1.a.b'",
    "says two things": "printf 'wrong\\nticket 1.a.b\\n'",
    "sets a cookie": "printf 'ticket 1.a.b\\r\\nSet-Cookie: restarter=x\\n'",
    "has no end": "printf 'ticket 1.a.b'",
    "has a NUL": "printf 'ticket 1.a\\0b\\n'",
    "is too long": "printf 'ticket %02048d\\n' 1",
    "says another word": "echo right",
    "says when, senselessly": "echo later -1",
}


@pytest.mark.parametrize("script", NO_LOGIN.values(), ids=NO_LOGIN)
def test_no_login(script, ticket):
    with login_that(script), concurrent.futures.ThreadPoolExecutor() as threads:
        attempts = [threads.submit(log_in) for log_in in (log_in_as_program, log_in_as_person)]
        pages_go_on(ticket, 1)
        assert script != NO_LOGIN["hangs"] or not any(attempt.done() for attempt in attempts), "a page waits for no login"
        pages_go_on(ticket)
        answers = [attempt.result() for attempt in attempts]
    for answer in answers:
        assert answer.status == 503 and answer.retry_after >= 1, answer
        assert answer.headers["Set-Cookie"] is None


def test_makes_up_a_ticket(ticket):
    """Well formed, and of no key of this machine: the broker does not take it."""
    version, body, mac = ticket.split(".")
    made_up = ".".join([version, body, ("A" if mac[0] != "A" else "B") + mac[1:]])
    with login_that(f"echo ticket {made_up}"):
        assert log_in_as_program().status == 401
        answer = web.click(WELL, headers=BASIC)
        assert answer.status == 401
        pages_go_on(ticket)


def test_of_a_site(ticket):
    """It is asked what restarter-login(8) says, and lets in whom it likes."""
    asked = SCRIPT.with_name("asked")
    with login_that(f"cat >{asked}; echo ticket {ticket}"), dropins_for(asked):
        assert log_in_as_program().status == 200
        assert asked.read_bytes() == b"4:anna,6:secret,"
        assert log_in_as_person().status == 303


@contextlib.contextmanager
def dropins_for(file):
    file.write_bytes(b"")
    file.chmod(0o666)
    yield
    file.unlink()
