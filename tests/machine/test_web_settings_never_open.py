"""Whatever becomes of webfront.conf, in whatever order, and whatever ends meanwhile: where people log in, nobody is taken for
one who need not, until somebody writes so."""
import random

import pytest

from helpers import login, rpc
from helpers.people import as_webfront
from helpers.system import BROKER, stop_daemons, systemctl
from helpers.web import get
from helpers.web_settings import FILE, forget_last_good, web_settings

LOGIN, SHUT = 19, 10
GOOD = "# Who may click.\n[Web]\n\n# People log in.\nLogin=password\n\nSessionIdleSec=7200\n"

pytestmark = pytest.mark.once


def told():
    """Of a call by way of the web without a ticket: the fault's code; None when it was served."""
    try:
        rpc.value_of(as_webfront(rpc.post, rpc.WEB, rpc.call("restarter.list")))
        return None
    except rpc.xmlrpc.client.Fault as fault:
        return fault.faultCode


@pytest.fixture(autouse=True)
def good():
    with web_settings(GOOD, known=False):
        login.as_it_should_be()
        assert told() == LOGIN
        yield
        FILE.unlink(missing_ok=True)
        login.put(FILE, GOOD, 0o644)
        login.leave_nothing()
        systemctl("reset-failed", BROKER, check=False)


def put(text):
    if FILE.is_symlink():
        FILE.unlink()
    login.put(FILE, text, 0o644)


@pytest.mark.parametrize("ended", [True, False])
def test_cut_anywhere(ended):
    """By an editor, or a disk that was full: also where what is left of it makes sense. (At each byte: the unit test.)"""
    ends = [size for size in range(len(GOOD)) if GOOD[size - 1 : size] in ("\n", "]", "=", "r")]
    assert len(ends) > 8
    for size in [0, *ends]:
        put(GOOD[:size])
        if ended:
            stop_daemons()
            systemctl("reset-failed", BROKER, check=False)
        else:
            systemctl("reload", BROKER, check=False)  # it fails where there is a mistake
        assert told() == LOGIN, GOOD[:size]


def link():
    FILE.unlink(missing_ok=True)
    FILE.symlink_to("/dev/null")


STEPS = [
    lambda: put(GOOD),
    lambda: put(""),
    lambda: put("[Web]\n"),
    lambda: put("[Web]\nLogin=\n"),
    lambda: put("[Web]\nLogin=none or so\n"),
    lambda: put("[Web]\nSessionIdleSec=60\n"),
    lambda: put("\0" * 4096),
    lambda: FILE.unlink(missing_ok=True),
    lambda: FILE.exists() and FILE.chmod(0o666),
    lambda: FILE.exists() and FILE.chmod(0),
    link,
    lambda: systemctl("kill", "--signal=KILL", BROKER, check=False),
    stop_daemons,
    lambda: systemctl("reload", BROKER, check=False),
]


def test_in_any_order():
    chance = random.Random(9)
    for turn in range(60):
        steps = [chance.randrange(len(STEPS)) for _ in range(chance.randrange(1, 5))]
        for step in steps:
            STEPS[step]()
        systemctl("reset-failed", BROKER, check=False)
        assert told() == LOGIN, (turn, steps)


def test_somebody_writes_so():
    """Then it is so, at once and afterwards."""
    put("[Web]\nLogin=none\n")
    systemctl("reload", BROKER)
    assert told() is None
    put("[Web]\n")
    stop_daemons()
    assert told() is None


def test_cut_before_a_boot():
    """With nothing to fall back on, what is left of it opens nothing."""
    stop_daemons()
    forget_last_good()
    put("[Web]\n#Login=none\nSessionIdleSec=60\n")
    assert get("/").status == 503
