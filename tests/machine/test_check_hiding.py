"""restartctl check and policy against somebody who does not want to be found: a local user, and one who is user restarter.
Nothing is missed without a word, nothing waits for him, and no terminal obeys him."""

import contextlib
import os
import pathlib
import pwd
import subprocess

import pytest

from helpers.check import Findings, assert_clean, check
from helpers.policy import CHANGES, FINDINGS, OK, REFUSED, RULE, kept, policy
from helpers.system import run

USER = pwd.getpwnam("restarter")
FOLDER = pathlib.Path("/var/tmp/hiding")
NAME = "a" * 250


@pytest.fixture
def folder():
    """Which anybody may write to."""
    FOLDER.mkdir()
    FOLDER.chmod(0o777)
    yield FOLDER
    run("rm", "-rf", FOLDER)


def own(path, **options):
    os.chown(path, USER.pw_uid, -1, **options)


def dig(depth):
    """Folders in one another, so deep; returns an open one, the last."""
    at = os.open(FOLDER, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(NAME, dir_fd=at)
        below = os.open(NAME, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    return at


@pytest.mark.once
def test_path_longer_than_the_kernel_takes(folder):
    """4096 bytes."""
    at = dig(20)
    os.close(os.open("key", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    own("key", dir_fd=at)
    os.close(at)
    found = Findings()
    assert any(p.startswith(str(FOLDER)) and p.endswith("/key") and "belongs to" in m for _, p, m in found.all), found.all


@pytest.mark.once
def test_path_longer_than_can_be_followed(folder):
    """What was not looked at is a finding, and every other place is looked at."""
    os.close(dig(300))
    key = pathlib.Path("/run/key")
    key.touch()
    own(key)
    try:
        found = Findings()
        found.one("/var", "cannot be followed")
        found.one(key, "belongs to user restarter")
    finally:
        key.unlink()


@pytest.mark.once
def test_names(folder):
    """A terminal gets none of it, and JSON is JSON; a link, a pipe and a loop are what they are."""
    names = [b"\x1b]0;pwned\x07", b"\x9b31m", b"new\nline", b"\xff\xfe", "right\u202eleft".encode(), b'"quoted"\\']
    for name in names:
        path = os.fsencode(FOLDER) + b"/" + name
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        own(path)
    os.mkfifo(FOLDER / "pipe")
    (FOLDER / "link").symlink_to("/etc/shadow")
    (FOLDER / "loop").symlink_to(FOLDER)
    for name in ("pipe", "link", "loop"):
        own(FOLDER / name, follow_symlinks=False)
    text = subprocess.run(["restartctl", "check", "--verb=restart"], capture_output=True, check=False, timeout=300).stdout
    assert text.count(b"belongs to user restarter") == len(names) + 3
    assert not any(c < 0x20 and c != 0x0A or c == 0x7F for c in text), text
    assert "\u202e" not in text.decode() and "\x9b" not in text.decode()
    found = Findings()
    assert sum("belongs to user restarter" in m for _, _, m in found.all) == len(names) + 3
    assert pwd.getpwuid(os.stat("/etc/shadow").st_uid).pw_name == "root"


@contextlib.contextmanager
def stopping_all_of_its_user():
    """As user restarter: whatever of restartctl becomes that user is stopped with a signal. It looks three hundred times
    a second, no more: those processes live much longer, and who waits for them shares the processor with him."""
    script = """
import os, signal, time
print("ready", flush=True)
stopped = set()
while True:
    time.sleep(0.003)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}").st_uid == os.getuid() or open(f"/proc/{pid}/comm").read() == "restartctl\\n":
                if int(pid) != os.getpid():
                    os.kill(int(pid), signal.SIGSTOP)
                    if pid not in stopped:
                        stopped.add(pid)
                        print(pid, flush=True)
        except OSError:
            pass
"""
    process = subprocess.Popen(["setpriv", "--reuid=restarter", "--regid=restarter", "--clear-groups", "python3", "-c", script], stdout=subprocess.PIPE)
    process.stdout.readline()
    stopped = set()
    try:
        yield stopped
    finally:
        process.kill()
        process.wait()
        stopped.update(process.stdout.read().split())
        process.stdout.close()
        run("pkill", "--signal=CONT", "--uid=restarter", check=False)


@pytest.mark.once
def test_signals_from_a_process_of_its_user():
    """It ends whatever is stopped; and what could not be learnt is no clean bill, but said."""
    with stopping_all_of_its_user() as stopped:
        for _ in range(2):
            done = check("--quiet", "--verb=restart")
            assert done.returncode == (FINDINGS if done.stdout else OK), done.stdout + done.stderr
    assert len(stopped) >= 2
    assert_clean()


def test_rule_that_speaks_to_terminals():
    """Made by hand, and shown by apply beside what would take its place."""
    with kept():
        RULE.write_text(RULE.read_text() + "// \x1b]0;pwned\x07 \x9b31m \u202e\n")
        for arguments, status in ((["apply"], REFUSED), (["apply", "--dry-run"], REFUSED), (["apply", "--dry-run", "--force"], CHANGES)):
            done = policy(*arguments, check=status)
            if "--force" not in arguments:
                assert "-// ?]0;pwned? ?31m ?" in done.stdout
            assert not set(done.stdout + done.stderr) & set("\x1b\x07\x9b\u202e")
