"""restartctl -H with --rolling: one machine after the other, and none after the first that does not end well. The machines are
this one, by two names, through a program in place of ssh."""
import os
import signal

import pytest

from helpers import rolling
from helpers.fake_ssh import ssh  # noqa: F401 (a fixture)
from helpers.rolling import OK, STOPPED, UNAVAILABLE, counts, names, roll, roll_json

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("rolling_units")]

NOW = "--pause=0"


@pytest.fixture
def two():
    return rolling.fresh("1", "2")


@pytest.fixture(autouse=True)
def hosts(ssh, monkeypatch):  # noqa: F811
    def put(*names):
        monkeypatch.setenv("RESTARTER_HOST", ",".join(names))

    return put


def test_one_after_the_other(two, hosts):
    hosts("web1", "web2")
    done = roll(NOW, *names(two), check=OK)
    lines = done.stdout.splitlines()
    assert (lines[0], lines[4]) == ("web1:", "web2:") and done.stderr == ""
    assert [line.split(":")[0] for line in lines if " of 2: " in line] == ["1 of 2", "2 of 2"] * 2
    assert lines[3] == lines[7] == "2 of 2 are restarted and well."
    assert counts(two) == [2, 2]


def test_none_after_the_first_that_fails(two, hosts, ssh):  # noqa: F811
    ssh("exit 255", host="gone")
    hosts("web1", "gone", "web2", "web3")
    done = roll(NOW, *names(two), check=UNAVAILABLE)
    assert done.stderr.endswith("It stopped at gone. Not begun: web2, web3.\n")
    assert "web2:" not in done.stdout and counts(two) == [1, 1]


def test_as_json(two, hosts, ssh):  # noqa: F811
    ssh("exit 255", host="gone")
    hosts("web1", "gone", "web2")
    told = roll_json(NOW, *names(two), check=UNAVAILABLE)
    assert [(m["machine"], m["exit_status"]) for m in told["machines"]] == [("web1", OK), ("gone", UNAVAILABLE)]
    assert told["machines"][0]["answer"]["result"] == "done" and told["not_begun"] == ["web2"]
    hosts("web1", "web2")
    told = roll_json(NOW, *names(two), check=OK)
    assert len(told["machines"]) == 2 and "not_begun" not in told


def stops_after_the_first(two, ask):
    two[0].hold()
    terminal = rolling.Terminal(NOW, *names(two))
    two[0].wait_for_start()
    ask(terminal)
    terminal.sees("; then it stops")
    two[0].quick()
    status, text = terminal.over()
    assert status == STOPPED, text
    assert "1 of 2 is restarted and well, 1 not begun." in text, text
    assert "It stopped at web1. Not begun: web2." in text, text
    assert counts(two) == [1, 0]


def test_ctrl_c_on_a_terminal(two, hosts):
    """It comes to all that run there. What is under way is waited for: its ssh goes on."""
    hosts("web1", "web2")
    stops_after_the_first(two, lambda terminal: terminal.press("\x03"))


def test_who_is_told_to_end_hands_it_on(two, hosts):
    hosts("web1", "web2")
    stops_after_the_first(two, lambda terminal: os.kill(terminal.pid, signal.SIGTERM))
