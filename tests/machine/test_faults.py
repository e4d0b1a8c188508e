"""What becomes of a click when something breaks under it: an honest answer, one restart at most, and the next click
works."""
import concurrent.futures
import contextlib
import os
import pathlib
import re
import signal
import time

import pytest

from helpers import journal, rpc, web
from helpers.policy import as_after_a_boot
from helpers.system import (
    BROKER,
    OTHER,
    SETTINGS,
    WEBFRONT,
    WELL,
    dropins,
    main_pid,
    open_doors_anew,
    replaced,
    run,
    send_signal,
    settings,
    show,
    stop_daemons,
    systemctl,
    unit,
    wait_for,
    wait_until,
)

RULE = "/etc/polkit-1/rules.d/50-restarter.rules"
POLICY = "/etc/restarter/policy.conf"
POLKIT = "polkit.service"


@contextlib.contextmanager
def during_a_job(instance, click=web.click):
    """The body runs while a click's job does, however long that takes; what it yields has the click's future."""
    instance.hold()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(click, instance.name)
        try:
            instance.wait_for_start()
            yield future
        finally:
            instance.quick()
        concurrent.futures.wait([future], timeout=web.PATIENCE)


def click_works(name=WELL):
    return web.click(name).json["success"] is True


def settle(instance, starts):
    """The job that was under way has ended well, and it was the only one."""
    wait_until(instance.unit, "active")
    wait_for(
        lambda: not run("systemctl", "list-jobs", "--no-legend", "--plain")
        .stdout.strip()
        .startswith(tuple("0123456789")),
        "no job is left",
    )
    assert len(instance.starts()) == starts


def assert_unknown(answer):
    assert answer.status == 503 and answer.json["success"] is False, answer
    assert answer.json["refusal"] == "unknown"
    assert "may or may not have been restarted" in answer.json["message"]


# --- the broker ---


@pytest.mark.core
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_broker_ends_in_the_middle_of_a_job(instance, number):
    with during_a_job(instance) as click:
        send_signal(BROKER, number)
    assert_unknown(click.result())
    settle(instance, 1)
    assert click_works()
    assert len(instance.starts()) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_script_learns_that_the_broker_ended(instance, number):
    """restart_unit never says success for what it does not know."""
    with during_a_job(instance, lambda name: rpc.over_tcp().restart_unit(name)) as click:
        send_signal(BROKER, number)
    answer = click.result()
    assert answer["success"] is False and "may or may not" in answer["message"]
    settle(instance, 1)


def test_broker_told_to_stop_says_what_goes_on(instance):
    with during_a_job(instance, lambda name: rpc.over_unix().restart_unit(name)) as click:
        send_signal(BROKER, signal.SIGTERM)
    answer = click.result()
    assert answer["success"] is False and "systemd goes on with the job" in answer["message"]
    settle(instance, 1)


def test_requests_in_a_stopped_brokers_queue_are_not_lost(instance):
    """While it stops, new connections wait in the socket for the next one."""
    with during_a_job(instance):
        send_signal(BROKER, signal.SIGTERM)
        assert rpc.over_unix().restarter.status(OTHER)["active_state"] == "active"
    settle(instance, 1)


def test_broker_that_cannot_start():
    """The page says so, and a click is answered in time: nothing was restarted."""
    stop_daemons()
    with dropins({BROKER: "[Service]\nExecStart=\nExecStart=/nonexistent\n[Unit]\nStartLimitBurst=5\n"}):
        took, answer = web.seconds(web.click, WELL)
        assert answer.status == 503 and answer.json["success"] is False
        assert took < 40
        page = web.get("/", accept=web.HTML)
        assert page.status == 503 and "broker" in page.text
        health = web.get("/healthz")
        assert health.status == 503 and "broker" in health.text
    open_doors_anew()
    assert click_works()


# --- the web front ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_web_front_ends_in_the_middle_of_a_job(instance, number):
    with during_a_job(instance) as click:
        send_signal(WEBFRONT, number)
    if number == signal.SIGTERM:
        assert_unknown(click.result())
    else:
        with pytest.raises(OSError):
            click.result()
    settle(instance, 1)
    assert click_works()


# --- polkitd ---


def polkit_restart():
    """Often, if need be: the tests do it more often than its start limit allows."""
    systemctl("reset-failed", POLKIT, check=False)
    systemctl("restart", POLKIT)


@pytest.fixture
def polkit_back():
    yield
    systemctl("kill", "--signal=CONT", POLKIT, check=False)
    polkit_restart()


