"""When `restartctl policy apply` or `systemctl reload` has said that it is done, the next click is decided by that very
policy; and the last good policy outlives the broker that read it."""

import http.client
import os
import random
import re
import signal
import threading
import time
import xmlrpc.client

import pytest

from helpers import journal, rpc, web
from helpers.once import sampled
from helpers.policy import CHANGES, DROPINS, FINDINGS, LAST_GOOD, OK, POLICY, SHIPPED_GRANT, kept, policy
from helpers.system import (
    BROKER,
    WELL,
    cgroup_gone,
    main_pid,
    run,
    send_signal,
    settings,
    show,
    stop_daemons,
    systemctl,
    unit,
    wait_for,
)

STOPPED = "4321"
NARROW = SHIPPED_GRANT.replace("[0-9]{4}", "[5-9]{4}")
BROKEN = SHIPPED_GRANT + "Colour=red\n"


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield
        systemctl("stop", unit(STOPPED))


def click(name=WELL):
    return rpc.over_unix().restart_unit(name)


def apply():
    return policy("apply", check=OK)


def reload():
    """Of a broker that runs: systemd reloads no other."""
    rpc.over_unix().system.listMethods()
    systemctl("reload", BROKER)


def in_main_file(text):
    POLICY.write_text(text)


def in_drop_in(text):
    POLICY.write_text("# all of it is beside this file\n")
    DROPINS.mkdir(exist_ok=True)
    (DROPINS / "10-more.conf").write_text(text)


# name: before, after, what a click is then
DIRECTIONS = {
    "a new grant": (NARROW, SHIPPED_GRANT, WELL, True),
    "a grant taken back": (SHIPPED_GRANT, NARROW, WELL, False),
    "a new Cooldown=": (SHIPPED_GRANT, SHIPPED_GRANT + "Cooldown=1h\n", WELL, False),
    "a Cooldown= taken back": (SHIPPED_GRANT + "Cooldown=1h\n", SHIPPED_GRANT, WELL, True),
    "StartStopped=yes": (SHIPPED_GRANT, SHIPPED_GRANT + "StartStopped=yes\n", STOPPED, True),
    "StartStopped= taken back": (SHIPPED_GRANT + "StartStopped=yes\n", SHIPPED_GRANT, STOPPED, False),
}


def decided_by_it(rounds, before, after, name, success, make, write, make_before=None):
    """Over the socket and on the page by turns, with a broker that runs."""
    for number in range(rounds):
        write(before)
        systemctl("stop", unit(STOPPED))
        (make_before or make)()
        click()  # just before, so that a cooldown has something to count from
        pid = main_pid(BROKER)
        write(after)
        make()
        done = web.click(name).json if number % 2 else click(name)
        assert done["success"] is success, (number, done)
        assert main_pid(BROKER) == pid != 0


def way_back(direction):
    """How what was before comes into force: Cooldown= and StartStopped= are in no rule, which apply would ask polkitd about."""
    return apply if "grant" in direction else reload


# Where it was ten of ten times wrong: those are made five times.
WAS_WRONG = ("a new grant", "a new Cooldown=", "StartStopped= taken back")


@pytest.mark.once
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_next_click_is_decided_by_what_was_applied(direction):
    """It was wrong between file and broker, of which a release knows nothing."""
    rounds = 5 if direction in WAS_WRONG else 2
    decided_by_it(rounds, *DIRECTIONS[direction], apply, in_main_file, way_back(direction))


@pytest.mark.once
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_next_click_is_decided_by_what_was_reloaded(direction):
    decided_by_it(2, *DIRECTIONS[direction], reload, in_drop_in)


@pytest.mark.core
@pytest.mark.parametrize("make", [apply, reload])
def test_next_click_is_decided_by_it(make):
    """Another bus changes nothing between file and broker: there one direction is enough."""
    decided_by_it(2, *DIRECTIONS["a grant taken back"], make, in_main_file)


