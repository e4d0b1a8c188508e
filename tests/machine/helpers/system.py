"""Speaking to the machine's systemd as root, and waiting for what it does."""
import contextlib
import os
import pathlib
import subprocess
import time

from . import pid1

BROKER = "restarter-broker.service"
WEBFRONT = "restarter-webfront.service"
SOCKETS = (
    "restarter-webfront.socket",
    "restarter-broker.socket",
    "restarter-broker-web.socket",
    "restarter-broker-web-proxy.socket",
)
SETTINGS = pathlib.Path("/etc/default/restarter")

# The instances of the demonstration that run from the start, and what the tests add to their template.
WELL = "1234"
OTHER = "1235"
FAILING = "0666"
STARTS = pathlib.Path("/run/restarter-tests")


def run(*command, check=True, timeout=60, **options):
    """Runs a command and returns it with its output as text."""
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=timeout,
        **options,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done


def systemctl(*arguments, **options):
    return run("systemctl", *arguments, **options)


def unit(instance):
    return f"example@{instance}.service"


def show(name, *properties):
    """A unit's properties, as systemd prints them; with one name given, that one's value."""
    values = _asked(name, properties) or _printed(name, properties)
    return values[properties[0]] if len(properties) == 1 else values


def _asked(name, properties):
    """Nothing while PID 1 does not answer, as in the moment in which it starts itself anew: systemctl is patient then."""
    if not pid1.answers(name, properties):
        return None
    with contextlib.suppress(OSError):
        return dict(zip(properties, pid1.ask([(name, p) for p in properties])))
    return None


def all_active(names):
    with contextlib.suppress(OSError):
        return pid1.ask([(name, "ActiveState") for name in names]) == ["active"] * len(names)
    return False


def _printed(name, properties):
    lines = systemctl("show", name, *[f"--property={p}" for p in properties]).stdout.splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def main_pid(name):
    return int(show(name, "MainPID"))


def send_signal(name, number):
    """To a service's main process, whose PID is returned. It must run: a signal to 0 ends whoever runs the tests."""
    pid = main_pid(name)
    assert pid, f"{name} does not run"
    os.kill(pid, number)
    return pid


def invocation(name):
    return show(name, "InvocationID")


def invocations(names):
    """The invocation IDs of several units, in order."""
    return systemctl("show", "--property=InvocationID", "--value", *names).stdout.split("\n\n")


def wait_for(condition, what, timeout=30.0, pause=0.02):
    """Asks until the answer is true, and returns it."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"after {timeout:g} seconds still not: {what}")
        time.sleep(pause)


def wait_until(name, state, timeout=30.0):
    wait_for(lambda: show(name, "ActiveState") == state, f"{name} is {state}", timeout)


def cgroup_gone(service):
    """True when no process of the service is left. Cheap enough to be asked a thousand times."""
    return not os.path.exists(f"/sys/fs/cgroup/system.slice/{service}")


def _outside_seconds():
    """Of all that whoever started it left outside of the machine's control groups: pytest, and what it started, such as a
    browser. What has ended is in the count of who waited for it."""
    seconds = 0
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if "::/.." in (process / "cgroup").read_text():
                seconds += sum(map(int, (process / "stat").read_text().rpartition(") ")[2].split()[11:15]))
    return seconds / os.sysconf("SC_CLK_TCK")


def processor_seconds():
    """What the machine has taken of a processor since it booted."""
    lines = pathlib.Path("/sys/fs/cgroup/cpu.stat").read_text().splitlines()
    return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6 + _outside_seconds()


def stop(*names):
    """Whoever has a page open comes again at once: that starts a daemon, and the job that is to stop it is cancelled. So this
    goes on until they have ended."""
    wait_for(lambda: systemctl("stop", *names, check=False).returncode == 0, f"{', '.join(names)} ended", 60)


def stop_daemons():
    """Ends both daemons; their sockets stay."""
    stop(WEBFRONT, BROKER)


def close_doors():
    """Nobody listens, and nobody answers."""
    stop(*SOCKETS, WEBFRONT, BROKER)


def open_doors_anew():
    """Whatever became of them: the sockets are there, and nothing counts against a start of the daemons."""
    close_doors()
    systemctl("reset-failed", *SOCKETS, WEBFRONT, BROKER, check=False)
    systemctl("start", *SOCKETS)


def put_doors_right():
    """Whatever the last test did to them."""
    if not all_active(SOCKETS):
        open_doors_anew()


def reload_manager():
    systemctl("daemon-reload")


UNITS = pathlib.Path("/run/systemd/system")


@contextlib.contextmanager
def unit_files(texts):
    """Units of a test's own, {name: text}, for a while. None of them is left, nor a failed one that systemd remembers."""
    for name, text in texts.items():
        (UNITS / name).write_text(text)
    reload_manager()
    try:
        yield
    finally:
        systemctl("stop", *_loaded(texts))
        forget_failed(*texts)
        for name in texts:
            (UNITS / name).unlink()
        reload_manager()


