"""Who may do what, with people of this machine: what a grant keeps for some of them."""

import pathlib

import pytest

from helpers import rpc
from helpers.policy import OK, REFUSED, applied, findings, kept, policy, table
from helpers.system import OTHER, WELL, run, unit

PEOPLE = {"anna": ["restarter-clients"], "bob": ["restarter-clients", "ops"], "eve": []}

GRANTS = """[Grant]
Unit=people@.service
Instances=%u %u-[0-9]
Verbs=restart
StartStopped=yes

[Grant]
Unit=team.service
Verbs=restart
Groups=ops

[Grant]
Unit=hers.service
Verbs=restart reload
Users=anna

[Policy]
Admins=carl
"""

SERVICE = "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n"


@pytest.fixture(scope="module", autouse=True)
def people():
    run("groupadd", "-f", "ops")
    for name, groups in {**PEOPLE, "carl": ["restarter-clients"]}.items():
        run("useradd", "-M", "-G", ",".join(groups), name) if groups else run("useradd", "-M", name)
    for name in ("people@.service", "team.service", "hers.service"):
        pathlib.Path("/etc/systemd/system", name).write_text(SERVICE)
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "team.service", "hers.service", "people@anna.service", "people@bob.service")
    with kept(), applied(GRANTS):
        yield
    run("systemctl", "stop", "team.service", "hers.service", "people@*.service")
    for name in ("people@.service", "team.service", "hers.service"):
        pathlib.Path("/etc/systemd/system", name).unlink()
    run("systemctl", "daemon-reload")
    for name in (*PEOPLE, "carl"):
        run("userdel", name)
    run("groupdel", "ops")


def test_table_for_a_person():
    def may(user, *group):
        rows = table("--verb=restart", f"--user={user}", *group)["by_name"]
        return {name for name, row in rows.items() if "restart" in row["person"]}

    units = {"people@anna.service", "people@bob.service", "team.service", "hers.service"}
    everybody = may("") & {unit(WELL), unit(OTHER)}
    assert everybody == {unit(WELL), unit(OTHER)}
    assert may("") & units == set()
    assert may("anna") & units == {"people@anna.service", "hers.service"}
    assert may("bob") & units == {"people@bob.service", "team.service"}
    assert may("bob", "--group=users") & units == {"people@bob.service"}
    assert may("anna", "--group=ops,users") & units == {"people@anna.service", "hers.service", "team.service"}
    assert may("carl") & units == set()
    assert may("root") & units == units
    lines = policy("table", "--verb=restart", "--user=bob", "hers.service", check=OK).stdout.splitlines()
    assert lines[0].split() == ["UNIT", "STATE", "POLICY", "FILE", "FOR", "bob", "POLKIT"]
    assert lines[1].split()[2:] == ["restart,", "reload", "-", "restart"]


def test_explain_for_a_person():
    assert policy("explain", "--user=anna", "hers.service", check=OK).stdout.endswith("of hers.service.\n")
    done = policy("explain", "--user=bob", "hers.service", check=REFUSED)
    assert "lets others restart hers.service. Users= or Groups= at" in done.stdout
    assert "3  broker          SHUT" in done.stdout
    policy("explain", "--user=", "hers.service", check=REFUSED)
    policy("explain", "--user=bob", "--group=ops", "team.service", check=OK)
    policy("explain", "--user=bob", "--group=users", "team.service", check=REFUSED)
    assert "to anna." in policy("explain", "hers.service", check=OK).stdout
    assert "to the group ops." in policy("explain", "team.service", check=OK).stdout
    assert "to everybody." in policy("explain", unit(WELL), check=OK).stdout
    for wrong in (["--user=a b"], ["--group=ops"], ["--user=anna", "--group=a:b"]):
        assert policy("explain", *wrong, "hers.service").returncode == 2


def test_check_finds_who_is_not_there():
    grants = GRANTS + "\n[Grant]\nUnit=team.service\nVerbs=restart\nUsers=nosuch anna\nGroups=nogroupofthatname\n"
    with applied(grants, check=None):
        said = [message for level, _, message in findings() if level == "finding"]
    assert any("no user nosuch on this machine" in message for message in said)
    assert any("no group nogroupofthatname on this machine" in message for message in said)
    assert len(said) == 2
    assert not [message for level, _, message in findings() if level == "finding"]


def test_the_page_knows_nobody():
    """Whatever its front says in a header: what is kept for people is not open there."""
    for headers in ((), (("Restarter-User", "anna"),), (("Restarter-User", "root"),)):
        broker = rpc.over_unix(rpc.WEB, headers)
        for name in ("hers.service", "team.service", "people@anna.service"):
            assert rpc.fault_of(broker.restarter.restart, name).faultCode == 2
            assert rpc.fault_of(broker.restarter.status, name).faultCode == 2
        shown = {row["unit"] for row in broker.restarter.list()["instances"]}
        assert unit(WELL) in shown and not shown & {"hers.service", "team.service", "people@anna.service"}