def test_apply_says_who_goes_by_it():
    click()
    POLICY.write_text(NARROW)
    assert f"{BROKER} goes by {POLICY}." in apply().stdout
    stop_daemons()
    # Where polkitd knows services, apply wakes the broker to ask about it.
    said = apply().stdout
    assert (f"{BROKER} does not run" if cgroup_gone(BROKER) else f"{BROKER} goes by {POLICY}.") in said
    assert click()["success"] is False


@pytest.mark.once
def test_apply_while_the_broker_ends():
    """It rests after 0.2 seconds, and apply comes at any moment around that."""
    r = random.Random(14)
    with settings(IDLE_EXIT_SEC="0.2"):
        for number in range(10):
            POLICY.write_text(SHIPPED_GRANT if number % 2 else NARROW)
            click()
            time.sleep(r.uniform(0, 0.4))
            apply()
            assert click()["success"] is bool(number % 2), number


@pytest.mark.once
def test_apply_while_others_click():
    """Whoever asks meanwhile is answered, by the old policy or the new one; each of them is in force when apply ends."""
    ends, answers, in_force = threading.Event(), [], []

    def ask():
        while not ends.is_set():
            try:
                answers.append(rpc.over_unix().restarter.status(WELL)["unit"])
            except (OSError, xmlrpc.client.Error, http.client.HTTPException) as error:
                answers.append(repr(error))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(4):
            POLICY.write_text(SHIPPED_GRANT + f"Cooldown={number + 1}h\n")
            apply()
            in_force.append(policy_in_force())
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    assert set(answers) == {unit(WELL)}
    assert len(set(in_force)) == 4 and in_force[-1] == policy_of_a_new_broker()


def policy_in_force():
    """As the broker tells systemd, by its checksum's first digits."""
    return re.search(r", policy ([0-9a-f]{16}) of 1 grant", show(BROKER, "StatusText"))[1]


def policy_of_a_new_broker():
    before = main_pid(BROKER)
    systemctl("restart", BROKER)
    assert main_pid(BROKER) != before
    return policy_in_force()


@pytest.mark.once
def test_file_that_changes_during_a_reload():
    """After the broker has read it, and before the end of the reload looks: that is what `policy wait` sees then."""
    assert click()["success"] is True
    POLICY.write_text(NARROW)
    begin = time.monotonic()
    policy("wait", check=OK)
    assert time.monotonic() - begin < 10, "as long as it has patience"
    assert click()["success"] is False


@pytest.mark.once
def test_broker_that_cannot_read_the_file():
    """root can: that is no success."""
    click()
    POLICY.write_text(NARROW)
    POLICY.chmod(0o600)
    done = policy("apply", check=FINDINGS)
    assert f"{POLICY}, or a drop-in of it, may not be read by user restarter" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert systemctl("reload", BROKER, check=False).returncode != 0
    assert f"{POLICY}: cannot be opened: Permission denied" in run("restartctl", "list", check=False).stderr
    assert click()["success"] is True, "it goes by the last good one"
    POLICY.chmod(0o644)
    reload()
    assert click()["success"] is False


# --- a broken file ---


def test_reload_of_a_broken_file_fails():
    assert click()["success"] is True
    pid, since = main_pid(BROKER), journal.Mark()
    POLICY.write_text(BROKEN)
    done = systemctl("reload", BROKER, check=False)
    assert done.returncode != 0
    assert f"{POLICY}:5:" in since.text("-u", BROKER)
    for options in ([], ["--json"]):
        listed = run("restartctl", *options, "list", check=False)
        assert listed.returncode == FINDINGS and unit(WELL) in listed.stdout
    assert click()["success"] is True and main_pid(BROKER) == pid
    POLICY.write_text(SHIPPED_GRANT)
    reload()
    assert run("restartctl", "list").returncode == OK


def end_idle():
    with settings(IDLE_EXIT_SEC="0.2"):
        # settings() starts both anew; this one reads the broken file, and rests.
        rpc.over_unix().restarter.list()
        wait_for(lambda: cgroup_gone(BROKER), "the broker rests")


def end_stopped():
    stop_daemons()


