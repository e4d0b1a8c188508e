"""Many clicks: those on one instance share its job, those on several run side by side, too many are turned away."""
import concurrent.futures
import time

import pytest

from helpers import rpc, web
from helpers.system import WELL, Instance, ready, systemctl, unit
from helpers.web import at_once


WAITING_MAX = 32  # for one unit, over one door


def test_many_clicks_on_one_instance(instance):
    """All are answered, and at most two restarts do for all: the one that runs, and one that started after it ended."""
    before = instance.state()["InvocationID"]
    instance.slow(1)
    answers = at_once([lambda: web.click(WELL)] * WAITING_MAX)
    instance.quick()
    starts = instance.starts()
    assert [a.status for a in answers] == [200] * WAITING_MAX
    assert all(a.json["success"] for a in answers)
    assert 1 <= len(starts) <= 2 and len(set(starts)) == len(starts)
    assert {a.json["invocation_id_after"] for a in answers} == set(starts)
    assert {a.json["invocation_id_before"] for a in answers} <= {before, starts[0]}
    assert max(a.json["callers"] for a in answers) > 1
    assert instance.state()["InvocationID"] == starts[-1]


def test_many_clicks_on_a_quick_one(instance):
    """A third of a second passes between the first and the last; the job takes a tenth of that. Those who come when
    it is over are held a moment and share the next one."""
    body = web.form(WELL)
    click = f"POST /restart HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {web.FORM}\r\nConnection: close\r\n"
    click = f"{click}Accept: {web.JSON}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    web.get("/api/instances")
    with web.held(WAITING_MAX) as connections:
        for connection in connections:
            connection.sendall(click)
            time.sleep(0.01)
        answers = [web.receive_all(connection) for connection in connections]
    assert [web.status_of(a) for a in answers] == [200] * WAITING_MAX
    assert 1 <= len(instance.starts()) <= 2
    assert all(any(start.encode() in a for start in instance.starts()) for a in answers)


def test_all_doors_share_one_job(instance):
    """Page, program and script get the same job when they ask for the same instance."""
    instance.slow(1)
    doors = [
        lambda: web.click(WELL).json,
        lambda: web.click(unit(WELL)).json,
        lambda: rpc.over_tcp().restarter.restart(WELL),
        lambda: rpc.over_unix().restarter.restart(unit(WELL)),
    ]
    answers = at_once(doors * 5)
    instance.quick()
    assert 1 <= len(instance.starts()) <= 2
    assert {a["invocation_id_after"] for a in answers} <= set(instance.starts())


def test_next_click_is_a_restart_of_its_own(instance):
    """Sharing ends with the job."""
    first, second = web.click(WELL).json, web.click(WELL).json
    assert first["invocation_id_after"] == second["invocation_id_before"] != second["invocation_id_after"]
    assert len(instance.starts()) == 2


@pytest.fixture
def crowd():
    """Makes many instances run, and stops them in the end."""
    names = []

    def gather(count):
        names.extend(str(3000 + n) for n in range(count))
        return ready(*names)

    yield gather
    for name in names:
        Instance(name).quick()
    systemctl("stop", *[unit(n) for n in names], timeout=120)


def overlapping(spans):
    """The greatest number of spans (begin, end) that hold one moment."""
    moments = sorted([(begin, 1) for begin, _ in spans] + [(end, -1) for _, end in spans])
    most = now = 0
    for _, change in moments:
        now += change
        most = max(most, now)
    return most


def timed_click(name):
    answer = web.click(name)
    end = time.monotonic()
    return answer, (end - answer.json.get("milliseconds", 0) / 1000, end)


def test_twenty_instances_side_by_side(crowd):
    instances = crowd(20)
    for instance in instances:
        instance.slow(1)
    begin = time.monotonic()
    results = at_once([lambda n=i.name: timed_click(n) for i in instances])
    wall = time.monotonic() - begin
    assert [a.status for a, _ in results] == [200] * 20
    assert [len(i.starts()) for i in instances] == [1] * 20
    assert all(a.json["milliseconds"] >= 1000 for a, _ in results), "each takes a second"
    assert overlapping([span for _, span in results]) >= 15
    assert wall < 15, "one after the other it would be 20 seconds at least"


def test_slow_one_does_not_hold_up_others(instance):
    other = Instance("1235")
    instance.hold()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(web.click, WELL)
        try:
            instance.wait_for_start()
            assert web.click(other.name).json["success"] is True
            assert web.get("/").status == 200
            assert not slow.done()
        finally:
            instance.quick()
        assert slow.result().json["success"] is True


@pytest.mark.once
def test_more_jobs_than_the_limit(crowd):
    """80 instances at once: 64 jobs run, the rest is told to come back."""
    instances = crowd(80)
    for instance in instances:
        instance.slow(3)
    answers = at_once([lambda n=i.name: web.click(n, timeout=120) for i in instances])
    assert {a.status for a in answers} <= {200, 429}
    refused = [a for a in answers if a.status == 429]
    assert 1 <= len(refused) <= 16, [a.status for a in answers]
    for answer in refused:
        assert answer.json["refusal"] == "busy" and answer.retry_after >= 1
    restarted = [i for i, a in zip(instances, answers) if a.status == 200]
    assert all(len(i.starts()) == 1 for i in restarted)
    assert not any(
        i.starts() for i, a in zip(instances, answers) if a.status == 429
    ), "refused, yet restarted"


def test_more_callers_than_the_limit(instance):
    """Far more who wait for one job than are let wait: the job is one, everybody has an answer."""
    instance.slow(3)
    answers = at_once([lambda: web.click(WELL, timeout=120)] * 170)
    instance.quick()
    statuses = [a.status for a in answers]
    assert set(statuses) == {200, 429} and statuses.count(200) >= WAITING_MAX
    for answer in answers:
        if answer.status == 429:
            assert answer.json["refusal"] == "busy" and answer.retry_after >= 1
    assert len(instance.starts()) <= 2
    assert web.click(WELL).json["success"] is True, "and afterwards all is well"
