"""The journal since a given moment."""
import contextlib
import json
import socket
import time

from .system import run

RESTARTED = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d01"
FAILED = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d02"
REFUSED = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d03"
UNKNOWN = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d04"
POLICY = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d05"
SUPPRESSED = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d06"
SETTLED = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d07"
SIGNED_OUT = "5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d08"
DECISIONS = (RESTARTED, FAILED, REFUSED, UNKNOWN)

VARLINK = "/run/systemd/journal/io.systemd.journal"
PATIENCE = 60


def sync():
    """Until all is written that was sent before. journald is asked as `journalctl --sync` asks it, but for the process."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(VARLINK)
        connection.sendall(b'{"method":"io.systemd.Journal.Synchronize","parameters":{}}\0')
        answer = b""
        while not answer.endswith(b"\0"):
            more = connection.recv(4096)
            assert more, f"journald hung up: {answer}"
            answer += more
    assert b'"error"' not in answer, answer


class Mark:
    """A moment: all that was sent before it is written, and what is written from now on bears a later time."""

    def __init__(self):
        sync()
        self.since = f"--since=@{time.time():.6f}"

    def entries(self, *matches):
        """What was written since, as dicts. Matches are as journalctl's, NAME=VALUE."""
        return [json.loads(line) for line in self.text("--output=json", *matches).splitlines()]

    def decisions(self, *message_ids):
        return self.entries(*[f"MESSAGE_ID={m}" for m in message_ids or DECISIONS])

    def text(self, *options):
        sync()
        return run("journalctl", "--quiet", "--all", self.since, *options).stdout

    def starts_of(self, service):
        """How often systemd started the service since."""
        started = self.entries("MESSAGE_ID=39f53479d3a045ac8e11786248231fbf", f"UNIT={service}")
        return len(started)
