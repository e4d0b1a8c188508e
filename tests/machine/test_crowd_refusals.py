"""Crowds that are refused thousands of times a second, and a journal that does not keep up or does not listen at all:
a click beside them is not held up, and the journal is not flooded."""
import contextlib
import os
import signal
import time

import pytest

from helpers import journal, web
from helpers.beside import WEB_ADDRESS, Watch, click_request
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import OTHER, main_pid, send_signal, wait_for

JOURNALD = "systemd-journald.service"
NOT_GRANTED = click_request("12345")
NO_ID = click_request("../etc")
REFUSED = sampled({"not granted": (NOT_GRANTED, "403"), "malformed": (NO_ID, "400")})


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_counted(since, expected):
    """Each of the two writes its number with the first refusal after a second of its own."""
    for name in ("../etc", "12345"):
        web.click(name)
    entries = since.entries(f"MESSAGE_ID={journal.SUPPRESSED}")
    return sum(int(e["RESTARTER_SUPPRESSED"]) for e in entries) >= 0.5 * expected


@pytest.mark.parametrize("request_, status", REFUSED)
def test_refusals_without_end(request_, status):
    since = journal.Mark()
    pid = main_pid(JOURNALD)
    spent, begin = cpu_seconds(pid), time.monotonic()
    with Watch() as watch, Crowd("ask", 64, WEB_ADDRESS, request_, 4) as crowd:
        watch.click(OTHER, 20)
    seconds = time.monotonic() - begin
    spent = cpu_seconds(pid) - spent
    # Of those who want the same id, only so many may wait for the broker at once.
    assert set(crowd.answers) <= {status, "429"} and crowd.answers[status] > 0, crowd.answers
    print(f"{sum(crowd.answers.values()) / seconds:.0f} refusals a second; journald {100 * spent / seconds:.1f} %")
    assert spent < 0.2 * seconds
    refused = since.decisions(journal.REFUSED)
    assert len(refused) <= 2 * 20 * (seconds + 2), "each of the two writes at most twenty a second one by one"
    wait_for(lambda: is_counted(since, sum(crowd.answers.values()) - len(refused)), "and the rest is counted")


@contextlib.contextmanager
def deaf_journal():
    pid = send_signal(JOURNALD, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("request_, _status", REFUSED)
def test_journal_that_does_not_listen(request_, _status):
    """Its socket takes some hundreds of entries. Whoever writes more than that waits, but for ours."""
    since = journal.Mark()
    fill = journal_full()
    with Watch() as watch:
        with deaf_journal(), Crowd("ask", 64, WEB_ADDRESS, request_, 4):
            next(fill)
            watch.click(OTHER, 20)
    wait_for(lambda: len(since.decisions(journal.RESTARTED)) >= 20, "each restart is in the journal after all")


def journal_full():
    """Writes to the journal until its socket takes no more."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as full:
        full.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                full.sendto(b"MESSAGE=filling\nPRIORITY=7\n", "/run/systemd/journal/socket")
        yield
