"""What carries a click cannot be granted: not by its name, which the policy file says, and not by another name of the
same unit, which the broker finds when it looks, and restartctl policy check before anybody clicks."""
import contextlib
import pathlib
import re

import pytest

from helpers import rpc, web
from helpers.once import sampled
from helpers.policy import DROPINS, FINDINGS, REFUSED, applied, findings, kept, locks, policy
from helpers.system import invocation, reload_manager, show, systemctl

UNITS = pathlib.Path("/etc/systemd/system")
BUS = "carries every question"
# Units of this system, each by an alias that an admin may have made, and what is said of it.
CARRIERS = {
    "polkit.service": "decides whether a restart may be",
    "systemd-journald.service": "writes down who restarted what",
    "restarter-broker.service": "part of the restart button",
    "restarter-webfront.service": "part of the restart button",
}


def carried_by():
    """dbus-daemon's or dbus-broker's unit: what dbus.service is here."""
    return show("dbus.service", "Id")


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


@contextlib.contextmanager
def alias(name, target):
    """Another name for a unit, as `systemctl enable` and admins make it."""
    link = UNITS / name
    link.symlink_to(show(target, "FragmentPath"))
    reload_manager()
    try:
        yield
    finally:
        link.unlink()
        reload_manager()


def grant(unit):
    return f"[Grant]\nUnit={unit}\nVerbs=restart\nStartStopped=yes\n"


@pytest.mark.parametrize(
    "unit, why",
    sampled({
        unit: (unit, why)
        for unit, why in {
            "dbus.service": BUS, "dbus-broker.service": BUS, **CARRIERS, "systemd-reboot.service": "machine down"
        }.items()
    }),
)
def test_cannot_be_granted(unit, why, policy_with):
    """An error that names the line and says why; the policy before it stays in force."""
    with policy_with(grant(unit)):
        text = policy("apply", "--offline", check=FINDINGS).stderr
        assert f"{DROPINS}/test.conf:2: Unit={unit} cannot be granted: it " in text and why in text, text
        message = rpc.over_unix().restart_unit(unit)["message"]
        assert why in message or "policy file" in message


def test_whatever_systemd_ships_that_ends_the_machine(tmp_path):
    """Not those alone whose names say so: a unit may do it when it ends."""
    action = re.compile(r"^(Success|Failure)Action=(?!none)", re.MULTILINE)
    files = [f for f in pathlib.Path("/usr/lib/systemd/system").glob("*.service") if f.exists()]
    ending = [f.name for f in files if action.search(f.read_text())]
    assert "systemd-reboot.service" in ending and "system-update-cleanup.service" in ending
    for name in ending:
        draft = tmp_path / "draft.conf"
        draft.write_text(grant(name))
        assert "take the machine down" in policy("render", f"--policy={draft}").stderr, name


@pytest.mark.core
def test_nobody_is_told_how_to_open_them():
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, "dbus.service")
    assert fault.faultCode == 2 and BUS in fault.faultString and "would open" not in fault.faultString
    assert web.click("polkit.service").status == 403


def refused_everywhere(name, carrier, why):
    """By the broker, in the words of explain, before anything was done."""
    before = invocation(carrier)
    answer = rpc.over_unix().restart_unit(name)
    assert answer["success"] is False and why in answer["message"] and carrier in answer["message"], answer
    assert "Nothing was restarted" in answer["message"]
    assert rpc.fault_of(rpc.over_unix().restarter.restart, name).faultCode == 2
    assert web.click(name).status == 403
    data = locks(name)
    assert data["locks"][2]["open"] is False and data["locks"][2]["message"] == answer["message"]
    policy("explain", name, check=REFUSED)
    found = [(place, m) for level, place, m in findings() if level == "finding" and carrier in m and "cannot be granted" in m]
    assert found and why in found[0][1] and "applied.conf:1" in found[0][0], findings()
    if carrier != "restarter-broker.service" and carrier != "restarter-webfront.service":
        assert invocation(carrier) == before


@pytest.mark.core
def test_alias_of_the_bus():
    with alias("mine.service", "dbus.service"), applied(grant("mine.service"), check=None):
        refused_everywhere("mine.service", carried_by(), BUS)


@pytest.mark.once
@pytest.mark.parametrize("carrier, why", sampled({carrier: (carrier, why) for carrier, why in CARRIERS.items()}))
def test_alias_of(carrier, why):
    with alias("mine.service", carrier), applied(grant("mine.service"), check=None):
        refused_everywhere("mine.service", carrier, why)


def test_alias_of_a_template():
    """The patterns of a template of one's own may cover it just as well."""
    link = UNITS / "mine@.service"
    link.symlink_to("/usr/lib/systemd/system/systemd-journald@.service")
    reload_manager()
    try:
        with applied(grant("mine@.service") + "Instances=x\n", check=None):
            answer = rpc.over_unix().restart_unit("mine@x.service")
            assert answer["success"] is False and "writes down who restarted what" in answer["message"], answer
            assert show("systemd-journald@x.service", "ActiveState") == "inactive"
    finally:
        link.unlink()
        reload_manager()


@pytest.mark.parametrize(
    "name", sampled({name: (name,) for name in ("messagebus.service", "polkitd.service", "restarter-mine.service")})
)
def test_own_unit_that_took_the_name_of_a_carrier(name):
    """The other way round: the granted unit is the unit's own name, and the carrier's the alias. Lock 5 lets that pass."""
    file = UNITS / "mine.service"
    file.write_text("[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n")
    link = UNITS / name
    link.symlink_to("mine.service")
    reload_manager()
    systemctl("start", "mine.service")
    try:
        with applied(grant("mine.service")):
            assert show("mine.service", "Id") == "mine.service"
            refused_everywhere("mine.service", name, "it ")
            link.unlink()
            reload_manager()
            answer = rpc.over_unix().restart_unit("mine.service")
            assert answer["success"] is True, f"without that alias it is any unit: {answer}"
    finally:
        systemctl("stop", "mine.service")
        link.unlink(missing_ok=True)
        file.unlink()
        reload_manager()
