"""Several machines on one wire (lib/machines.sh): those beside this one, which are off until a test asks for them.

    def test_something(machines):
        web1 = machines["web1"]            # booted, if it was not; root's commands there: web1.run("systemctl", …)
        web1.slow(delay=200, loss=5)       # milliseconds and percent, in both directions; mended after the test
"""
import contextlib
import errno
import json
import os
import pathlib
import socket
import time
import types

from . import system

SHARED = pathlib.Path("/srv/machines")
HERE = "10.11.0.1"
# What stands for it in a lost answer: the machine went away while it was asked.
GONE = types.SimpleNamespace(returncode=None, stdout="", stderr="the machine went away")


class Machine:
    """One of the others. What is run there goes through a socket in a shared directory, never over the wire."""

    def __init__(self, name):
        self.name = name
        self.address = f"10.11.0.{int(name.removeprefix('web')) + 1}"
        self.touched = False

    # Commands

    def run(self, *command, input="", check=True, timeout=60):
        """Root's command there; returns what subprocess.run() does, or GONE when the machine went away meanwhile."""
        done = self._ask({"argv": [str(part) for part in command], "input": input}, timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{self.name}: {command} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def start(self, *command):
        """A command that goes on; returns at once. It ends with the test, as `machine-test-*` there."""
        self.touched = True
        return self.run("systemd-run", "--quiet", "--collect", f"--unit=machine-test-{time.monotonic_ns()}", *command)

    def systemctl(self, *arguments, **options):
        return self.run("systemctl", *arguments, **options)

    def show(self, unit, name):
        return self.systemctl("show", "--value", f"--property={name}", unit).stdout.strip()

    def put(self, path, text, mode="644"):
        self.run("install", "-D", "-m", mode, "/dev/stdin", path, input=text)

    def journal(self, *arguments):
        return self.run("journalctl", "--no-pager", "--output=cat", *arguments).stdout

    # Power

    def on(self):
        """True while its control answers."""
        with contextlib.suppress(OSError):
            return self.run("true", check=False).returncode == 0
        return False

    def up(self):
        """Boots it, unless it runs, and waits until it has come up. A disk outlives the power."""
        system.wait_for(lambda: self.on() or self._power(b"on\n"), f"{self.name} has power", 300)
        self.wait_up()
        return self

    def wait_up(self, before=None):
        """Until it has come up, and (given one) is another boot than that."""
        system.wait_for(lambda: self._is_up(before), f"{self.name} is up", 300)

    def boot_id(self):
        return self.run("cat", "/proc/sys/kernel/random/boot_id").stdout

    def reboot(self, force=False, wait=True):
        """By its own systemd; or at once, as if the power had gone for a moment. With wait=False it is on its way only."""
        self.touched = True
        before = self.boot_id()
        with contextlib.suppress(OSError):
            self.run("systemctl", "reboot", *["--force"] * (2 * force), check=False)
        if wait:
            self.wait_up(before)
        return before

    def kill(self):
        """The power goes, and stays away until up()."""
        self.touched = True
        with contextlib.suppress(OSError):
            self.run("systemctl", "poweroff", "--force", "--force", check=False)
        system.wait_for(lambda: self._power(b""), f"{self.name} is off", 300)

    # The wire

    def network(self, up):
        """Plugged in or not."""
        self.touched = True
        self.run("ip", "link", "set", "host0", "up" if up else "down")

    def slow(self, delay=0, loss=0):
        """Each frame takes so many milliseconds more, in each direction, and so many of a hundred are lost: 100 is a wire that is cut
        and does not look so. Without arguments: as it was."""
        self.systemctl("stop", "machine-slow-wire.service", check=False)
        if delay or loss:
            self.touched = True
            self.run("systemd-run", "--quiet", "--collect", "--unit=machine-slow-wire", "--service-type=notify",
                     "--property=NotifyAccess=all", "--property=KillMode=mixed", "/usr/local/libexec/machine-slow-wire", delay, loss)

    def mend(self):
        """As a test finds it: on, plugged in, with an sshd."""
        if not self.touched:
            return
        self.up()
        self.slow()
        self.network(True)
        self.systemctl("stop", "machine-test-*", check=False)
        self.systemctl("start", "ssh.service")
        self.touched = False

    # Within

    def _ask(self, question, timeout):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(str(SHARED / f"{self.name}.control"))
            try:
                connection.sendall(json.dumps(question).encode() + b"\n")
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
            except ConnectionError:
                answer = b""
        return types.SimpleNamespace(**json.loads(answer)) if answer else GONE

    def _power(self, word):
        """Its keeper listens whenever it is off, and then alone."""
        try:
            power = os.open(SHARED / f"{self.name}.power", os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            assert error.errno == errno.ENXIO, error
            return False
        with os.fdopen(power, "wb") as pipe:
            pipe.write(word)
        return True

    def _is_up(self, before):
        with contextlib.suppress(OSError):
            state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
            return state in ("running", "degraded") and self.boot_id() != before
        return False


class Machines(dict):
    """By name; whoever is asked for is booted."""

    def __missing__(self, name):
        self[name] = Machine(name)
        return self[name].up()

    def mend(self):
        for machine in self.values():
            machine.mend()


@contextlib.contextmanager
def slow_unit(machine, text):
    """A unit there, slow.service, that may be restarted; nothing is left of it."""
    unit_file, grant = "/etc/systemd/system/slow.service", "/etc/restarter/policy.conf.d/slow.conf"
    machine.put(unit_file, text)
    machine.put(grant, "[Grant]\nUnit=slow.service\nVerbs=restart\nStartStopped=yes\n")
    machine.run("sh", "-ec", "systemctl daemon-reload; restartctl policy apply")
    try:
        yield "slow.service"
    finally:
        machine.up()
        machine.run("sh", "-ec", f"systemctl stop slow.service; rm {unit_file} {grant}; systemctl daemon-reload; restartctl policy apply")


def there_are():
    return SHARED.is_dir()
