"""The record: who asked for what and what came of it, for admins, and written by nobody but our own services."""
import array
import concurrent.futures
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import socket
import subprocess
import termios
import time

import pytest

from helpers import journal, login, rpc, web
from helpers.people import MADE_UP_UID, as_user, in_child
from helpers.policy import applied, kept
from helpers.system import WELL, reload_manager, run, send_signal, show, stop_daemons, unit, wait_for

PEOPLE = {
    "anna": ["restarter-clients"],
    "carl": ["restarter-clients"],
    "dora": ["restarter-clients", "lords"],
    "eve": [],
}
UNITS = ("hers.service", "team.service")
GRANTS = """[Grant]
Unit=hers.service
Verbs=restart
StartStopped=yes
Users=anna

[Grant]
Unit=team.service
Verbs=restart
StartStopped=yes

[Policy]
Admins=carl
AdminGroups=lords
"""
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/bin/sleep infinity\n"
LOG_SOCKET = "/run/restarter/log.sock"


@pytest.fixture(scope="module", autouse=True)
def people():
    run("groupadd", "-f", "lords")
    for name, groups in PEOPLE.items():
        run("useradd", "-M", *(["-G", ",".join(groups)] if groups else []), name)
    for name in UNITS:
        pathlib.Path("/etc/systemd/system", name).write_text(SERVICE)
    reload_manager()
    run("systemctl", "start", *UNITS)
    with kept(), applied(GRANTS):
        yield
    run("systemctl", "stop", *UNITS)
    for name in UNITS:
        pathlib.Path("/etc/systemd/system", name).unlink()
    reload_manager()
    for name in PEOPLE:
        run("userdel", name)
    run("groupdel", "lords")


def log(*arguments, check=True, user="root", **options):
    journal.sync()
    command = [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
    return run(*command, "restartctl", "log", *arguments, check=check, **options)


def rows(*arguments, **options):
    return [json.loads(line) for line in log("--json=short", *arguments, **options).stdout.splitlines()]


def restart_as(user, name, **options):
    def ask():
        try:
            return rpc.over_unix().restarter.restart(name, options)["message"]
        except Exception as fault:
            return str(fault)

    return as_user(user, ask, groups=PEOPLE[user])


def moment():
    """Before which nothing counts."""
    time.sleep(1.1)
    return "--since=" + time.strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def begun():
    return moment()


def test_a_line_a_decision(begun):
    restart_as("anna", "hers.service", reason="certificate über Nacht")
    restart_as("carl", "hers.service")
    web.click("team.service")
    lines = [re.split(r"  +", line) for line in log(begun).stdout.splitlines()]
    assert [line[1:] for line in lines][:2] == [
        ["anna", "broker.sock", "restart", "hers.service", "up", "certificate über Nacht"],
        ["carl", "broker.sock", "restart", "hers.service", "refused (policy file)"],
    ]
    assert lines[2][1] == "-" and lines[2][2].startswith("127.0.0.1") and lines[2][3:] == ["restart", "team.service", "up"]
    columns = {line.index("restart  ") for line in log(begun).stdout.splitlines()}
    assert len(columns) == 1
    for line in lines:
        assert abs(time.mktime(time.strptime(line[0], "%Y-%m-%d %H:%M:%S")) - time.time()) < 100


@pytest.mark.once
def test_all_that_is_known(begun):
    message = restart_as("anna", "hers.service", reason="because")
    (row,) = rows(begun)
    assert row["user"] == "anna" and row["known"] == "uid" and row["door"] == "broker.sock"
    assert row["from"].startswith("broker.sock, pid ") and row["unit"] == "hers.service" and row["verb"] == "restart"
    assert row["decision"] == "allowed" and row["result"] == "done" and row["verdict"] == "up"
    assert row["reason"] == "because" and row["message"] == message + " Reason: because"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row["time"]) and row["milliseconds"] > 0
    assert json.loads(log("--json=pretty", begun).stdout) == row


