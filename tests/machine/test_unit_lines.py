"""The last lines of a unit, as people are told them: nobody writes into another's, and whatever is in them is text."""
import json
import pathlib
import socket
import subprocess
import textwrap

import pytest

from helpers import journal, web
from helpers.people import MADE_UP_UID, as_user
from helpers.policy import applied, kept
from helpers.system import dropins, reload_manager, run, systemctl, wait_for

SOCKET = "/run/restarter/log-broker.sock"
VICTIM, LIAR = "honest-lines.service", "liars-lines.service"
GRANTS = "".join(f"[Grant]\nUnit={unit}\nVerbs=restart\nStartStopped=yes\nLogs=yes\n\n" for unit in (VICTIM, LIAR))
DIRECTORY = pathlib.Path("/etc/systemd/system")
LINES = 20


@pytest.fixture(scope="module", autouse=True)
def units():
    with kept(), applied(GRANTS):
        yield
    for unit in (VICTIM, LIAR):
        systemctl("stop", unit, check=False)
        (DIRECTORY / unit).unlink(missing_ok=True)
    reload_manager()


SAID = pathlib.Path("/var/tmp/said")
WAITS_TO_BE_READ = f"""
import os, sys, time
sys.stdout.flush()
open({str(SAID)!r}, "x").close()
while os.path.exists({str(SAID)!r}):
    time.sleep(0.005)
"""


def says(unit, program):
    """Has the unit run a Python program, to its end. Whose a line is journald finds out when it reads it, so the process is there
    until then."""
    script = pathlib.Path("/var/tmp", unit + ".py")
    script.write_text(textwrap.dedent(program) + WAITS_TO_BE_READ)
    (DIRECTORY / unit).write_text(
        f"[Unit]\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\nUser=daemon\nLogRateLimitIntervalSec=0\nExecStart=/usr/bin/python3 {script}\n"
    )
    reload_manager()
    with subprocess.Popen(["systemctl", "start", unit]) as start:
        wait_for(lambda: SAID.exists() or start.poll() is not None, "it has said it")
        journal.sync()
        SAID.unlink(missing_ok=True)
    journal.sync()


def answer_about(unit):
    def talk():
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(SOCKET)
            s.sendall(f"lines\nunit={unit}\n".encode())
            s.shutdown(socket.SHUT_WR)
            return web.receive_all(s)

    return wait_for(lambda: as_user("restarter", talk), "it is answered", 60, 0.1).decode()


def told(unit):
    rows = [json.loads(line) for line in answer_about(unit).splitlines()]
    assert rows[-1].keys() == {"entries", "more"} and rows[-1]["entries"] == len(rows) - 1 <= LINES
    return rows[:-1], rows[-1]["more"]


def texts(unit):
    return [row["text"] for row in told(unit)[0]]


SEND = """
    import socket
    def send(**fields):
        text = b"".join(k.encode() + b"\\n" + len(v).to_bytes(8, "little") + v + b"\\n" for k, v in fields.items())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.sendto(text, "/run/systemd/journal/socket")
"""


def test_the_last_ones_the_oldest_first():
    says(VICTIM, "for i in range(50): print('line', i)")
    rows, more = told(VICTIM)
    assert len(rows) == LINES and more
    numbers = [int(row["text"].split()[1]) for row in rows if row["text"].startswith("line ")]
    assert numbers and numbers == list(range(50 - len(numbers), 50))
    assert [int(row["at_usec"]) for row in rows] == sorted(int(row["at_usec"]) for row in rows)
    assert any("Finished" in row["text"] for row in rows), "and what PID 1 says of it"


