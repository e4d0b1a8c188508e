"""Crowds: many connections at once that all do the same, in one process of their own on one epoll, so that a machine
with two processors has something left for whoever is measured beside them.

    with Crowd("ask", 150, web_address, request) as crowd: …
    crowd.answers    what they were told: {"200": 1234, "429": 56}

The ways:
    ask     sends the request, reads the answer, sends it again
    deaf    sends the request `times` times in one go and never reads
    once    sends the request and waits for whatever comes
    leave   sends the request, and is gone a moment later; another one comes in its place
    hold    sends the request's beginning, and nothing more; who is cut comes again
    drip    the same, with another byte now and then

Whose connection is closed comes again at once, or `pause` seconds later. Where the request says MEMBER each sends a number of
his own in its place.
"""
import collections
import contextlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import time

STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
FAULT = re.compile(rb"faultCode</name>\s*<value><i(?:4|nt)>(-?\d+)<")
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)
MEMBER = b"<member>"
PATIENCE = 60  # seconds within which each of them is to have an answer, on a machine that is busy with something else
MOMENT = 0.3  # seconds after which those who leave are gone, and between two bytes of those who drip
DEAF_RECEIVE = select.EPOLLHUP | select.EPOLLERR


class Crowd:
    """Starts the process and ends it. Not to be used before all of them have connected once."""

    def __init__(self, way, count, address, request, times=1, user=None, groups=(), pause=0):
        self.who = {"user": user, "group": user, "extra_groups": groups} if user else {}
        self.order = {
            "way": way, "count": count, "address": address, "request": request.decode("latin-1"), "times": times,
            "pause": pause,
        }
        self.answers = collections.Counter()

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpers.crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=pathlib.Path(__file__).parent.parent, **self.who,
        )
        self.process.stdin.write(json.dumps(self.order) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "there\n", "the crowd did not come together"
        return self

    def _ask(self, question):
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def so_far(self):
        """What they have been answered until now, as `answers` has it at the end."""
        return collections.Counter(json.loads(self._ask("answers?")))

    def wait_for_everyone(self):
        """Until each of them has had an answer: however many the quick ones get, the others wait for theirs."""
        told = self._ask("everyone?")
        assert told == "0 wait\n", f"{told.strip()} for a first answer"

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.answers.update(json.loads(self.process.stdout.read() or "{}"))
        self.process.wait()
        print(f"{self.order['count']} × {self.order['way']}: {dict(self.answers)}")


# --- in the process ---


class Member:
    """One of them: a connection, and another one after its end."""

    def __init__(self, crowd, number):
        self.crowd = crowd
        self.request = crowd.request.replace(MEMBER, b"%d" % number)
        self.socket = None
        self.come()

    def come(self):
        address = self.crowd.address
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(20)
        self.socket.connect(address)
        self.socket.setblocking(False)
        self.unsent, self.received, self.wanted, self.since = b"", b"", 0, time.monotonic()
        self.crowd.add(self)
        self.begin()

    def begin(self):
        request, way = self.request, self.crowd.way
        if way in ("hold", "drip"):
            self.unsent, self.rest = request[: len(request) // 2], request[len(request) // 2 : -1]
        else:
            self.unsent = request * self.crowd.times
        self.send()

    def send(self):
        try:
            while self.unsent:
                self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            self.unsent = b""
        self.crowd.watch(self)

    def go(self):
        self.crowd.forget(self)
        self.socket.close()

    def ready(self, events):
        if events & select.EPOLLOUT:
            self.send()
        if events & select.EPOLLIN and self.crowd.way != "deaf":
            self.receive()
        elif events & (select.EPOLLHUP | select.EPOLLERR):
            self.closed()

    def closed(self):
        self.crowd.answers["closed"] += 1
        self.since = time.monotonic()
        self.go()
        self.crowd.absent.append(self)

    def receive(self):
        try:
            data = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.closed()
            return
        self.received += data
        while self.take():
            pass

    def take(self):
        """Takes one answer off the front, when it is whole."""
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = LENGTH.search(self.received, 0, end + 2)
        size = end + 4 + (int(length[1]) if length else 0)
        if len(self.received) < size:
            return False
        answer, self.received = self.received[:size], self.received[size:]
        self.crowd.note(answer)
        self.crowd.unanswered.discard(self)
        self.wanted += 1
        if self.wanted == self.crowd.times and self.crowd.way == "ask":
            self.wanted = 0
            self.begin()
        return True

    def tick(self, now):
        if now - self.since < MOMENT:
            return
        if self.crowd.way == "leave":
            self.go()
            self.crowd.absent.append(self)
        elif self.crowd.way == "drip" and self.rest:
            self.since = now
            self.unsent, self.rest = self.rest[:1], self.rest[1:]
            self.send()


class Process:
    def __init__(self, order):
        self.way, self.times = order["way"], order["times"]
        self.address = order["address"] if isinstance(order["address"], str) else tuple(order["address"])
        self.request, self.pause = order["request"].encode("latin-1"), order["pause"]
        self.epoll = select.epoll()
        self.members, self.absent, self.answers = {}, [], collections.Counter()
        self.asked = None  # since when somebody wants to know whether everyone has had an answer
        self.unanswered = {Member(self, number) for number in range(order["count"])}

    def interest(self, member):
        return (0 if self.way == "deaf" else select.EPOLLIN) | (select.EPOLLOUT if member.unsent else 0)

    def add(self, member):
        self.members[member.socket.fileno()] = member
        self.epoll.register(member.socket.fileno(), self.interest(member))

    def watch(self, member):
        self.epoll.modify(member.socket.fileno(), self.interest(member))

    def forget(self, member):
        self.epoll.unregister(member.socket.fileno())
        del self.members[member.socket.fileno()]

    def note(self, answer):
        status = STATUS.match(answer)
        fault = FAULT.search(answer)
        self.answers[f"fault {fault[1].decode()}" if fault else status[1].decode() if status else "?"] += 1

    def run(self):
        end = sys.stdin.fileno()
        self.epoll.register(end, select.EPOLLIN)
        ticked = time.monotonic()
        while True:
            for fd, events in self.epoll.poll(0.1, 512):
                if fd == end:
                    question = os.read(end, 64)
                    if not question:
                        return
                    if question == b"answers?\n":
                        print(json.dumps(self.answers), flush=True)
                    else:
                        self.asked = time.monotonic()
                if fd in self.members:
                    self.members[fd].ready(events)
            now = time.monotonic()
            if now - ticked >= 0.1:
                ticked = now
                self.tick(now)
                self.tell(now)

    def tell(self, now):
        if self.asked and (not self.unanswered or now - self.asked > PATIENCE):
            print(len(self.unanswered), "wait", flush=True)
            self.asked = None

    def tick(self, now):
        for member in list(self.members.values()):
            member.tick(now)
        absent, self.absent = self.absent, []
        for member in absent:
            if now - member.since < self.pause:
                self.absent.append(member)
                continue
            try:
                member.come()
            except OSError:
                self.answers["not let in"] += 1
                self.absent.append(member)


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    process = Process(json.loads(sys.stdin.readline()))
    print("there", flush=True)
    process.run()
    print(json.dumps(process.answers), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
