"""Any local user may send signals to the broker that look like systemd's. It believes none of them."""
import concurrent.futures

import pytest

from helpers import bus, rpc, web
from helpers.people import as_user
from helpers.system import BROKER, WELL, main_pid, run, systemctl

UNIT_PATH = "/org/freedesktop/systemd1/unit/example_401234_2eservice"
PROPERTIES = "org.freedesktop.DBus.Properties"


def emit(names, path, interface, member, *arguments):
    """As a user of no group: one signal to each of the bus names. How often the bus let it pass."""
    return sum(
        run(
            "busctl", "emit", f"--destination={name}", path, interface, member, *arguments, check=False
        ).returncode
        == 0
        for name in names
    )


def forge(path, interface, member, *arguments):
    names = bus.names_of(main_pid(BROKER))
    assert names
    assert as_user("nobody", emit, names, path, interface, member, *arguments) == len(names), "the bus let it pass"


@pytest.mark.core
def test_forged_end_of_a_job(instance):
    """The click is answered when the job really ends, and with what really came of it."""
    instance.slow(4)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        click = pool.submit(web.click, WELL)
        instance.wait_for_start()
        job = systemctl("list-jobs", "--no-legend").stdout.split()[0]
        forge(
            bus.SYSTEMD_PATH, bus.MANAGER, "JobRemoved", "uoss", job, f"{bus.SYSTEMD_PATH}/job/{job}", instance.unit,
            "failed",
        )
        forge(
            UNIT_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", bus.UNIT, "1", "InvocationID", "ay", "2", "1", "2",
            "0",
        )
        answer = click.result()
    instance.quick()
    assert answer.json["success"] is True and answer.json["result"] == "done"
    assert answer.json["milliseconds"] >= 3000
    assert answer.json["invocation_id_after"] == instance.starts()[-1] == instance.state()["InvocationID"]


def test_forged_state_opens_nothing(instance):
    """A stopped instance that nobody enabled does not become a running one because somebody says so."""
    systemctl("disable", instance.unit)
    try:
        assert rpc.over_unix().restarter.restart(WELL)["success"] is True, "the broker follows it from here on"
        systemctl("stop", instance.unit)
        forge(
            UNIT_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", bus.UNIT, "1", "ActiveState", "s", "active", "0"
        )
        fault = rpc.fault_of(rpc.over_unix().restarter.restart, WELL)
        assert fault.faultCode == 3, fault
        assert instance.state()["ActiveState"] == "inactive"
    finally:
        systemctl("enable", instance.unit)
