"""restartctl policy explain: which lock stops it, in the words that the page and the XML-RPC refusal use as well."""

import contextlib
import pathlib

import pytest

from helpers import bus, rpc, web
from helpers.policy import BUS, OK, POLICY, REFUSED, RULE, RULES, SHIPPED_GRANT, as_after_a_boot, kept, locks, policy
from helpers.system import (
    BROKER,
    SOCKETS,
    WELL,
    dropins,
    reload_manager,
    run,
    stop_daemons,
    systemctl,
    unit,
    wait_for,
)

NAMES = ["web front", "broker sockets", "broker", "bus policy", "polkit rule", "sandbox"]


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


def stopped(*arguments):
    """The number of the first lock that is shut, and what it says."""
    data = locks(*arguments)
    assert [lock["name"] for lock in data["locks"]] == NAMES
    number = data["stopped_by"]
    assert data["permitted"] == (number == 0)
    assert all(lock["open"] for lock in data["locks"][: number - 1 if number else None])
    return number, data["locks"][number - 1]["message"] if number else ""


def refusal(name):
    """What an admin is told, by either method. On the page, which knows nobody, it is that without files, lines, and what
    would open the lock."""
    stop_daemons()
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, name).faultString
    assert rpc.over_unix().restart_unit(name)["message"] == fault
    told = web.click(name).json["message"]
    assert told and fault.startswith(told) and "/etc/" not in told and "would open" not in told
    return fault


@pytest.mark.core
def test_nothing_stops_it():
    for name in (WELL, unit(WELL)):
        done = policy("explain", name, check=OK)
        lines = done.stdout.splitlines()
        assert [line[:1] for line in lines[:6]] == list("123456") and all(
            "  open  " in line for line in lines[:6]
        )
        assert lines[-1] == f"Nothing stops restart of {unit(WELL)}."
    assert stopped(WELL) == (0, "")


@pytest.mark.core
@pytest.mark.parametrize(
    "name, lock, words",
    [
        ("../etc", 1, "character other than"),
        ("example@.service", 1, "a template's"),
        ("ssh.service", 3, "Unit=ssh.service"),
        ("dbus.service", 3, "and cannot: it carries"),
        ("restarter-broker.service", 3, "and cannot: it is part of the restart button"),
        ("example@1234.socket", 1, ".service"),
        ("example@12345.service", 3, "[0-9]{4}"),
        ("12345", 3, "Instances="),
        ("worker@1.service", 3, "Unit=worker@.service"),
        ("example@7777.service", 3, "StartStopped=yes"),
    ],
)
def test_names_that_are_stopped(name, lock, words):
    number, message = stopped(name)
    assert number == lock and words in message
    assert refusal(name) == message
    assert (
        f"Lock {lock}, the {NAMES[lock - 1]}, stops restart" in policy("explain", name, check=REFUSED).stdout
    )


def test_verb_that_is_not_granted():
    data = locks(unit(WELL), "reload")
    assert data["stopped_by"] == 3
    assert [lock["open"] for lock in data["locks"]] == [True, True, False, False, False, True]
    assert "Verbs=" in data["locks"][2]["message"] and "ReloadUnit" in data["locks"][3]["message"]
    assert "reload" in data["locks"][4]["message"]


def test_verbs_that_nobody_can_grant():
    for verb in ("start", "stop", "kill", "nonsense"):
        done = policy("explain", WELL, verb)
        assert done.returncode == 2 and "never granted" in done.stderr


def test_other_verb_that_is_granted():
    POLICY.write_text(SHIPPED_GRANT.replace("=restart", "=restart try-restart"))
    policy("apply", check=OK)
    assert stopped(unit(WELL), "try-restart") == (0, "")
    assert stopped("example@7777.service", "try-restart") == (0, "")


@pytest.mark.core
def test_broken_policy_file():
    """And no earlier one is remembered."""
    as_after_a_boot()
    POLICY.write_text(SHIPPED_GRANT + "Colour=red\n")
    number, message = stopped(WELL)
    assert number == 3 and f"{POLICY}:5:" in message
    assert refusal(WELL) == message


