"""What became of it: real services of every Type= that stay up, end, fail or are restarted again and again, watched
for as long as their type, the policy file or the caller says."""
import concurrent.futures
import contextlib
import json
import signal
import time
import xmlrpc.client

import pytest

from helpers import journal, rpc, web
from helpers.policy import DROPINS, applied
from helpers.system import (
    BROKER,
    UNITS,
    forget_failed,
    reload_manager,
    replaced,
    run,
    send_signal,
    show,
    systemctl,
    unit_files,
    wait_for,
)

TEMPLATE = "settle@.service"
GRANT = "[Grant]\nUnit=settle@.service\nInstances=[a-z0-9-]+\nVerbs=restart\nStartStopped=yes\n"

# Each is a service of its own kind: [Service] of it, and the verdict without any wish. sh -c reads one line.
NOTIFY = "Type=notify\nNotifyAccess=all\n"
KINDS = {
    "simple-stays": ("ExecStart=sleep infinity", "up"),
    "simple-0": ("ExecStart=true", "ended"),
    "simple-7": ("ExecStart=sh -c 'exit 7'", "failed"),
    "simple-signal": ("ExecStart=sh -c 'kill -9 $$$$'", "failed"),
    "simple-300ms": ("ExecStart=sh -c 'sleep 0.3; exit 7'", "failed"),
    "simple-later": ("ExecStart=sh -c 'sleep 6; exit 7'", "up"),
    "simple-remains": ("RemainAfterExit=yes\nExecStart=true", "up"),
    "exec-stays": ("Type=exec\nExecStart=sleep infinity", "up"),
    "exec-7": ("Type=exec\nExecStart=sh -c 'sleep 0.1; exit 7'", "failed"),
    "exec-nothing": ("Type=exec\nExecStart=/nonexistent", "down"),
    "idle-7": ("Type=idle\nExecStart=sh -c 'exit 7'", "failed"),
    "forking-stays": ("Type=forking\nExecStart=sh -c 'sleep infinity &'", "up"),
    "forking-7": ("Type=forking\nExecStart=sh -c '(sleep 0.3; exit 7) &'", "failed"),
    "oneshot": ("Type=oneshot\nExecStart=true", "well-ended"),
    "oneshot-7": ("Type=oneshot\nExecStart=sh -c 'exit 7'", "down"),
    "oneshot-remains": ("Type=oneshot\nRemainAfterExit=yes\nExecStart=true", "up"),
    "notify-stays": (NOTIFY + "ExecStart=sh -c 'systemd-notify --ready; exec sleep infinity'", "up"),
    "notify-7": (NOTIFY + "ExecStart=sh -c 'exit 7'", "down"),
    "notify-later": (NOTIFY + "ExecStart=sh -c 'systemd-notify --ready; sleep 3; exit 7'", "up"),
    "loop": ("Restart=always\nRestartSec=0.15\nExecStart=sh -c 'exit 7'", "restarting"),
    "loop-0": ("Restart=always\nRestartSec=0.15\nExecStart=true", "restarting"),
    "on-failure": ("Restart=on-failure\nRestartSec=5\nExecStart=sh -c 'exit 7'", "restarting"),
    "on-failure-0": ("Restart=on-failure\nRestartSec=0.1\nExecStart=true", "ended"),
    "post-fails": ("ExecStart=sleep infinity\nExecStartPost=false", "down"),
    "stop-post": ("ExecStart=sh -c 'exit 7'\nExecStopPost=sleep 0.2", "failed"),
    "gives-up": ("Restart=always\nRestartSec=0.01\nExecStart=sh -c 'exit 7'", "failed"),
    "gives-up-too": ("Restart=always\nRestartSec=0.01\nExecStart=sh -c 'exit 7'", "failed"),
    "condition": ("ExecStart=sleep infinity", "down"),
}
UNIT_SECTIONS = {
    "gives-up": "StartLimitIntervalSec=10\nStartLimitBurst=4\n",
    "gives-up-too": "StartLimitIntervalSec=10\nStartLimitBurst=4\n",
    "condition": "ConditionPathExists=/nonexistent\nStartLimitIntervalSec=0\n",
}
UNLIMITED = "StartLimitIntervalSec=0\n"


def unit(kind):
    return f"settle@{kind}.service"


def text_of(kind):
    return f"[Unit]\n{UNIT_SECTIONS.get(kind, UNLIMITED)}[Service]\n{KINDS[kind][0]}\n"


@pytest.fixture(scope="module", autouse=True)
def services(machine):
    with unit_files({unit(kind): text_of(kind) for kind in KINDS}), applied(GRANT):
        yield


@pytest.fixture(autouse=True)
def fresh():
    systemctl("stop", unit("*"))
    forget_failed(unit("*"))


def restart(kind, **options):
    return rpc.over_unix().restarter.restart(unit(kind), *([options] if options else []))


GOOD = ("up", "well-ended", "watching")


