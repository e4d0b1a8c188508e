#!/usr/bin/python3
"""What another machine costs: a restart and a list there, by restarter-far over a connection that is kept, beside the same by
`ssh -S` over a connection that is kept. It runs in a machine beside which there are others (tests/machine/lib/machines.sh).

Both take turns in short batches, so that a noisy neighbour disturbs both. Nothing asserts a time."""
import json
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "machine"))

from helpers import by_ssh as far, machines  # noqa: E402

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/var/tmp/out")
NAME, ID, UNIT = "web1", "3001", "example@3001.service"
# The cheapest service there is, and no limit on how often it may start.
TEMPLATE = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/sleep infinity\n"
MANAGER = ["busctl", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"]
ROUNDS, BATCH = 15, 10


def prepare(machine):
    machine.put("/etc/systemd/system/example@.service", TEMPLATE)
    machine.systemctl("daemon-reload")
    machine.systemctl("start", UNIT)
    machine.put("/root/.ssh/authorized_keys", far.own_key(NAME), "600")


def floor(*command):
    """The same over a master of our own, as root there."""
    subprocess.run(
        ["ssh", "-F", "none", "-S", "/run/bench-master", "-o", "ControlMaster=auto", "-o", "ControlPersist=60", "-o", "BatchMode=yes",
         "-i", str(far.KEYS / f"{NAME}.key"), "-o", f"UserKnownHostsFile={far.KEYS}/{NAME}.known_hosts", f"root@{NAME}", *command],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )


def timed(function):
    begin = time.monotonic_ns()
    function()
    return (time.monotonic_ns() - begin) / 1e6


def in_turns(kinds):
    """{name: function} to {name: median in milliseconds}."""
    samples = {name: [] for name in kinds}
    for function in kinds.values():
        function()
    for _ in range(ROUNDS):
        for name, function in kinds.items():
            samples[name] += [timed(function) for _ in range(BATCH)]
    return {name: statistics.median(values) for name, values in samples.items()}


def main():
    machine = machines.Machines()[NAME]
    with far.reached(machine):
        prepare(machine)
        with far.Kept(NAME) as connection:
            figures = in_turns({
                "restart, far": lambda: connection.value("restarter.restart", ID, {"settle": 0}),
                "restart, ssh -S": lambda: floor(*MANAGER, "RestartUnit", "ss", UNIT, "replace"),
                "list, far": lambda: connection.value("restarter.list"),
                "list, ssh -S": lambda: floor(*MANAGER, "ListUnitsByPatterns", "asas", "0", "1", "example@*"),
            })
    for what in ("restart", "list"):
        figures[f"{what}: far / ssh -S"] = figures[f"{what}, far"] / figures[f"{what}, ssh -S"]
    for name, value in figures.items():
        print(f"{name:24}{value:8.2f}{'' if '/' in name else ' ms'}")
    OUT.mkdir(exist_ok=True)
    (OUT / "far.json").write_text(json.dumps(figures, indent=1) + "\n")


main()
