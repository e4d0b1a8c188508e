"""Lock 5 names the service, not only its user: whoever else runs as user restarter gets nothing, where polkitd knows
which service asks (Debian 13). Where it does not (Debian 12) the user is all that it goes by, as it always was."""

import contextlib
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

import pytest

from helpers import bus, rpc
from helpers.people import broker_does, in_the_broker, user_does
from helpers.policy import FINDINGS, OK, RULE, UNAVAILABLE, findings, kept, locks, policy, polkitd_version, reread, table
from helpers.system import (
    BROKER,
    SOCKETS,
    WELL,
    dropins,
    open_doors_anew,
    reload_manager,
    run,
    send_signal,
    show,
    stop_daemons,
    systemctl,
    unit,
    wait_for,
)

USER = pwd.getpwnam("restarter")
CALL = ["busctl", "--timeout=30", "call", bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, "RestartUnit"]
CLICK = [*CALL, "ss", unit(WELL), "replace"]
PLACE = pathlib.Path("/run/restarter-impostors")


KNOWS = polkitd_version() >= 124
where_it_knows = pytest.mark.skipif(not KNOWS, reason="this polkitd does not know services")


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


@pytest.fixture
def place():
    """Where user restarter may write down what it was told."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    os.chown(PLACE, USER.pw_uid, USER.pw_gid)
    yield PLACE
    shutil.rmtree(PLACE)


def assert_gets_what_its_kind_gets(status, text, instance):
    """Nothing, where polkitd knows better."""
    if KNOWS:
        assert status != 0 and "denied" in text.lower(), text
        time.sleep(0.2)
        assert instance.starts() == []
    else:
        assert status == 0, text
        instance.wait_for_start()


@pytest.mark.core
def test_the_broker_itself(instance):
    """Otherwise the refusals below would show nothing."""
    assert rpc.over_unix().restart_unit(WELL)["success"] is True
    instance.wait_for_start(1)
    done = broker_does(*CLICK)
    assert done.returncode == 0, done.stderr
    instance.wait_for_start(2)


@pytest.mark.core
def test_any_other_process(instance):
    done = user_does(*CLICK)
    assert_gets_what_its_kind_gets(done.returncode, done.stderr, instance)


@pytest.mark.core
@pytest.mark.parametrize(
    "name",
    [
        "thief.service",
        "restarter-broker-x.service",
        "x-restarter-broker.service",
        "restarter-broker.service.service",
        "restarter-broker@1.service",
        "restarter-broker@restarter-broker.service",
    ],
)
def test_another_unit(name, instance):
    done = run("systemd-run", "--wait", "--pipe", "--quiet", "--collect", f"--unit={name}", "--uid=restarter", *CLICK, check=False)
    assert_gets_what_its_kind_gets(done.returncode, done.stdout + done.stderr, instance)


@pytest.mark.parametrize("name", ["restarter-broker.scope", "restarter-broker.service.scope"])
def test_a_scope(name, instance):
    done = run("systemd-run", "--scope", "--quiet", "--collect", f"--unit={name}", "--uid=restarter", *CLICK, check=False)
    assert_gets_what_its_kind_gets(done.returncode, done.stdout + done.stderr, instance)


def test_delegated_subgroup(instance):
    """A group of control groups that it may name as it likes."""
    script = (
        'group=/sys/fs/cgroup$(sed -n "s/^0:://p" /proc/self/cgroup)/restarter-broker.service; '
        'mkdir "$group" && echo 0 >"$group/cgroup.procs" && cat /proc/self/cgroup && exec "$@"'
    )
    done = run(
        *["systemd-run", "--wait", "--pipe", "--quiet", "--collect", "--unit=thief.service", "--uid=restarter"],
        *["-p", "Delegate=yes", "sh", "-c", script, "sh", *CLICK],
        check=False,
    )
    assert "/thief.service/restarter-broker.service" in done.stdout, "it is where the test wants it"
    assert_gets_what_its_kind_gets(done.returncode, done.stdout + done.stderr, instance)


def test_unit_of_a_user_manager(instance, place):
    """The same name, in the manager that user restarter would have if it could log in."""
    manager = f"user@{USER.pw_uid}.service"
    file = pathlib.Path("/run/systemd/user/restarter-broker.service")
    wants = pathlib.Path("/run/systemd/user/default.target.wants")
    wants.mkdir(parents=True, exist_ok=True)
    command = " ".join(CLICK)
    file.write_text(
        "[Service]\nType=oneshot\nExecStart=/bin/sh -c '"
        f"cat /proc/self/cgroup >{place}/group; {command} >{place}/said 2>&1; echo $? >{place}/status'\n"
    )
    link = wants / file.name
    link.symlink_to(file)
    try:
        systemctl("start", manager)
        status = wait_for(lambda: (place / "status").exists() and (place / "status").read_text().strip(), "asked")
        assert f"/{manager}/" in (place / "group").read_text() and "/restarter-broker.service" in (
            place / "group"
        ).read_text()
        assert_gets_what_its_kind_gets(int(status), (place / "said").read_text(), instance)
    finally:
        systemctl("stop", manager, f"user-runtime-dir@{USER.pw_uid}.service", check=False)
        link.unlink()
        file.unlink()


def linger(seconds=600):
    """Turns into a daemon that does not want to end."""
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.closerange(0, 1024)
        time.sleep(seconds)
        os._exit(0)
    return True


def processes_of_user():
    return run("pgrep", "--uid", "restarter", check=False).stdout.split()


@pytest.mark.parametrize("end", ["stop", "kill", "restart"])
def test_nothing_is_left_behind(end):
    """A process that would stay in the service's group, and so be taken for it, ends with it."""
    with dropins({BROKER: "[Service]\nTimeoutStopSec=2s\n"}):
        assert in_the_broker(linger)
        assert len(processes_of_user()) >= 2
        if end == "kill":
            send_signal(BROKER, signal.SIGKILL)
        else:
            systemctl(end, BROKER)
        wait_for(lambda: len(processes_of_user()) <= (end == "restart"), "they are gone", 60, 0.1)
    systemctl("reset-failed", BROKER, check=False)


