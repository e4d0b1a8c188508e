"""What holds beside a crowd: clicks are answered 200 within a second, both daemons stay the processes they were and
stay small, and the machine's sockets hold little."""
import contextlib
import http.client
import pathlib
import re
import statistics
import threading
import time
import xmlrpc.client

from . import rpc, web
from .system import BROKER, OTHER, WEBFRONT, main_pid, run, show, wait_for

DAEMONS = (WEBFRONT, BROKER)
CLICK_SECONDS = 1.0  # or six times as long as with nobody beside it, on a machine that is busy with something else
MEMORY_KIB = 32 * 1024
SOCKETS_BYTES = 64 * 1024 * 1024
SKMEM = re.compile(r"skmem:\(r(\d+),rb\d+,t(\d+),tb\d+,f(\d+),w(\d+),o(\d+),bl(\d+),d\d+\)")


def web_request(method, path, body="", content_type=None):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {web.HOST}:{web.PORT}", f"Accept: {web.JSON}"]
    if content_type:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def click_request(name):
    return web_request("POST", "/restart", web.form(name), web.FORM)


def call_request(method, *parameters):
    return web_request("POST", "/RPC2", rpc.call(method, *parameters).decode(), "text/xml")


WEB_ADDRESS = (web.HOST, web.PORT)


def _namespaces(pids):
    """A process for each network that a socket of ours can be in: the machine's, and each daemon's own."""
    seen = {}
    for pid in (1, *pids):
        with contextlib.suppress(OSError):
            seen.setdefault(pathlib.Path(f"/proc/{pid}/ns/net").readlink(), pid)
    return seen.values()


def _sum(lines):
    """Bytes that the sockets of this listing hold: received, sent and not taken, kept ahead, waiting for the lock.
    What one Unix socket has sent to another is the sender's until it is taken, so nothing counts twice."""
    total = 0
    for r, t, f, w, o, bl in (map(int, found) for found in SKMEM.findall(lines)):
        total += r + max(t, w) + f + o + bl
    return total


def sockets_bytes(pids=()):
    """What all sockets of the machine hold. Not /proc/net/sockstat: its count of memory is the kernel's, with those of
    all other machines on it."""
    total = 0
    for pid in _namespaces(pids):
        total += _sum(run("nsenter", f"--net=/proc/{pid}/ns/net", "ss", "-xtamnHO").stdout)
    return total


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def click_by_form(name, headers=None):
    answer = web.click(name, headers=headers, timeout=30)
    return answer.status == 200 and answer.json["success"], answer


def click_by_call(name, _headers=None):
    try:
        answer = rpc.over_unix().restarter.restart(name)
        return answer["success"], answer
    except xmlrpc.client.Fault as fault:
        return False, fault


def timed(function, *arguments):
    begin = time.monotonic()
    result = function(*arguments)
    return time.monotonic() - begin, result


class Watch:
    """Looks at daemons and sockets while the crowd is there. Whoever clicks by the page's way sends those headers."""

    def __init__(self, headers=None):
        self.headers = headers
        wait_for(lambda: web.get("/healthz").status == 200, "the crowd of the test before has gone")
        self.pids = [main_pid(service) for service in DAEMONS]
        self.before = self.most = sockets_bytes(self.pids)
        self.seconds = max(CLICK_SECONDS, 6 * statistics.median(timed(click_by_form, OTHER, headers)[0] for _ in range(3)))
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.end.set()
        self.thread.join()
        if kind is None:
            self.check()

    def _look(self):
        """And keeps the web front from going to rest, which it does after half a minute in which nobody asks for a page."""
        asked = 0.0
        while not self.end.wait(0.4):
            self.most = max(self.most, sockets_bytes(self.pids))
            if time.monotonic() - asked > 5:
                asked = time.monotonic()
                with contextlib.suppress(OSError, http.client.HTTPException):
                    web.get("/healthz")

    def click(self, name, times=10, ways=(click_by_form, click_by_call)):
        """Clicks, by the page's way and by a script's in turns."""
        slowest = 0.0
        for number in range(times):
            seconds, (good, answer) = timed(ways[number % len(ways)], name, self.headers)
            slowest = max(slowest, seconds)
            assert good, (number, answer)
        print(f"slowest click {slowest * 1000:.0f} ms, of {self.seconds * 1000:.0f} at most")
        assert slowest < self.seconds

    def check(self):
        assert [main_pid(service) for service in DAEMONS] == self.pids, "both are the processes they were"
        peaks = [peak_kib(pid) for pid in self.pids]
        print(f"sockets +{(self.most - self.before) / 1e6:.1f} MB, at most {[p // 1024 for p in peaks]} MiB each")
        assert max(peaks) < MEMORY_KIB
        assert self.most - self.before < SOCKETS_BYTES
        check_limit()


def has_memory_controller():
    return "memory" in pathlib.Path("/sys/fs/cgroup/system.slice/cgroup.controllers").read_text().split()


def check_limit():
    """Where the kernel has the controller: the limit is the unit's, in force, and nobody was killed by it."""
    if not has_memory_controller():
        return
    for service in DAEMONS:
        group = pathlib.Path(f"/sys/fs/cgroup/system.slice/{service}")
        assert (group / "memory.max").read_text().strip() == show(service, "MemoryMax") == str(64 << 20)
        events = dict(line.split() for line in (group / "memory.events").read_text().splitlines())
        assert events["oom"] == events["oom_kill"] == "0", events
