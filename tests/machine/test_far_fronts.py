"""For whom somebody asks on another machine, behind HAProxy and TLS: whom the near end's socket names, if the policy there has
Fronts= for the far end's account; and nobody whom somebody else could have put there."""
import json

import pytest

from helpers import far_ends, rpc
from helpers.far_ends import SOCKET

HERS, TEAM = "hers.service", "team.service"
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=sleep infinity\n"
POLICY = "/etc/restarter/policy.conf.d/fronts.conf"
FRONTS = "[Policy]\nFronts=front\n\n"
GRANTS = """[Grant]
Unit=hers.service
Verbs=restart
StartStopped=yes
Users=anna

[Grant]
Unit=team.service
Verbs=restart
StartStopped=yes
Groups=ops
"""


def decide(web1, policy):
    web1.put(POLICY, policy)
    web1.run("restartctl", "policy", "apply")


@pytest.fixture(scope="module")
def installed(machines_there):
    web1 = machines_there["web1"]
    for name in (HERS, TEAM):
        web1.put(f"/etc/systemd/system/{name}", SERVICE)
    web1.systemctl("daemon-reload")
    web1.run("useradd", "anna")
    with far_ends.installed(web1) as ends:
        decide(web1, FRONTS + GRANTS)
        yield ends
    web1.run("rm", POLICY)
    web1.run("userdel", "anna")
    web1.run("restartctl", "policy", "apply")


@pytest.fixture
def ends(installed, machines):
    installed.start()
    installed.up()
    return installed


def code(ends, unit, method="restarter.status", **headers):
    """0 for an answer, or the fault's."""
    return rpc.code_of(ends.call(method, unit, headers={name.replace("_", "-"): value for name, value in headers.items()}))


def test_whom_it_names(ends):
    assert code(ends, HERS) == 2
    assert code(ends, HERS, Restarter_User="anna") == 0
    assert code(ends, HERS, Restarter_User="bob") == 2
    assert code(ends, TEAM, Restarter_User="anna") == 2
    assert code(ends, TEAM, Restarter_User="anna", Restarter_Groups="dev,ops") == 0


def test_both_names_are_written_down(ends):
    assert code(ends, HERS, "restarter.restart", Restarter_User="anna", Restarter_Client="192.0.2.7:1234") == 0
    (line,) = ends.machine.journal(f"RESTARTER_UNIT={HERS}", "--lines=1", "--output=json").splitlines()
    entry = json.loads(line)
    assert [entry[f"RESTARTER_{name}"] for name in ("USER", "KNOWN", "VIA")] == ["anna", "front", "front"]
    assert "192.0.2.7:1234" in entry["RESTARTER_PEER"]


# Lines of a head, and what becomes of anna's unit: 200 with the fault's code, or HTTP's status.
HEADS = {
    "an alias beside it": (["Restarter-User: anna", "Restarter_User: bob"], 0),
    "an alias before it": (["restarter_user: bob", "Restarter-User: anna"], 0),
    "an alias alone": (["Restarter_User: anna"], 2),
    "in small letters": (["restarter-user: anna"], 0),
    "aliases of groups": (["Restarter-User: anna", "Restarter_Groups: ops"], 0),
    "a ticket": (["Restarter-User: anna", "Restarter-Ticket: 1.a.b"], 0),
    "twice": (["Restarter-User: anna", "Restarter-User: bob"], 400),
    "twice the same": (["Restarter-User: anna", "restarter-user: anna"], 400),
    "with a comma": (["Restarter-User: anna,bob"], 400),
    "on two lines": (["Restarter-User: bob", " anna"], 400),
    "groups alone": (["Restarter-Groups: ops"], 400),
    "named for the connection": (["Restarter-User: anna", "Connection: Restarter-User"], 0),
    "with a zero": (["Restarter-User: anna\0bob"], 400),
    "with a line's end": (["Restarter-User: bob\rRestarter-User: anna"], 400),
}


@pytest.mark.parametrize("head", HEADS)
def test_heads(ends, head):
    """Both ends hand on what is meant as it is, and neither guesses."""
    lines, expected = HEADS[head]
    body = rpc.call("restarter.status", HERS)
    # Connection: close goes by itself, so that a line of the table may be another one of that name.
    first = ["POST /RPC2 HTTP/1.0", "Host: localhost", "Content-Type: text/xml", f"Content-Length: {len(body)}"]
    answer = rpc.raw(SOCKET, "\r\n".join([*first, *lines, "", ""]).encode() + body)
    status = int(answer.split()[1])
    if expected == 400:
        assert status == 400, answer
    else:
        assert status == 200 and (b"<fault>" in answer) == (expected != 0), answer


def test_without_fronts(ends):
    """The account is nobody's word then: what names somebody is refused, and nothing is done."""
    decide(ends.machine, GRANTS)
    try:
        assert ends.call("restarter.restart", HERS, headers={"Restarter-User": "anna"}).status == 400
        assert code(ends, HERS) == 2
    finally:
        decide(ends.machine, FRONTS + GRANTS)