def end_killed():
    send_signal(BROKER, signal.SIGKILL)
    wait_for(lambda: cgroup_gone(BROKER), "it is gone")


@pytest.mark.parametrize("end", [end_idle, end_stopped, end_killed])
@pytest.mark.parametrize("by_drop_in", sampled({"main file": (False,), "drop-in": (True,)}))
def test_last_good_policy_outlives_the_broker(end, by_drop_in):
    """It is the one that the last broker went by, not the one before; and it is said that it is."""
    POLICY.write_text(SHIPPED_GRANT)
    click()
    good = SHIPPED_GRANT.replace("[0-9]{4}", WELL)
    POLICY.write_text(good)
    reload()
    if by_drop_in:
        DROPINS.mkdir()
        (DROPINS / "10-broken.conf").write_text("[Grant]\nUnit=x\n")
    else:
        POLICY.write_text(BROKEN)
    for _ in range(3):
        end()
        mark = journal.Mark()
        assert click()["success"] is True
        assert "covers" in click("1235")["message"]
        (entry,) = mark.decisions(journal.POLICY)
        assert "last good one stays in force" in entry["MESSAGE"]
        answer = rpc.over_unix().restarter.list()
        assert answer["policy_ok"] is False and answer["policy_in_force"] is True
    explained = policy("explain", WELL).stdout
    assert "goes by the last good policy" in explained


@pytest.mark.once
def test_file_that_is_taken_away_grants_nothing():
    """That is no mistake, and no earlier policy comes back for it: neither at once nor later."""
    click()
    text = POLICY.read_text()
    POLICY.unlink()
    systemctl("reload", BROKER, check=False)
    assert click()["success"] is False
    stop_daemons()
    assert click()["success"] is False
    POLICY.write_text(text + "Colour=red\n")
    stop_daemons()
    assert click()["success"] is False, "there is no last good one any more"


@pytest.mark.once
@pytest.mark.parametrize("size", [0, 1, 40, -1])
def test_kept_policy_that_is_not_whole(size):
    click()
    stop_daemons()
    POLICY.write_text(BROKEN)
    data = LAST_GOOD.read_bytes()
    LAST_GOOD.write_bytes(data[:size])
    assert click()["success"] is False
    assert "policy file" in click()["message"]


@pytest.mark.once
def test_kept_policy_is_the_brokers_alone():
    click()
    assert LAST_GOOD.parent.stat().st_mode & 0o777 == 0o700 and LAST_GOOD.stat().st_mode & 0o777 == 0o600


# --- a dry run ---


@pytest.mark.once
def test_dry_run_says_whether_something_would_change():
    apply()
    assert policy("apply", "--dry-run", check=OK)
    POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[0-9]{3}"))
    for _ in range(2):
        assert "+++" in policy("apply", "--dry-run", check=CHANGES).stdout
    apply()
    assert policy("apply", "--dry-run", check=OK)


@pytest.mark.once
def test_dry_run_looks_at_the_broker_too():
    """A Cooldown= is in no rule."""
    apply()
    click()
    POLICY.write_text(SHIPPED_GRANT + "Cooldown=1h\n")
    assert "goes by another policy" in policy("apply", "--dry-run", check=CHANGES).stdout
    assert click()["success"] is True, "and changes nothing"
    stop_daemons()
    policy("apply", "--dry-run", check=OK)
    assert cgroup_gone(BROKER)
    apply()
    policy("apply", "--dry-run", check=OK)


@pytest.mark.once
def test_dry_run_of_a_broken_file():
    POLICY.write_text(BROKEN)
    policy("apply", "--dry-run", check=FINDINGS)


# --- wait ---


@pytest.mark.once
def test_wait():
    click()
    assert f"{BROKER} goes by {POLICY}" in policy("wait", check=OK).stdout
    pid = send_signal(BROKER, signal.SIGSTOP)
    threading.Timer(0.5, os.kill, (pid, signal.SIGCONT)).start()
    policy("wait", check=OK)
    stop_daemons()
    assert "does not run" in policy("wait", check=OK).stdout
    assert cgroup_gone(BROKER)
