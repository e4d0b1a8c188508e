"""What outlives the broker: presses and Cooldown=, over its idle exit, a crash, and whatever becomes of the files."""
import concurrent.futures
import http.client
import pathlib
import time
import xmlrpc.client

import pytest

from helpers import journal, rpc, web
from helpers.policy import applied
from helpers.system import (
    BROKER,
    WELL,
    Instance,
    cgroup_gone,
    dropins,
    forget_failed,
    main_pid,
    ready,
    run,
    settings,
    show,
    stop_daemons,
    systemctl,
    unit,
    unit_files,
    wait_for,
)

MEMORY = pathlib.Path("/run/restarter-broker")
COOLDOWN = 17
GRANT = "[Grant]\nUnit=rest@.service\nInstances=[a-z0-9-]+\nVerbs=restart\nStartStopped=yes\nCooldown=1h\n"
KINDS = {
    "oneshot": "[Service]\nType=oneshot\nExecStart=true\n",
    "ends": "[Service]\nExecStart=sleep 0.2\n",
    "fails": "[Service]\nExecStart=false\n",
    "collected": "[Unit]\nCollectMode=inactive-or-failed\n[Service]\nExecStart=false\n",
    "skipped": "[Unit]\nConditionPathExists=/nonexistent\n[Service]\nExecStart=sleep infinity\n",
    "down": "[Service]\nType=notify\nExecStart=false\n",
    "stays": "[Service]\nExecStart=sleep infinity\n",
}


def crash():
    pid = main_pid(BROKER)
    if pid:
        run("kill", "-KILL", pid)
        # Somebody who waited for it may have started the next one already.
        wait_for(lambda: cgroup_gone(BROKER) or main_pid(BROKER) not in (0, pid), "it is gone", pause=0.005)


def idle_exit():
    systemctl("stop", BROKER)  # the same end as the idle one, at once


def restart(name, **options):
    return rpc.over_unix().restarter.restart(name, *([options] if options else []))


@pytest.fixture(scope="module")
def cooling():
    with unit_files({f"rest@{kind}.service": text for kind, text in KINDS.items()}), applied(GRANT):
        yield


@pytest.fixture
def forgotten():
    idle_exit()
    for name in ("presses", "starts"):
        (MEMORY / name).unlink(missing_ok=True)


# --- Cooldown= ---


# How a unit ends is systemd's; what is kept for the next broker is ours.
ENDS = [None, pytest.param(idle_exit, marks=pytest.mark.once), pytest.param(crash, marks=pytest.mark.once)]


@pytest.mark.parametrize("end", ENDS, ids=["same broker", "idle exit", "crash"])
@pytest.mark.parametrize("kind", KINDS)
def test_cooldown_holds(cooling, forgotten, kind, end):
    name = f"rest@{kind}.service"
    systemctl("stop", name)
    forget_failed(name)
    if kind == "skipped":
        assert show(name, "InactiveExitTimestampMonotonic") == "0"
    restart(name, settle=1)
    for _ in range(3):
        if end:
            end()
        fault = rpc.fault_of(restart, name)
        assert fault.faultCode == COOLDOWN, fault
        assert "Cooldown= at" in fault.faultString


def test_refusal_starts_no_cooldown(cooling, forgotten):
    name = "rest@stays.service"
    systemctl("stop", name)
    rule = pathlib.Path("/etc/polkit-1/rules.d/50-restarter.rules")
    text = rule.read_text()
    rule.write_text("")
    systemctl("restart", "polkit.service")
    try:
        assert rpc.fault_of(restart, name).faultCode == 6
    finally:
        rule.write_text(text)
        systemctl("restart", "polkit.service")
    crash()
    assert restart(name)["success"] is True


# --- presses ---


@pytest.mark.parametrize("end", [idle_exit, crash], ids=["idle exit", "crash"])
def test_press_is_remembered(instance, end):
    press = f"remembered-{end.__name__}"
    first = restart(unit(WELL), press=press)
    end()
    again = restart(unit(WELL), press=press)
    assert again["repeated"] is True
    # What a restart usually takes is what is known now, and not of the press.
    for answer in (first, again):
        answer.pop("usual_milliseconds", None)
    assert {**again, "repeated": False} == first
    assert len(instance.starts()) == 1


def test_press_during_a_crash(instance):
    """Written down before systemd is asked: never done again."""
    instance.hold()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(restart, unit(WELL), press="during-a-crash")
        instance.wait_for_start()
        crash()
        # The client sends it once more by itself, and learns that nobody knows.
        with pytest.raises((OSError, http.client.HTTPException, xmlrpc.client.Fault)):
            waiting.result()
    fault = rpc.fault_of(lambda: restart(unit(WELL), press="during-a-crash"))
    assert fault.faultCode == 12 and "the broker ended" in fault.faultString
    instance.quick()
    wait_for(lambda: instance.state()["ActiveState"] == "active", "it is up")
    assert len(instance.starts()) == 1