def test_polkitd_is_stopped(polkit_back, instance):
    """systemd waits 25 seconds for it. The page does not, and the answer names who did not answer."""
    assert click_works()
    instance.forget()
    send_signal(POLKIT, signal.SIGSTOP)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(web.click, WELL)
        time.sleep(1)
        for _ in range(3):
            took, page = web.seconds(web.get, "/")
            assert page.status == 200 and took < 5, "the page hangs"
        assert web.click("12345").status == 403
        assert not future.done(), "polkitd was not stopped"
        answer = future.result()
    assert answer.status == 503 and answer.json["refusal"] == "stalled", answer
    assert "polkitd" in answer.json["message"]
    assert instance.starts() == []
    send_signal(POLKIT, signal.SIGCONT)
    wait_for(click_works, "a click works again")


def polkit_kill():
    """And wait until systemd has noticed: before that, it takes a request to start it for one that is met already."""
    send_signal(POLKIT, signal.SIGKILL)
    wait_for(lambda: show(POLKIT, "ActiveState") != "active", "polkitd is dead")


def test_polkitd_is_killed(polkit_back):
    polkit_kill()
    wait_for(click_works, "a click works again")


def test_polkitd_is_killed_while_it_decides(polkit_back, instance):
    """Whatever the answer says is true."""
    send_signal(POLKIT, signal.SIGSTOP)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(web.click, WELL)
        time.sleep(0.5)
        polkit_kill()
        answer = future.result()
    assert answer.json["success"] is (len(instance.starts()) == 1), answer
    assert answer.status in (200, 403, 503)
    wait_for(click_works, "a click works again")


def test_polkitd_is_restarted(instance):
    """The rule is read again by the new one; the first click may find it starting, and waits."""
    polkit_restart()
    wait_for(click_works, "a click works again")


# --- the rule ---


def refused_by_rule():
    answer = web.click(WELL)
    return answer if answer.status == 403 else None


@pytest.mark.core
def test_rule_removed(instance):
    """The answer names the lock, and to root the file. polkitd notices by itself, both ways."""
    with replaced(RULE, None):
        answer = wait_for(refused_by_rule, "the rule is gone")
        instance.forget()
        message = answer.json["message"]
        assert answer.json["refusal"] == "polkit" and "polkit rule" in message and RULE not in message
        page = web.click(WELL, accept=web.HTML)
        assert page.status == 403 and RULE not in page.text and "polkit rule" in page.text
        fault = rpc.fault_of(rpc.over_unix().restarter.restart, WELL)
        assert fault.faultCode == 6 and fault.faultString.startswith(message)
        assert RULE in fault.faultString[len(message) :]
        assert instance.starts() == []
    wait_for(click_works, "the rule is back")


def test_rule_that_grants_less(instance):
    """A rule beside the policy file: the narrower one wins."""
    text = pathlib.Path(RULE).read_text(encoding="ascii")
    assert "[0-9]{4}" in text
    with replaced(RULE, text.replace("[0-9]{4}", "[5-9]{4}")):
        answer = wait_for(refused_by_rule, "the rule is narrower")
        assert answer.json["refusal"] == "polkit"
    wait_for(click_works, "the rule is back")


def test_rule_with_a_syntax_error(instance):
    """polkitd drops such a file, and what no rule grants is refused."""
    with replaced(RULE, "polkit.addRule(function( {"):
        assert wait_for(refused_by_rule, "the rule is broken").json["refusal"] == "polkit"
    wait_for(click_works, "the rule is back")


# --- the policy file ---

BROKEN = {
    "unknown key": ("[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\nColour=red\n", 5),
    "bad pattern": ("# a comment\n\n[Grant]\nUnit=example@.service\nInstances=[0-9\nVerbs=restart\n", 5),
    "verb start": ("[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=start\n", 4),
}


@pytest.mark.parametrize("text, line", BROKEN.values(), ids=BROKEN.keys())
def test_broken_policy_file_permits_nothing(instance, text, line):
    """The error, with file and line, is what admins are told, and everybody that there is one."""
    where = f"{POLICY}:{line}:"
    with replaced(POLICY, text):
        as_after_a_boot()
        answer = web.click(WELL)
        assert answer.status == 503 and answer.json["refusal"] == "policy-file"
        assert "the policy file is broken" in answer.json["message"] and POLICY not in answer.json["message"]
        fault = rpc.fault_of(rpc.over_unix().restarter.restart, WELL)
        assert fault.faultCode == 8 and where in fault.faultString
        listed = rpc.over_unix().restarter.list()
        assert listed["policy_ok"] is False and where in listed["policy_error"] and listed["instances"] == []
        page = web.get("/", accept=web.HTML).text
        assert "says where the mistake" in page and POLICY not in page
        health = web.get("/healthz")
        assert health.status == 503 and "says where the mistake" in health.text and POLICY not in health.text
        assert instance.starts() == []
    stop_daemons()
    assert click_works() and web.get("/healthz").status == 200


