"""restartctl passwd: the file of users, changed line by line by several at once; and the terminal it is typed at."""
import contextlib
import fcntl
import os
import pathlib
import pty
import resource
import select
import signal
import stat
import subprocess
import termios
import threading

import pytest

from helpers import login
from helpers.login import GROUPS, TICKET, USERS, log_in
from helpers.people import as_user

OK, FAILED, USAGE, REFUSED, UNAVAILABLE = 0, 1, 2, 3, 4
LOCK = pathlib.Path("/etc/restarter/.users.lock")


@pytest.fixture(autouse=True)
def door():
    login.as_it_should_be()
    yield
    login.leave_nothing()


def passwd(*arguments, typed="", check=OK):
    done = subprocess.run(
        ["restartctl", "passwd", *arguments],
        input=typed if isinstance(typed, bytes) else typed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    done.told = (done.stdout + done.stderr).decode()
    assert done.returncode == check, done
    return done


def assert_roots():
    status = USERS.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (0, 0, 0o600)


@pytest.mark.core
@pytest.mark.parametrize("typed", ["correct horse\n", "correct horse"])
def test_new_user(typed):
    """Can log in at once; and the others, and what else is in the file, are as they were."""
    before = USERS.read_text()
    assert passwd("dora", typed=typed).told == "User dora is new, and has a password.\n"
    assert TICKET.match(log_in("dora", "correct horse")) and log_in("dora", "correct horse\n") == "wrong"
    assert TICKET.match(log_in("bert", "geheim"))
    after = USERS.read_text()
    assert after.startswith(before) and after[len(before) :].startswith("dora:$y$j")
    assert after.count("\n") == before.count("\n") + 1
    assert_roots()


@pytest.mark.once
def test_list():
    """Who can log in, with the groups that the ticket has; or why nobody can."""
    assert passwd("--list").told == "anna\tops,admins\nbert\tops\ncarl\n"
    USERS.write_text(f"{login.SHIPPED_USERS}dora\n")
    assert "/etc/restarter/users:5: there is no ':'" in passwd("--list", check=FAILED).told
    login.put(USERS, login.SHIPPED_USERS)
    GROUPS.write_text("ops:nobody\n")
    assert "Nobody can log in: mend that first." in passwd("-l", check=FAILED).told
    USERS.unlink()
    GROUPS.unlink()
    assert passwd("--list").told == ""
    passwd("--list", "anna", check=USAGE)
    passwd("--list", "--delete", check=USAGE)
    with pytest.raises(AssertionError, match="Permission denied"):
        login.put(USERS, login.SHIPPED_USERS)
        as_user("nobody", passwd, "--list")


def test_it_says_that_somebody_has_another_one():
    """That the name is not a new one is said: a slip of the pen would have made somebody."""
    assert passwd("anna", typed="correct horse\n").told == "User anna has another password.\n"


def test_first_user():
    USERS.unlink()
    GROUPS.unlink()
    passwd("dora@example.org", typed="secret")
    assert TICKET.match(log_in("dora@example.org", "secret"))
    assert_roots()


def test_another_password():
    before = USERS.read_text().splitlines()
    passwd("anna", typed="other\n")
    assert log_in("anna", "secret") == "wrong" and TICKET.match(log_in("anna", "other"))
    after = USERS.read_text().splitlines()
    assert [line for line in after if line not in before] == [after[1]] and after[1].startswith("anna:$y$")
    assert len(after) == len(before)


@pytest.mark.once
def test_delete():
    passwd("--delete", "carl")
    assert "carl" not in USERS.read_text() and log_in("carl", "hemmelig") == "wrong"
    assert "there is no user carl" in passwd("--delete", "carl", check=FAILED).told
    assert_roots()


@pytest.mark.once
def test_delete_a_member():
    """A group that names nobody would be a promise to whoever comes next; and a mistake that keeps all out."""
    done = passwd("--delete", "anna", check=REFUSED)
    assert "/etc/restarter/groups:1: group ops: there is no user anna" in done.told
    assert TICKET.match(log_in("anna", "secret"))
    login.put(GROUPS, "ops:bert\n", 0o644)
    passwd("--delete", "anna")
    assert log_in("anna", "secret") == "wrong"


@pytest.mark.once
@pytest.mark.parametrize(
    "typed", [b"", b"\n", b"one\ntwo\n", b"\n\n", b"a\0b\n", b"x" * 512, b"x" * 100000]
)
def test_no_password(typed):
    before = USERS.read_bytes()
    assert "nothing was changed" in passwd("anna", typed=typed, check=FAILED).told
    assert USERS.read_bytes() == before


@pytest.mark.once
def test_longest_password():
    passwd("anna", typed="ä" * 255 + "x")
    assert TICKET.match(log_in("anna", "ä" * 255 + "x"))


@pytest.mark.once
@pytest.mark.parametrize(
    "arguments", [(), ("anna", "bert"), ("an na",), ("anna:",), ("",), ("a" * 65,), ("--remove", "anna"), ("--delete",)]
)
def test_usage(arguments):
    before = USERS.read_bytes()
    passwd(*arguments, typed="secret", check=USAGE)
    assert USERS.read_bytes() == before


@pytest.mark.once
def test_file_with_a_mistake():
    """Is left as it is: file, line and reason."""
    USERS.write_text("# x\nanna\n")
    for arguments in (("bert",), ("--delete", "anna")):
        done = passwd(*arguments, typed="secret", check=FAILED)
        assert "/etc/restarter/users:2: there is no ':' in this line. Nothing was changed" in done.told
    assert USERS.read_text() == "# x\nanna\n"


@pytest.mark.once
def test_not_a_file():
    USERS.unlink()
    USERS.symlink_to("/dev/null")
    assert "nothing was changed" in passwd("anna", typed="secret", check=UNAVAILABLE).told


@pytest.mark.once
@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda: USERS.chmod(0o644), "users: can be read or written by more than its owner (mode 0644)"),
        (lambda: USERS.chmod(0o620), "users: can be read or written by more than its owner (mode 0620)"),
        (lambda: os.chown(USERS, 65534, 0), "users: does not belong to root"),
    ],
)
def test_file_that_nobody_logs_in_by(spoil, words):
    """Who may have read its hashes still knows them: it is not made one to log in by again in passing."""
    spoil()
    before = USERS.read_bytes(), USERS.stat().st_mode, USERS.stat().st_uid
    for arguments in (("bert",), ("--delete", "carl")):
        assert words in passwd(*arguments, typed="other", check=FAILED).told
    assert (USERS.read_bytes(), USERS.stat().st_mode, USERS.stat().st_uid) == before
    assert log_in("anna", "secret") == "unavailable"


