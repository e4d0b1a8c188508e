"""restartctl restart --rolling is stopped: by Ctrl-C once and twice, by a terminal that goes, by being killed; and gone on
with, without anything that is done twice."""
import json
import os
import signal

import pytest

from helpers import rolling, system
from helpers.rolling import OK, STOPPED, UNKNOWN, counts, names, roll
from helpers.system import run, systemctl, wait_for

pytestmark = pytest.mark.usefixtures("rolling_units")
NOW = "--pause=0"


@pytest.fixture
def three():
    return rolling.fresh("1", "2", "3")


@pytest.mark.core
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stops_after_the_one_under_way(three, number):
    one, two, other = three
    two.hold()
    with rolling.running(NOW, *names(three)) as it:
        two.wait_for_start()
        it.signal(number)
        # The start is held until it has taken the signal: none is waiting for it any more.
        wait_for(lambda: not pending(it.process.pid), "the signal is taken")
        two.quick()
        out, err = it.over(STOPPED)
    assert f"2 of 3: {two.unit} was restarted" in out
    assert f"Stopped after {two.unit}, as was asked." in err
    assert "2 of 3 are restarted and well, 1 not begun." in err
    assert f"This goes on: restartctl restart --rolling --resume --pause=0 {one.unit} {two.unit} {other.unit}" in err
    assert counts(three) == [1, 1, 0]
    done = roll(NOW, "--resume", *names(three), check=OK)
    assert counts(three) == [1, 1, 1]
    assert "3 of 3 are restarted and well." in done.stdout
    assert not rolling.RECORD.exists()