def test_same_press_many_times_at_once(instance):
    answers = web.at_once([lambda: restart(unit(WELL), press="many-times-1")] * 20)
    assert len(instance.starts()) == 1
    assert sorted(a["repeated"] for a in answers) == [False] + [True] * 19
    assert {a["invocation_id_after"] for a in answers} == set(instance.starts())


def test_press_of_another_unit(instance):
    restart(unit(WELL), press="of-another-unit")
    crash()
    fault = rpc.fault_of(lambda: restart(unit("1235"), press="of-another-unit"))
    assert fault.faultCode == 18 and not Instance("1235").starts()


def test_callers_have_presses_of_their_own(instance):
    """The web front is one, each user at broker.sock another."""
    for proxy in (rpc.over_unix(), rpc.over_unix(rpc.WEB)):
        assert proxy.restarter.restart(unit(WELL), {"press": "of-their-own", "settle": 0})["repeated"] is False
    assert len(instance.starts()) == 2


# --- the files ---

SPOILT = {
    "empty": b"",
    "zeros": bytes(4096),
    "foreign": b"\x7fELF" + bytes(range(256)) * 40,
    "text": b"not a memory\n" * 1000,
    "magic only": b"rsm1" * 4096,
}


@pytest.mark.once
@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT.keys())
def test_spoilt_files(instance, content):
    since = journal.Mark()
    restart(unit(WELL), press="spoilt-files")
    idle_exit()
    for name in ("presses", "starts"):
        (MEMORY / name).write_bytes(content)
    assert restart(unit(WELL))["success"] is True, "a grant without Cooldown= is as before"
    assert ("are spoilt" in since.text()) == (content.strip(b"\0") != b"")
    assert len(instance.starts()) == 2
    # Torn in the middle of a record.
    restart(unit(WELL), press="torn-files")
    idle_exit()
    for name in ("presses", "starts"):
        size = (MEMORY / name).stat().st_size
        with open(MEMORY / name, "r+b") as file:
            file.truncate(max(0, size - 100))
    assert restart(unit(WELL))["success"] is True


@pytest.mark.once
def test_spoilt_cooldown_ends(cooling, forgotten):
    """Fail closed, and not for ever."""
    name = "rest@oneshot.service"
    with applied(GRANT.replace("1h", "5s")):
        restart(name)
        idle_exit()
        (MEMORY / "starts").write_bytes(b"garbage" * 500)
        assert rpc.fault_of(restart, name).faultCode == COOLDOWN
        crash()
        assert rpc.fault_of(restart, name).faultCode == COOLDOWN
        time.sleep(5)
        assert restart(name)["success"] is True


def test_no_memory(instance):
    """A directory that cannot be written takes the memory away, and not the button."""
    since = journal.Mark()
    idle_exit()
    for name in ("presses", "starts"):
        (MEMORY / name).unlink(missing_ok=True)
        (MEMORY / name).mkdir()
    try:
        assert restart(unit(WELL), press="no-memory-1")["success"] is True
        assert restart(unit(WELL), press="no-memory-1")["repeated"] is True
    finally:
        idle_exit()
        for name in ("presses", "starts"):
            (MEMORY / name).rmdir()
    assert "cannot be used" in since.text()
    assert len(instance.starts()) == 1


def test_its_modes():
    restart(unit(WELL))
    for name in ("presses", "starts"):
        assert (MEMORY / name).stat().st_mode & 0o777 == 0o600
    assert (MEMORY / "presses").parent.resolve().stat().st_mode & 0o777 == 0o700


@pytest.mark.once
def test_bounded_by_strangers(instance):
    """However many presses: the file keeps its size."""
    for n in range(60):
        restart(unit(WELL), press=f"stranger-{n:04}", settle=0)
    assert (MEMORY / "presses").stat().st_size <= 512 * 2048
    assert restart(unit(WELL), press="stranger-0059")["repeated"] is True
    assert restart(unit(WELL), press="stranger-0000")["repeated"] is False


def test_counted_starts_do_not_keep_it_awake(instance):
    with dropins({unit("2100"): "[Unit]\nStartLimitIntervalSec=30\nStartLimitBurst=3\n"}):
        ready("2100")
        with settings(IDLE_EXIT_SEC="0.2"):
            for _ in range(2):
                restart(unit("2100"))
                time.sleep(0.1)
            wait_for(lambda: cgroup_gone(BROKER), "it rests", 10)
            assert rpc.fault_of(restart, unit("2100")).faultCode == 5
        systemctl("stop", unit("2100"))
        stop_daemons()
