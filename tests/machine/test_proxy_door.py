"""The door for reverse proxies: whose it is, what is behind it, and who is believed there."""
import errno
import os
import re
import socket
import stat

import pytest

from helpers import journal, proxy, web
from helpers.people import as_user
from helpers.system import WEBFRONT, WELL, main_pid, run, show, systemctl


@pytest.fixture(scope="module", autouse=True)
def door():
    with proxy.door():
        yield


def test_shipped_and_not_enabled():
    assert run("systemctl", "is-enabled", proxy.SOCKET, check=False).stdout.strip() == "disabled"
    assert run("systemctl", "is-enabled", "restarter-broker-web-proxy.socket").stdout.strip() == "enabled"


def connect_error(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(path)


@pytest.mark.core
def test_who_may_open_it():
    for path in (proxy.PATH, proxy.BROKERS):
        status = os.stat(path)
        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o660)
        for groups in ((), ("restarter-web",), ("restarter-clients",)):
            assert as_user("nobody", connect_error, path, groups=groups) == errno.EACCES
    assert as_user("www-data", connect_error, proxy.PATH, groups=["restarter-proxy"]) == 0
    assert as_user("www-data", connect_error, proxy.BROKERS, groups=["restarter-proxy"]) == errno.EACCES


def differing():
    """What systemd knows of the two services and is not alike, without what changes while they run."""
    sides = []
    for name in (WEBFRONT, proxy.SERVICE):
        lines = systemctl("show", name).stdout.splitlines()
        sides.append(dict(line.split("=", 1) for line in lines if "=" in line))
    changing = re.compile(
        "(Exec|Active|Inactive|State|Condition|Assert|Watchdog|Memory|CPU|IO|IP.*(Bytes|Packets)|Tasks|Main|Control|"
        "Invocation|NRestarts|Status|Result|UID|GID|Sub|Job|Effective|NFile|Transient|OOM|Reload|Clean|Can|Notify)"
    )
    return {k for k in sides[0].keys() | sides[1].keys() if sides[0].get(k) != sides[1].get(k) and not changing.match(k)}


def test_the_same_sandbox():
    """But for who it is, and which of the broker's sockets it sees."""
    who = {"Id", "Names", "Description", "FragmentPath", "User", "Group"}
    where = {"Requires", "After", "TriggeredBy", "BindReadOnlyPaths"}
    assert differing() <= who | where | {"RuntimeDirectory", "RuntimeDirectorySymlink", "WantsMountsFor", "RequiresMountsFor"}
    assert show(proxy.SERVICE, "SystemCallFilter") == show(WEBFRONT, "SystemCallFilter") != ""
    paths = [show(name, "BindReadOnlyPaths").split() for name in (WEBFRONT, proxy.SERVICE)]
    assert [p.replace("/web-proxy:", "/web:") for p in paths[1]] == paths[0]


def test_exposure():
    lines = [run("systemd-analyze", "security", "--no-pager", name).stdout.splitlines() for name in (WEBFRONT, proxy.SERVICE)]
    tables = [[line.split()[:2] for line in table[:-1]] for table in lines]
    assert tables[0] == tables[1]
    exposures = [re.search(r": ([0-9.]+) ", table[-1]).group(1) for table in lines]
    assert exposures[0] == exposures[1] and float(exposures[0]) <= 0.1


def test_it_sees_its_own_door_and_no_other():
    assert proxy.get("/style.css", "anna").status == 200
    root = f"/proc/{main_pid(proxy.SERVICE)}/root/run"
    seen = run("find", root, "-mindepth", "1", "-not", "-type", "d", "-printf", "%P\n").stdout.split()
    passed = {f"credentials/{proxy.SERVICE}/{name}" for name in ("webfront.conf", "machines.conf")}
    settings = {*passed, "restarter-webfront-proxy/webfront.conf"}
    assert {p for p in seen if not p.startswith(("systemd/", "host/"))} - settings == {"restarter/web-proxy.sock"}


NOBODY = {
    "nobody": [],
    "twice": ["Remote-User: anna", "Remote-User: anna"],
    "an alias": ["Remote-User: anna", "Remote_User: bob"],
    "an alias alone": ["Remote_User: anna"],
    "another case": ["Remote-User: anna", "REMOTE-USER: bob"],
    "empty": ["Remote-User: "],
    "300 letters": ["Remote-User: " + "a" * 300],
    "a colon": ["Remote-User: an:na"],
    "groups only": ["Remote-Groups: staff"],
    "groups that nobody asked for": ["Remote-User: anna", "Remote-Groups: staff"],
    "groups twice": ["Remote-User: anna", "Remote-Groups: a", "Remote_Groups: b"],
    "65 groups": ["Remote-User: anna", "Remote-Groups: " + ",".join(f"g{n}" for n in range(65))],
}


@pytest.mark.once
@pytest.mark.parametrize("headers", NOBODY.values(), ids=NOBODY.keys())
def test_no_fallback(headers):
    """Neither to nobody in particular, nor to the proxy's own account."""
    mark = journal.Mark()
    answer = proxy.raw(headers)
    assert web.status_of(answer) == 400 and b"Nothing was done" in answer
    (entry,) = mark.entries("RESTARTER_DECISION=refused", f"_SYSTEMD_UNIT={proxy.SERVICE}")
    assert "reverse proxy" in entry["MESSAGE"]


@pytest.mark.once
def test_nobody_may_be_named_over_tcp():
    """Refused, recorded, and not by every request."""
    mark = journal.Mark()
    for headers in ({"Remote-User": "anna"}, {"remote_user": "root"}, {"Remote-Groups": "ops"}):
        answer = web.click(WELL, headers=headers)
        assert answer.status == 400 and "/run/restarter/proxy.sock" in answer.json["message"]
        assert web.request("GET", "/", headers=headers).status == 400
    assert len(mark.entries("RESTARTER_DECISION=refused", f"_SYSTEMD_UNIT={WEBFRONT}")) >= 1
    mark = journal.Mark()
    for _ in range(200):
        assert web.request("GET", "/healthz", headers={"Remote-User": "anna"}).status == 400
    assert len(mark.entries("RESTARTER_DECISION=refused")) < 100
