"""Units that systemd does not restart, or not by that name: whatever verb is asked for, explain says what the broker says,
check finds the dead button, and the broker itself goes by the policy all the same."""
import contextlib
import pathlib
import xmlrpc.client

import pytest

from helpers import rpc
from helpers.policy import DROPINS, OK, applied, findings, kept, locks, policy
from helpers.system import (
    BROKER, UNITS, WELL, forget_failed, reload_manager, run, show, systemctl, unit, unit_files, wait_for,
)

pytestmark = pytest.mark.once

OVER = pathlib.Path("/etc/systemd/system")  # a file here hides what UNITS has
VERBS = ("restart", "try-restart", "reload", "reload-or-restart")
PLAIN = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n"
RELOADS = PLAIN + "ExecReload=/bin/true\n"
ODD, ALIAS = "odd.service", "odd-alias.service"


def refusing(text, what):
    return text.replace("[Unit]", f"[Unit]\nRefuseManual{what}=yes")


# What systemd starts or stops for other units only: its file, does it run, what can be done with it all the same.
REFUSING = {
    "odd-start-runs.service": (refusing(RELOADS, "Start"), True, ("reload", "reload-or-restart")),
    "odd-start-stopped.service": (refusing(RELOADS, "Start"), False, ()),
    "odd-stop-runs.service": (refusing(RELOADS, "Stop"), True, ("reload", "reload-or-restart")),
    "odd-stop-stopped.service": (refusing(RELOADS, "Stop"), False, ("reload-or-restart",)),
    "odd-stop-plain.service": (refusing(PLAIN, "Stop"), True, ()),
}


def grant(*units):
    return "".join(f"[Grant]\nUnit={u}\nVerbs={' '.join(VERBS)}\nStartStopped=yes\n" for u in units)


@contextlib.contextmanager
def link(name, target):
    (OVER / name).symlink_to(target)
    reload_manager()
    try:
        yield
    finally:
        (OVER / name).unlink()
        reload_manager()


@pytest.fixture(scope="module", autouse=True)
def granted():
    files = {ODD: RELOADS, **{name: text for name, (text, _, _) in REFUSING.items()}}
    puller = "[Unit]\nRequires=" + " ".join(name for name, (_, runs, _) in REFUSING.items() if runs) + "\n"
    with kept(), unit_files({**files, "odd-puller.service": puller + PLAIN}), applied(grant(*files, ALIAS)):
        systemctl("start", ODD, "odd-puller.service")
        yield
        for name in files:
            (UNITS / name).write_text(PLAIN)
        reload_manager()


def asked(name, verb):
    """Its code and its words; 0 and none when something was done."""
    method = getattr(rpc.over_unix().restarter, verb.replace("-", "_"))
    try:
        answer = method(name, {"settle": 0})
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString
    assert answer["result"] == "done", answer
    return 0, ""


def says_the_same(name, verb):
    data = locks(name, verb)
    code, words = asked(name, verb)
    assert data["permitted"] is (code == 0), (data, words)
    if code:
        assert data["stopped_by"] == 3 and data["locks"][2]["message"] == words, (data, words)
    return code, words


def test_masked_while_it_runs():
    with link(ODD, "/dev/null"):
        assert show(ODD, "ActiveState", "LoadState") == {"ActiveState": "active", "LoadState": "masked"}
        for verb in VERBS:
            code, words = says_the_same(ODD, verb)
            assert code == 14 and f"{ODD} is masked" in words


def test_unit_file_gone_while_it_runs():
    away = UNITS / "odd-away"
    (UNITS / ODD).rename(away)
    reload_manager()
    try:
        assert show(ODD, "ActiveState", "LoadState") == {"ActiveState": "active", "LoadState": "not-found"}
        for verb in VERBS:
            code, words = says_the_same(ODD, verb)
            assert code == 4 and "no unit file for it is installed" in words
    finally:
        away.rename(UNITS / ODD)
        reload_manager()


@pytest.mark.parametrize("name, runs, done", [(n, r, d) for n, (_, r, d) in REFUSING.items()])
def test_what_starts_and_stops_for_other_units_only(name, runs, done):
    for verb in VERBS:
        assert show(name, "ActiveState") == ("active" if runs else "inactive")
        code, words = says_the_same(name, verb)
        if verb in done:
            assert code == 0, words
        elif verb != "reload":
            assert code == 14 and "for other units only" in words
    if "reload-or-restart" in done and not runs:
        run("systemctl", "kill", name)
        wait_for(lambda: show(name, "ActiveState") == "inactive", "it has ended")


def test_alias_when_both_names_are_granted():
    """polkit lets it pass, for it is asked about the own name; the broker does not."""
    with link(ALIAS, ODD):
        for verb in VERBS:
            code, words = says_the_same(ALIAS, verb)
            assert code == 1 and f"That is {ODD}, and" in words
            assert asked(ODD, verb) == (0, "")
        dead = [m for level, _, m in findings() if level == "finding" and "dead button" in m]
        assert len(dead) == 1 and f"{ALIAS} is an alias of {ODD}" in dead[0], dead


def test_apply_goes_on_to_the_broker_when_a_grant_names_an_alias():
    """polkitd goes by the new rule; that one of its grants is of no use is for check to find. A broker that ran was left
    with the policy before."""
    with unit_files({"even.service": RELOADS}), link("even-alias.service", show("systemd-logind.service", "FragmentPath")):
        systemctl("start", "even.service")
        assert asked("even.service", "restart")[0] == 2
        pid = show(BROKER, "MainPID")
        (DROPINS / "even.conf").write_text(grant("even.service", "even-alias.service"))
        policy("apply", check=OK)
        assert asked("even.service", "restart") == (0, "") and show(BROKER, "MainPID") == pid


def test_broker_that_crashed_is_started_by_the_next_call():
    assert asked(WELL, "restart")[0] == 0
    run("systemctl", "kill", "--signal=SEGV", BROKER)
    wait_for(lambda: show(BROKER, "ActiveState") == "failed", "the broker has crashed")
    try:
        assert locks(unit(WELL))["permitted"] is True
        assert asked(WELL, "restart")[0] == 0
    finally:
        forget_failed(BROKER)
