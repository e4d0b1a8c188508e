"""Pages that are open: how soon they show what happened, and what a thousand of them cost."""
import os
import resource
import select
import signal
import socket
import time

PAGES, ROUNDS, PATIENCE_SEC = 1000, 15, 30
# After an event, until the page is quiet; and between two rounds, so that none is gathered with the one before.
QUIET_SEC = 0.4
STREAM = b"GET /events HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: text/event-stream\r\n\r\n"


class Page:
    """A stream of events: of what it was told, only when it came matters."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE_SEC)
        self.socket.sendall(STREAM)

    def wait_for(self, *parts):
        """When all of them have been told, in microseconds."""
        told = b""
        while not all(part in told for part in parts):
            piece = self.socket.recv(65536)
            if not piece:
                raise SystemExit(f"bench: a page's events ended after {told[-300:]!r}")
            told += piece
        return time.monotonic_ns() // 1000

    def drain(self):
        while select.select([self.socket], [], [], QUIET_SEC)[0]:
            if not self.socket.recv(65536):
                raise SystemExit("bench: a page's events ended")


def kill(run, page, unit, main_pid):
    """One sample: (begin in microseconds, milliseconds until the page shows that it is dead)."""
    page.drain()
    pid, begin = main_pid(unit), time.monotonic_ns() // 1000
    os.kill(pid, signal.SIGKILL)
    shown = page.wait_for(b"event: rows", b'data-unit="' + unit.encode() + b'" data-group="failed"')
    run("systemctl", "reset-failed", unit)
    run("systemctl", "start", unit)
    return begin, (shown - begin) / 1000


def measure(run, port, unit, main_pid, memory):
    """Kills with one page open and with a thousand, and the memory of the daemons with these: {name: …}"""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    page = Page(port)
    page.wait_for(b"event: whole")
    one = [kill(run, page, unit, main_pid) for _ in range(ROUNDS)]
    others = [Page(port) for _ in range(PAGES - 1)]
    for other in others:
        other.wait_for(b"event: whole")
    thousand = [kill(run, page, unit, main_pid) for _ in range(ROUNDS)]
    kib = memory()
    for each in (page, *others):
        each.socket.close()
    return {"one": one, "thousand": thousand, "memory_kib": kib}
