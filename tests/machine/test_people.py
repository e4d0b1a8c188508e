"""Who may do what, with people of this machine: what a grant keeps for some of them."""

import concurrent.futures
import pathlib
import xmlrpc.client

import pytest

from helpers import bus, journal, rpc
from helpers.people import as_user
from helpers.policy import OK, REFUSED, applied, findings, kept, policy, table
from helpers.system import OTHER, WELL, run, stop_daemons, unit, wait_for

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

# Restarted again and again here: the start limit is not what this is about.
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n"


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


@pytest.mark.once
def test_table_for_a_person():
    units = {"people@anna.service", "people@bob.service", "team.service", "hers.service"}

    def may(user, *group, about=units):
        rows = table("--verb=restart", f"--user={user}", *group, *about)["by_name"]
        assert about == () or set(rows) == set(about)
        return {name for name, row in rows.items() if "restart" in row["person"]}

    everybody = may("", about=())  # all that there is
    assert everybody & {unit(WELL), unit(OTHER)} == {unit(WELL), unit(OTHER)}
    assert everybody & units == set()
    assert may("anna") & units == {"people@anna.service", "hers.service"}
    assert may("bob") & units == {"people@bob.service", "team.service"}
    assert may("bob", "--group=users") & units == {"people@bob.service"}
    assert may("anna", "--group=ops,users") & units == {"people@anna.service", "hers.service", "team.service"}
    assert may("carl") & units == set()
    assert may("root") & units == units
    lines = policy("table", "--verb=restart", "--user=bob", "hers.service", check=OK).stdout.splitlines()
    assert lines[0].split() == ["UNIT", "STATE", "POLICY", "FILE", "FOR", "bob", "POLKIT"]
    assert lines[1].split()[2:] == ["restart,", "reload", "-", "restart"]


@pytest.mark.once
def test_explain_for_a_person():
    assert policy("explain", "--user=anna", "hers.service", check=OK).stdout.endswith("of hers.service.\n")
    done = policy("explain", "--user=bob", "hers.service", check=REFUSED)
    assert "let you restart hers.service. It lets others. Users= or Groups= at" in done.stdout
    assert "3  broker          SHUT" in done.stdout
    policy("explain", "--user=", "hers.service", check=REFUSED)
    policy("explain", "--user=bob", "--group=ops", "team.service", check=OK)
    policy("explain", "--user=bob", "--group=users", "team.service", check=REFUSED)
    assert "to anna." in policy("explain", "hers.service", check=OK).stdout
    assert "to the group ops." in policy("explain", "team.service", check=OK).stdout
    assert "to everybody." in policy("explain", unit(WELL), check=OK).stdout
    for wrong in (["--user=a b"], ["--group=ops"], ["--user=anna", "--group=a:b"]):
        assert policy("explain", *wrong, "hers.service").returncode == 2


@pytest.mark.once
def test_check_finds_who_is_not_there():
    grants = GRANTS + "\n[Grant]\nUnit=team.service\nVerbs=restart\nUsers=nosuch anna\nGroups=nogroupofthatname\n"
    with applied(grants, check=None):
        said = [message for level, _, message in findings() if level == "finding"]
    assert any("no user nosuch on this machine" in message for message in said)
    assert any("no group nogroupofthatname on this machine" in message for message in said)
    assert len(said) == 2
    assert not [message for level, _, message in findings() if level == "finding"]


def test_the_page_knows_nobody():
    """What is kept for people is not open there; a header that names one ends the call."""
    broker = rpc.over_unix(rpc.WEB)
    for name in ("hers.service", "team.service", "people@anna.service"):
        assert rpc.fault_of(broker.restarter.restart, name).faultCode == 2
        assert rpc.fault_of(broker.restarter.status, name).faultCode == 2
    shown = {row["unit"] for row in broker.restarter.list()["instances"]}
    assert unit(WELL) in shown and not shown & {"hers.service", "team.service", "people@anna.service"}
    for name in ("anna", "root"):
        assert rpc.post(rpc.WEB, rpc.call("restarter.list"), {"Restarter-User": name}).status == 400


# --- at broker.sock, where the kernel says who it is ---


