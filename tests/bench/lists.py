"""The list beside one ListUnitsByPatterns for the same names: with a hundred units, with 2,000 and with 10,000.

Both are asked on a connection that is kept. What ours costs does not depend on how many units there are: more than half of it
is fifty rows in XML, 56 kB, each with all that a page shows of it, which systemd's list does not have (a row of that has
ten words). So a hundred units are where it may take longer than systemd's own; the next line is the same page asked for
again while nothing changed, which is what a crowd asks, and the one after it is on a connection of its own, as restartctl has."""

import pathlib
import subprocess

SIZES = (100, 2000, 10000)
FIRST = 10001
TEMPLATE = "bench@.service"
# Nothing runs of it, so that there may be very many.
UNIT = """[Unit]
Description=Number %i of very many
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
"""
POLICY = f"[Grant]\nUnit={TEMPLATE}\nInstances=[0-9]{{5}}\nVerbs=restart\n"
FOLDER, DROP_IN = pathlib.Path("/etc/systemd/system"), pathlib.Path("/etc/restarter/policy.conf.d/50-bench-lists.conf")
ROUNDS, BATCH, ROUNDS_FIRST, AT_ONCE = 10, 8, 5, 200
BODY = ('<?xml version="1.0"?><methodCall><methodName>restarter.list</methodName><params><param><value><struct>{}'
        "</struct></value></param></params></methodCall>")
MEMBER = "<member><name>{}</name><value><int>{}</int></value></member>"


def prepare(run):
    (FOLDER / TEMPLATE).write_text(UNIT, encoding="ascii")
    DROP_IN.parent.mkdir(exist_ok=True)
    DROP_IN.write_text(POLICY, encoding="ascii")
    run("systemctl", "daemon-reload")
    run("systemctl", "stop", "restarter-broker.service")


def leave(run):
    DROP_IN.unlink()
    run("systemctl", "stop", "bench@*.service", "restarter-broker.service")
    (FOLDER / TEMPLATE).unlink()
    run("systemctl", "daemon-reload")


def grow(run, before, size):
    names = [f"bench@{FIRST + i}.service" for i in range(before, size)]
    for i in range(0, len(names), AT_ONCE):
        run("systemctl", "start", *names[i:i + AT_ONCE])


def requests(http_request):
    """Pages of fifty, more of them than the broker keeps answers, so that none is answered by what was encoded before."""
    return [http_request(f"list-{i}", "POST /RPC2 HTTP/1.1", BODY.format(MEMBER.format("limit", 50) + MEMBER.format("offset", i)),
                         content_type="text/xml") for i in range(16)]


def first(ask):
    """A broker that has just been started, and knows nothing yet."""
    subprocess.run(["systemctl", "restart", "restarter-broker.service"], check=True)
    return ask(1)


def measure(run, out, load, http_request, in_turns, memory):
    """{size: (batches of ours, of systemd's, of the same page again, of those alone, of first ones; the broker's memory)}"""
    asked, result, before = requests(http_request), {}, 0
    prepare(run)

    def ours(pages):
        """One after the other, on one connection."""
        return load("/run/restarter/broker.sock", pages, "-r", "-n", str(2 * BATCH))

    def alone(count):
        """Each on a connection of its own."""
        asked.extend(asked[:count])
        del asked[:count]
        return [load("/run/restarter/broker.sock", [request], "-n", "1")[0] for request in asked[-count:]]

    def systemd(size):
        lines = run(out / "units", str(BATCH), "bench@*.service", str(size)).splitlines()
        return [(int(begin), int(nsec) / 1e6) for begin, nsec in map(str.split, lines)]

    for size in SIZES:
        grow(run, before, size)
        before = size
        ours(asked)
        batches = in_turns(ROUNDS, lambda: ours(asked), lambda size=size: systemd(size), lambda: ours(asked[:1]), lambda: alone(BATCH))
        result[size] = (*batches, [first(alone) for _ in range(ROUNDS_FIRST)], memory())
    leave(run)
    return result