def check(answer, verdict, kind):
    assert answer["verdict"] == verdict, (kind, answer)
    assert answer["success"] is (verdict in GOOD), answer
    assert unit(kind) in answer["message"], answer
    if verdict in ("failed", "ended"):
        assert answer["failed_after_milliseconds"] > 0, answer
        assert "journalctl -u" in answer["message"], answer


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "gives-up-too"])
def test_verdict_by_type(kind):
    # Four starts may take their time; the watch ends when it is down for good.
    answer = restart(kind, **({"settle": 30} if kind == "gives-up" else {}))
    check(answer, KINDS[kind][1], kind)
    watched = answer["verdict"] == "up" and kind.split("-", maxsplit=1)[0] in ("simple", "exec", "forking", "idle")
    assert answer["settle_milliseconds"] == (1000 if watched else answer["settle_milliseconds"])
    if answer["verdict"] == "up" and not watched:
        assert answer["settle_milliseconds"] == 0, answer


def test_the_sentences():
    assert restart("simple-stays")["message"].endswith("and was still up 1 s later.")
    assert "(exit-code, exit status 7)" in restart("simple-300ms")["message"]
    assert "(signal 9)" in restart("simple-signal")["message"]
    assert "without an error" in restart("simple-0")["message"]
    assert "again and again (" in restart("loop")["message"]
    assert "about to start it again" in restart("on-failure")["message"]
    assert "; systemd started it again " in restart("gives-up-too", settle=30)["message"]
    assert "condition" in restart("condition")["message"]


def test_time_of_the_fall():
    begin = time.monotonic()
    answer = restart("simple-300ms")
    assert 250 <= answer["failed_after_milliseconds"] <= (time.monotonic() - begin) * 1000
    assert answer["exec_main_status"] == 7 and answer["service_result"] == "exit-code"


@contextlib.contextmanager
def settle_of_the_grant(seconds):
    """The broker alone reads that: polkit and the bus go by what is there."""
    with replaced(DROPINS / "applied.conf", GRANT + f"Settle={seconds}\n"):
        systemctl("reload-or-restart", BROKER)
        yield
    systemctl("reload-or-restart", BROKER)


# The grant's time, the caller's wish, what comes after one second, and for how long it was watched.
@pytest.mark.parametrize(
    "grant, wish, kind, verdict, watched",
    [
        (None, 0, "simple-stays", "watching", 0),
        (None, 0, "notify-stays", "up", 0),
        (None, 2, "simple-stays", "up", 2000),
        (None, 1, "notify-stays", "up", 1000),
        (None, 30, "notify-later", "failed", None),
        (None, 60, "simple-later", "failed", None),
        (None, 60, "oneshot", "well-ended", 0),
        ("0", None, "simple-later", "up", 0),
        ("0", 1, "simple-300ms", "failed", None),
        ("2", None, "simple-stays", "up", 2000),
        ("2", 0, "simple-stays", "watching", 0),
        ("2", 1, "simple-stays", "watching", 1000),
        ("60", None, "simple-later", "failed", None),
        ("30", None, "notify-later", "failed", None),
        ("60", None, "loop-0", None, None),
    ],
)
@pytest.mark.once
def test_grant_and_wish(grant, wish, kind, verdict, watched):
    with settle_of_the_grant(grant) if grant else contextlib.nullcontext():
        if verdict is None:
            answer = restart(kind, settle=1)
            assert answer["verdict"] == "restarting"
            return
        answer = restart(kind, **({} if wish is None else {"settle": wish}))
    check(answer, verdict, kind)
    if watched is not None:
        assert answer["settle_milliseconds"] == watched


def test_both_plain_ways_tell_the_verdict():
    assert rpc.over_unix().restart_unit(unit("simple-stays"))["message"].endswith("was still up 1 s later.")
    plain = rpc.over_tcp().restart_unit(unit("simple-300ms"))
    assert plain["success"] is False and "exit status 7" in plain["message"]
    answer = web.click(unit("simple-300ms"))
    assert answer.status == 200 and answer.json["success"] is False
    assert answer.json["verdict"] == "failed", answer.json


@pytest.fixture
def patient():
    """Watched for long enough that nothing here depends on how fast the machine is."""
    with settle_of_the_grant(30):
        yield


def test_told_at_once_then_the_verdict(patient):
    """As the page does it: the restart at once, and with the same press what became of it. One restart, and the
    journal has the end of it."""
    since = journal.Mark()
    first = restart("simple-later", settle=0, press="told-at-once-1")
    assert first["verdict"] == "watching" and first["success"] is True and not first["repeated"]
    assert "is being watched" in first["message"]
    second = restart("simple-later", press="told-at-once-1")
    assert second["verdict"] == "failed" and second["repeated"] is True
    assert second["invocation_id_after"] == first["invocation_id_after"]
    third = restart("simple-later", press="told-at-once-1")
    assert third["verdict"] == "failed" and third["message"] == second["message"]
    entries = since.entries("RESTARTER_DECISION=allowed")
    assert [e["RESTARTER_VERDICT"] for e in entries] == ["watching", "failed"]
    assert entries[1]["MESSAGE_ID"] == journal.FAILED


