#!/usr/bin/python3
"""What the page costs where there are other machines: alone, with twenty, and with twenty of which five say nothing. Those at the other
ends are this machine's own broker, so what differs is the front's own work.

Nothing asserts a time. The kinds take turns in rounds, so that a noisy neighbour disturbs all of them."""
import contextlib
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "machine"))

from helpers import far, web  # noqa: E402
from helpers.system import stop_daemons  # noqa: E402

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/var/tmp/out")
NAMES = [f"web{number}" for number in range(20)]
KINDS = {"alone": ([], []), "20 machines": (NAMES, []), "20, 5 silent": (NAMES[5:], NAMES[:5])}
ROUNDS, PAGES = 5, 10


def page():
    """A page that nobody has asked for in the last moment, in milliseconds."""
    time.sleep(0.3)
    begin = time.monotonic_ns()
    assert web.request("GET", "/").status == 200
    return (time.monotonic_ns() - begin) / 1e6


def measure(answering, silent):
    with contextlib.ExitStack() as stack:
        if answering or silent:
            stack.enter_context(far.named(*NAMES))
        for name in answering:
            stack.enter_context(far.at(name))
        for name in silent:
            stack.enter_context(far.silent(name))
        stop_daemons()
        page()
        return [page() for _ in range(PAGES)]


def main():
    samples = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        for kind, (answering, silent) in KINDS.items():
            samples[kind] += measure(answering, silent)
    figures = {kind: statistics.median(values) for kind, values in samples.items()}
    for kind in ("20 machines", "20, 5 silent"):
        figures[f"{kind} / alone"] = figures[kind] / figures["alone"]
    for name, value in figures.items():
        print(f"{name:24}{value:8.2f}{'' if '/' in name else ' ms'}")
    OUT.mkdir(exist_ok=True)
    (OUT / "machines.json").write_text(json.dumps(figures, indent=1) + "\n")


main()
