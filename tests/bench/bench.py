#!/usr/bin/python3
"""The bench. It runs inside a booted machine that has the package (tests/bench/run boots it), beside four programs:

  floor   RestartUnit straight to systemd as user restarter: what a restart costs without us
  load    the client, from HTTP request to answer
  units   ListUnitsByPatterns straight to systemd: what a list costs without us
  bare    a bare libmicrohttpd program that answers the bytes of one of our answers

Ours and the other one take turns in short batches, so that a noisy neighbour disturbs both. Nothing asserts a time:
the table says what was aimed at and whether it was met, and the exit status only whether everything worked.
"""

import contextlib
import json
import os
import pathlib
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse

import lists
import pages
import people

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/var/tmp/out")
WEB, BARE, BROKER = "8080", "8090", "/run/restarter/broker.sock"
DAEMONS = {"web front": "restarter-webfront.service", "broker": "restarter-broker.service"}
INSTANCES = [str(n) for n in range(3001, 3017)]
# The cheapest service there is, so that the share of everything else is as large as it can be, and no limit on how
# often it may start.
TEMPLATE = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=/usr/bin/sleep infinity
"""
# On Debian 13 our rule turns away any process of user restarter but the broker, and so the floor; this one lets it in.
FLOOR_RULE = """polkit.addRule(function (action, subject) {
    if (subject.user === "restarter" && subject.system_unit !== undefined &&
        subject.system_unit !== "restarter-broker.service" && action.lookup("verb") === "restart" &&
        /^example@3[0-9]{3}[.]service$/.test(action.lookup("unit")))
        return polkit.Result.YES;
    return polkit.Result.NOT_HANDLED;
});
"""
ROUNDS_ALONE, BATCH_ALONE = 30, 40
ROUNDS_ABREAST, BATCH_ABREAST = 12, 128
ROUNDS_RATE, BATCH_RATE_MSEC, CONNECTIONS = 10, 400, 16
ROUNDS_FIRST = 20
FORM = "application/x-www-form-urlencoded"
# Before a first click and before a warm one alike. Whoever moves a process into its cgroup after a rest of more than a
# few milliseconds waits for the kernel first, 12 ms or so, and systemd 252 does it with every process that it starts.
REST_SEC = 0.3
# polkitd of Debian 12 loses a wake-up now and then and answers after 15 seconds; whoever waits then is counted apart.
STALL_MSEC = 10000


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command[:6]))} … failed:\n{done.stdout[-500:]}{done.stderr}")
    return done.stdout


# --- samples ---


def samples(output):
    """Lines of "begin duration" to [(begin in microseconds, duration in milliseconds)]."""
    return [(int(begin), int(nsec) / 1e6) for begin, nsec in map(str.split, output.splitlines())]


def p99(values):
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]


def times(batches):
    every = [msec for batch in batches for _, msec in batch]
    values = [msec for msec in every if msec < STALL_MSEC]
    return {"n": len(values), "stalled": len(every) - len(values), "median_msec": statistics.median(values),
            "p99_msec": p99(values), "mean_msec": statistics.fmean(values)}


def rate(batch):
    """Answers a second, from the first request to the last answer."""
    end = max(begin + msec * 1000 for begin, msec in batch)
    return len(batch) * 1e6 / (end - batch[0][0])


def in_turns(rounds, *contenders):
    """Calls each contender once a round, and turns the order round every time."""
    batches = [[] for _ in contenders]
    for i in range(rounds):
        for k in range(len(contenders))[:: -1 if i % 2 else 1]:
            batches[k].append(contenders[k]())
    return batches


# --- requests ---


def http_request(name, start_line, body=None, accept="application/json", content_type=None, headers=()):
    lines = [start_line, f"Host: 127.0.0.1:{WEB}", f"Accept: {accept}", *headers]
    if body is not None:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    path = OUT / f"{name}.request"
    path.write_bytes(("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode())
    return path


# settle=0: the way from the click to the job's end and back, without the time that a unit is watched after it.
def click_request(service_id, headers=()):
    return http_request(f"click-{service_id}", "POST /restart HTTP/1.1", f"service_id={service_id}&settle=0",
                        content_type=FORM, headers=headers)


def call_request(service_id):
    body = ('<?xml version="1.0"?><methodCall><methodName>restarter.restart</methodName><params><param><value>'
            f"<string>{service_id}</string></value></param><param><value><struct><member><name>settle</name><value>"
            "<int>0</int></value></member></struct></value></param></params></methodCall>")
    return http_request(f"call-{service_id}", "POST /RPC2 HTTP/1.1", body, content_type="text/xml")


def load(address, requests, *options):
    return samples(run(OUT / "load", *options, address, *requests))


def floor(count, instances):
    units = [f"example@{i}.service" for i in instances]
    return samples(run("setpriv", "--reuid=restarter", "--regid=restarter", "--init-groups", OUT / "floor",
                       str(count), *units))


def captured(name, request):
    """One answer of ours, as bytes in a file; returns (file, status)."""
    with socket.create_connection(("127.0.0.1", int(WEB)), timeout=30) as connection:
        connection.sendall(request.read_bytes())
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer) < answer_size(answer):
            piece = connection.recv(65536)
            if not piece:
                sys.exit(f"bench: {name}: the connection was closed after {answer!r}")
            answer += piece
    path = OUT / f"{name}.answer"
    path.write_bytes(answer)
    return path, answer.split(b" ", 2)[1].decode()


def answer_size(answer):
    headers, _, _ = answer.partition(b"\r\n\r\n")
    for line in headers.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(headers) + 4 + int(line.split(b":")[1])
    sys.exit(f"bench: an answer without Content-Length: {headers!r}")


# --- the daemons ---


def show(unit, *properties):
    lines = run("systemctl", "show", unit, *[f"--property={p}" for p in properties]).splitlines()
    return dict(line.split("=", 1) for line in lines)


def main_pid(unit):
    return int(show(unit, "MainPID")["MainPID"])


def cpu_usec(*pids):
    return sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1000


def cpu_by_name():
    """Processor time, in microseconds, of each process that runs, threads included."""
    result = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "comm").read_text().strip()
            usec = sum(cpu_usec(f"{process.name}/task/{task.name}") for task in (process / "task").iterdir())
        except (FileNotFoundError, ProcessLookupError):
            continue
        result[name] = result.get(name, 0) + usec
    return result


def memory_kib(unit):
    rollup = pathlib.Path(f"/proc/{main_pid(unit)}/smaps_rollup").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in rollup[1:])
    kib = {key: int(fields[key].split()[0]) for key in ("Pss", "Rss", "Private_Clean", "Private_Dirty", "Pss_Anon")}
    return {"pss": kib["Pss"], "rss": kib["Rss"], "private": kib["Private_Clean"] + kib["Private_Dirty"],
            "pss_anonymous": kib["Pss_Anon"]}


def prepare():
    pathlib.Path("/etc/polkit-1/rules.d/10-floor.rules").write_text(FLOOR_RULE, encoding="ascii")
    run("systemctl", "restart", "polkit.service")
    pathlib.Path("/etc/systemd/system/example@.service").write_text(TEMPLATE, encoding="ascii")
    run("systemctl", "daemon-reload")
    run("systemctl", "start", *[f"example@{i}.service" for i in INSTANCES])


# --- what is measured ---


def measure_alone():
    say("restarts, one at a time …")
    one = INSTANCES[:1]
    click, call = [click_request(one[0])], [call_request(one[0])]
    count = str(BATCH_ALONE)

    def ours():
        return load(WEB, click, "-n", count, "-c", "true")

    result = dict(zip(("floor", "ours", "broker"), map(times, in_turns(
        ROUNDS_ALONE,
        lambda: floor(BATCH_ALONE, one),
        ours,
        lambda: load(BROKER, call, "-n", count, "-c", "done"),
    ))))
    before = cpu_by_name()
    ours()
    after = cpu_by_name()
    spent = {name: (usec - before.get(name, usec)) / BATCH_ALONE for name, usec in after.items()}
    result["cpu_usec"] = {name: usec for name, usec in sorted(spent.items(), key=lambda x: -x[1]) if usec >= 20}
    return result


def measure_abreast():
    say(f"restarts, {len(INSTANCES)} at once …")
    clicks = [click_request(i) for i in INSTANCES]
    batches = in_turns(
        ROUNDS_ABREAST,
        lambda: floor(BATCH_ABREAST, INSTANCES),
        lambda: load(WEB, clicks, "-n", str(BATCH_ABREAST), "-c", "true"),
    )
    result = dict(zip(("floor", "ours"), map(times, batches)))
    for name, part in zip(("floor", "ours"), batches):
        result[name]["per_second"] = statistics.median(map(rate, part))
    return result


def measure_rate(name, *requests):
    """Answers a second, ours and bare's in turns, and the processor time that each answer took."""
    say(f"{name} …")
    answer, status = captured(name, requests[0])
    requests = [requests[i % len(requests)] for i in range(CONNECTIONS)]
    options = ("-t", str(BATCH_RATE_MSEC), "-s", status)
    pids = [main_pid(unit) for unit in DAEMONS.values()]
    with subprocess.Popen([OUT / "bare", BARE, answer]) as bare:
        wait_for_port(BARE)
        cpu = {"ours": [], "floor": []}

        def batch(which, port, processes):
            before = cpu_usec(*processes)
            result = load(port, requests, *options)
            cpu[which].append((cpu_usec(*processes) - before) / len(result))
            return result

        batches = dict(zip(("ours", "floor"), in_turns(
            ROUNDS_RATE, lambda: batch("ours", WEB, pids), lambda: batch("floor", BARE, [bare.pid]))))
        bare.send_signal(signal.SIGTERM)
    result = {"status": int(status), "bytes": answer.stat().st_size}
    for which, part in batches.items():
        result[which] = times(part) | {"per_second": statistics.median(map(rate, part)),
                                       "cpu_usec": statistics.median(cpu[which])}
    return result


