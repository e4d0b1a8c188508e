"""The journal since a given moment."""
import json

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


def sync():
    run("journalctl", "--sync")


class Mark:
    """A point in the journal."""

    def __init__(self):
        sync()
        last = run("journalctl", "--lines=1", "--output=json").stdout
        self.cursor = json.loads(last)["__CURSOR"]

    def entries(self, *matches):
        """What was written since, as dicts. Matches are as journalctl's, NAME=VALUE; but journalctl itself, given
        some, takes the first entry that matches for the one with the cursor and leaves it out."""
        wanted = {}
        for name, value in (match.split("=", 1) for match in matches):
            wanted.setdefault(name, set()).add(value)
        entries = [json.loads(line) for line in self.text("--output=json").splitlines()]
        return [e for e in entries if all(e.get(name) in values for name, values in wanted.items())]

    def decisions(self, *message_ids):
        return self.entries(*[f"MESSAGE_ID={m}" for m in message_ids or DECISIONS])

    def text(self, *options):
        sync()
        return run("journalctl", "--quiet", "--all", f"--after-cursor={self.cursor}", *options).stdout

    def starts_of(self, service):
        """How often systemd started the service since."""
        started = self.entries("MESSAGE_ID=39f53479d3a045ac8e11786248231fbf", f"UNIT={service}")
        return len(started)
