"""Crowds that wait for changes, and a machine on which everything changes: who clicks beside them does not notice, and
who waits honestly is told."""
import concurrent.futures
import time

import pytest

from helpers import login, rpc
from helpers.beside import Watch, peak_kib
from helpers.crowd import Crowd
from helpers.once import sampled
from helpers.system import BROKER, OTHER, WELL, main_pid, systemctl, unit, unit_files

pytestmark = pytest.mark.usefixtures("key")
BUSY = "fault 9"
MEMORY_KIB = 24 * 1024


@pytest.fixture(scope="module")
def key():
    login.as_it_should_be()
    yield
    login.leave_nothing()


def a_front():
    """One that was taken over: it names nobody."""
    return rpc.WEB, {}


def a_person():
    return rpc.WEB, {"Restarter-Ticket": login.make_ticket("anna")}


def a_script():
    return rpc.CLIENTS, {}


def request(headers, *arguments):
    body = rpc.call("restarter.changes", *arguments)
    lines = ["POST /RPC2 HTTP/1.1", "Host: localhost", "Content-Type: text/xml", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def ask(path, headers, cursor, seconds=60):
    return rpc.over_unix(path, tuple(headers.items())).restarter.changes(cursor, seconds)


def cursor_of(path, headers):
    return ask(path, headers, "")["cursor"]


def told(cursor, wanted, path=rpc.CLIENTS):
    """An honest caller, from there on until he is told of it, or to look."""
    while True:
        answer = ask(path, {}, cursor)
        cursor = answer["cursor"]
        if answer["whole"] or wanted in answer["units"]:
            return answer


# Each of them in each way; on the other release each of them, and each way, once.
WAITING = {f"{who.__name__}, {way}": (who, way) for who in (a_front, a_person, a_script) for way in ("ask", "leave", "deaf")}


@pytest.mark.parametrize("who, way", sampled(WAITING, every=4))
def test_two_hundred_who_wait(who, way):
    path, headers = who()
    honest = cursor_of(rpc.CLIENTS, {})
    what = request(headers, cursor_of(path, headers), 60)
    with Watch() as watch, Crowd(way, 200, path, what, 20 if way == "deaf" else 1) as crowd:
        watch.click(OTHER, 10)
        if who is not a_script:
            assert told(honest, unit(OTHER))["cursor"] != honest
    assert set(crowd.answers) <= {"200", BUSY, "closed"}, crowd.answers


# Loaded, with a job, and gone again: no process for any of them, so that systemd does as many as it can.
FLAPPING = "[Unit]\nStartLimitIntervalSec=0\nConditionPathExists=/nonexistent\n[Service]\nExecStart=/bin/true\n"


@pytest.mark.once
@pytest.mark.parametrize("granted", [True, False], ids=["granted", "others"])
def test_hundreds_of_units(granted, policy_with):
    """All of them come and go: who sees them is told to look, at most ten times a second, and the broker stays small."""
    grant = "[Grant]\nUnit=flap@.service\nInstances=[0-9]{1,4}\nVerbs=restart\n" if granted else "# nothing\n"
    names = [f"flap@{number}.service" for number in range(400)]
    with unit_files({"flap@.service": FLAPPING}), policy_with(grant), concurrent.futures.ThreadPoolExecutor(1) as pool:
        cursor = cursor_of(rpc.CLIENTS, {})
        pid, answers, begin = main_pid(BROKER), [], time.monotonic()
        start = pool.submit(systemctl, "start", *names, timeout=300)
        while not start.done():
            answers.append(ask(rpc.CLIENTS, {}, cursor, 1))
            cursor = answers[-1]["cursor"]
        seconds = time.monotonic() - begin
        systemctl("restart", unit(WELL))
        assert told(cursor, unit(WELL))
        assert main_pid(BROKER) == pid and peak_kib(pid) < MEMORY_KIB
        print(f"{len(answers)} answers in {seconds:.1f} s, {peak_kib(pid)} kiB at most")
        assert len(answers) <= 10 * seconds + 2
        if granted:
            assert any(answer["whole"] for answer in answers)
        else:
            # Nobody is told of them; of so many that the broker stops listening, that nobody knows.
            assert not any(answer["units"] for answer in answers)
