"""A policy that root can read and the broker cannot, as an editor with umask 077 leaves it: nothing is dead yet while the
broker has the last good one, and all is after the next boot. So apply does not take it, and check finds it."""
import pytest

from helpers import rpc
from helpers.policy import DROPINS, OK, POLICY, findings, kept, policy
from helpers.system import BROKER, show, stop_daemons

pytestmark = pytest.mark.once

GRANT = "[Grant]\nUnit=even.service\nVerbs=restart\n"


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield
        for place in (POLICY.parent, POLICY, DROPINS):
            if place.exists():
                place.chmod(0o644 if place == POLICY else 0o755)


def policy_alone():
    return POLICY


def a_drop_in():
    DROPINS.mkdir(exist_ok=True)
    file = DROPINS / "even.conf"
    file.write_text("# nothing granted\n")
    policy("apply", check=OK)
    return file


def the_drop_ins():
    return a_drop_in().parent


def the_directory():
    return POLICY.parent


@pytest.mark.parametrize(
    "make, runs",
    [(policy_alone, True), (policy_alone, False), (a_drop_in, True), (the_drop_ins, False), (the_directory, True)],
    ids=lambda value: value.__name__ if callable(value) else "the broker runs" if value else "it does not",
)
def test_root_alone_may_read_it(make, runs):
    place = make()
    before = show(BROKER, "MainPID")
    place.chmod(0o700 if place.is_dir() else 0o600)
    stop_daemons()
    if runs:
        rpc.over_unix().restarter.list()
        assert show(BROKER, "MainPID") not in (before, "0")
    found = [(where, m) for level, where, m in findings() if level == "finding"]
    assert found == [(str(POLICY), found[0][1])] and "user restarter, which the broker runs as, may not read it" in found[0][1]
    done = policy("apply")
    assert done.returncode != OK and "Nothing was changed" in done.stderr and "chmod" in done.stderr
