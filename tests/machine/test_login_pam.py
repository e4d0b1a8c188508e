"""The login by PAM, with real accounts of the machine: who is let in, who is not, and in which groups."""
import pathlib
import statistics
import time

import pytest

from helpers import login, pam
from helpers.journal import Mark
from helpers.login import NO_QUESTIONS, TICKET, read_ticket
from helpers.pam import DOOR, PASSWORD, account, groups_of, log_in
from helpers.people import as_user, as_webfront
from helpers.system import run, settings


@pytest.fixture(scope="module", autouse=True)
def people():
    """anna, in two groups beside her own; bert, in none."""
    run("groupadd", "--force", "ops")
    run("groupadd", "--force", "admins")
    with account("anna", "--groups=ops,admins"), account("bert", "--no-user-group", "--gid=nogroup"):
        yield
    run("groupdel", "ops")
    run("groupdel", "admins")


@pytest.fixture(autouse=True)
def door():
    pam.as_it_should_be()
    yield
    pam.leave_nothing()


# --- who gets a ticket ---


@pytest.mark.core
@pytest.mark.parametrize("user, groups", [("anna", "admins,anna,ops"), ("bert", "nogroup")])
def test_ticket(user, groups):
    """It says who, that PAM said so, and in which groups the account is."""
    name, how, issued, expires, _, there = read_ticket(log_in(user))
    assert (name, how, there) == (user, "pam", groups)
    assert abs(int(issued) - time.time()) < 30 and int(expires) - int(issued) == 7200


def test_groups_as_they_are_now():
    """A change of the account counts from the next login on."""
    run("usermod", "--groups=ops", "anna")
    try:
        assert groups_of("anna") == ["anna", "ops"]
    finally:
        run("usermod", "--groups=ops,admins", "anna")
    assert groups_of("anna") == ["admins", "anna", "ops"]


@pytest.mark.once
def test_lifetime():
    with settings(TICKET_LIFETIME_SEC="60"):
        _, _, issued, expires, _, _ = read_ticket(log_in("anna"))
        assert int(expires) - int(issued) == 60


@pytest.mark.parametrize("user, password", [("anna", "Sesame-17"), ("anna", ""), ("anna", "x" * 511), ("ann", PASSWORD),
                                            ("Anna", PASSWORD), ("an na", PASSWORD), ("anna:", PASSWORD), ("../anna", ""),
                                            ("an\u202ena", PASSWORD), ("a" * 255, PASSWORD), ("1000", PASSWORD),
                                            ("ops", PASSWORD), ("nobody", ""), ("root", ""), ("daemon", "*")])
def test_wrong(user, password):
    assert log_in(user, password) == "wrong"


REFUSED = {
    "locked": (("usermod", "--lock", "eve"), "A wrong password for eve."),
    "expired": (("chage", "-E", "0", "eve"), "eve was not let in: the password is right, and PAM says of the account '"),
    "expired yesterday": (("chage", "-E", "2000-01-01", "eve"), "eve was not let in: the password is right, and PAM says"),
    "password to be changed": (("chage", "-d", "0", "eve"), "eve was not let in: the password is right, and PAM says"),
    "password too old": (("chage", "-d", "2000-01-01", "-M", "30", "-I", "1", "eve"), "eve was not let in: the password is"),
    "uid 0": (("usermod", "--non-unique", "--uid=0", "eve"), "eve was not let in: root may not log in here."),
}


@pytest.mark.parametrize("command, words", REFUSED.values(), ids=REFUSED)
def test_account_that_is_refused(command, words):
    """With the right password; which is not told to whoever asks, but in the journal."""
    with account("eve"):
        assert TICKET.match(log_in("eve"))
        run(*command)
        since = Mark()
        assert log_in("eve") == "wrong" and log_in("eve", "guess") == "wrong"
        told = since.text()
        assert words in told and PASSWORD not in told


def test_no_password():
    """An account that needs none to log in elsewhere gets none in here."""
    with account("eve"):
        run("passwd", "--delete", "eve")
        assert log_in("eve", "") == log_in("eve", "x") == "wrong"


