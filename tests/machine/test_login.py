"""The login: a process for each attempt, at its real socket. Nobody is let in but by a password."""
import contextlib
import os
import re
import signal
import statistics
import subprocess
import threading
import time

import pytest

from helpers import login, pam, web
from helpers.check import Findings, assert_clean, mode_and_owner
from helpers.journal import Mark
from helpers.login import GROUPS, NO_QUESTIONS, PASSWORDS, TICKET, USERS, ask, log_in, read_ticket
from helpers.once import sampled
from helpers.people import as_user, as_webfront
from helpers.system import WELL, run, settings, show, systemctl, wait_for


@pytest.fixture(autouse=True)
def door():
    login.as_it_should_be()
    yield
    login.leave_nothing()


# --- who gets a ticket ---


@pytest.mark.core
@pytest.mark.parametrize("user, groups", [("anna", "admins,ops"), ("bert", "ops"), ("carl", "")])
def test_ticket(user, groups):
    """For each kind of hash; it says who, in which groups, until when, and is signed with the key of this machine."""
    answer = log_in(user, PASSWORDS[user])
    assert TICKET.match(answer) and len(answer) < 2048
    name, how, issued, expires, number, there = read_ticket(answer)
    assert (name, how, there) == (user, "password", groups)
    assert abs(int(issued) - time.time()) < 30 and int(expires) - int(issued) == 7200
    assert len(bytes.fromhex(number)) == 16
    assert read_ticket(log_in(user, PASSWORDS[user]))[4] != number


@pytest.mark.parametrize(
    "user, password",
    [
        ("anna", "Secret"),
        ("anna", "geheim"),
        ("anna", ""),
        ("nobody", "secret"),
        ("root", ""),
        ("Anna", "secret"),
        ("anna:", "secret"),
        ("<b>", "secret"),
        ("an\u202ena", "secret"),
        ("a" * 255, "x" * 511),
    ],
)
def test_wrong(user, password):
    assert log_in(user, password) == "wrong"


@pytest.mark.parametrize("data", sampled({str(number): (data,) for number, data in enumerate(NO_QUESTIONS)}))
def test_malformed(data):
    assert ask(data) in ("malformed", ""), "or hung up on, while it was sent"
    assert TICKET.match(log_in("anna", "secret"))


@pytest.mark.once
def test_lifetime():
    """As /etc/default/restarter says; and what is no number is no login."""
    with settings(TICKET_LIFETIME_SEC="60"):
        _, _, issued, expires, _, _ = read_ticket(log_in("anna", "secret"))
        assert int(expires) - int(issued) == 60
    with settings(TICKET_LIFETIME_SEC="for ever"):
        assert log_in("anna", "secret") == "unavailable"


@pytest.mark.once
def test_no_name_is_told_by_the_time():
    """A user who is not there takes as long as a wrong password. (Five times as quick it would be without.)"""
    bcrypt_12 = "$2y$11$abcdefghijABCDEFGHIJ.uvcZm4ovzNasXI9BpL5dtOJpq41QhO8C"
    login.put(USERS, f"anna:{bcrypt_12}\n")
    login.put(GROUPS, "", 0o644)
    assert any(0.6 < known_to_unknown() < 1.7 for _ in range(5)), "now and then it is the machine, each time it is the name"


def known_to_unknown():
    times = {"anna": [], "nobody": []}
    for number in range(18):
        login.forget()
        name = "anna" if number % 2 else "nobody"
        times[name].append(login.timed(name, "guess"))
    known, unknown = (statistics.median(times[name]) for name in ("anna", "nobody"))
    print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
    return known / unknown


# --- limits ---


def test_too_many_wrong_ones():
    """They count over the end of each process, and of the socket; for those who are not there as well."""
    for user in ("anna", "nobody"):
        for _ in range(5):
            assert log_in(user, "guess") == "wrong"
        word, seconds = log_in(user, "secret").split()
        assert word == "later" and 1 <= int(seconds) <= 12
    assert TICKET.match(log_in("bert", "geheim"))
    systemctl("restart", login.SOCKET)
    systemctl("daemon-reload")
    assert log_in("anna", "secret").startswith("later ")
    login.forget()
    assert TICKET.match(log_in("anna", "secret"))