def test_broken_policy_file_beside_a_broker_that_runs():
    """It keeps the last good policy; the next one has none."""
    assert rpc.over_unix().restart_unit(WELL)["success"] is True
    POLICY.write_text(SHIPPED_GRANT + "Colour=red\n")
    number, message = stopped(WELL)
    assert number == 3 and f"{POLICY}:5:" in message and "last good policy" in message
    assert rpc.over_unix().restart_unit(WELL)["success"] is True


def test_no_default():
    POLICY.write_text(SHIPPED_GRANT + SHIPPED_GRANT.replace("example", "other"))
    number, message = stopped(WELL)
    assert number == 3 and "Default=yes" in message
    assert refusal(WELL) == message


def test_unit_that_does_not_exist():
    POLICY.write_text(SHIPPED_GRANT.replace("example", "nowhere"))
    number, message = stopped("nowhere@1234.service")
    assert number == 3 and "no unit file" in message
    assert refusal("nowhere@1234.service") == message


def test_masked_unit():
    systemctl("mask", "--runtime", "example@7771.service")
    try:
        number, message = stopped("example@7771.service")
        assert number == 3 and "masked" in message
        assert refusal("example@7771.service") == message
    finally:
        systemctl("unmask", "--runtime", "example@7771.service")


@pytest.mark.core
def test_bus_policy():
    BUS.write_text(BUS.read_text().replace('send_member="RestartUnit"', 'send_member="X"'))
    bus.reload_config()
    number, message = stopped(WELL)
    assert number == 4 and str(BUS) in message
    assert refusal(WELL) == message


@pytest.mark.core
def test_polkit_rule():
    RULE.rename(RULES / "50-restarter.rule")
    wait_for(lambda: stopped(WELL)[0] == 5, "polkitd has noticed", 20, 0.1)
    message = stopped(WELL)[1]
    assert str(RULE) in message
    assert refusal(WELL) == message


def test_polkitd_is_not_there():
    systemctl("mask", "--runtime", "polkit.service")
    systemctl("stop", "polkit.service")
    try:
        number, message = stopped(WELL)
        assert number == 5 and "polkitd cannot be asked" in message
    finally:
        systemctl("unmask", "--runtime", "polkit.service")


@pytest.mark.parametrize("socket, lock", zip(SOCKETS, (1, 2, 2)))
def test_sockets_that_do_not_listen(socket, lock):
    systemctl("stop", socket)
    try:
        number, message = stopped(WELL)
        assert number == lock and socket in message and "systemctl start" in message
    finally:
        stop_daemons()
        systemctl("start", *SOCKETS)


def test_socket_of_the_wrong_group():
    run("chgrp", "root", "/run/restarter/web.sock")
    try:
        number, message = stopped(WELL)
        assert number == 2 and "web.sock" in message and "restarter-web" in message
    finally:
        run("chgrp", "restarter-web", "/run/restarter/web.sock")


def test_members_of_the_clients_group():
    run("usermod", "--append", "--groups=restarter-clients", "nobody")
    try:
        assert "(nobody)" in locks(WELL)["locks"][1]["message"]
    finally:
        run("gpasswd", "--delete", "nobody", "restarter-clients")


def test_broker_that_cannot_run():
    stop_daemons()
    systemctl("mask", "--runtime", BROKER)
    try:
        assert locks(WELL)["locks"][5]["open"] is False
    finally:
        systemctl("unmask", "--runtime", BROKER)
        systemctl("start", *SOCKETS)


def test_sandbox_that_was_weakened():
    """It stops nothing, and is worth a word."""
    with dropins({BROKER: "[Service]\nPrivateNetwork=no\n"}):
        lock = locks(WELL)["locks"][5]
        assert lock["open"] is True and "PrivateNetwork=" in lock["message"]
    with contextlib.suppress(AssertionError):
        reload_manager()


def test_restarts_nothing(instance):
    before = pathlib.Path("/run/restarter-tests/starts-1234").exists()
    policy("explain", WELL, check=OK)
    policy("explain", WELL, "reload")
    assert pathlib.Path("/run/restarter-tests/starts-1234").exists() == before and instance.starts() == []