def test_it_cannot_move_into_the_service():
    """Whoever could write this file would be the broker."""
    rpc.over_unix().system.listMethods()
    group = "/sys/fs/cgroup/system.slice/restarter-broker.service/cgroup.procs"
    assert user_does("sh", "-c", f"echo 0 >{group}").returncode != 0


# --- the questions of restartctl ---


@pytest.mark.core
def test_it_is_asked_about_the_broker():
    """Also about one that rests; and it says which of the two rules is in force."""
    stop_daemons()
    row = table(unit(WELL))["by_name"][unit(WELL)]
    assert row["polkit"] == row["broker"] == ["restart"]
    stop_daemons()
    assert locks(unit(WELL))["permitted"] is True
    stop_daemons()
    data = json.loads(policy("check", "--json", "--verb=restart", check=OK).stdout)
    assert data["services_known"] is KNOWS
    text = policy("check", "--verb=restart", check=OK).stdout
    assert ("restarter-broker.service alone" in text) is KNOWS
    assert ("any process of user restarter" in text) is not KNOWS


@where_it_knows
def test_broker_that_ends_meanwhile():
    """Its answers are those of a broker, however often it was started anew meanwhile."""
    stopper = (
        "for i in 1 2 3; do sleep 0.3; systemctl kill --signal=KILL --kill-whom=main restarter-broker.service; done"
    )
    with contextlib.ExitStack() as stack:
        ended = stack.enter_context(background("sh", "-c", stopper))
        policy("check", check=OK)
        ended.wait()
    systemctl("reset-failed", BROKER, check=False)


@contextlib.contextmanager
def background(*command):
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.wait()


@pytest.mark.parametrize("verb", ["table", "check"])
def test_broker_that_cannot_be_woken(verb):
    """Then nobody can ask as PID 1 would, and that is said; no door is opened for it."""
    systemctl("stop", *SOCKETS, BROKER)
    try:
        done = policy(verb, "--verb=restart")
        if KNOWS:
            assert done.returncode == UNAVAILABLE
            assert "restarter-broker.socket" in done.stderr and "systemctl start" in done.stderr
        else:
            assert done.returncode == OK
        assert show(SOCKETS[1], "ActiveState") == "inactive"
    finally:
        open_doors_anew()


def test_masked_broker():
    """Lock 6 is the one that is shut, and the socket has not failed for having been asked."""
    stop_daemons()
    systemctl("mask", "--runtime", BROKER)
    try:
        data = locks(unit(WELL))
        assert data["stopped_by"] == 6 and "masked" in data["locks"][5]["message"]
        assert data["locks"][4]["open"] is not KNOWS
        assert show(SOCKETS[1], "ActiveState") == "active"
    finally:
        systemctl("unmask", "--runtime", BROKER)


WITHOUT_SERVICE = ("subject.system_unit === UNIT", "true")


@where_it_knows
def test_rule_that_does_not_look_at_the_service():
    """Found by asking about another process of that user."""
    RULE.write_text(RULE.read_text().replace(*WITHOUT_SERVICE))
    reread()
    (found,) = [m for level, p, m in findings() if level == "finding"]
    assert "any process of user restarter" in found and "subject.system_unit" in found
    assert policy("check", "--verb=restart").returncode == FINDINGS


@where_it_knows
def test_rule_that_wants_another_service():
    """A dead button: the broker's own click is refused."""
    RULE.write_text(RULE.read_text().replace('UNIT = "restarter-broker', 'UNIT = "restarter-breaker'))
    reread()
    assert any("dead button" in m for _, _, m in findings())


@where_it_knows
def test_rule_that_wants_anything_but_the_service():
    """The worst of both: dead for the broker, and open to everything else of that user."""
    RULE.write_text(RULE.read_text().replace("subject.system_unit === UNIT", "subject.system_unit !== UNIT"))
    reread()
    messages = [m for _, _, m in findings()]
    assert any("dead button" in m for m in messages) and any("any process" in m for m in messages)


def test_the_rules_head_says_it():
    head = RULE.read_text().split("GRANTS")[0]
    assert "restarter-broker.service" in head and "124" in head and "policy check" in head
    reload_manager()
