"""The list says of each unit what systemd says of it, whatever has become of units, files, policy or bus while others
asked for it all the time."""
import contextlib
import random
import threading
import xmlrpc.client

import pytest

from helpers import rpc
from helpers.system import BROKER, UNITS, reload_manager, show, systemctl, unit_files, wait_for

NUMBER, ASKERS, ROUNDS = 40, 4, 20
STAYS, ENDS = "stays@.service", "ends@.service"
FILES = {
    STAYS: "[Unit]\nDescription=One that stays\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
    ENDS: "[Unit]\nDescription=One that fails\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\nExecStart=/bin/false\n",
}
GRANTS = {name: f"[Grant]\nUnit={name}\nInstances=[0-9]{{4}}\nVerbs=restart\n" for name in FILES}
EVERY = [name.replace("@", f"@{1000 + i}") for i in range(NUMBER) for name in FILES]


def systemds():
    """{unit: (active, sub)} of what is loaded and there."""
    patterns = [name.replace("@", "@*") for name in FILES]
    lines = systemctl("list-units", "--all", "--plain", "--no-legend", "--full", *patterns).stdout.splitlines()
    rows = [line.split(None, 4) for line in lines]
    return {row[0]: (row[2], row[3]) for row in rows if row[1] != "not-found"}


def listed():
    """The same by the broker, part by part."""
    rows, broker = [], rpc.over_unix().restarter
    while True:
        part = broker.list({"filter": "One that", "offset": len(rows), "limit": 50})
        rows += part["instances"]
        if len(rows) >= part["matching"]:
            return {row["unit"]: (row["active_state"], row["sub_state"]) for row in rows}


def assert_true():
    def is_true():
        try:
            ours, theirs = listed(), systemds()
        except xmlrpc.client.Fault as fault:
            print("the list:", fault)
            return False
        print({name: (ours.get(name), theirs.get(name)) for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)})
        return ours == theirs

    wait_for(is_true, "the list is what systemd says", pause=0.5)


@contextlib.contextmanager
def asked_all_the_time():
    """By some who each look for something else. Only the bus may be missing."""
    over, wrong = threading.Event(), []

    def ask(number):
        broker = rpc.over_unix().restarter
        while not over.is_set():
            try:
                broker.list({"filter": f"@{1000 + number}", "limit": 50})
            except xmlrpc.client.Fault as fault:
                wrong.extend([fault] if fault.faultCode != 10 else [])
            except OSError:
                broker = rpc.over_unix().restarter  # it was started anew

    askers = [threading.Thread(target=ask, args=(n,)) for n in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        yield
    finally:
        over.set()
        for asker in askers:
            asker.join()
    assert not wrong, wrong


def change_units(rounds=ROUNDS):
    for _ in range(rounds):
        some = random.sample(EVERY, 4)
        systemctl(random.choice(["start", "stop", "restart", "reset-failed"]), *some, check=False)


@pytest.fixture(scope="module", autouse=True)
def units():
    with unit_files(FILES):
        yield


@pytest.fixture(autouse=True)
def granted(units, policy_with):
    with policy_with("".join(GRANTS.values())):
        yield


def test_units_come_and_go():
    with asked_all_the_time():
        change_units()
    assert_true()
    assert listed(), "there is something to compare"


def test_daemon_reload():
    with asked_all_the_time():
        for n in range(3):
            change_units(4)
            (UNITS / ENDS).write_text(FILES[ENDS] + ("RemainAfterExit=yes\nSuccessExitStatus=1\n" if n % 2 else ""))
            reload_manager()
    assert_true()


def test_the_policy():
    """What is granted no longer is not listed any more, what is anew is, and each as it is by then."""
    file = "/etc/restarter/policy.conf.d/test.conf"
    with asked_all_the_time():
        for n in range(4):
            with open(file, "w", encoding="ascii") as out:
                out.write(GRANTS[ENDS if n % 2 else STAYS])
            systemctl("reload", BROKER)
            change_units(4)
            ours = {name for name in listed() if name in EVERY}
            assert not [name for name in ours if ("stays" in name) == bool(n % 2)], ours
        with open(file, "w", encoding="ascii") as out:
            out.write("".join(GRANTS.values()))
        systemctl("reload", BROKER)
        change_units(4)
    assert_true()


@pytest.fixture
def bus_back():
    """Not every daemon comes through a new bus; logind is one that later tests ask."""
    yield
    systemctl("restart", "systemd-logind.service")


@pytest.mark.core
def test_the_bus(bus_back):
    """Its connection is taken from it, and it comes back by itself."""
    with asked_all_the_time():
        change_units(4)
        systemctl("restart", show("dbus.service", "Id"))
        change_units(4)
    assert_true()