def _call(name, *arguments):
    """The fault's code and sentence, or what is answered."""
    try:
        return getattr(rpc.over_unix().restarter, name)(*arguments)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString


def does(user, name, *arguments):
    groups = {**PEOPLE, "carl": ["restarter-clients"], "root": []}[user]
    return as_user(user, _call, name, *arguments, group=user, groups=groups)


ALL = ["people@anna.service", "people@bob.service", "team.service", "hers.service"]
MAY = {
    "anna": ["people@anna.service", "hers.service"],
    "bob": ["people@bob.service", "team.service"],
    "carl": [],
    "root": ALL,
}


@pytest.mark.core
@pytest.mark.parametrize("user", MAY)
def test_each_person_restarts_what_is_theirs(user):
    for name in [*ALL, unit(WELL)]:
        if name in MAY[user] or name == unit(WELL):
            assert does(user, "restart", name)["success"] is True
        else:
            before = run("systemctl", "show", "-p", "InvocationID", name).stdout
            assert does(user, "restart", name)[0] == 2
            assert run("systemctl", "show", "-p", "InvocationID", name).stdout == before


@pytest.mark.core
@pytest.mark.parametrize("user", MAY)
def test_each_person_sees_what_is_theirs(user):
    """An admin sees the rest, too, with nothing to press."""
    rows = {row["unit"]: row["verbs"] for row in does(user, "list")["instances"]}
    assert "restart" in rows[unit(WELL)]
    mine = {name for name in ALL if "restart" in rows.get(name, [])}
    assert mine == set(MAY[user])
    assert set(rows) & set(ALL) == (set(ALL) if user in ("carl", "root") else mine)
    for name in ALL:
        told = does(user, "status", name)
        if name in rows:
            assert told["unit"] == name and told["active_state"] == "active"
        else:
            assert told[0] == 2


