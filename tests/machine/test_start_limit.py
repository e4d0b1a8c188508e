"""systemd counts restarts: five in ten seconds, and the service stays down. The click that would do that is refused."""
import time

import pytest

from helpers import rpc, web
from helpers.system import BROKER, Instance, dropins, ready, systemctl, unit

NAME = "2100"


@pytest.fixture(scope="module")
def limited():
    """An instance with a limit of its own: three starts in five seconds."""
    with dropins({unit(NAME): "[Unit]\nStartLimitIntervalSec=5\nStartLimitBurst=3\n"}):
        yield Instance(NAME)
        systemctl("stop", unit(NAME))


@pytest.fixture
def fresh(limited):
    """Running, with nothing counted against it, by systemd or by the broker."""
    systemctl("stop", limited.unit, BROKER)
    systemctl("clean", "--what=runtime", BROKER)
    ready(NAME)
    return limited


def click_until_refused(name):
    answers = []
    while len(answers) < 10 and (not answers or answers[-1].status == 200):
        answers.append(web.click(name))
    return answers


@pytest.mark.core
def test_click_at_the_limit_is_refused(fresh):
    answers = click_until_refused(NAME)
    refused = answers.pop()
    assert 1 <= len(answers) <= 2, "the start itself counts, too"
    assert refused.status == 429 and refused.json["refusal"] == "start-limit"
    assert 1 <= refused.retry_after <= 6 and refused.json["retry_after"] == refused.retry_after
    assert "StartLimitBurst" in refused.json["message"]
    assert fresh.state()["ActiveState"] == "active", "the unit still runs"
    assert len(fresh.starts()) == len(answers)

    # The same in the other two ways, with the same words but for the seconds.
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, NAME)
    assert fault.faultCode == 5 and "StartLimitBurst" in fault.faultString
    assert rpc.over_tcp().restart_unit(NAME)["success"] is False
    page = web.click(NAME, accept=web.HTML)
    assert page.status == 429 and page.retry_after >= 1

    time.sleep(refused.retry_after)
    again = web.click(NAME)
    assert again.status == 200 and again.json["success"] is True, "after that time it works"


def test_refusal_was_right(fresh):
    """What the refusal saved the unit from: root, whom nobody stops, does it and the unit is down."""
    assert click_until_refused(NAME)[-1].status == 429
    systemctl("restart", fresh.unit, check=False)
    state = fresh.state()
    assert state["ActiveState"] == "failed" and state["Result"] == "start-limit-hit"
    systemctl("reset-failed", fresh.unit)