def test_nobody_writes_into_anothers():
    says(VICTIM, "print('an honest line')")
    before = texts(VICTIM)
    forged = {"MESSAGE": b"forged", "UNIT": VICTIM.encode(), "_SYSTEMD_UNIT": VICTIM.encode(), "_PID": b"1", "OBJECT_SYSTEMD_UNIT": VICTIM.encode()}
    says(LIAR, SEND + f"\n    send(**{forged!r})\n    send(**{forged!r}, SYSLOG_IDENTIFIER=b'systemd', _UID=b'0')")

    def send_as_somebody():
        text = "".join(f"{k}={v.decode()}\n" for k, v in forged.items()).encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.sendto(text, "/run/systemd/journal/socket")

    as_user(MADE_UP_UID, send_as_somebody)
    send_as_somebody()
    subprocess.run(["systemd-cat", "-t", "systemd", "echo", "forged"], check=True)
    assert "forged" in texts(LIAR), "those of the liar are its own"
    assert texts(VICTIM) == before


HOSTILE = {
    "terminal": (rb"\x1b[2J\x1b]0;owned\x07red\x9b31m", "?[2J?]0;owned?red?31m"),
    "direction": ("user\u202etxt.exe\u2066x\u2069".encode(), "user?txt.exe?x?"),
    "unseen": ("a\u200bb\ufeffc\u00add".encode(), "a?b?c?d"),
    "lines": (b"one\ntwo\r\nthree\ttabs", "one two? three tabs"),
    "nul": (b"before\0after", "before?after"),
    "no text": (b"\xff\xfe\xc3(\xf0\x9f", "???(??"),
    "markup": (b"<script>alert(1)</script>&amp;\"'", "<script>alert(1)</script>&amp;\"'"),
    "JSON": (b'"}\n{"entries":0,"more":false}', '"} {"entries":0,"more":false}'),
    "umlauts": ("Zähler läuft über: 5 €".encode(), "Zähler läuft über: 5 €"),
    "nothing": (b"", ""),
}


def test_whatever_is_in_them_is_text():
    sent = {name: message.decode("unicode_escape").encode("latin-1") if name == "terminal" else message for name, (message, _) in HOSTILE.items()}
    says(LIAR, SEND + f"\n    for name, text in {sent!r}.items(): send(MESSAGE=text, PRIORITY=b'3', NAME=name.encode())")
    got = [row for row in told(LIAR)[0] if row["priority"] == 3]
    for (name, (_, expected)), row in zip(HOSTILE.items(), got, strict=True):
        assert row["text"] == expected, name


def test_how_long_they_may_be():
    says(LIAR, SEND + "\n    send(MESSAGE=b'x' * 150000, PRIORITY=b'9')\n    print('y' * 200000)\n    send(MESSAGE=('ä' * 400).encode(), PRIORITY=b'2')")
    rows = told(LIAR)[0]
    assert all(len(row["text"].encode()) <= 500 for row in rows)
    assert {"x" * 500, "y" * 500, "ä" * 250} <= {row["text"] for row in rows}
    assert all(0 <= row["priority"] <= 7 for row in rows)


def test_many_fields_and_no_message():
    says(LIAR, SEND + "\n    send(**{f'F{i}': b'x' * 1000 for i in range(100)})\n    print('after it')")
    assert "after it" in texts(LIAR)


def test_rotated_and_vacuumed():
    says(VICTIM, "print('before the rotation')")
    run("journalctl", "--rotate")
    assert "before the rotation" in texts(VICTIM)
    says(VICTIM, "print('after it')")
    assert {"before the rotation", "after it"} <= set(texts(VICTIM))
    run("journalctl", "--rotate", "--vacuum-time=1us")
    rows, more = told(VICTIM)
    assert not [row for row in rows if "rotation" in row["text"]] and not more


def test_no_journal():
    """Not one that is empty, but none that it may read: that is said, and not taken for silence."""
    text = run("systemctl", "cat", "restarter-log-broker@.service").stdout
    lines = [line for line in text.splitlines() if line.startswith("BindReadOnlyPaths=")]
    rest = [word for line in lines for word in line.partition("=")[2].split() if "journal" not in word]
    hidden = f"[Service]\nBindReadOnlyPaths=\nBindReadOnlyPaths={' '.join(rest)}\n"
    with dropins({"restarter-log-broker@.service": hidden}):
        assert json.loads(answer_about(VICTIM))["error"] == "unavailable"
    assert told(VICTIM)