def _loaded(units):
    """Those that are loaded still; a template stands for all of its instances."""
    return [name.replace("@.", "@*.") for name in units]


def forget_failed(*units):
    systemctl("reset-failed", *_loaded(units), check=False)


@contextlib.contextmanager
def dropins(texts):
    """Adds a drop-in to each unit of a {name: text} for a while. Running processes are the caller's to restart."""
    files = []
    for name, text in texts.items():
        file = pathlib.Path(f"/run/systemd/system/{name}.d/70-test.conf")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        files.append(file)
    reload_manager()
    try:
        yield
    finally:
        for file in files:
            file.unlink()
            with contextlib.suppress(OSError):
                file.parent.rmdir()
        reload_manager()


@contextlib.contextmanager
def settings(**values):
    """Starts both daemons anew, with other settings, for a while."""
    before = SETTINGS.read_bytes()
    SETTINGS.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    stop_daemons()
    try:
        yield
    finally:
        SETTINGS.write_bytes(before)
        stop_daemons()


@contextlib.contextmanager
def replaced(file, content):
    """Gives a file other content for a while; None takes it away."""
    file = pathlib.Path(file)
    before, mode = file.read_bytes(), file.stat().st_mode
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    try:
        yield file
    finally:
        file.write_bytes(before)
        file.chmod(mode & 0o7777)


# Before each start an instance of the demonstration writes its invocation ID into a file, so that starts can be
# counted, and waits as long as another file says, or as long as a third one is there. Its start limit is off;
# test_start_limit.py puts one back.
BEFORE_START = """#!/bin/sh
cd /run/restarter-tests || exit
delay=
[ ! -e "delay-$1" ] || read -r delay <"delay-$1"
echo "$INVOCATION_ID" >>"starts-$1"
[ -z "$delay" ] || sleep "$delay"
while [ -e "hold-$1" ]; do sleep 0.05; done
"""
TEMPLATE_DROPIN = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStartPre=+/bin/sh /run/restarter-tests/before-start %i
"""


def prepare_template():
    STARTS.mkdir(exist_ok=True)
    (STARTS / "before-start").write_text(BEFORE_START)
    dropin = pathlib.Path("/run/systemd/system/example@.service.d/50-tests.conf")
    dropin.parent.mkdir(parents=True, exist_ok=True)
    dropin.write_text(TEMPLATE_DROPIN)
    reload_manager()


class Instance:
    """One instance of the demonstration's template, which counts its starts and can be made slow."""

    def __init__(self, name):
        self.name = name
        self.unit = unit(name)

    def starts(self):
        """The invocation IDs of all starts since forget()."""
        try:
            return (STARTS / f"starts-{self.name}").read_text().split()
        except FileNotFoundError:
            return []

    def forget(self):
        (STARTS / f"starts-{self.name}").unlink(missing_ok=True)

    def slow(self, seconds):
        (STARTS / f"delay-{self.name}").write_text(f"{seconds}\n")

    def hold(self):
        """Its next start takes until quick()."""
        (STARTS / f"hold-{self.name}").touch()

    def quick(self):
        for word in ("delay", "hold"):
            (STARTS / f"{word}-{self.name}").unlink(missing_ok=True)

    def fresh(self):
        """Quick, and with no start counted."""
        self.quick()
        self.forget()

    def wait_for_start(self, number=1, timeout=30.0):
        wait_for(lambda: len(self.starts()) >= number, f"{self.unit} is being started", timeout, 0.005)

    def state(self):
        return show(
            self.unit, "ActiveState", "SubState", "Result", "ExecMainStatus", "MainPID", "InvocationID"
        )


def ready(*names):
    """The instances, running, quick, and with their counts at nothing."""
    units = [unit(n) for n in names]
    instances = [Instance(n) for n in names]
    systemctl("reset-failed", *units, check=False)
    for instance in instances:
        instance.quick()
    systemctl("start", *units)
    for instance in instances:
        instance.forget()
    return instances


class Failing(Instance):
    """The instance of the demonstration that comes up the first time only."""

    def __init__(self):
        super().__init__(FAILING)

    def mend(self):
        """Its next start is a first one again."""
        self._marker().unlink(missing_ok=True)

    def up(self):
        """Running, and going to fail when it is restarted."""
        self.mend()
        ready(self.name)
        self._marker().touch()

    def is_up(self):
        """As up() leaves it."""
        return all_active([self.unit]) and self._marker().exists()

    def _marker(self):
        return pathlib.Path(f"/run/example-{self.name}/started")
