"""restartctl check looks at all six locks; a machine as installed is clean. What it finds of each kind is in
test_check_*.py. Once a day it can do so by itself, and /healthz says what it does not."""

import pwd
import re

import pytest

from helpers import journal, web
from helpers.check import ETC, SHADOW, Findings, assert_clean, check, edited, file_with, mode_and_owner
from helpers.policy import FINDINGS, OK, RULE, UNAVAILABLE, USAGE, kept, reread
from helpers.system import BROKER, WELL, dropins, run, show, stop_daemons, systemctl, wait_for

CHECK, TIMER = "restarter-check.service", "restarter-check.timer"


@pytest.mark.core
def test_clean():
    done = check("--verb=restart", status=OK)
    assert "Clean: nothing was found at the six locks" in done.stdout and "finding" not in done.stdout
    assert done.stderr == ""
    assert check("--quiet", "--verb=restart", status=OK).stdout == ""
    assert "polkitd was not asked" in check("--skip-polkit", status=OK).stdout


@pytest.mark.once
def test_clean_while_they_run_and_while_they_rest():
    assert web.click(WELL).status == 200
    assert_clean()
    stop_daemons()
    assert_clean()


def test_command_line():
    check("x", status=USAGE)
    check("--nonsense", status=USAGE)
    done = run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "restartctl", "check", check=False)
    assert done.returncode == UNAVAILABLE and "root" in done.stderr


@pytest.mark.once
def test_policys_part_belongs_to_it():
    with kept():
        RULE.write_text(RULE.read_text().replace('"[0-9]{4}"', '"[0-9]+"'))
        reread()
        assert Findings(polkit=True).any("excess privilege")
        assert not Findings().any("excess privilege"), "polkitd was not asked"
        assert "excess privilege" in check("--quiet", "--verb=restart", status=FINDINGS).stdout


def test_polkitd_is_not_there():
    """What cannot be looked at is not clean. /healthz does not look, and says so."""
    systemctl("mask", "--runtime", "polkit.service")
    systemctl("stop", "polkit.service")
    try:
        done = check("--verb=restart", status=FINDINGS)
        assert "could not be looked at" in done.stdout and "polkitd cannot be asked" in done.stderr
        health = web.get("/healthz", accept=web.JSON)
        assert health.status == 200 and health.json["ok"] is True
        assert "polkit" in health.json["not_covered"] and "broker" in health.json["covers"]
    finally:
        systemctl("unmask", "--runtime", "polkit.service")


# --- once a day ---


def test_timer_is_shipped_and_not_enabled():
    assert show(TIMER, "UnitFileState") == "disabled" and show(CHECK, "UnitFileState") == "static"
    assert show(TIMER, "Unit") == CHECK and show(TIMER, "ActiveState") == "inactive"


def start_check():
    return systemctl("start", CHECK, check=False, timeout=600).returncode == 0


@pytest.fixture
def asks_no_polkitd():
    """The service as it is shipped, but for the questions to polkitd."""
    with dropins({CHECK: "[Service]\nExecStart=\nExecStart=/usr/bin/restartctl check --quiet --skip-polkit\n"}):
        yield


def test_service_as_it_is_shipped():
    """That is the whole check, every verb, and it finds nothing."""
    assert start_check()


@pytest.mark.once
def test_service_makes_a_failed_unit(asks_no_polkitd):
    assert start_check()
    since = journal.Mark()
    with file_with(ETC / f"{BROKER}.d" / "50-mine.conf", "[Service]\nPrivateNetwork=no\n") as file:
        assert not start_check()
    assert CHECK in systemctl("--failed", "--no-legend", "--plain").stdout
    wait_for(lambda: f"{file}:2" in since.text("-u", CHECK), "its journal has the finding")
    assert start_check()
    assert CHECK not in systemctl("--failed", "--no-legend", "--plain").stdout


def test_service_finds_what_root_finds(asks_no_polkitd):
    """Its sandbox keeps nothing from it: homes, /tmp, shadow."""
    uid = pwd.getpwnam("restarter").pw_uid
    paths = ["/tmp/x/y", "/root/x/y", "/home/x/y", "/var/tmp/x/y"]
    made = []
    with edited(SHADOW, (r"^restarter:[^:]*:", "restarter::")):
        try:
            since = journal.Mark()
            for path in paths:
                made.append(file_with(path, "x\n", 0o600))
                made[-1].__enter__().parent.chmod(0o700)
                made.append(mode_and_owner(path, uid=uid))
                made[-1].__enter__()
            assert not start_check()
        finally:
            for context in reversed(made):
                context.__exit__(None, None, None)
    text = since.text("-u", CHECK)
    assert all(path in text for path in (*paths, str(SHADOW))), text
    assert start_check()


def test_services_own_exposure():
    line = run("systemd-analyze", "security", "--no-pager", CHECK).stdout.strip().splitlines()[-1]
    assert float(re.search(r": ([0-9.]+) ", line).group(1)) < 4, line
