"""The journal, asked by the broker: what a broker that was taken over gets by it, and what nobody else does."""
import json
import os
import pathlib
import pwd
import socket
import stat
import time

import pytest

from helpers import journal, rpc, web
from helpers.check import Findings, mode_and_owner
from helpers.people import as_user
from helpers.policy import applied, kept
from helpers.system import reload_manager, run, show, wait_for

SOCKET = "/run/restarter/log-broker.sock"
FILE = "/run/restarter/log-broker/log-broker.sock"
UNITS = ("told.service", "hers.service", "silent.service", "foreign.service")
GRANTS = """[Grant]
Unit=told.service
Verbs=restart
StartStopped=yes
Logs=yes

[Grant]
Unit=hers.service
Verbs=restart
StartStopped=yes
Logs=yes
Users=anna
Groups=ops

[Grant]
Unit=silent.service
Verbs=restart
StartStopped=yes

[Policy]
Admins=carl
AdminGroups=lords
"""
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/bin/sh -c 'echo a line of %n; exec sleep infinity'\n"


@pytest.fixture(scope="module", autouse=True)
def units():
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


def talk(text):
    for _ in range(100):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(SOCKET)
            try:
                s.sendall(text.encode())
                s.shutdown(socket.SHUT_WR)
                answer = web.receive_all(s)
            except OSError:
                answer = b""
        if answer:
            return [json.loads(line) for line in answer.decode().splitlines()]
        time.sleep(0.1)  # hung up on: those before it are just ending
    raise AssertionError("never answered")


def ask(text, user="restarter"):
    journal.sync()
    return as_user(user, talk, text)


def texts(unit, who=""):
    answer = ask(f"lines\n{who}unit={unit}\n")
    return [line["text"] for line in answer if "text" in line] or answer[-1].get("error", "")


def test_lines_of_units_that_say_so():
    assert "a line of told.service" in texts("told.service")
    assert any(text.startswith("Start") for text in texts("told.service")), "what PID 1 says of it"
    assert texts("silent.service") == texts("silent.service", "root=yes\n") == "refused"
    assert texts("foreign.service", "root=yes\n") == "refused"
    for unit in ("ssh.service", "systemd-journald.service", "dbus.service", "restarter-broker.service"):
        assert texts(unit, "root=yes\n") == "refused"


@pytest.mark.parametrize(
    "who, told",
    [
        ("", False),
        ("person=bob\n", False),
        ("person=carl\n", False),
        ("person=anna\n", True),
        ("person=bob\ngroup=users\ngroup=ops\n", True),
        ("root=yes\n", True),
    ],
)
def test_lines_are_for_whom_the_grant_names(who, told):
    assert ("a line of hers.service" in texts("hers.service", who)) == told


def test_history_is_for_who_sees_the_unit():
    rpc.over_unix().restarter.restart("hers.service", {"reason": "a test", "settle": 0})
    wait_for(lambda: show("hers.service", "ActiveState") == "active", "it is up")
    for who, told in (("", False), ("person=bob\n", False), ("person=anna\n", True), ("person=carl\n", True), ("root=yes\n", True)):
        answer = ask(f"history\n{who}unit=hers.service\n")
        assert (answer[-1].get("entries", 0) > 0) == told, (who, answer)
        assert told or answer == [{"error": "refused", "message": "Nothing was read: that is not for who asks."}]
    (*_, entry, _end) = answer
    assert (entry["user"], entry["reason"], entry["verb"], entry["unit"]) == ("root", "a test", "restart", "hers.service")
    assert ask("history\nroot=yes\nunit=foreign.service\n")[-1]["error"] == "refused"


def test_end_of_a_watch_is_told_with_its_beginning():
    rpc.over_unix().restarter.restart("told.service", {"settle": 0})
    wait_for(
        lambda: ask("history\nroot=yes\nunit=told.service\n")[-2].get("verdict") == "up", "the watch is over", timeout=60, pause=0.5
    )


