"""The system bus: who sends what, and what others may send."""
import json
import os
import subprocess
import time

from .system import run, wait_for

SYSTEMD = "org.freedesktop.systemd1"
SYSTEMD_PATH = "/org/freedesktop/systemd1"
MANAGER = "org.freedesktop.systemd1.Manager"
UNIT = "org.freedesktop.systemd1.Unit"


def reload_config():
    run(
        "busctl",
        "call",
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "ReloadConfig",
    )


def names_of(pid):
    """The unique bus names of a process that is on the bus, or is about to be: it may have answered somebody before."""

    def there():
        lines = run("busctl", "list", "--unique", "--no-legend", "--no-pager").stdout.splitlines()
        rows = [line.split() for line in lines]
        return [row[0] for row in rows if len(row) > 1 and row[1] == str(pid)]

    return wait_for(there, f"process {pid} is on the bus")


class Monitor:
    """Records every message with the given sender, with the time it was seen at (as time.time() has it)."""

    def __init__(self, sender):
        self.sender = sender

    def __enter__(self):
        self.process = subprocess.Popen(
            ["busctl", "monitor", "--json=short", f"--match=sender='{self.sender}'", "--match=member='Mark'"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        self.pending, self.seen = b"", []
        wait_for(self.mark, "busctl monitor shows a message", 30, 0)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _read(self):
        self.pending += self.process.stdout.read() or b""
        *lines, self.pending = self.pending.split(b"\n")
        self.seen += [json.loads(line) for line in lines if line]

    def mark(self, timeout=2.0):
        """Sends a signal of our own and waits until it shows up: whatever was sent before has been seen then."""
        number = time.monotonic_ns()
        run("busctl", "emit", "/test", "test.restarter", "Mark", "t", str(number))
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self._read()
            if any(m.get("member") == "Mark" and m["payload"]["data"] == [number] for m in self.seen):
                return True
            time.sleep(0.01)
        return False

    def messages(self):
        """The members of all messages seen so far, in order."""
        assert self.mark(30.0), "busctl monitor shows nothing any more"
        return [m.get("member", m["type"]) for m in self.seen if m.get("member") != "Mark"]