@pytest.mark.once
def test_not_root():
    done = as_user("nobody", subprocess.run, ["restartctl", "passwd", "anna"])
    assert done.returncode == UNAVAILABLE


@pytest.mark.once
def test_somebody_else_is_at_it():
    before = USERS.read_bytes()
    with open(LOCK, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "somebody else is changing it" in passwd("anna", typed="other", check=REFUSED).told
    assert USERS.read_bytes() == before
    passwd("anna", typed="other")


@pytest.mark.once
def test_many_at_once():
    """Each is in or was told that he is not; and whoever reads meanwhile reads a whole file."""
    codes, broken, done = {}, [], threading.Event()

    def one(name):
        codes[name] = subprocess.run(
            ["restartctl", "passwd", name], input=b"secret", stdout=-3, stderr=-3, check=False
        ).returncode

    def look():
        while not done.is_set():
            text = USERS.read_text()
            if not text.endswith("\n") or not text.startswith("# who\nanna:"):
                broken.append(text)

    watcher = threading.Thread(target=look)
    watcher.start()
    threads = [threading.Thread(target=one, args=(f"u{number}",)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    text = USERS.read_text()
    assert not broken and set(codes.values()) <= {OK, REFUSED} and OK in codes.values()
    for name, code in codes.items():
        assert (f"\n{name}:" in text) == (code == OK), name


# --- at a terminal ---


class Terminal:
    """restartctl passwd with a terminal of its own."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
            for number in (signal.SIGINT, signal.SIGQUIT):  # a test that runs in the background ignores them
                signal.signal(number, signal.SIG_DFL)
            os.execvp("restartctl", ["restartctl", "passwd", *arguments])
        self.seen = ""

    def read(self):
        """What it says next; nothing at its end."""
        if not select.select([self.fd], [], [], 60)[0]:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError(f"nothing more for a minute: {self.seen}")
        with contextlib.suppress(OSError):
            return os.read(self.fd, 1000).decode()
        return ""

    def expect(self, text):
        while text not in self.seen:
            more = self.read()
            assert more, self.seen
            self.seen += more

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """What else is said, and the exit status (negative: the signal)."""
        while more := self.read():
            self.seen += more
        status = os.waitpid(self.pid, 0)[1]
        assert not os.WCOREDUMP(status), "a password would be in it"
        return os.waitstatus_to_exitcode(status)


def test_at_a_terminal():
    terminal = Terminal("dora")
    terminal.expect("New password of dora: ")
    assert not terminal.echoes()
    terminal.type("correct horse\n")
    terminal.expect("once more")
    terminal.type("correct horse\n")
    assert terminal.end() == OK, terminal.seen
    assert "horse" not in terminal.seen and "User dora is new, and has a password." in terminal.seen
    assert TICKET.match(log_in("dora", "correct horse"))


@pytest.mark.once
@pytest.mark.parametrize("second", ["Correct horse\n", "\n"])
def test_two_different_ones(second):
    before = USERS.read_bytes()
    terminal = Terminal("anna")
    terminal.expect("New password")
    terminal.type("correct horse\n")
    terminal.expect("once more")
    terminal.type(second)
    assert terminal.end() == FAILED and "two different passwords" in terminal.seen
    assert USERS.read_bytes() == before


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("key, number", [("\x03", signal.SIGINT), ("\x1c", signal.SIGQUIT)])
def test_interrupted(key, number, second, tmp_path, monkeypatch):
    """The terminal shows again what is typed, nothing has changed, and nothing is left behind, as a core would be."""
    monkeypatch.chdir(tmp_path)
    before = USERS.read_bytes()
    terminal = Terminal("anna")
    terminal.expect("New password")
    if second:
        terminal.type("secret\n")
        terminal.expect("once more")
    terminal.type(f"secret{key}")
    assert terminal.end() == -number
    assert terminal.echoes() and USERS.read_bytes() == before
    assert not list(tmp_path.iterdir())


@pytest.mark.once
def test_interrupted_at_any_moment():
    """Also in the one between the prompt and the wait for a line."""
    for _ in range(100):
        terminal = Terminal("anna")
        terminal.expect("New password")
        os.kill(terminal.pid, signal.SIGINT)
        assert terminal.end() == -signal.SIGINT
        os.close(terminal.fd)