@pytest.mark.once
def test_chosen(begun):
    restart_as("anna", "hers.service")
    restart_as("anna", "team.service")
    restart_as("dora", "team.service")
    assert [(r["user"], r["unit"]) for r in rows(begun, "--user=anna")] == [("anna", "hers.service"), ("anna", "team.service")]
    assert [r["user"] for r in rows(begun, "--unit=team")] == ["anna", "dora"]
    assert [r["user"] for r in rows(begun, "--unit=team.service", "--user=dora")] == ["dora"]
    assert [r["user"] for r in rows(begun, "-n1")] == ["dora"]
    done = log(begun, "--lines=2")
    assert len(done.stdout.splitlines()) == 2 and done.stderr == ""


@pytest.mark.once
def test_refused_questions_are_in_it(begun):
    """A state that somebody may not see is a decision, too."""
    def ask():
        try:
            return rpc.over_unix().restarter.status("hers.service")
        except Exception as fault:
            return str(fault)

    as_user("eve", ask, groups=["restarter-clients"])
    (row,) = rows(begun)
    assert (row["user"], row["verb"], row["unit"], row["decision"]) == ("eve", "status", "hers.service", "refused")


@pytest.mark.once
def test_end_of_a_watch(begun):
    """What became of it after its caller was answered has no caller, and says so."""
    restart_as("anna", "hers.service", settle=0)
    wait_for(lambda: len(rows(begun)) == 2, "the watch is over")
    lines = log(begun).stdout.splitlines()
    assert "watching" in lines[0] and lines[1].endswith("up        at the end of the watch"), lines


@pytest.mark.once
def test_nothing_found():
    done = log("--user=nobody-of-that-name")
    assert done.stdout == "" and "Nothing of that kind" in done.stderr


@pytest.mark.once
@pytest.mark.parametrize("option", ["--since=soon", "--user=a b", "--unit=../x", "--lines=0", "--lines=x", "--json=red", "more", "--since="])
def test_not_understood(option):
    done = log(option, check=False)
    assert done.returncode == 2 and done.stdout == ""


@pytest.mark.once
def test_for_admins_alone():
    assert log(user="carl").returncode == 0
    assert log(user="dora").returncode == 0
    done = log(user="anna", check=False)
    assert done.returncode == 3 and done.stderr == "Nothing was read: the record is for admins.\n" and done.stdout == ""
    done = log(user="eve", check=False)
    assert done.returncode == 4 and "restarter-clients" in done.stderr


@pytest.mark.once
def test_broken_policy_leaves_root():
    file = pathlib.Path("/etc/restarter/policy.conf.d/zz.conf")
    file.write_text("Nonsense\n")
    try:
        assert log(user="carl", check=False).returncode == 3
        assert log(user="root").returncode == 0
    finally:
        file.unlink()
    assert log(user="carl").returncode == 0


FIELDS = {
    "MESSAGE": "forged",
    "MESSAGE_ID": journal.RESTARTED,
    "SYSLOG_IDENTIFIER": "restarter-broker",
    "RESTARTER_USER": "anna",
    "RESTARTER_UNIT": "hers.service",
    "RESTARTER_VERB": "restart",
    "RESTARTER_DECISION": "allowed",
    "UNIT": "restarter-broker.service",
    "_SYSTEMD_UNIT": "restarter-broker.service",
    "_SYSTEMD_SLICE": "system-restarter\\x2dlogin.slice",
}


def is_on_its_way(s):
    size = array.array("i", [0])
    fcntl.ioctl(s, termios.TIOCOUTQ, size)
    return size[0] > 0


