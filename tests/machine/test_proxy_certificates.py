"""nginx and HAProxy of Debian in front of the proxy's door, each asking for client certificates, with the configuration that
docs/examples has for it, installed as its head says."""
import pathlib
import re
import xmlrpc.client

import pytest

from helpers import front, journal, team, web
from helpers.front import curl, rpc
from helpers.system import WELL, unit

TREE = pathlib.Path(__file__).resolve().parents[2]

# Certificates that are good, and whose subjects make no name; and how they would look otherwise.
ODD = {
    "blank": "/O=Team/CN=an na",
    "comma": "/O=Team/CN=anna,bob",
    "markup": "/O=Team/CN=<b>anna",
    "nameless": "/O=Team/OU=anna",
    "umlaut": "/O=Team/CN=änna",
}


@pytest.fixture(scope="module", params=["nginx-certificates.conf", "haproxy.cfg"], autouse=True)
def example(request):
    with team.at_work(), front.installed(request.param):
        for name in ("anna", "bob"):
            front.make_person(name)
        for name, subject in ODD.items():
            front.make_person(name, subject)
        yield request.param


def test_each_sees_and_presses_their_own():
    for user, other in (("anna", "bob"), ("bob", "anna")):
        assert team.of(front.listed(person=user)) == {f"team@{user}.service"}
        assert front.click(f"team@{user}.service", person=user).json["success"] is True
        refused = front.click(f"team@{other}.service", person=user)
        assert refused.status == 403 and refused.json["refusal"] == "no-grant"
    page = curl("/", "--header", f"Accept: {web.HTML}", person="anna")
    assert page.status == 200 and "team@anna" in page.text and "team@bob" not in page.text


def test_side_by_side():
    asked = [lambda u=u: (u, team.of(front.listed(person=u))) for u in ("anna", "bob") * 6]
    for user, seen in web.at_once(asked):
        assert seen == {f"team@{user}.service"}


FORGED = {
    "the name": ["Remote-User: bob"],
    "twice": ["Remote-User: bob", "Remote-User: root"],
    "with _": ["Remote_User: bob"],
    "in another case": ["REMOTE-USER: bob", "remote_user: bob"],
    "groups": ["Remote-Groups: staff"],
    "groups with _": ["Remote_Groups: staff", "REMOTE_GROUPS: staff"],
    "300 letters": ["Remote-User: " + "a" * 300],
    "the broker's": ["Restarter-User: bob", "Restarter-Groups: staff", "Restarter-Client: 192.0.2.1"],
    "the client's": ["Connection: Remote-User", "X-Remote-User: bob"],
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_nothing_forged_passes(headers):
    """Whatever comes from outside: it is anna, in no group."""
    options = [part for header in headers for part in ("--header", header)]
    assert team.of(front.listed(*options, person="anna")) == {"team@anna.service"}
    for name in ("team@bob.service", "together.service"):
        assert front.click(name, *options, person="anna").status == 403


def test_without_a_certificate():
    assert curl("/api/instances").status in (0, 400)
    assert curl("/style.css").status in (0, 400)


@pytest.mark.parametrize("person", ODD)
def test_subjects_that_make_no_name(person):
    """Nobody, and nobody else either."""
    mark = journal.Mark()
    answer = curl("/api/instances", person=person)
    assert answer.status == 400 and "reverse proxy" in answer.text
    assert mark.entries("RESTARTER_DECISION=refused")


def test_the_record_has_the_client():
    mark = journal.Mark()
    front.click("team@anna.service", "--header", "X-Forwarded-For: 192.0.2.99", person="anna")
    (entry,) = mark.entries("RESTARTER_UNIT=team@anna.service")
    assert (entry["RESTARTER_USER"], entry["RESTARTER_KNOWN"]) == ("anna", "proxy")
    assert entry["RESTARTER_PEER"].endswith("for 127.0.0.5")


def test_pythons_own_client():
    assert rpc("anna").restarter.restart("team@anna.service")["success"] is True
    assert rpc("bob").restart_unit("team@anna.service")["success"] is False
    assert rpc("bob").restart_unit(unit(WELL))["success"] is True
    with pytest.raises((OSError, xmlrpc.client.ProtocolError)):
        rpc().restart_unit(unit(WELL))


def test_pages_of_others_cannot_press():
    answer = front.click("team@anna.service", person="anna", origin="https://evil.example")
    assert answer.status == 403 and '"https://evil.example"' in answer.json["message"]
    assert f'Host, which has to fit that, is "{front.NAME}"' in answer.json["message"]


def test_patience(example):
    """Longer than the broker's, or who waits for a slow restart would be told nonsense."""
    text = (front.EXAMPLES / example).read_text()
    seconds = int(re.search(r"(?:proxy_read_timeout|timeout server) +(\d+)s", text).group(1))
    patience = int(re.search(r"#JobTimeoutSec=(\d+)", (TREE / "units/webfront.conf").read_text()).group(1))
    assert seconds > patience + 20
