"""The login by PAM: what it is configured with, what it sees, and what it may do."""
import os
import pathlib
import re
import signal

import pytest

from helpers import login, pam
from helpers.check import assert_clean
from helpers.journal import Mark
from helpers.login import KEY, TICKET
from helpers.once import sampled
from helpers.pam import DOOR, PASSWORD, SERVICE_FILE, account, log_in, service_file
from helpers.system import run, show, wait_for

ASK = "auth required pam_unix.so nodelay\naccount required pam_unix.so\n"


@pytest.fixture(scope="module", autouse=True)
def people():
    with account("anna"):
        yield


@pytest.fixture(autouse=True)
def door():
    pam.as_it_should_be()
    yield
    pam.leave_nothing()


# --- files ---


def bad_key(data):
    return lambda: KEY.write_bytes(data)


def link():
    SERVICE_FILE.unlink()
    SERVICE_FILE.symlink_to("/etc/pam.d/common-auth")


BAD = {
    "no-file": (lambda: SERVICE_FILE.unlink(), "/etc/pam.d/restarter: is not there, or cannot be read"),
    "not-to-be-read": (lambda: SERVICE_FILE.chmod(0o600), "/etc/pam.d/restarter: is not there, or cannot be read"),
    "written-by-all": (lambda: SERVICE_FILE.chmod(0o666), "/etc/pam.d/restarter: can be written by more than its owner"),
    "of-another": (lambda: os.chown(SERVICE_FILE, 65534, 0), "/etc/pam.d/restarter: does not belong to root"),
    "no-file-of-its-own": (link, "/etc/pam.d/restarter: is not a regular file"),
    "no-key": (lambda: KEY.unlink(), "ticket.key: the key has 1 bytes"),
    "empty-key": (bad_key(b""), "ticket.key: the key has 0 bytes"),
    "short-key": (bad_key(b"x" * 31), "ticket.key: the key has 31 bytes"),
    "long-key": (bad_key(b"x" * 33), "ticket.key: this credential has more than 32 bytes"),
    "zero-key": (bad_key(b"\0" * 32), "ticket.key: the key is one byte"),
}


@pytest.mark.parametrize("spoil, words", sampled(BAD))
def test_bad_file(spoil, words):
    """Nobody is let in, and the journal says what is wrong with which file."""
    since, before = Mark(), SERVICE_FILE.read_text(encoding="ascii")
    try:
        spoil()
        for user, password in (("anna", PASSWORD), ("nobody-there", ""), ("root", PASSWORD)):
            assert log_in(user, password) == "unavailable"
        told = since.text()
        assert "Nobody can log in: " in told and words in told, told
    finally:
        SERVICE_FILE.unlink(missing_ok=True)
        login.put(SERVICE_FILE, before, 0o644)
        login.put(KEY, "", 0o600)
    pam.as_it_should_be()
    assert TICKET.match(log_in("anna"))


@pytest.mark.parametrize(
    "text, answers",
    [
        (ASK, {"ticket"}),
        ("auth optional pam_echo.so hello\n" + ASK, {"ticket"}),
        ("auth required pam_nonexistent.so\n" + ASK, {"unavailable", "wrong"}),
        ("auth required\n", {"unavailable", "wrong"}),
        ("auth required pam_deny.so\naccount required pam_permit.so\n", {"wrong"}),
        ("auth required pam_unix.so nodelay\naccount required pam_deny.so\n", {"wrong"}),
    ],
    ids=["alone", "a module that tells", "no such module", "half a line", "deny", "no account"],
)
def test_other_service_files(text, answers):
    """What modules tell is heard and forgotten; what fails lets nobody in."""
    with service_file(text):
        for user, password in (("anna", PASSWORD), ("anna", "guess"), ("nobody-there", PASSWORD)):
            word = log_in(user, password).split()[0]
            assert word in (answers if password == PASSWORD and user == "anna" else answers - {"ticket"} | {"wrong"})


def test_permit_lets_nobody_in_without_an_account():
    """Nor root, nor somebody without a password, whatever the file says."""
    with service_file("auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n"):
        assert TICKET.match(log_in("anna", "whatever")), "that is what it says"
        for user, password in (("nobody-there", "x"), ("root", "x"), ("anna", ""), ("an na", "x")):
            assert log_in(user, password) == "wrong"


