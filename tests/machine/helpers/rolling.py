"""restartctl restart --rolling, and units of its own that can be held, made to fail, and counted."""
import contextlib
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import threading

from . import system
from .policy import DROPINS, applied
from .system import run, wait_for

DROPIN = DROPINS / "applied.conf"
STATE = pathlib.Path("/root/.local/state/restarter")
RECORD = STATE / "rolling"

OK, FAILED, USAGE, REFUSED, UNAVAILABLE, UNKNOWN, STOPPED = 0, 1, 2, 3, 4, 5, 7

TEMPLATE = "roll@.service"
# Without a watch of the broker's own: what is seen is seen by restartctl.
GRANT = "[Grant]\nUnit=roll@.service\nInstances=[a-z0-9-]+\nVerbs=restart try-restart reload\nSettle=0\nDefault=yes\n"
SERVICE = """[Unit]
StartLimitIntervalSec=0
[Service]
Type=exec
ExecStartPre=/bin/sh /run/restarter-tests/before-start roll-%i
ExecStartPre=/bin/sh -c '! test -e /run/restarter-tests/fail-roll-%i'
ExecStart=sleep infinity
ExecReload=true
"""
NOTIFY = SERVICE.replace("Type=exec", "Type=notify\nNotifyAccess=all")
READY = "systemd-notify --ready; exec sleep infinity"
# Units with ways of their own.
KINDS = {
    "roll@flaps.service": SERVICE + "Restart=always\nRestartSec=0\n",
    # Nobody feeds it.
    "roll@dog.service": NOTIFY.replace("sleep infinity", f"sh -c '{READY}'") + "WatchdogSec=3\n",
    # Where the others do not come up it does, and ends without having said so.
    "roll@mute.service": NOTIFY.replace("! test -e", "true").replace(
        "sleep infinity", f"sh -c 'test ! -e /run/restarter-tests/fail-roll-mute || exit 0; {READY}'"
    ),
}


class Unit(system.Instance):
    def __init__(self, name):
        super().__init__(f"roll-{name}")
        self.unit = f"roll@{name}.service"

    @property
    def mistake(self):
        return system.STARTS / f"fail-{self.name}"

    def fails(self):
        """It does not come up any more."""
        self.mistake.touch()

    def mended(self):
        self.mistake.unlink(missing_ok=True)

    def kill(self):
        system.systemctl("kill", "--signal=KILL", "--kill-whom=main", self.unit)

    def count(self):
        return len(self.starts())


@contextlib.contextmanager
def units():
    with system.unit_files({TEMPLATE: SERVICE, **KINDS}), applied(GRANT):
        try:
            yield
        finally:
            shutil.rmtree(STATE, ignore_errors=True)


def fresh(*names):
    """They run, and nothing is kept of what was before."""
    shutil.rmtree(STATE, ignore_errors=True)
    made = [Unit(name) for name in names]
    for unit in made:
        unit.quick()
        unit.mended()
    system.systemctl("stop", "roll@*.service")
    system.forget_failed(TEMPLATE, *KINDS)
    system.systemctl("start", *[unit.unit for unit in made])
    for unit in made:
        unit.forget()
    return made


def names(units):
    return [unit.unit for unit in units]


def counts(units):
    return [unit.count() for unit in units]


def command(*arguments, verb="restart"):
    return ["restartctl", verb, "--rolling", *(str(a) for a in arguments)]


def roll(*arguments, check=None, verb="restart", **options):
    done = run(*command(*arguments, verb=verb), check=False, **options)
    if check is not None:
        assert done.returncode == check, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def roll_json(*arguments, check=None):
    return json.loads(roll("--json=short", *arguments, check=check).stdout)


def phases():
    """{unit: phase} of the state that is kept."""
    with contextlib.suppress(FileNotFoundError):
        lines = [line.split() for line in RECORD.read_text().splitlines()]
        return {line[3]: line[1] for line in lines if line[0] == "unit"}
    return {}


def wait_for_phase(unit, phase):
    wait_for(lambda: phases().get(unit.unit) == phase, f"{unit.unit} is {phase}", 60)


class Running:
    """One that runs beside the test. Its output is read when it is over."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            command(*arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def signal(self, number=signal.SIGINT):
        self.process.send_signal(number)

    def over(self, check=None):
        out, err = self.process.communicate(timeout=120)
        if check is not None:
            assert self.process.returncode == check, f"{self.process.returncode}\n{out}{err}"
        return out, err


@contextlib.contextmanager
def running(*arguments):
    it = Running(*arguments)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait()


class Terminal:
    """One on a terminal of its own, whose output is gathered."""

    def __init__(self, *arguments):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execvp("restartctl", command(*arguments))
        self.text = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(OSError):
            while chunk := os.read(self.master, 4096):
                self.text += chunk.decode()

    def press(self, keys):
        os.write(self.master, keys.encode())

    def sees(self, pattern):
        wait_for(lambda: re.search(pattern, self.text), f"'{pattern}' is on the terminal", 60)

    def goes(self):
        """The terminal does. It is gone when nobody reads any more."""
        os.close(self.master)
        self.reader.join(60)
        assert not self.reader.is_alive()

    def over(self):
        """Its exit status, and all that was written."""
        _, status = os.waitpid(self.pid, 0)
        self.reader.join(30)
        os.close(self.master)
        return os.waitstatus_to_exitcode(status), self.text