def guesses(name, refusals):
    """Four at a time, as fast as it goes, until so many were put off: the answers."""
    answers = []

    def guess():
        while sum(answer.startswith("later ") for answer in answers) < refusals:
            with contextlib.suppress(OSError):
                answers.append(log_in(name, "guess"))

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.once
def test_taken_over_webfront_guesses():
    """It has the socket to itself, and no more guesses than anybody: five, and another one each twelve seconds."""
    since, begin = Mark(), time.monotonic()
    answers = as_webfront(guesses, "anna", 60)
    more = (time.monotonic() - begin) / 12
    print({word: sum(a.startswith(word) for a in answers) for word in ("wrong", "later", "ticket")})
    assert 5 <= answers.count("wrong") <= 6 + more and not any(a.startswith("ticket") for a in answers)
    login.rest()
    assert TICKET.match(log_in("bert", "geheim")), "and others log in"
    assert len(since.text("-t", "restarter-login").splitlines()) <= 40 + 2 * 12 * more


@pytest.mark.once
def test_who_was_let_in_is_written_down():
    """Also where somebody tries passwords as fast as he can, and uses up the lines about those."""
    since, begin, number = Mark(), time.monotonic(), 0
    # Twenty lines, and two more in each second: on a machine that is slow it takes more guesses until there are none left.
    while number < 30 or number < 25 + 2 * (time.monotonic() - begin):
        log_in(f"nobody{number}", "guess")
        number += 1
    for _ in range(3):
        assert TICKET.match(log_in("bert", "geheim"))
    told = since.text("-t", "restarter-login").splitlines()
    assert len([line for line in told if "a name that nobody has" in line]) < number, "the lines are not used up"
    assert len([line for line in told if "bert has logged in with a password." in line]) == 3


# --- hangs, crashes, crowds ---


def test_silence():
    """Who says nothing is answered after three seconds, and gives back his place."""
    with login.connect() as connection:
        assert login.answer(connection) == "malformed"
    with login.connect() as connection:
        connection.sendall(b"4:anna,6:secr")
        assert login.answer(connection) == "malformed"
    login.rest()


