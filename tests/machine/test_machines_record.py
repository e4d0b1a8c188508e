"""What the web front writes down of another machine's units: whose they are stands in a field of its own, in the journal and in
what restartctl log tells, and none of them is taken for a unit of this machine."""
import json

import pytest

from helpers import far, journal, rpc, web
from helpers.system import WELL, run, unit, wait_for

pytestmark = pytest.mark.once

FORM = {"Content-Type": web.FORM, "Accept": web.JSON}


def hang_up(connection):
    """It has taken the call, and nobody learns what became of it."""
    connection.recv(65536)
    connection.close()


def written(mark, message_id, machine):
    return wait_for(lambda: [e for e in mark.decisions(message_id) if e["RESTARTER_MACHINE"] == machine], f"{machine} is in the journal")


def assert_not_from_here(entry, name):
    assert entry["RESTARTER_UNIT"] == name and "UNIT" not in entry, entry
    assert entry["MESSAGE"].startswith("web1: ") and entry["_SYSTEMD_UNIT"] == "restarter-webfront.service"


def test_whose_unit_it_was():
    mark = journal.Mark()
    body = f"service_id={unit(WELL)}&machine=web1"
    with far.named("web1"):
        assert web.request("POST", "/restart", body, FORM).status == 503
        (entry,) = written(mark, journal.REFUSED, "web1")
        assert_not_from_here(entry, unit(WELL))
        assert entry["RESTARTER_DECISION"] == "refused"
        address = f"/api/instances/{unit(WELL)}/restart"
        assert web.request("POST", address, '{"machine": "web1"}', {"Content-Type": "application/json"}).status == 503
        call = rpc.call("restarter.restart", unit(WELL), {"machine": "web1"})
        assert web.request("POST", "/RPC2", call, {"Content-Type": "text/xml"}).status == 200
        wait_for(lambda: len(written(mark, journal.REFUSED, "web1")) == 3, "each of them is in the journal")
        with far.at("web1", hang_up):
            assert web.request("POST", "/restart", body, FORM).status == 503
            (entry,) = written(mark, journal.UNKNOWN, "web1")
            assert_not_from_here(entry, unit(WELL))
        nowhere = web.request("POST", "/restart", body.replace("web1", "web9"), FORM)
        assert nowhere.status == 404 and web.click("ssh.service").status == 403
    wait_for(lambda: len(written(mark, journal.REFUSED, "-")) == 2, "so is each that was for no other machine")
    for entry in written(mark, journal.REFUSED, "-"):
        assert not entry["MESSAGE"].startswith("web")
    text = mark.text("--catalog")
    assert 'whose unit that is: web1 ("-"' in text and "whose unit that is (web1;" in text and "@RESTARTER_" not in text
    rows = [json.loads(line) for line in run("restartctl", "--json=short", "log", "--lines=6").stdout.splitlines()]
    told = [row for row in rows if row.get("machine") == "web1"]
    assert [row["decision"] for row in told] == ["refused"] * 3 + ["unknown"]
    assert {row["unit"] for row in told} == {unit(WELL)}
    assert run("restartctl", "log", "--lines=6").stdout.count(f"  {unit(WELL)} on web1  ") == 4
    assert "machine" not in rows[-1]