def test_nobody_waits_any_more():
    since = journal.Mark()
    restart("simple-stays", settle=0)
    ends = wait_for(lambda: since.entries("RESTARTER_VERDICT=up"), "the watch's end is in the journal")
    assert ends[0]["MESSAGE_ID"] == journal.SETTLED and "still up 1 s later" in ends[0]["MESSAGE"]


def test_next_restart_ends_the_watch(patient):
    first = restart("simple-stays", settle=0, press="first-press")
    second = restart("simple-stays", settle=0, press="second-press")
    assert second["invocation_id_before"] == first["invocation_id_after"]
    told = restart("simple-stays", press="first-press")
    assert told["verdict"] == "up" and "when it was restarted anew" in told["message"]
    assert told["settle_milliseconds"] < 30000
    restart("simple-stays", settle=0, press="third-press")
    assert restart("simple-stays", press="second-press")["verdict"] == "up"


def test_daemon_reload_meanwhile(patient):
    reload, reexec = (f"{word}-{time.monotonic_ns()}" for word in ("reload", "reexec"))
    first = restart("simple-later", settle=0, press=reload)
    assert first["verdict"] == "watching"
    reload_manager()
    assert restart("simple-later", press=reload)["verdict"] == "failed"
    with settle_of_the_grant(1):
        first = restart("simple-stays", settle=0, press=reexec)
        systemctl("daemon-reexec")
        assert restart("simple-stays", press=reexec)["verdict"] == "up", first


def became_of(press):
    with contextlib.suppress(xmlrpc.client.Fault):  # it has not arrived yet
        return rpc.over_unix().restarter.outcome(press)["verdict"]


def test_broker_is_stopped_meanwhile():
    press = f"stopped-{time.monotonic_ns()}"
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(restart, "simple-stays", settle=60, press=press)
        wait_for(lambda: became_of(press) == "watching", "it is watched")
        systemctl("stop", "restarter-broker.service")
        answer = waiting.result()
    assert answer["verdict"] == "up" and "when the broker was stopped" in answer["message"]


def test_changed_on_disk():
    kind = "simple-stays"
    assert restart(kind, settle=0)["need_daemon_reload"] is False
    file = UNITS / unit(kind)
    text = file.read_text()
    time.sleep(1.1)
    file.write_text(text + "# changed\n")
    try:
        answer = restart(kind, settle=0)
        assert answer["need_daemon_reload"] is True and "daemon-reload" in answer["message"]
        assert rpc.over_unix().restarter.status(unit(kind))["need_daemon_reload"] is True
    finally:
        file.write_text(text)
        reload_manager()
    assert restart(kind, settle=0)["need_daemon_reload"] is False


# --- restartctl ---


def restartctl(*arguments, terminal=False):
    command = ["restartctl", "restart", *arguments]
    if terminal:
        command = ["script", "--quiet", "--return", "--command", " ".join(command), "/dev/null"]
    return run(*command, check=False)


def test_restartctl_tells_the_verdict():
    done = restartctl(unit("simple-300ms"))
    assert done.returncode == 1 and "exit status 7" in done.stdout and done.stdout.count("\n") == 1
    done = restartctl(unit("simple-stays"))
    assert done.returncode == 0 and done.stdout.endswith("and was still up 1 s later.\n")
    done = restartctl("--no-settle", unit("simple-stays"))
    assert done.returncode == 0 and "is being watched for 1 s" in done.stdout
    done = restartctl("--settle=2", unit("simple-stays"))
    assert done.returncode == 0 and "still up 2 s later" in done.stdout
    for bad in ("--settle=61", "--settle=-1", "--settle=x", "--settle="):
        assert restartctl(bad, unit("simple-stays")).returncode == 2


def test_restartctl_on_a_terminal(patient):
    since = journal.Mark()
    done = restartctl(unit("simple-later"), terminal=True)
    first, second = done.stdout.splitlines()
    assert "is being watched" in first and "exit status 7" in second and done.returncode == 1
    assert len(since.entries("RESTARTER_VERDICT=watching")) == 1, "one restart"


def test_restartctl_json_is_one_answer():
    answer = json.loads(restartctl("--json", unit("simple-300ms")).stdout)
    assert answer["verdict"] == "failed" and answer["success"] is False


def test_restartctl_press():
    name = unit("simple-stays")
    assert restartctl("--press=by-a-script-1", name).returncode == 0
    before = show(name, "InvocationID")
    assert restartctl("--press=by-a-script-1", name).returncode == 0
    assert show(name, "InvocationID") == before
    assert restartctl("--press=by-a-script-1", unit("oneshot")).returncode == 3
    assert restartctl(name).returncode == 0 and show(name, "InvocationID") != before


def test_restartctl_that_lost_the_answer():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(restartctl, "--settle=60", "--press=lost-answer-1", unit("simple-stays"))
        wait_for(lambda: show(unit("simple-stays"), "ActiveState") == "active", "it runs")
        send_signal("restarter-broker.service", signal.SIGKILL)
        done = waiting.result()
    assert done.returncode == 5
    assert f"restartctl status {unit('simple-stays')}" in done.stderr and "--press=lost-answer-1" in done.stderr
    again = restartctl("--press=lost-answer-1", unit("simple-stays"))
    assert again.returncode == 5 and "not known" in again.stderr