def test_fifth_connection():
    """It is hung up on at once, and the four are served."""
    with contextlib.ExitStack() as stack:
        four = [stack.enter_context(login.connect()) for _ in range(4)]
        wait_for(lambda: show(login.SOCKET, "NConnections") == "4", "four attempts are going on")
        with login.connect() as fifth:
            assert login.answer(fifth) == ""
        for connection in four:
            connection.sendall(login.question("anna", "secret"))
            connection.shutdown(1)
            assert TICKET.match(login.answer(connection))
    login.rest()
    assert TICKET.match(log_in("anna", "secret"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_process_that_dies_or_hangs(number):
    """Nobody has logged in then, nothing is left of it, and the next one is served."""
    with login.connect() as connection:
        pid = login.process()
        os.kill(pid, number)
        with contextlib.suppress(BrokenPipeError):
            connection.sendall(login.question("anna", "secret"))
            connection.shutdown(1)
        assert login.answer(connection) == ""
    wait_for(lambda: not login.attempts(), "nothing is left of it", 30)
    assert TICKET.match(log_in("anna", "secret"))


@pytest.mark.once
def test_ended_in_the_middle_counts():
    """Who has the process ended while it computes, or could, gains no guess by it."""
    slow = "$2y$13$abcdefghijABCDEFGHIJ.uvcZm4ovzNasXI9BpL5dtOJpq41QhO8C"
    login.put(USERS, f"anna:{slow}\n")
    login.put(GROUPS, "", 0o644)
    for _ in range(5):
        with login.connect() as connection:
            pid = login.process()
            counts = login.BRAKES.read_bytes() if login.BRAKES.exists() else b""
            connection.sendall(login.question("anna", "guess"))
            connection.shutdown(1)
            wait_for(lambda: login.BRAKES.read_bytes() != counts, "it is charged", pause=0.002)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            assert login.answer(connection) in ("", "wrong")
        login.rest()
    assert log_in("anna", "guess").startswith("later ")


@pytest.mark.once
def test_flood():
    """Hundreds at once: some are served and some hung up on; a click beside them works, and after it all does."""
    answers = []

    def many():
        for _ in range(20):
            try:
                answers.append(log_in("nobody", "guess"))
            except OSError:
                answers.append("")

    threads = [threading.Thread(target=many) for _ in range(12)]
    for thread in threads:
        thread.start()
    assert web.click(WELL).status == 200
    for thread in threads:
        thread.join()
    words = {answer.split()[0] if answer else "" for answer in answers}
    assert words <= {"wrong", "later", ""} and "" in words
    assert show(login.SOCKET, "ActiveState") == "active"
    login.rest()
    wait_for(lambda: not login.attempts(), "nothing is left of them", 30)
    assert TICKET.match(log_in("anna", "secret"))


# --- who it is and what it sees ---


def test_who_may_ask():
    """The web front and root, and nobody else."""
    assert TICKET.match(as_webfront(log_in, "anna", "secret"))
    with pytest.raises(PermissionError):
        as_user("nobody", log_in, "anna", "secret")
    with pytest.raises(PermissionError):
        as_user("nobody", log_in, "anna", "secret", groups=("restarter-clients",))


@pytest.mark.once
def test_restartctl_check():
    """Has nothing to say about a login that is as it should be; and finds a socket that lets others in."""
    assert_clean()
    file = os.path.realpath(login.PATH)
    with mode_and_owner(file, mode=0o666), mode_and_owner(os.path.dirname(file), mode=0o755):
        found = Findings()
        assert "systemctl restart restarter-login.socket" in found.one(file, "socket of restarter-login.socket")
        found.one(os.path.dirname(file), "folder of")


def test_not_enabled_as_shipped():
    assert show(login.SOCKET, "UnitFileState") == "disabled"


def test_enabled_it_is_there_after_a_boot():
    """Nothing that its socket needs comes after all sockets, which systemd would leave out to come to an end."""
    systemctl("enable", login.SOCKET, pam.DOOR.socket)
    try:
        done = run("systemd-analyze", "verify", "default.target", check=False)
        assert "cycle" not in done.stdout + done.stderr
    finally:
        systemctl("disable", login.SOCKET, pam.DOOR.socket)


def test_exposure():
    for service, most in ((login.SERVICE.replace("@", "@x"), 0.2), (login.KEY_SERVICE, 1.0)):
        (line,) = [
            line
            for line in run("systemd-analyze", "security", "--no-pager", service).stdout.splitlines()
            if "Overall exposure level" in line
        ]
        assert float(line.split(": ")[1].split()[0]) <= most, line


def status_of(pid):
    return dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status", encoding="ascii").read().splitlines())


def test_sandbox():
    """No capability, no user that anybody knows, no network; nothing to see, and one folder to write; idle."""
    with login.connect():
        pid = login.process()
        wait_for(lambda: os.readlink(f"/proc/{pid}/exe").endswith("restarter-login"), "it runs")
        status = status_of(pid)
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
        assert int(status["Uid"].split()[0]) >= 61184
        assert os.sched_getscheduler(pid) == os.SCHED_IDLE and os.getpriority(os.PRIO_PROCESS, pid) == 19
        assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")
        seen = {top: sorted(os.listdir(f"/proc/{pid}/root/{top}")) for top in ("run", "etc")}
        print(seen)
        assert "restarter" not in seen["run"] and "dbus" not in seen["run"] and seen["etc"][:-1] in ([], ["group", "machine-id", "passwd"])
        writable = {
            line.split()[4]
            for line in open(f"/proc/{pid}/mountinfo", encoding="utf-8")
            if "rw" in line.split()[5].split(",")
        }
        print(writable)
        assert "/run/restarter-login" in writable and not any(path.startswith(("/etc", "/usr", "/var/lib")) for path in writable)


def test_secrets_are_left_nowhere():
    """No core, no debugger, no name that may be a password; nothing in what systemd tells."""
    since = Mark()
    with login.connect() as connection:
        pid = login.process()
        limits = open(f"/proc/{pid}/limits", encoding="ascii").read()
        assert re.search(r"^Max core file size +0 +0 ", limits, re.M)
        wait_for(lambda: os.stat(f"/proc/{pid}/mem").st_uid == 0, "it has made itself not dumpable")
        connection.sendall(login.question("correct-horse", "battery-staple"))
        connection.shutdown(1)
        assert login.answer(connection) == "wrong"
    assert log_in("anna", "battery-staple") == "wrong"
    assert TICKET.match(ticket := log_in("anna", "secret"))
    told = since.text("--output=export")
    assert "A wrong password for anna." in told and "a name that nobody has" in told
    for word in ("correct-horse", "battery-staple", "secret", ticket.split()[1]):
        assert word not in told


@pytest.mark.once
def test_by_hand():
    """It says who starts it."""
    program = "/usr/libexec/restarter/restarter-login"
    done = run(program, check=False)
    assert done.returncode != 0 and "restarter-login.socket" in done.stderr
    done = subprocess.run([program, "--version"], stdout=subprocess.PIPE, check=True)
    assert done.stdout.startswith(b"restarter-login ")
