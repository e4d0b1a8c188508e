"""Nobody there, nothing runs: both daemons end when they are idle and start with the next request."""
import random
import time

import pytest

from helpers import journal, rpc, web
from helpers.system import BROKER, WEBFRONT, WELL, cgroup_gone, main_pid, settings, show, wait_for

ROUNDS = 200
PACE = (
    0.14  # seconds a round at least: systemd stops a service that starts too often, and this is no crash loop
)


def gone():
    return cgroup_gone(BROKER) and cgroup_gone(WEBFRONT)


def by_the_page():
    answer = web.click(WELL)
    return answer.status == 200 and answer.json["success"], answer


def by_a_script():
    answer = rpc.over_unix().restarter.restart(WELL)
    return answer["success"], answer


@pytest.mark.once
def test_two_hundred_idle_exits_without_a_lost_request(instance):
    """Of the broker; by every other one the web front is woken, too."""
    since = journal.Mark()
    with settings(IDLE_EXIT_SEC="0.02"):
        for number in range(ROUNDS):
            begin = time.monotonic()
            good, answer = (by_the_page, by_a_script)[number % 2]()
            assert good, (number, answer)
            wait_for(gone, "both have ended", 30, 0.002)
            time.sleep(max(0, begin + PACE - time.monotonic()))
    assert len(instance.starts()) == ROUNDS
    assert since.starts_of(BROKER) >= ROUNDS and since.starts_of(WEBFRONT) >= ROUNDS / 2


@pytest.mark.core
def test_requests_that_meet_the_exit(instance):
    """The next request comes at about the moment at which the daemons end."""
    with settings(IDLE_EXIT_SEC="0.05"):
        chance = random.Random(1)
        for number in range(15):
            answer = web.click(WELL)
            assert answer.status == 200, (number, answer)
            time.sleep(chance.uniform(0.04, 0.09))
        for number in range(15):
            assert rpc.over_unix().restart_unit(WELL)["success"] is True, number
            time.sleep(chance.uniform(0.04, 0.09))
    assert len(instance.starts()) == 30


def test_no_exit_while_a_job_runs(instance):
    instance.slow(1)
    with settings(IDLE_EXIT_SEC="0.05"):
        answer = web.click(WELL)
    instance.quick()
    assert answer.json["success"] is True and answer.json["milliseconds"] >= 1000


def test_idle_exit_is_a_clean_end():
    with settings(IDLE_EXIT_SEC="0.05"):
        assert web.get("/").status == 200
        wait_for(gone, "both have ended")
        for service in (BROKER, WEBFRONT):
            wait_for(lambda s=service: show(s, "ActiveState") == "inactive", f"{service} is inactive")
            assert show(service, "Result") == "success"


def test_zero_means_never():
    with settings(IDLE_EXIT_SEC="0"):
        assert web.get("/").status == 200
        pids = [main_pid(service) for service in (BROKER, WEBFRONT)]
        time.sleep(1)
        assert [main_pid(service) for service in (BROKER, WEBFRONT)] == pids and 0 not in pids


def test_setting_that_is_no_number(instance):
    """A slip in a file of settings does not take the button away: the default counts, and the journal says so."""
    since = journal.Mark()
    with settings(IDLE_EXIT_SEC="soon", JOB_TIMEOUT_SEC="-1"):
        assert web.click(WELL).json["success"] is True
    assert "IDLE_EXIT_SEC=soon in /etc/default/restarter is not a number of seconds" in since.text()
    assert "JOB_TIMEOUT_SEC=-1 in /etc/default/restarter is not a number of seconds" in since.text()
    assert len(instance.starts()) == 1