def test_account_of_a_directory():
    """One that is not in /etc/passwd, but known to the name service: here that of systemd-userdbd's files."""
    folder = pathlib.Path("/etc/userdb")
    hashed = next(
        line.split(":")[1] for line in pathlib.Path("/etc/shadow").read_text().splitlines() if line.startswith("anna:")
    )
    files = {
        "dora.user": '{"userName":"dora","uid":60300,"gid":60300,"disposition":"regular"}',
        "60300.group": '{"groupName":"dora","gid":60300,"disposition":"regular"}',
        "60301.group": '{"groupName":"far","gid":60301,"disposition":"regular"}',
        "dora.user-privileged": f'{{"privileged":{{"hashedPassword":["{hashed}"]}}}}',
        "dora:far.membership": "",
    }
    folder.mkdir()
    try:
        for name, text in files.items():
            (folder / name).write_text(text + "\n")
        (folder / "dora.group").symlink_to("60300.group")
        (folder / "far.group").symlink_to("60301.group")
        run("chown", "root:shadow", folder / "dora.user-privileged")
        (folder / "dora.user-privileged").chmod(0o640)
        assert login.read_ticket(log_in("dora"))[5] == "dora,far"
        assert log_in("dora", "guess") == "wrong"
    finally:
        run("rm", "-r", folder)


# --- the process ---


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_process_that_dies_or_hangs(number):
    with login.connect(door=DOOR) as connection:
        os.kill(login.process(DOOR), number)
        assert login.answer(connection) == ""
    wait_for(lambda: not login.attempts(DOOR), "nothing is left of it", 30)
    assert TICKET.match(log_in("anna"))


def test_exposure():
    (line,) = [
        line
        for line in run("systemd-analyze", "security", "--no-pager", DOOR.service.replace("@", "@x")).stdout.splitlines()
        if "Overall exposure level" in line
    ]
    assert float(line.split(": ")[1].split()[0]) <= 0.5, line


def test_sandbox():
    """No capability, no user that anybody knows, the one group, no network; one folder to write, one program to run."""
    with login.connect(door=DOOR):
        pid = login.process(DOOR)
        wait_for(lambda: os.readlink(f"/proc/{pid}/exe").endswith("restarter-login-pam"), "it runs")
        status = dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status", encoding="ascii").read().splitlines())
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        uid, gid = (int(status[key].split()[0]) for key in ("Uid", "Gid"))
        assert uid >= 61184
        shadow = int(run("getent", "group", "shadow").stdout.split(":")[2])
        assert set(map(int, status["Groups"].split())) <= {gid, shadow}
        assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")
        root = pathlib.Path(f"/proc/{pid}/root")
        assert os.listdir(root / "usr/sbin") == ["unix_chkpwd"]
        assert not {"restarter", "dbus", "systemd/private"} & set(os.listdir(root / "run"))
        mounts = [line.split() for line in (pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines())]
        writable = {fields[4] for fields in mounts if "rw" in fields[5].split(",")}
        print("writable:", writable)
        assert "/run/restarter-login-pam" in writable
        assert not any(path.startswith(("/etc", "/usr", "/var")) for path in writable)


def test_secrets_are_left_nowhere():
    since = Mark()
    with login.connect(door=DOOR) as connection:
        pid = login.process(DOOR)
        limits = open(f"/proc/{pid}/limits", encoding="ascii").read()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.M)
        wait_for(lambda: os.stat(f"/proc/{pid}/mem").st_uid == 0, "it has made itself not dumpable", 5)
        connection.sendall(login.question("correct-horse", "battery-staple"))
        connection.shutdown(1)
        assert login.answer(connection) == "wrong"
    assert TICKET.match(ticket := log_in("anna"))
    told = since.text("--output=export")
    assert "A wrong password for a name that nobody has." in told and "anna has logged in by PAM." in told
    for word in ("correct-horse", "battery-staple", PASSWORD, ticket.split()[1]):
        assert word not in told


def test_the_other_login_has_nothing_of_pam():
    programs = pathlib.Path("/usr/libexec/restarter")
    assert b"libpam.so" in (programs / "restarter-login-pam").read_bytes()
    assert b"libpam" not in (programs / "restarter-login").read_bytes()


def test_as_shipped():
    """Not enabled; its file an admin's; and check has nothing to say of it."""
    assert show(DOOR.socket, "UnitFileState") == "disabled"
    assert str(SERVICE_FILE) in run("dpkg-query", "--showformat=${Conffiles}", "--show", "restarter").stdout
    assert_clean()
    done = run("/usr/libexec/restarter/restarter-login-pam", check=False)
    assert done.returncode != 0 and DOOR.socket in done.stderr