def send_forged(fields=FIELDS):
    """journald looks at who has sent something when it has it: who is gone by then is nobody. It has looked when it takes
    the next one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        for text in ("".join(f"{k}={v}\n" for k, v in fields.items()), "MESSAGE=the next one\n"):
            s.sendto(text.encode(), "/run/systemd/journal/socket")
        wait_for(lambda: not is_on_its_way(s), "journald has it")


def test_impostors_are_not_in_it(begun):
    """Each kind of them says that it is the broker, and looks like it, but for what journald sets itself."""
    as_user("eve", send_forged)
    send_forged()
    for name in ("restarter-broker-x.service", "xrestarter-broker.service", "restarter-broker@x.service"):
        file = pathlib.Path("/run/systemd/system", name)
        file.write_text("[Service]\nType=oneshot\nSyslogIdentifier=restarter-broker\nExecStart=/bin/echo forged\n")
    reload_manager()
    for name in ("restarter-broker-x.service", "xrestarter-broker.service", "restarter-broker@x.service"):
        run("systemctl", "start", name)
        pathlib.Path("/run/systemd/system", name).unlink()
    run("systemd-cat", "-t", "restarter-login", "echo", "anna has logged in with a password.")
    run("logger", "-t", "restarter-broker", "forged")
    reload_manager()
    restart_as("anna", "team.service")
    (row,) = rows(begun)
    assert row["unit"] == "team.service"
    assert "forged" not in log(begun).stdout and [r["unit"] for r in rows(begun, "--user=anna")] == ["team.service"]


def in_the_web_front(function):
    """As code could that runs in the web front: journald knows it by its service."""
    assert web.get("/style.css").status == 200

    def move():
        with open("/sys/fs/cgroup/system.slice/restarter-webfront.service/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(os.getpid()))
        os.setresuid(*[MADE_UP_UID] * 3)

    return in_child(move, function)


def test_web_front_that_was_taken_over_makes_nobody_do_anything(begun):
    """It may say that it has refused something, and not whom, nor that anything was done."""
    in_the_web_front(send_forged)
    refused = {**FIELDS, "RESTARTER_DECISION": "refused", "RESTARTER_REASON": "forged", "RESTARTER_DOOR": "broker.sock"}
    in_the_web_front(lambda: send_forged(refused))
    restart_as("anna", "team.service")
    named = rows(begun, "--user=anna")
    assert [row["unit"] for row in named] == ["team.service"]
    others = [row for row in rows(begun) if row not in named]
    assert len(others) == 1 and others[0]["decision"] == "refused", others
    assert not {"user", "known", "door", "reason", "result", "verdict"} & {k for k, v in others[0].items() if v}


def exchange(text, user="root"):
    def talk():
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(LOG_SOCKET)
            try:
                s.sendall(text)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return web.receive_all(s).decode()

    return talk() if user == "root" else as_user(user, talk, groups=PEOPLE[user])


@pytest.mark.once
@pytest.mark.parametrize("text", [b"", b"x", b"decisions\nuser=a b\n", b"decisions\0", b"d" * 511, b"d" * 100000, b"lines\n"])
def test_no_questions(text):
    answer = exchange(text)
    assert answer == "" or json.loads(answer)["error"] == "malformed"


@pytest.mark.once
def test_refused_whatever_is_asked():
    """Nobody learns whether his question was one."""
    for text in (b"decisions\n", b"nonsense"):
        answer = json.loads(exchange(text, "anna"))
        assert answer == {"error": "refused", "message": "Nothing was read: the record is for admins."}


@pytest.mark.once
def test_who_says_nothing_is_not_waited_for():
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(LOG_SOCKET)
        assert json.loads(web.receive_all(s))["error"] == "malformed"


def test_more_than_are_answered_at_once():
    """Those that systemd hangs up on ask again."""
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda _: run("restartctl", "log", "--lines=1", check=False, timeout=120), range(12)))
    assert {d.returncode for d in done} == {0}


@pytest.mark.once
def test_nobody_there():
    run("systemctl", "stop", "restarter-log.socket")
    try:
        done = log(check=False)
        assert done.returncode == 4 and "systemctl enable --now restarter-log.socket" in done.stderr
    finally:
        run("systemctl", "start", "restarter-log.socket")


@pytest.fixture
def nothing_uncounted():
    """What is not counted yet is when a daemon ends, half a minute later: it is no later test's."""
    yield
    stop_daemons()


@pytest.mark.once
def test_flood_is_counted(begun, nothing_uncounted):
    """What strangers cause is written a few times a second, and how often it was not; and others find their lines."""
    sent = 0

    def told():
        nonlocal sent
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: web.click(f"../x{i}"), range(400)))
        sent += 400
        restart_as("anna", "team.service")
        found = rows(begun)
        return [r for r in found if "not written one by one" in r["message"]] and found

    found = wait_for(told, "the rest is counted", 60, 0.5)
    assert len([r for r in found if r.get("decision") == "refused"]) < sent
    assert [r for r in found if r.get("user") == "anna"]


def on_terminal(*command, **environment):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {**os.environ, "TERM": "dumb", **environment})
    said = b""
    try:
        while chunk := os.read(fd, 4096):
            said += chunk
    except OSError:
        pass
    os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return said.decode()