def measure_people():
    say("clicks with a ticket, and without; logins …")
    one = INSTANCES[0]
    people.prepare(run)
    clicks = people.measure_clicks(
        run, lambda headers, n: load(WEB, [click_request(one, headers)], "-n", str(n), "-c", "true"), in_turns)
    form = http_request("login", "POST /login HTTP/1.1", accept="text/html", content_type=FORM, body=urllib.parse.urlencode(
        {"user": people.USER, "password": people.PASSWORD}))
    logins = people.measure_logins(run, lambda: load(WEB, [form], "-n", "1", "-s", "303"))
    people.leave(run)
    result = dict(zip(("ticket", "no_ticket"), map(times, clicks)))
    return result | dict(zip(("login", "login_form", "hash"), (times([batch]) for batch in logins)))


def measure_lists():
    say(f"lists, of {', '.join(map(str, lists.SIZES))} units …")
    measured = lists.measure(run, OUT, load, http_request, in_turns, lambda: memory_kib(DAEMONS["broker"])["pss"])
    names = ("ours", "floor", "again", "alone", "first")
    return {size: dict(zip(names, map(times, batches[:-1]))) | {"pss_kib": batches[-1]} for size, batches in measured.items()}


def measure_pages():
    say(f"open pages, one and {pages.PAGES:,} …")
    measured = pages.measure(run, WEB, f"example@{INSTANCES[0]}.service", main_pid,
                             lambda: {name: memory_kib(unit)["pss"] for name, unit in DAEMONS.items()})
    return measured | {name: times([measured[name]]) for name in ("one", "thousand")}


