"""For how long a login lasts is read at each login from webfront.conf; and with a mistake in it nobody logs in."""
import pytest

from helpers import login
from helpers.journal import Mark
from helpers.login import TICKET, log_in, read_ticket
from helpers.system import settings
from helpers.web_settings import FILE, web_settings


@pytest.fixture(autouse=True)
def door():
    login.as_it_should_be()
    yield
    login.leave_nothing()


def lasts():
    _, _, issued, expires, _, _ = read_ticket(log_in("anna", "secret"))
    return int(expires) - int(issued)


def test_file_wins():
    with web_settings("[Web]\nLogin=password\nSessionLifetimeSec=8h\nSessionIdleSec=0\n"), settings(TICKET_LIFETIME_SEC="60"):
        assert lasts() == 8 * 3600
    with web_settings("[Web]\nLogin=password\nSessionIdleSec=5min\n"):
        assert lasts() == 300


@pytest.mark.parametrize(
    "text, words",
    [
        ("[Web]\nSessionLifetimeSec=59\n", f"{FILE}:2: SessionLifetimeSec=59 is not a time from 60 to 2592000 seconds"),
        ("", f"{FILE}: there is no [Web] in it"),
        (None, f"{FILE}: there is no such file"),
    ],
)
def test_mistakes(text, words):
    mark = Mark()
    with web_settings(text):
        assert log_in("anna", "secret") == "unavailable"
        said = [e["MESSAGE"] for e in mark.entries("SYSLOG_IDENTIFIER=restarter-login")]
        assert any(f"Nobody can log in: {words}" in line for line in said), said
    assert TICKET.match(log_in("anna", "secret"))
