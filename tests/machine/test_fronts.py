"""Fronts= in the policy: an account that may say at broker.sock whom it asks for. The record has both names; from everybody
else such a header is refused, and what the account could do that was taken over is what the policy grants to people."""
import json
import subprocess

import pytest

from helpers import hers_and_team, journal, rpc
from helpers.people import as_user
from helpers.system import run

POLICY = "[Policy]\nFronts=far1 nowhere\nAdmins=carl\n\n"
ACCOUNTS = ("far1", "far2", "carl", "anna")


@pytest.fixture(scope="module", autouse=True)
def accounts():
    for name in ACCOUNTS:
        run("useradd", "-M", "-G", "restarter-clients", name)
    try:
        with hers_and_team.granted(POLICY, check=None):
            yield
    finally:
        for name in ACCOUNTS:
            run("userdel", name)


def ask(account, method, *arguments, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return as_user(
        account, rpc.post, rpc.CLIENTS, rpc.call(method, *arguments), named, groups=["restarter-clients"]
    )


@pytest.mark.core
def test_whom_it_names():
    def may(unit, **headers):
        return rpc.code_of(ask("far1", "restarter.status", unit, **headers))

    assert may("hers.service") == 2
    assert may("hers.service", Restarter_User="anna") == 0
    assert may("team.service", Restarter_User="anna") == 2
    assert may("team.service", Restarter_User="anna", Restarter_Groups="dev,ops") == 0
    assert may("hers.service", Restarter_User="root") == 2
    assert may("hers.service", Restarter_User="bob") == 2


def test_both_names_are_written_down():
    mark = journal.Mark()
    answer = ask("far1", "restarter.restart", "hers.service", Restarter_User="anna", Restarter_Client="192.0.2.7:1234")
    assert rpc.value_of(answer)["success"] is True
    (entry,) = mark.decisions()
    found = [entry[f"RESTARTER_{name}"] for name in ("USER", "KNOWN", "VIA", "DOOR")]
    assert found == ["anna", "front", "far1", "broker.sock"]
    assert "192.0.2.7:1234" in entry["RESTARTER_PEER"]

    told = json.loads(run("restartctl", "log", "--lines=1", "--json=short").stdout)
    assert (told["user"], told["known"], told["via"]) == ("anna", "front", "far1")
    assert "  anna via far1  192.0.2.7:1234  " in run("restartctl", "log", "--lines=1").stdout


def test_without_a_name_it_is_the_account():
    mark = journal.Mark()
    assert rpc.code_of(ask("far1", "restarter.restart", "hers.service")) == 2
    (entry,) = mark.decisions(journal.REFUSED)
    assert (entry["RESTARTER_USER"], entry["RESTARTER_KNOWN"]) == ("far1", "uid")
    assert "RESTARTER_VIA" not in entry


REFUSED = {
    "an account that is not named": ("far2", {"Restarter_User": "anna"}),
    "the person herself": ("anna", {"Restarter_User": "anna"}),
    "an administrator": ("carl", {"Restarter_User": "anna"}),
    "root": ("root", {"Restarter_User": "anna"}),
    "groups alone, not named": ("far2", {"Restarter_Groups": "ops"}),
    "an address, not named": ("far2", {"Restarter_Client": "192.0.2.7:1234"}),
    "groups alone": ("far1", {"Restarter_Groups": "ops"}),
    "a ticket": ("far1", {"Restarter_User": "anna", "Restarter_Ticket": "1.x.y"}),
    "no name": ("far1", {"Restarter_User": "an na"}),
    "an empty one": ("far1", {"Restarter_User": ""}),
    "one that is too long": ("far1", {"Restarter_User": "a" * 65}),
    "no groups": ("far1", {"Restarter_User": "anna", "Restarter_Groups": "ops,"}),
    "too many groups": ("far1", {"Restarter_User": "anna", "Restarter_Groups": ",".join(f"g{i}" for i in range(65))}),
}


@pytest.mark.once
@pytest.mark.parametrize("account, headers", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused(account, headers):
    mark = journal.Mark()
    answer = ask(account, "restarter.restart", "hers.service", **headers)
    assert answer.status == 400 and answer.text.startswith("Nothing was done: the header Restarter-")
    (entry,) = mark.decisions(journal.REFUSED)
    assert entry["RESTARTER_USER"] == "-" and entry["MESSAGE"] in answer.text


@pytest.mark.once
def test_two_names():
    body = rpc.call("restarter.restart", "hers.service")
    head = (
        "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nConnection: close\r\n"
        f"Restarter-User: anna\r\nRestarter-User: bob\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    answer = as_user("far1", rpc.raw, rpc.CLIENTS, head.encode() + body, groups=["restarter-clients"])
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.once
def test_check_looks_at_the_accounts():
    def found():
        done = run("restartctl", "policy", "check", "--skip-polkit", check=False)
        return [line for line in (done.stdout + done.stderr).splitlines() if "Fronts=" in line]

    (missing,) = found()
    assert "Fronts=: there is no user nowhere on this machine" in missing
    run("gpasswd", "--delete", "far1", "restarter-clients")
    subprocess.run(["chpasswd"], input="far1:secret\n", text=True, check=True)
    try:
        (_, closed, password) = sorted(found(), key=lambda line: ("password" in line, "may not open" in line))
        assert "Fronts=: user far1 may not open broker.sock; 'gpasswd --add far1 restarter-clients' lets it" in closed
        assert "Fronts=: user far1 has a password, and whoever knows it may be anybody at broker.sock" in password
    finally:
        run("usermod", "--lock", "far1")
        run("gpasswd", "--add", "far1", "restarter-clients")