def wait_for_port(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
            return
        except OSError:
            time.sleep(0.01)
    sys.exit(f"bench: nobody listens on port {port}")


STAMPS = {"fork": "ExecMainStartTimestampMonotonic", "exec": "ExecMainHandoffTimestampMonotonic", "ready": "ActiveEnterTimestampMonotonic"}


# What a unit file has that makes no sandbox.
NOT_SANDBOX = ("[", "Description=", "Requires=", "After=", "PartOf=", "Wants=", "StartLimit", "Type=", "NotifyAccess=",
               "ExecStart=", "Sockets=", "Environment", "User=", "Group=", "RuntimeDirectory", "LoadCredential=",
               "SetCredential=", "Watchdog", "Timeout")


@contextlib.contextmanager
def no_sandbox():
    """Both services as plain as systemd can start them, as user restarter: what is left is the floor of a first click."""
    folder = pathlib.Path("/etc/systemd/system")
    copies = [folder / unit for unit in DAEMONS.values()]
    for copy in copies:
        lines = pathlib.Path("/usr/lib/systemd/system", copy.name).read_text(encoding="ascii").splitlines()
        text = "\n".join(line for line in lines if line.startswith(NOT_SANDBOX)) + "\n"
        copy.write_text(text.replace("User=restarter-webfront", "User=restarter"), encoding="ascii")
    run("systemctl", "daemon-reload")
    yield
    for copy in copies:
        copy.unlink()
    run("systemctl", "daemon-reload")


def stamps(unit):
    """When systemd forked for it, called execve (known from systemd 256 on) and heard READY=1."""
    shown = show(unit, *STAMPS.values())
    return {key: int(shown[name]) for key, name in STAMPS.items() if shown.get(name, "0") != "0"}


def first_click(request):
    run("systemctl", "stop", *DAEMONS.values())
    time.sleep(REST_SEC)
    ((sent, msec),) = load(WEB, [request], "-n", "1", "-c", "true")
    web, broker = (stamps(unit) for unit in DAEMONS.values())
    steps = [*start_steps("web front", sent, web), *start_steps("broker", sent, broker),
             ("from both READY=1 to the answer", max(web["ready"], broker["ready"]), sent + msec * 1000)]
    return msec, {name: (end - begin) / 1000 for name, begin, end in steps}


def start_steps(name, sent, at):
    yield f"{name}: from the click until it is forked", sent, at["fork"]
    if "exec" in at:
        yield f"{name}: its sandbox", at["fork"], at["exec"]
        yield f"{name}: from execve to READY=1", at["exec"], at["ready"]
    else:
        yield f"{name}: its sandbox, execve, to READY=1", at["fork"], at["ready"]


def measure_first():
    """Clicks that find nothing running, and clicks that find both daemons, on a connection of their own each."""
    say("first clicks …")
    request = click_request(INSTANCES[0])
    first, warm, steps = [], [], []
    for _ in range(ROUNDS_FIRST):
        msec, parts = first_click(request)
        first.append(msec)
        steps.append(parts)
        time.sleep(REST_SEC)
        warm.append(load(WEB, [request], "-n", "1", "-c", "true")[0][1])
    with no_sandbox():
        plain = [first_click(request)[0] for _ in range(ROUNDS_FIRST)]
    return {"n": len(first), "median_msec": statistics.median(first), "p99_msec": p99(first),
            "plain_median_msec": statistics.median(plain), "plain_p99_msec": p99(plain), "warm_median_msec": statistics.median(warm), "warm_p99_msec": p99(warm),
            "steps_msec": {name: statistics.median(s[name] for s in steps) for name in steps[0]}}


# --- the report ---


def row(what, cells, figure, aim, met):
    met = "" if met is None else "yes" if met else "no"
    return f"{what:<36}{cells[0]:>11}{cells[1]:>11}{cells[2]:>11}{cells[3]:>11}{figure:>10}{aim:>10}  {met}".rstrip()


def row_times(what, ours, under, aim):
    ratio = ours["median_msec"] / under["median_msec"]
    cells = [f"{x[key]:.2f} ms" for x in (ours, under) for key in ("median_msec", "p99_msec")]
    return row(what, cells, f"{ratio:.3f}", f"<= {aim:.2f}" if aim else "", ratio <= aim if aim else None)


def row_rate(what, ours, under, aim):
    ratio = ours["per_second"] / under["per_second"]
    cells = [cell for x in (ours, under) for cell in (f"{x['per_second']:,.0f}/s", f"{x['p99_msec']:.2f} ms")]
    return row(what, cells, f"{ratio:.3f}", f">= {aim:.2f}" if aim else "", ratio >= aim if aim else None)


def table(result):
    alone, abreast, first = result["alone"], result["abreast"], result["first_click"]
    memory = result["memory_kib"]
    pss = sum(part["pss"] for part in memory.values())
    more = first["median_msec"] - first["warm_median_msec"]
    yield row("", ["ours", "p99", "floor", "p99"], "ratio", "aim", None) + "  met"
    yield row_times("restart, one at a time", alone["ours"], alone["floor"], 1.10)
    yield row_times("  the broker alone", alone["broker"], alone["floor"], None)
    yield row_times(f"restart, {len(INSTANCES)} at once", abreast["ours"], abreast["floor"], None)
    yield row_rate("  restarts a second", abreast["ours"], abreast["floor"], None)
    known = result["people"]
    yield row_times("restart with a ticket; without", known["ticket"], known["no_ticket"], 1.02)
    yield row_times("login, at its socket; a hash alone", known["login"], known["hash"], None)
    yield row_times("  by the page's form", known["login_form"], known["hash"], None)
    for size, part in result["lists"].items():
        yield row_times(f"list of {size:,}, a page; ListUnits", part["ours"], part["floor"], 1.20)
        yield row_times("  the same page again", part["again"], part["floor"], None)
        yield row_times("  on a connection of its own", part["alone"], part["floor"], None)
        yield row_times("  the first after a start", part["first"], part["floor"], None)
        yield row("  the broker's memory (PSS)", [f"{part['pss_kib'] / 1024:.2f} MiB", "", "", ""], "", "< 64", part["pss_kib"] < 64 * 1024)
    yield from table_pages(result["pages"])
    for what, name in RATES:
        yield row_rate(what, result[name]["ours"], result[name]["floor"], 0.70 if name in ("malformed", "page") else None)
    yield row("memory of both daemons (PSS)", [f"{pss / 1024:.2f} MiB", "", "", ""], "", "< 5", pss < 5 * 1024)
    yield row("first click, and a warm one",
              [f"{first[key]:.1f} ms" for key in ("median_msec", "p99_msec", "warm_median_msec", "warm_p99_msec")],
              f"+{more:.1f} ms", "<= 30 ms", more <= 30)
    yield row("  without any sandbox", [f"{first[key]:.1f} ms" for key in ("plain_median_msec", "plain_p99_msec")]
              + ["", ""], f"+{first['plain_median_msec'] - first['warm_median_msec']:.1f} ms", "", None)


def table_pages(opened):
    for name, what in (("one", "a kill, shown in the one open page"), ("thousand", f"  in one of {pages.PAGES:,}")):
        cells = [f"{opened[name]['median_msec']:.0f} ms", f"{opened[name]['p99_msec']:.0f} ms", "", ""]
        yield row(what, cells, "", "<= 500 ms", opened[name]["median_msec"] <= 500)
    for name, most in (("web front", 20), ("broker", None)):
        mib = opened["memory_kib"][name] / 1024
        yield row(f"  these, memory of the {name}", [f"{mib:.2f} MiB", "", "", ""], "", f"< {most}" if most else "", mib < most if most else None)


RATES = [("malformed id, refused", "malformed"), ("id not granted, refused", "ungranted"),
         ("  so many different ones", "different"), ("page", "page")]


def details(result):
    stalled = sum(part["stalled"] for part in (*list(result["alone"].values())[:3], *result["abreast"].values()))
    if stalled:
        yield f"{stalled} restarts waited 15 seconds for a polkitd that had stalled; they are left out above"
    yield "processor time of one restart: " + ", ".join(
        f"{name} {usec:.0f} us" for name, usec in result["alone"]["cpu_usec"].items())
    for what, name in RATES:
        part = result[name]
        yield (f"{what}: {part['bytes']} bytes; processor time for each {part['ours']['cpu_usec']:.1f} us "
               f"(ours) and {part['floor']['cpu_usec']:.1f} us (bare)")
    for name, part in result["memory_kib"].items():
        yield f"memory, {name}: " + ", ".join(f"{key} {kib} KiB" for key, kib in part.items())
    yield "first click, where it goes (median ms):"
    for name, msec in result["first_click"]["steps_msec"].items():
        yield f"  {msec:7.2f}  {name}"


def about():
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    return {"release": release, "systemd": run("systemctl", "--version").split()[1], "kernel": platform.release(),
            "processors": len(os.sched_getaffinity(0)), "load_before": os.getloadavg()[0]}


def main():
    begin = time.monotonic()
    result = {"machine": about()}
    prepare()
    result["alone"] = measure_alone()
    result["abreast"] = measure_abreast()
    result["malformed"] = measure_rate("malformed", click_request("12;34"))
    result["ungranted"] = measure_rate("ungranted", click_request("12345"))
    result["different"] = measure_rate("different", *[click_request(f"1234{n:02}") for n in range(CONNECTIONS)])
    result["page"] = measure_rate("page", http_request("page", "GET / HTTP/1.1", accept="text/html"))
    result["people"] = measure_people()
    result["memory_kib"] = {name: memory_kib(unit) for name, unit in DAEMONS.items()}
    result["pages"] = measure_pages()
    result["lists"] = measure_lists()
    result["first_click"] = measure_first()
    result["seconds"] = time.monotonic() - begin
    (OUT / "bench.json").write_text(json.dumps(result, indent=2) + "\n", encoding="ascii")
    machine = result["machine"]
    print(f"Debian {machine['release']}, systemd {machine['systemd']}, {machine['processors']} processors, load "
          f"{machine['load_before']:.1f} before; median and 99th percentile; {result['seconds']:.0f} s")
    print("\n".join([*table(result), "", *details(result)]))


if __name__ == "__main__":
    main()