@pytest.mark.once
def test_pager_on_a_terminal_alone():
    restart_as("anna", "team.service")
    mark = {"PAGER": "sed s/^/paged:/"}
    assert on_terminal("restartctl", "log", "-n1", **mark).startswith("paged:")
    assert not on_terminal("restartctl", "log", "-n1", SYSTEMD_PAGER="", **mark).startswith("paged:")
    assert not on_terminal("restartctl", "log", "-n1", PAGER="cat").startswith("paged:")
    assert on_terminal("restartctl", "log", "-n1", SYSTEMD_PAGER="sed s/^/ours:/", **mark).startswith("ours:")
    assert not subprocess.run(
        ["restartctl", "log", "-n1"], env={**os.environ, **mark}, capture_output=True, text=True, check=True
    ).stdout.startswith("paged:")


LOGINS = (("anna", login.PASSWORDS["anna"]), ("anna", "wrong"), ("anyone", "wrong"))


def logins(since):
    """One after the other; whether journald knows of each line whose it is. It looks that up when it reads the line, and of a
    process that has ended by then it is late: restarter-log(8)."""
    login.as_it_should_be()
    try:
        for name, password in LOGINS:
            login.log_in(name, password)
    finally:
        login.leave_nothing()
    journal.sync()
    lines = run("journalctl", since, "--identifier=restarter-login", "--output=json").stdout.splitlines()
    assert len(lines) == len(LOGINS)
    return ["_SYSTEMD_SLICE" in json.loads(line) for line in lines]


def test_logins_are_in_it():
    """Each whose line journald knows the sender of, on a busy machine; and once all of them."""
    expected = [("anna", "login", "allowed"), ("anna", "login", "refused"), (None, "login", "refused")]
    for _ in range(10):
        since = moment()
        known = logins(since)
        found = [(r.get("user"), r["verb"], r["decision"]) for r in rows(since)]
        assert found == [row for row, is_known in zip(expected, known, strict=True) if is_known]
        if all(known):
            break
    assert found == expected
    assert len(rows(since, "--user=anna")) == 2 and rows(since, "--unit=team.service") == []


def is_asleep(pid):
    return "State:\tS" in pathlib.Path(f"/proc/{pid}/status").read_text()


@pytest.mark.once
def test_login_that_ends_before_its_line_is_read(begun):
    """journald has been told whose lines these are by then."""
    login.as_it_should_be()
    try:
        with login.connect() as connection:
            pid = login.process()
            wait_for(lambda: is_asleep(pid), "it waits for the question")
            journal.sync()
            journald = send_signal("systemd-journald.service", signal.SIGSTOP)
            try:
                connection.sendall(login.question("anna", "wrong"))
                connection.shutdown(socket.SHUT_WR)
                assert login.answer(connection) == "wrong"
                wait_for(lambda: not pathlib.Path(f"/proc/{pid}").exists(), "it has ended")
            finally:
                os.kill(journald, signal.SIGCONT)
    finally:
        login.leave_nothing()
    assert [(r["user"], r["decision"]) for r in rows(begun)] == [("anna", "refused")]


def test_sandbox():
    """As little as it can be; and nothing of it at rest."""
    assert show("restarter-log.socket", "UnitFileState") == "enabled"
    assert run("systemctl", "list-units", "--no-legend", "--plain", "restarter-log@*").stdout == ""
    done = run("systemd-analyze", "security", "--no-pager", "--threshold=3", "restarter-log@x.service", check=False)
    assert "Overall exposure level for restarter-log@x.service: 0.3" in done.stdout
    root = pathlib.Path("/usr/libexec/restarter/root")
    assert (root / "usr/libexec/restarter/restarter-log").samefile("/usr/libexec/restarter/restarter-log")
    assert not [path for top in ("run", "var") for path in (root / top).rglob("*") if path.name not in ("lib", "tmp")]


def test_nothing_changes_for_a_reader():
    """A unit that is read about is not touched, and nothing is left behind."""
    before = show(unit(WELL), "InvocationID")
    log("--lines=5")
    assert show(unit(WELL), "InvocationID") == before
    assert run("systemctl", "--failed", "--no-legend", "--plain").stdout == ""
