"""restartctl passwd that is ended at any moment, or has no room: the file of users is the old one or the new one."""
import pathlib
import signal
import subprocess
import time

import pytest

from helpers import login
from helpers.login import TICKET, USERS, log_in
from helpers.system import run

pytestmark = pytest.mark.once

FOLDER = USERS.parent
OK, UNAVAILABLE = 0, 4


@pytest.fixture(autouse=True)
def door():
    login.as_it_should_be()
    yield
    login.leave_nothing()


def start(user):
    return subprocess.Popen(
        ["restartctl", "passwd", user], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def passwd(user, typed):
    process = start(user)
    told, _ = process.communicate(typed, timeout=60)
    return process.returncode, told.decode()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_ended_at_any_moment(number):
    """Of many, some early and some late: each changes all or nothing, and keeps nobody from the next one."""
    before = time.monotonic()
    assert passwd("dora", b"first")[0] == OK
    step = (time.monotonic() - before) / 25
    ended = set()
    for turn in range(30):
        old = USERS.read_bytes()
        process = start("dora")
        process.stdin.write(b"another one")
        process.stdin.close()
        time.sleep(turn * step)
        process.send_signal(number)
        ended.add(process.wait(60))
        process.stdout.close()
        new = USERS.read_bytes()
        assert new == old or (new.count(b"\n") == old.count(b"\n") and b"\ndora:$y$" in new)
        assert USERS.stat().st_mode & 0o777 == 0o600
    assert -number in ended, ended
    assert passwd("dora", b"last")[0] == OK
    assert TICKET.match(log_in("dora", "last")) and TICKET.match(log_in("bert", "geheim"))
    assert {path.name for path in FOLDER.glob(".users*")} == {".users.lock"}


@pytest.fixture
def small_folder(tmp_path):
    """The folder on a disk of its own, with nothing left on it."""
    run("cp", "-a", f"{FOLDER}/.", tmp_path)
    run("mount", "-t", "tmpfs", "-o", "size=256k,mode=0755", "tmpfs", FOLDER)
    run("cp", "-a", f"{tmp_path}/.", FOLDER)
    with pytest.raises(OSError), open(FOLDER / "filler", "wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    yield
    run("umount", "-l", FOLDER)


def test_disk_is_full(small_folder):
    old = USERS.read_bytes()
    for _ in range(2):
        code, told = passwd("anna", b"other")
        assert code == UNAVAILABLE and "No space left on device; nothing was changed" in told
        assert USERS.read_bytes() == old
        assert not list(FOLDER.glob(".users.*new*"))
    pathlib.Path(FOLDER, "filler").unlink()
    assert passwd("anna", b"other")[0] == OK
    assert TICKET.match(log_in("anna", "other"))