def pending(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        lines = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    return int(lines["SigPnd"], 16) | int(lines["ShdPnd"], 16)


def stop_twice(it):
    for _ in range(2):
        it.signal()
        wait_for(lambda: it.process.poll() is not None or not pending(it.process.pid), "the signal is taken")


@pytest.mark.core
def test_twice_ends_at_once(three):
    """And says what is not known. Who goes on asks by the press, and waits for what is under way still."""
    one, two, _ = three
    two.hold()
    with rolling.running(NOW, *names(three)) as it:
        two.wait_for_start()
        stop_twice(it)
        _, err = it.over(UNKNOWN)
    assert f"Stopped at {two.unit}: what became of it is unknown." in err
    assert rolling.phases()[two.unit] == "under-way"
    with rolling.running(NOW, "--resume", *names(three)) as it:
        two.quick()
        it.over(OK)
    assert counts(three) == [1, 1, 1]


@pytest.mark.once
def test_twice_in_a_pause(three):
    one, *_ = three
    with rolling.running("--pause=3000", *names(three)) as it:
        rolling.wait_for_phase(one, "pausing")
        stop_twice(it)
        _, err = it.over(UNKNOWN)
    assert f"Stopped at {one.unit}: it came back, and whether it stays is unknown." in err
    # It is only looked at, and not done again.
    roll(NOW, "--resume", *names(three), check=OK)
    assert counts(three) == [1, 1, 1]


@pytest.mark.once
def test_fell_while_nobody_looked(three):
    one, *_ = three
    with rolling.running("--pause=3000", *names(three)) as it:
        rolling.wait_for_phase(one, "pausing")
        it.process.kill()
        it.process.wait()
    one.kill()
    system.wait_until(one.unit, "failed")
    done = roll(NOW, "--resume", *names(three), check=rolling.FAILED)
    assert "came back, and did not stay: it has failed" in done.stderr
    assert counts(three) == [1, 0, 0]


@pytest.mark.once
def test_killed_under_way(three):
    """The restart goes on without it, and is not repeated."""
    one, two, _ = three
    two.hold()
    with rolling.running(NOW, *names(three)) as it:
        two.wait_for_start()
        it.process.kill()
        it.process.wait()
    assert rolling.phases() == {one.unit: "done", two.unit: "under-way", three[2].unit: "waiting"}
    two.quick()
    done = roll(NOW, "--resume", *names(three), check=OK)
    assert counts(three) == [1, 1, 1]
    assert f"2 of 3: {two.unit} was restarted" in done.stdout and f"1 of 3: {one.unit}" not in done.stdout


@pytest.mark.once
def test_nobody_knows_the_press(three):
    """The broker's memory is gone with what it knew: that is unknown, and stays so until who asks decides."""
    one, two, _ = three
    two.hold()
    with rolling.running(NOW, *names(three)) as it:
        two.wait_for_start()
        it.process.kill()
        it.process.wait()
    two.quick()
    system.wait_until(two.unit, "active")
    systemctl("stop", system.BROKER)
    systemctl("clean", "--what=runtime", system.BROKER)
    for _ in range(2):
        done = roll(NOW, "--resume", *names(three), check=UNKNOWN)
        assert f"Stopped at {two.unit}: what became of it is unknown." in done.stderr
        assert "--resume=again" in done.stderr and "--resume=skip" in done.stderr
    assert counts(three) == [1, 1, 0]
    roll(NOW, "--resume=again", *names(three), check=OK)
    assert counts(three) == [1, 2, 1]


@pytest.mark.once
def test_json_of_one_that_was_stopped(three):
    one, two, other = three
    two.hold()
    with rolling.running(NOW, "--json=short", *names(three)) as it:
        two.wait_for_start()
        stop_twice(it)
        out, _ = it.over(UNKNOWN)
    two.quick()
    said = json.loads(out)
    assert [unit["result"] for unit in said["units"]] == ["done", "unknown", "not-begun"]
    assert (said["result"], said["exit_status"]) == ("unknown", UNKNOWN) and "--resume" in said["resume"]


# --- on a terminal ---


@pytest.mark.once
def test_one_line_on_a_terminal(three):
    """It is written anew, and nothing is left of it but what it came to."""
    one, two, _ = three
    two.hold()
    terminal = rolling.Terminal(NOW, *names(three))
    terminal.sees(rf"\r\x1b\[K2 of 3: {two.unit} is being restarted, [1-9]\d* s\r")
    two.quick()
    status, text = terminal.over()
    assert status == OK
    assert text.endswith("\r\x1b[K3 of 3 are restarted and well.\r\n")
    assert text.count("\n") == 1


@pytest.mark.once
def test_pause_on_a_terminal(three):
    terminal = rolling.Terminal("--pause=3000", three[0].unit)
    terminal.sees(rf"1 of 1: {three[0].unit} came back, and is watched for \d+ s more")
    terminal.press("\x03")
    terminal.sees("more; then it stops")
    terminal.press("\x03")
    assert terminal.over()[0] == UNKNOWN


@pytest.mark.once
def test_ctrl_c_on_a_terminal(three):
    one, *_ = three
    one.hold()
    terminal = rolling.Terminal(NOW, *names(three))
    one.wait_for_start()
    terminal.press("\x03")
    terminal.sees("; then it stops")
    one.quick()
    status, text = terminal.over()
    assert status == STOPPED and f"Stopped after {one.unit}, as was asked." in text
    assert counts(three) == [1, 0, 0]


@pytest.mark.once
def test_the_terminal_goes(three):
    """What is under way is seen to its end, nothing more is begun, and it can be gone on with."""
    one, two, _ = three
    one.hold()
    terminal = rolling.Terminal(NOW, *names(three))
    one.wait_for_start()
    terminal.goes()
    wait_for(lambda: not pending(terminal.pid), "its signal is taken")
    one.quick()
    _, status = os.waitpid(terminal.pid, 0)
    assert os.waitstatus_to_exitcode(status) == STOPPED
    assert rolling.phases() == {one.unit: "done", two.unit: "waiting", three[2].unit: "waiting"}
    assert counts(three) == [1, 0, 0]


@pytest.mark.once
def test_nobody_reads(three):
    """Whoever read the progress has gone. That stops nothing between two units."""
    command = " ".join(rolling.command(NOW, *names(three)))
    run("bash", "-c", f"{command} | true")
    assert counts(three) == [1, 1, 1]


@pytest.mark.once
def test_reason_is_asked_for_once(three):
    """Where somebody sits who can be asked; and it is the reason of all that follow."""
    file = rolling.DROPIN
    text = file.read_text()
    file.write_text(text + "Reason=required\n")
    systemctl("reload", system.BROKER)
    try:
        terminal = rolling.Terminal(NOW, *names(three))
        terminal.sees(r"Why\?")
        terminal.press("new certificates\n")
        status, text_there = terminal.over()
        assert status == OK and text_there.count("Why?") == 1
        assert counts(three) == [1, 1, 1]
        roll(NOW, *names(three), check=rolling.REFUSED)
        roll(NOW, "--reason=again", *names(three), check=OK)
    finally:
        file.write_text(text)
        systemctl("reload", system.BROKER)
