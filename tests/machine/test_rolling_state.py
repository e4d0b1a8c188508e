"""How far restartctl restart --rolling is, as it is kept: nothing is obeyed there that somebody else could have put there, or
that was spoilt; one user has one of them at a time; and what is gone on with is what was begun."""
import json
import os
import signal
import stat

import pytest

from helpers import rolling
from helpers.rolling import FAILED, OK, RECORD, STATE, UNAVAILABLE, USAGE, roll
from helpers.system import run

# The record is read and written by our own code alone.
pytestmark = [pytest.mark.usefixtures("rolling_units"), pytest.mark.once]
NOW = "--pause=0"


@pytest.fixture
def stopped():
    """Two, the first of which is done, and the second not begun."""
    one, two = rolling.fresh("1", "2")
    two.fails()
    roll(NOW, one.unit, two.unit, check=FAILED)
    two.mended()
    one.forget()
    two.forget()
    return one, two


def test_only_its_user_reads_it(stopped):
    assert stat.S_IMODE(RECORD.stat().st_mode) == 0o600 and stat.S_IMODE(STATE.stat().st_mode) == 0o700
    assert not list(STATE.glob("*.new"))


def elsewhere():
    RECORD.rename("/root/elsewhere")
    RECORD.symlink_to("/root/elsewhere")


def fifo():
    RECORD.unlink()
    os.mkfifo(RECORD)


def changed(old, new):
    return lambda: RECORD.write_text(RECORD.read_text().replace(old, new))


SPOILT = {
    "empty": (lambda: RECORD.write_text(""), "is spoilt"),
    "cut": (lambda: RECORD.write_text(RECORD.read_text()[:-4]), "is spoilt"),
    "binary": (lambda: RECORD.write_bytes(b"\x7fELF\0\0"), "is spoilt"),
    "another unit's name": (changed("unit done - ", "unit done - ../"), "is spoilt"),
    "an older version": (changed("restarter-rolling 1", "restarter-rolling 0"), "another version"),
    "too large": (lambda: os.truncate(RECORD, 600 * 1024), "larger than 512 KiB"),
    "somebody else's": (lambda: os.chown(RECORD, 4711, 0), "belongs to user 4711"),
    "for all to write": (lambda: RECORD.chmod(0o666), "can be written by more"),
    "a link": (elsewhere, "symbolic link"),
    "a pipe": (fifo, "not a regular file"),
}


@pytest.mark.once
@pytest.mark.parametrize("spoil, words", SPOILT.values(), ids=SPOILT.keys())
def test_spoilt(stopped, spoil, words):
    """Nothing is done by it. Without --resume it does not matter."""
    one, two = stopped
    spoil()
    done = run("restartctl", "--json=short", "restart", "--rolling", "--resume", one.unit, two.unit, check=False)
    assert done.returncode == UNAVAILABLE
    assert "Nothing was restarted" in done.stderr and words in done.stderr and str(RECORD) in done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "unavailable"
    assert (one.count(), two.count()) == (0, 0)
    roll(NOW, one.unit, two.unit, check=OK)
    assert (one.count(), two.count()) == (1, 1)


@pytest.mark.once
def test_directory_of_somebody_else(stopped):
    one, two = stopped
    os.chown(STATE, 4711, 0)
    for arguments in ((), ("--resume",)):
        done = roll(NOW, *arguments, one.unit, two.unit, check=UNAVAILABLE)
        assert "belongs to user 4711" in done.stderr
    assert (one.count(), two.count()) == (0, 0)


@pytest.mark.once
def test_elsewhere(stopped, tmp_path):
    one, _ = stopped
    state = tmp_path / "deep" / "state"
    one.hold()
    environment = {**os.environ, "XDG_STATE_HOME": str(state)}
    done = run(*rolling.command(NOW, "--resume", one.unit), env=environment, check=False)
    assert done.returncode == USAGE and "there is nothing to go on with" in done.stderr
    one.quick()
    environment["XDG_STATE_HOME"] = "/proc/nowhere"
    done = run(*rolling.command(NOW, one.unit), env=environment, check=False)
    assert done.returncode == UNAVAILABLE and "/proc/nowhere" in done.stderr
    assert one.count() == 0


@pytest.mark.parametrize(
    "change", [lambda words: words[:1], lambda words: words[::-1], lambda words: [*words, "roll@3"], lambda words: ["roll@*"]]
)
def test_something_else_is_asked_for(stopped, change):
    words = [unit.unit for unit in stopped]
    done = roll(NOW, "--resume", *change(words), check=USAGE)
    assert "what was begun is not what this asks for" in done.stderr
    assert "restartctl restart --rolling --resume " + " ".join(words) in done.stderr
    assert roll(NOW, "--resume", *words, verb="reload", check=USAGE).stdout == ""
    roll(NOW, "--resume", *words, check=OK)


def test_begun_anew(stopped):
    """What is not gone on with is said, once."""
    one, two = stopped
    done = roll(NOW, two.unit, check=OK)
    assert "What was begun earlier is not gone on with" in done.stderr and one.unit in done.stderr
    done = roll(NOW, "--resume", two.unit, check=USAGE)
    assert "there is nothing to go on with" in done.stderr


def test_two_at_once():
    """The second one says who is at it, and does nothing; when the first one has ended, however, it is free."""
    one, two = rolling.fresh("1", "2")
    one.hold()
    with rolling.running(NOW, one.unit, two.unit) as it:
        one.wait_for_start()
        for arguments in ((), ("--resume",)):
            done = roll(NOW, *arguments, two.unit, check=UNAVAILABLE)
            assert f"process {it.process.pid} is at it, with: restartctl restart --rolling" in done.stderr
            assert f"{one.unit} {two.unit}" in done.stderr
        it.signal(signal.SIGKILL)
        it.process.wait()
    one.quick()
    roll(NOW, two.unit, check=OK)
    assert two.count() == 1


@pytest.mark.once
def test_disk_is_full(stopped):
    """What cannot be written down is not begun."""
    one, two = stopped
    run("mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "none", STATE)
    try:
        (STATE / "rolling.lock").touch()
        with open(STATE / "full", "wb") as file:
            file.write(b"x" * 4096)
        done = roll(NOW, one.unit, two.unit, check=UNAVAILABLE)
    finally:
        run("umount", STATE)
    assert "Nothing was restarted: it cannot be written down" in done.stderr
    assert (one.count(), two.count()) == (0, 0)