def test_missing_policy_file_permits_nothing(instance):
    with replaced(POLICY, None):
        stop_daemons()
        answer = web.click(WELL)
        assert answer.status == 503 and POLICY not in answer.json["message"]
        assert POLICY in rpc.fault_of(rpc.over_unix().restarter.restart, WELL).faultString
        assert instance.starts() == []
    stop_daemons()


def test_policy_file_that_others_may_write_permits_nothing(instance):
    mode = os.stat(POLICY).st_mode & 0o7777
    os.chmod(POLICY, 0o666)
    try:
        as_after_a_boot()
        assert web.click(WELL).json["refusal"] == "policy-file"
        assert instance.starts() == []
    finally:
        os.chmod(POLICY, mode)
        stop_daemons()


def test_broken_policy_file_at_reload_changes_nothing(instance):
    """The last good one stays in force, and the journal says so."""
    assert click_works()
    pid, since = main_pid(BROKER), journal.Mark()
    with replaced(POLICY, "[Grant]\nnonsense\n"):
        assert systemctl("reload", BROKER, check=False).returncode != 0
        assert click_works()
        assert main_pid(BROKER) == pid
        assert f"{POLICY}:2:" in since.text("-u", BROKER)
    systemctl("reload", BROKER)


def test_reload_reads_the_policy_file(instance):
    assert click_works()
    pid, text = main_pid(BROKER), pathlib.Path(POLICY).read_text(encoding="ascii")
    with replaced(POLICY, text.replace("[0-9]{4}", "[5-9]{4}")):
        systemctl("reload", BROKER)
        assert web.click(WELL).status == 403, "the new policy is in force"
    systemctl("reload", BROKER)
    assert click_works(), "the old one is back"
    assert main_pid(BROKER) == pid


# --- systemd and the bus ---


def test_daemon_reload_in_the_middle(instance):
    with during_a_job(instance) as click:
        systemctl("daemon-reload")
        systemctl("daemon-reload")
    answer = click.result()
    assert answer.status == 200 and answer.json["success"] is True, answer
    assert answer.json["invocation_id_after"] == instance.starts()[0]
    settle(instance, 1)


def test_daemon_reexec_in_the_middle(instance):
    """systemd replaces itself. If its answer is lost over that, this is said and not guessed."""
    with during_a_job(instance) as click:
        systemctl("daemon-reexec")
    answer = click.result()
    if answer.status == 200:
        assert answer.json["success"] is True and answer.json["invocation_id_after"] == instance.starts()[0]
    else:
        assert answer.status == 503 and answer.json["refusal"] == "unknown"
    settle(instance, 1)
    wait_for(click_works, "a click works again")


def restart_bus():
    systemctl("restart", show("dbus.service", "Id"))


@pytest.fixture
def bus_back():
    """Not every daemon comes through a new bus; logind is one that later tests ask."""
    yield
    systemctl("restart", "systemd-logind.service")


@pytest.mark.core
def test_bus_is_restarted(bus_back):
    """Idle, the broker connects again; who clicks meanwhile is told that nothing was restarted, or is served."""
    assert click_works()
    restart_bus()
    begin = time.monotonic()
    answers = [web.click(WELL)]
    while answers[-1].json["success"] is not True and time.monotonic() - begin < 40:
        time.sleep(0.1)
        answers.append(web.click(WELL))
    assert answers[-1].json["success"] is True, answers[-1]
    for answer in answers[:-1]:
        assert answer.status == 503 and answer.json["refusal"] in (
            "unavailable",
            "unknown",
            "stalled",
        ), answer


@pytest.mark.core
def test_bus_is_restarted_in_the_middle_of_a_job(bus_back, instance):
    with during_a_job(instance) as click:
        restart_bus()
    answer = click.result()
    if answer.status == 200:
        assert answer.json["success"] is True and answer.json["invocation_id_after"] == instance.starts()[0]
    else:
        assert_unknown(answer)
    settle(instance, 1)
    wait_for(click_works, "a click works again", 60)


def test_job_that_does_not_end(instance):
    """After a time that is a setting the answer says what is known: it is not over yet."""
    before = SETTINGS.read_text()
    with settings(JOB_TIMEOUT_SEC="1"):
        with during_a_job(instance) as click:
            answer = click.result()
        assert answer.status == 503 and answer.json["refusal"] == "unknown"
        assert re.search(r"still being restarted", answer.json["message"])
        settle(instance, 1)
    assert SETTINGS.read_text() == before


def test_health_asks_and_changes_nothing(instance):
    for _ in range(5):
        assert web.get("/healthz").status == 200
    health = web.get("/healthz", accept=web.JSON).json
    assert (health["ok"], health["message"]) == (True, "ok")
    assert instance.starts() == [] and show(unit(WELL), "ActiveState") == "active"
