"""The login's files: one mistake in one of them, and nobody is let in, with whatever password; and the key."""
import os
import stat

import pytest

from helpers import login
from helpers.journal import Mark
from helpers.login import GROUPS, KEY, TICKET, USERS, ask, log_in, question, read_ticket
from helpers.once import sampled
from helpers.system import run, systemctl


@pytest.fixture(autouse=True)
def door():
    login.as_it_should_be()
    yield
    login.leave_nothing()


ANNA, BERT = (f"{name}:{login.HASHES[name]}\n" for name in ("anna", "bert"))


def write(file, text, mode=0o600):
    return lambda: login.put(file, text, mode)


def bad_key(data):
    return lambda: KEY.write_bytes(data)


def other_owner():
    os.chown(USERS, 65534, 0)


BAD = {
    "no-users": (lambda: USERS.unlink(), "/etc/restarter/users: there is nobody in it"),
    "empty-users": (write(USERS, ""), "/etc/restarter/users: there is nobody in it"),
    "commented-out": (write(USERS, f"#{ANNA}"), "/etc/restarter/users: there is nobody in it"),
    "users-read-by-all": (lambda: USERS.chmod(0o644), "/etc/restarter/users: can be read or written by more"),
    "users-read-by-group": (lambda: USERS.chmod(0o640), "/etc/restarter/users: can be read or written by more"),
    "users-of-another": (other_owner, "/etc/restarter/users: does not belong to root"),
    "no-colon": (write(USERS, f"{ANNA}bert\n"), "/etc/restarter/users:2: there is no ':'"),
    "twice": (write(USERS, f"{ANNA}{BERT}{ANNA}"), "/etc/restarter/users:3: user anna is already in line 1"),
    "no-password": (write(USERS, f"{ANNA}bert:\n"), "/etc/restarter/users:2: user bert: the hash is not there"),
    "clear-text": (write(USERS, f"{ANNA}bert:hunter2\n"), "/etc/restarter/users:2: user bert: the hash is none"),
    "dear": (write(USERS, f"{ANNA}{BERT}".replace("$05$", "$31$")), "users:2: user bert: the hash costs so much"),
    "cheap": (
        write(USERS, "carl:" + login.HASHES["carl"].replace("$6$", "$6$rounds=1$") + "\n"),
        "users:1: user carl: the hash costs so little",
    ),
    "cut": (write(USERS, ANNA[:-4]), "/etc/restarter/users:1: user anna: the hash is none"),
    "long-name": (write(USERS, "a" * 300 + ANNA[4:]), "/etc/restarter/users:1: this line is too long"),
    "name": (write(USERS, "an na" + ANNA[4:]), "/etc/restarter/users:1: what stands before the ':' is no name"),
    "nul": (write(USERS, f"{ANNA}\0{BERT}"), "/etc/restarter/users:2: there is a control character"),
    "large": (write(USERS, ANNA + "#" * 300000), "users: this credential has more than 262144 bytes"),
    "groups-written-by-all": (
        lambda: GROUPS.chmod(0o666),
        "/etc/restarter/groups: can be written by more than its owner",
    ),
    "group-twice": (write(GROUPS, "ops:anna\nops:bert\n"), "/etc/restarter/groups:2: group ops is there twice"),
    "member": (write(GROUPS, "ops:nobody\n"), "/etc/restarter/groups:1: group ops: there is no user nobody"),
    "no-key": (lambda: KEY.unlink(), "ticket.key: the key has 1 bytes"),
    "empty-key": (bad_key(b""), "ticket.key: the key has 0 bytes"),
    "short-key": (bad_key(b"x" * 31), "ticket.key: the key has 31 bytes"),
    "long-key": (bad_key(b"x" * 33), "ticket.key: this credential has more than 32 bytes"),
    "zero-key": (bad_key(b"\0" * 32), "ticket.key: the key is one byte"),
}


@pytest.mark.once
def test_file_that_never_ends():
    """Where systemd waits for bytes that do not come, nobody is let in, and an attempt is not kept for long."""
    USERS.unlink()
    os.mkfifo(USERS, 0o600)
    assert ask(question("anna", "secret"), timeout=25) == ""
    USERS.unlink()
    login.put(USERS, login.SHIPPED_USERS)
    assert TICKET.match(log_in("anna", "secret"))


@pytest.mark.parametrize("spoil, words", sampled(BAD))
def test_bad_file(spoil, words):
    """Nobody is let in, whoever asks with whatever; and the journal has the file, the line and the reason."""
    since = Mark()
    try:
        spoil()
        for user, password in (("anna", "secret"), ("anna", ""), ("nobody", ""), ("bert", "hunter2")):
            assert log_in(user, password) == "unavailable"
        told = since.text("-t", "restarter-login")
        assert "Nobody can log in: " in told and words in told, told
        assert "hunter2" not in told and "$y$" not in told
    finally:
        login.put(KEY, "", 0o600)
    login.as_it_should_be()
    assert TICKET.match(log_in("anna", "secret"))


def test_folder_in_place_of_users():
    USERS.unlink()
    USERS.mkdir()
    try:
        assert log_in("anna", "secret") in ("unavailable", "")
    finally:
        USERS.rmdir()


def test_without_groups():
    GROUPS.unlink()
    assert read_ticket(log_in("anna", "secret"))[5] == ""


# --- the key ---


def test_key_is_roots():
    for file, mode in ((KEY, 0o600), (KEY.parent, 0o700)):
        status = file.stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (0, 0, mode)
    assert run("dpkg", "--search", KEY, check=False).returncode != 0, "it is no file of the package"


def test_another_key():
    """Made anew by the command of the manual; what was signed with the old one is worth nothing."""
    before, ticket = KEY.read_bytes(), log_in("anna", "secret")
    systemctl("start", login.KEY_SERVICE)
    assert KEY.read_bytes() == before, "one that is there is kept"
    KEY.unlink()
    systemctl("start", login.KEY_SERVICE)
    assert KEY.read_bytes() != before and len(KEY.read_bytes()) == 32
    with pytest.raises(AssertionError, match="another key"):
        read_ticket(ticket)
    assert read_ticket(log_in("anna", "secret"))[0] == "anna"
    test_key_is_roots()