def test_root():
    """Not even with the right password."""
    shadow = pathlib.Path("/etc/shadow").read_bytes()
    try:
        pam.set_password("root")
        since = Mark()
        assert log_in("root") == "wrong"
        assert "root was not let in: root may not log in here." in since.text()
    finally:
        pathlib.Path("/etc/shadow").write_bytes(shadow)


def test_no_shell():
    """Nobody gets a shell here, so none is asked for; unless the service's file asks for one."""
    with account("eve", "--shell=/usr/sbin/nologin"):
        assert TICKET.match(log_in("eve"))
        with pam.service_file(pam.SERVICE_FILE.read_text().replace("#account required pam_shells", "account required pam_shells")):
            assert log_in("eve") == "wrong" and TICKET.match(log_in("anna"))
            run("usermod", "--shell=/bin/bash", "eve")
            assert TICKET.match(log_in("eve"))


@pytest.mark.once
@pytest.mark.parametrize("data", NO_QUESTIONS, ids=range(len(NO_QUESTIONS)))
def test_malformed(data):
    assert login.ask(data, door=DOOR) in ("malformed", ""), "or hung up on, while it was sent"


# --- groups ---


def put_groups(names, gid=60100):
    """Lines in /etc/group, which takes names that groupadd does not."""
    file = pathlib.Path("/etc/group")
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "".join(f"{name}:x:{gid + number}:bert\n" for number, name in enumerate(names)), encoding="utf-8")
    return before


@pytest.mark.parametrize(
    "names, there",
    [
        (["ops+", "o ps", "größe", "-x", "x" * 65, "fine"], ["fine", "nogroup"]),
        ([f"g{n:03}" for n in range(100)], [*(f"g{n:03}" for n in range(63)), "nogroup"]),
        ([f"{n:02}" + "x" * 60 for n in range(40)], None),
    ],
    ids=["names that are none", "more than 64", "more than there is room for"],
)
def test_many_groups(names, there):
    """Those that no policy can name are left out; of the others the first ones are in the ticket, and the journal says so."""
    since, before = Mark(), put_groups(names)
    try:
        ticket = log_in("bert")
        assert TICKET.match(ticket) and len(ticket) < 2048
        groups = read_ticket(ticket)[5].split(",")
        told = since.text()
        print(len(groups), told)
        if there is None:
            there = [*sorted(names)[: len(groups) - 1], "nogroup"]
            assert 15 < len(groups) < 41
        assert groups == there
        assert (f"bert is in {len(names) + 1} groups, and in the ticket are the first {len(groups)}" in told) == (len(names) > 10)
    finally:
        pathlib.Path("/etc/group").write_text(before, encoding="utf-8")


# --- guesses ---


@pytest.mark.parametrize("user", ["anna", "nobody-there", "root"])
def test_too_many_wrong_ones(user):
    """They count, whether the account is there or not."""
    for _ in range(5):
        assert log_in(user, "guess") == "wrong"
    word, seconds = log_in(user).split()
    assert word == "later" and 1 <= int(seconds) <= 12
    assert TICKET.match(log_in("bert"))


def times_of(names):
    times = {name: [] for name in names}
    for number in range(9 * len(names)):
        name = names[number % len(names)]
        login.forget(DOOR)
        times[name].append(login.timed(name, "guess", DOOR))
    assert min(min(values) for values in times.values()) > 0.3, "not before the first step"
    return times


def are_alike(times):
    ratios = []
    for which in (min, statistics.median):
        of = {name: which(values) for name, values in times.items()}
        print(which.__name__, {name: f"{seconds * 1000:.1f} ms" for name, seconds in of.items()})
        ratios.append(max(of.values()) / min(of.values()))
    return ratios[0] < 1.5 and ratios[1] < 2


def test_no_name_is_told_by_the_time():
    """A name without an account takes as long as a wrong password, and so does one that is refused; whatever modules do.
    What tells a name does so each time; a machine that is busy does it now and then."""
    assert any(are_alike(times_of(["anna", "nobody-there", "root"])) for _ in range(5))


def test_who_may_ask():
    assert TICKET.match(as_webfront(log_in, "anna"))
    with pytest.raises(PermissionError):
        as_user("nobody", log_in, "anna")