def test_a_day_is_for_admins():
    now = int(time.time() * 1e6)
    day = f"since={now - 3600 * 10**6}\nuntil={now + 3600 * 10**6}\n"
    for who, told in (("", False), ("person=anna\n", False), ("person=carl\n", True), ("person=x\ngroup=lords\n", True), ("root=yes\n", True)):
        assert ("error" not in ask(f"day\n{who}{day}")[-1]) == told, who
    assert "hers.service" in {entry.get("unit") for entry in ask(f"day\nroot=yes\n{day}")}
    before = f"since=1\nuntil={now - 100 * 365 * 86400 * 10**4}\n"
    assert ask(f"day\nroot=yes\n{before}") == [{"entries": 0, "more": False}]


def test_latest_is_short():
    rows = ask("latest\n")
    assert rows[-1]["entries"] == len(rows) - 1 >= 1
    assert {"hers.service"} <= {row.get("unit") for row in rows}
    assert not {"from", "door", "reason", "known"} & {key for row in rows for key in row}


@pytest.mark.parametrize("text", ["", "x", "decisions\n", "lines\nunit=../x\n", "latest\nunit=told.service\n", "l" * 8192, "l" * 100000])
def test_no_errands(text):
    def talk_once():
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(SOCKET)
            try:
                s.sendall(text.encode())
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return web.receive_all(s).decode()

    answer = as_user("restarter", talk_once)
    assert answer == "" or json.loads(answer)["error"] == "malformed"


def test_nobody_else():
    """Not even root, who can read the journal without: this door is no way around another one."""
    assert talk("latest\n")[-1]["error"] == "refused"
    with pytest.raises(PermissionError):
        as_user("nobody", talk, "latest\n")
    os.chmod(FILE, 0o666)
    try:
        assert ask("latest\n", "nobody")[-1] == {"error": "refused", "message": "Nothing was read: this socket is the broker's."}
    finally:
        os.chmod(FILE, 0o600)


def test_broken_policy_tells_nobody_anything():
    file = pathlib.Path("/etc/restarter/policy.conf.d/zz.conf")
    file.write_text("Nonsense\n")
    try:
        for text in ("latest\n", "lines\nroot=yes\nunit=told.service\n"):
            assert ask(text)[-1]["error"] == "unavailable"
    finally:
        file.unlink()
    assert "a line of told.service" in texts("told.service")


def test_the_file():
    found = os.stat(FILE)
    assert stat.S_IMODE(found.st_mode) == 0o600 and found.st_uid == pwd.getpwnam("restarter").pw_uid
    for change in ({"mode": 0o660}, {"uid": 65534}):
        with mode_and_owner(FILE, **change):
            assert "systemctl restart restarter-log-broker.socket" in Findings().one(FILE, "socket of restarter-log-broker.socket")


def test_sandbox():
    """The same as for admins, word by word, and nothing of it at rest."""
    assert show("restarter-log-broker.socket", "UnitFileState") == "enabled"
    wait_for(lambda: run("systemctl", "list-units", "--no-legend", "--plain", "restarter-log-broker@*").stdout == "", "all have ended")
    for name in ("restarter-log@x.service", "restarter-log-broker@x.service"):
        done = run("systemd-analyze", "security", "--no-pager", "--threshold=3", name, check=False)
        assert f"Overall exposure level for {name}: 0.3" in done.stdout
    ours, other = (run("systemctl", "cat", f"restarter-log{part}@.service").stdout.splitlines()[1:] for part in ("", "-broker"))
    assert [line for line in other if line not in ours] == [
        "Description=restarter: a question about the record, asked by the broker",
        "ExecStart=/usr/libexec/restarter/restarter-log --broker",
    ]


def test_the_broker_sees_that_socket_and_no_other():
    shown = show("restarter-broker.service", "BindReadOnlyPaths").split()
    assert [path for path in shown if "/run/restarter" in path] == ["-/run/restarter/log-broker:/run/restarter:rbind"]
