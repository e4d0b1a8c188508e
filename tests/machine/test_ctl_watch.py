"""restartctl watch: each change of a unit as a line, over a broker that comes and goes, until somebody ends it."""
import contextlib
import json
import signal
import subprocess
import threading

import pytest

from helpers import system
from helpers.system import BROKER, OTHER, WELL, run, systemctl, unit, wait_for


class Watch:
    """A watch whose lines are gathered as they come."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(["restartctl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines, self.errors = [], []
        for stream, into in ((self.process.stdout, self.lines), (self.process.stderr, self.errors)):
            threading.Thread(target=into.extend, args=(stream,), daemon=True).start()

    def waits(self):
        """It has asked what there is, and waits: from now on nothing is missed."""
        wait_for(self._one_change, "a change is seen")

    def _one_change(self):
        systemctl("restart", unit(OTHER))
        with contextlib.suppress(AssertionError):
            wait_for(lambda: any(OTHER in line for line in list(self.lines)), "it is", timeout=2)
            return True
        return False

    def of(self, name):
        return [line for line in list(self.lines) if unit(name) in line]

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(30)


@contextlib.contextmanager
def watch(*arguments):
    it = Watch(*arguments)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait()


@pytest.mark.core
def test_changes_are_lines():
    with watch("watch") as it:
        it.waits()
        systemctl("stop", unit(WELL))
        wait_for(lambda: any(line.endswith("-> inactive/dead\n") or line.endswith("-> -\n") for line in it.of(WELL)), "the stop is told")
        systemctl("start", unit(WELL))
        wait_for(lambda: it.of(WELL)[-1].endswith("-> active/running\n"), "the start is told")
        assert all(len(line.split()) == 6 and line.split()[4] == "->" for line in it.lines), it.lines
        assert it.end(signal.SIGINT) == 0 and it.errors == []


@pytest.mark.once
@pytest.mark.parametrize("word", [WELL, unit(WELL), f"example@{WELL}", f"*@{WELL[:-1]}4"])
def test_only_what_is_meant(word):
    with watch("--json", "watch", word, OTHER) as it:
        it.waits()
        systemctl("stop", unit("1236"))
        systemctl("start", unit("1236"))
        systemctl("stop", unit(WELL))
        wait_for(lambda: it.of(WELL), "it is told")
        rows = [json.loads(line) for line in it.lines]
        assert {row["unit"] for row in rows} <= {unit(WELL), unit(OTHER)}
        assert all(set(row) == {"time", "unit", "before", "after"} and set(row["after"]) == {"active_state", "sub_state"} for row in rows)
        assert it.end(signal.SIGTERM) == 0


@pytest.mark.once
def test_a_broker_that_is_started_anew():
    with watch("watch") as it:
        it.waits()
        systemctl("restart", BROKER)
        systemctl("stop", unit(WELL))
        wait_for(lambda: it.of(WELL), "what changed after it is told")
        assert it.errors == [], "nobody was away"


@pytest.mark.once
def test_an_outage():
    """It is said once that nobody is there, and once that somebody is again; what changed meanwhile is told."""
    with watch("--json", "watch") as it:
        it.waits()
        try:
            systemctl("stop", *system.SOCKETS, BROKER)
            systemctl("stop", unit(WELL))
            wait_for(lambda: any('"reachable":false' in line for line in list(it.lines)), "the outage is said")
            assert "The broker" in it.errors[0]
        finally:
            systemctl("start", *system.SOCKETS)
        wait_for(lambda: it.of(WELL), "what changed is told")
        assert [line for line in it.lines if "reachable" in line][-1].count('"reachable":true') == 1
        assert len(it.errors) == 2, it.errors


@pytest.mark.once
def test_from_the_first_nobody_there():
    done = run("restartctl", "--json", "--socket=/run/no-such", "watch", check=False)
    assert done.returncode == 4 and json.loads(done.stdout)["error"]["kind"] == "unavailable"
