"""worker@blue is a name as good as worker@blue.service, wherever a unit can be named; ssh and ssh.service mean what they
always meant."""
import pytest

from helpers import journal, rpc, web
from helpers.policy import OK, REFUSED, locks, table
from helpers.system import WELL, run, unit

SHORT = f"example@{WELL}"


def restartctl(verb, name):
    return run("restartctl", "--json", verb, name, check=False)


WAYS = {
    "page": lambda name: web.click(name).json["success"],
    "relay": lambda name: rpc.over_tcp().restart_unit(name)["success"],
    "relay, all members": lambda name: rpc.over_tcp().restarter.restart(name)["success"],
    "socket": lambda name: rpc.over_unix().restarter.restart(name)["success"],
    "restartctl": lambda name: restartctl("restart", name).returncode == 0,
}


@pytest.mark.core
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_short_name_restarts_that_unit(way, instance):
    mark = journal.Mark()
    assert way(SHORT) is True
    assert len(instance.starts()) == 1
    (entry,) = mark.decisions()
    assert entry["RESTARTER_UNIT"] == instance.unit


def test_short_name_is_read_as_well(instance):
    assert rpc.over_unix().restarter.status(SHORT)["unit"] == instance.unit
    assert restartctl("status", SHORT).returncode == 0
    answer = locks(SHORT)
    assert answer["unit"] == instance.unit and answer["permitted"] is True
    assert set(table("--verb=restart", SHORT)["by_name"]) == {instance.unit}


def test_names_on_standard_input_are_taken_to_the_letter():
    assert set(table("--verb=restart", "-", stdin=None, input=f"{SHORT}\n")["by_name"]) == {SHORT}


@pytest.mark.parametrize("name, code", [("ssh", 2), ("ssh.service", 2), ("example@1234.socket", 1), ("example@", 1)])
def test_what_has_no_instance_means_what_it_meant(name, code):
    """`ssh` is an instance of the one granted template, and none that it covers, and ssh.service a unit that nobody
    granted; the others are no names."""
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, name)
    assert fault.faultCode == code
    assert web.click(name).json["code"] == code
    answer = locks(name)
    assert answer["permitted"] is False and answer["unit"] == {"ssh": unit("ssh"), "ssh.service": "ssh.service"}.get(name, "")