@pytest.mark.once
def test_many_ask_at_once_and_each_is_told_their_own():
    """One survey, and not one answer for all."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        users = [*MAY, "anna", "bob", "carl", "root"] * 4
        for user, listed in zip(users, pool.map(lambda user: does(user, "list"), users)):
            mine = {row["unit"] for row in listed["instances"] if "restart" in row["verbs"]} & set(ALL)
            assert mine == set(MAY[user]), user


@pytest.mark.once
def test_what_is_not_yours_is_as_if_it_were_not_there():
    """The same code and the same words, but for the name that was asked for; nobody but admins is told more."""
    there = ["hers.service", "people@anna.service", "people@anna-1.service", "example@nonsense.service"]
    not_there = ["nosuchunit.service", "nosuch@anna.service", "people@zoe.service"]
    for method in ("restart", "reload", "status"):
        words = set()
        for name in there + not_there:
            code, text = does("bob", method, name)
            assert code == 2 and name in text
            words.add(text.replace(name, "NAME"))
        assert len(words) == 1, words
        assert "Users=" not in words.pop()
    for admin in ("carl", "root"):
        code, text = does(admin, "restart", "nosuchunit.service")
        assert "It grants nothing for nosuchunit.service." in text and "would open it" in text
    assert "It lets others. Users= or Groups= at " in does("carl", "restart", "hers.service")[1]


def test_nobody_asks_systemd_about_what_is_not_theirs():
    """Decided before any question."""
    stop_daemons()
    does("bob", "list")
    pid = int(run("systemctl", "show", "-p", "MainPID", "--value", "restarter-broker.service").stdout)
    (name,) = bus.names_of(pid)
    with bus.Monitor(name) as monitor:
        for unit_name in ("hers.service", "people@anna.service", "nosuchunit.service"):
            assert does("bob", "restart", unit_name)[0] == 2
            assert does("bob", "status", unit_name)[0] == 2
        assert monitor.messages() == []
        assert does("bob", "restart", "team.service")["success"] is True
        assert monitor.messages().count("RestartUnit") == 1, "the count does not work"


def test_a_name_is_no_proof():
    """No header says who somebody is at broker.sock; and who is not in its group does not get that far."""

    def with_header():
        return rpc.post(rpc.CLIENTS, rpc.call("restarter.restart", "hers.service"), {"Restarter-User": "anna"}).status

    assert as_user("bob", with_header, group="bob", groups=["restarter-clients"]) == 400
    with pytest.raises(PermissionError):
        as_user("eve", _call, "list", group="eve")


def test_groups_are_those_of_the_process():
    """As the kernel has them: one that has left a group has left it."""
    assert as_user("bob", _call, "restart", "team.service", group="bob", groups=["restarter-clients"])[0] == 2
    told = as_user("anna", _call, "restart", "team.service", group="ops", groups=["restarter-clients"])
    assert told["success"] is True


def test_the_record_says_who():
    mark = journal.Mark()
    does("anna", "restart", "hers.service")
    does("bob", "restart", "hers.service")
    rpc.fault_of(rpc.over_unix(rpc.WEB).restarter.restart, "hers.service")
    done, refused, page = wait_for(
        lambda: len(found := mark.entries("RESTARTER_UNIT=hers.service")) == 3 and found, "three entries"
    )
    who = [(e["RESTARTER_USER"], e["RESTARTER_KNOWN"], e["RESTARTER_DOOR"]) for e in (done, refused, page)]
    assert who == [("anna", "uid", "broker.sock"), ("bob", "uid", "broker.sock"), ("-", "nobody", "web.sock")]
    # The journal has what he was not told.
    assert "Users= or Groups= at" in refused["MESSAGE"] and refused["RESTARTER_DECISION"] == "refused"


@pytest.mark.once
def test_a_change_counts_from_the_reload_on():
    assert does("bob", "restart", "hers.service")[0] == 2
    with applied(GRANTS.replace("Users=anna", "Users=anna bob")):
        assert does("bob", "restart", "hers.service")["success"] is True
        assert "hers.service" in {row["unit"] for row in does("bob", "list")["instances"]}
    assert does("bob", "restart", "hers.service")[0] == 2


@pytest.mark.once
def test_a_broken_file_opens_nothing():
    """The last good one stays in force, for each as before; where the mistake is, admins are told."""
    file = pathlib.Path("/etc/restarter/policy.conf.d/applied.conf")
    good = file.read_text()
    assert does("anna", "restart", "hers.service")["success"] is True
    try:
        file.write_text(good.replace("Users=anna", "Users=anna,bob"))
        for _ in range(2):
            stop_daemons()
            assert does("bob", "restart", "hers.service")[0] == 2
            assert does("anna", "restart", "hers.service")["success"] is True
            listed = does("anna", "list")
            assert not listed["policy_ok"] and "applied.conf" not in listed["policy_error"]
            assert "applied.conf:15" in does("carl", "list")["policy_error"]
    finally:
        file.write_text(good)
        stop_daemons()


# --- what may I do? ---


@pytest.mark.once
def test_each_person_is_told_what_they_may():
    def told(user):
        value = does(user, "allowed")
        return value["user"], value["admin"], [(g["unit"], g["instances"], g["verbs"]) for g in value["allowed"]]

    everybody = ("example@.service", "[0-9]{4}", "restart")
    user, admin, grants = told("anna")
    assert (user, admin) == ("anna", False) and everybody in grants
    assert ("people@.service", "anna anna-[0-9]", "restart") in grants
    assert ("hers.service", "", "restart reload") in grants and len(grants) == 3
    assert ("team.service", "", "restart") in told("bob")[2] and len(told("bob")[2]) == 3
    assert told("carl") == ("carl", True, [everybody, ("people@.service", "carl carl-[0-9]", "restart")])
    assert told("root")[:2] == ("root", True) and len(told("root")[2]) == 4
    value = rpc.over_tcp().restarter.allowed()
    assert value["user"] == "" and value["admin"] is False and [g["unit"] for g in value["allowed"]] == ["example@.service"]


@pytest.mark.once
def test_restartctl_allowed():
    lines = run("restartctl", "allowed").stdout.splitlines()
    assert ["hers.service", "-", "restart", "reload"] in [line.split() for line in lines]
    assert '"user":"root"' in run("restartctl", "--json=short", "allowed").stdout
    assert run("restartctl", "allowed", "x", check=False).returncode == 2
