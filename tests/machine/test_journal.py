"""What the admin reads afterwards: one entry for each request that reached a decision, and no secrets."""
import time

import pytest

from helpers import journal, rpc, web
from helpers.people import as_user
from helpers.system import FAILING, WELL, run, stop_daemons, unit
from helpers.web import at_once

pytestmark = pytest.mark.core


def only(mark, *message_ids):
    """The one decision since the mark."""
    entries = mark.decisions(*message_ids)
    assert len(entries) == 1, entries
    return entries[0]


def test_restart(instance):
    mark = journal.Mark()
    answer = web.click(WELL).json
    entry = only(mark)
    assert entry["MESSAGE_ID"] == journal.RESTARTED
    assert entry["MESSAGE"] == answer["message"]
    assert entry["RESTARTER_UNIT"] == instance.unit and entry["RESTARTER_VERB"] == "restart"
    assert entry["RESTARTER_DECISION"] == "allowed" and entry["RESTARTER_RESULT"] == "done"
    assert entry["RESTARTER_INVOCATION_ID_BEFORE"] == answer["invocation_id_before"]
    assert entry["RESTARTER_INVOCATION_ID_AFTER"] == answer["invocation_id_after"]
    assert "127.0.0.1" in entry["RESTARTER_PEER"]
    assert 0 < int(entry["RESTARTER_USEC"]) < 60_000_000
    assert entry["_SYSTEMD_UNIT"] == "restarter-broker.service"


def test_restart_by_a_user(instance):
    """On the broker's own socket the user is who the kernel says it is."""
    mark = journal.Mark()
    as_user("games", restart_well, groups=["restarter-clients"])
    entry = only(mark)
    assert entry["RESTARTER_USER"] == "games"


def restart_well():
    assert rpc.over_unix().restart_unit(WELL)["success"] is True


def test_each_caller_has_an_entry(instance):
    """Who shared a job is not lost: it was his click, too."""
    mark = journal.Mark()
    instance.slow(1)
    at_once([lambda: web.click(WELL)] * 5)
    instance.quick()
    entries = mark.decisions()
    assert len(entries) == 5
    assert {e["RESTARTER_INVOCATION_ID_AFTER"] for e in entries} == set(instance.starts())


def test_failed(failing):
    mark = journal.Mark()
    answer = web.click(FAILING).json
    entry = only(mark)
    assert entry["MESSAGE_ID"] == journal.FAILED and entry["MESSAGE"] == answer["message"]
    assert entry["RESTARTER_UNIT"] == unit(FAILING) and entry["RESTARTER_RESULT"] == "failed"
    assert int(entry["PRIORITY"]) <= 4


REFUSED = {
    "by the web front": ("../etc", "name", ""),
    "by the policy": ("12345", "policy", "would open it."),
    "stopped": ("4321", "policy", "would allow it."),
}


@pytest.mark.parametrize("asked, lock, more", REFUSED.values(), ids=REFUSED.keys())
def test_refused(asked, lock, more):
    """What the caller was told, and behind it what only admins are told."""
    mark = journal.Mark()
    message = web.click(asked).json["message"]
    entry = only(mark)
    assert entry["MESSAGE_ID"] == journal.REFUSED and entry["MESSAGE"].startswith(message)
    assert entry["MESSAGE"][len(message) :].endswith(more) and bool(more) == (entry["MESSAGE"] != message)
    assert entry["RESTARTER_DECISION"] == "refused" and entry["RESTARTER_VERB"] == "restart"
    assert lock in entry["RESTARTER_LOCK"]


def test_refused_over_the_socket():
    mark = journal.Mark()
    message = rpc.over_unix().restart_unit("../etc")["message"]
    entry = only(mark)
    assert entry["MESSAGE_ID"] == journal.REFUSED and entry["MESSAGE"] == message
    assert entry["RESTARTER_USER"] == "root"


def test_cross_site_post_is_noted():
    mark = journal.Mark()
    web.click(WELL, headers={"Origin": "http://evil.example"})
    assert only(mark)["MESSAGE_ID"] == journal.REFUSED


def test_found_by_unit(instance):
    """RESTARTER_UNIT= finds every decision about one unit."""
    mark = journal.Mark()
    web.click(WELL)
    assert len(mark.entries(f"RESTARTER_UNIT={instance.unit}")) == 1


EXPLAINED = [
    journal.RESTARTED,
    journal.FAILED,
    journal.REFUSED,
    journal.UNKNOWN,
    journal.POLICY,
    journal.SUPPRESSED,
    journal.SETTLED,
    journal.SIGNED_OUT,
]


@pytest.mark.parametrize("message_id", EXPLAINED)
def test_catalog_has_an_entry(message_id):
    text = run("journalctl", "--dump-catalog", message_id).stdout
    assert "Subject:" in text and len(text.splitlines()) >= 4


def test_journalctl_explains():
    mark = journal.Mark()
    message = web.click("12345").json["message"]
    lines = mark.text("--catalog").splitlines()
    (number,) = [n for n, line in enumerate(lines) if message in line]
    assert "Subject:" in lines[number + 1]


def test_no_secrets():
    """What a client sends beside the question is not written down."""
    mark = journal.Mark()
    headers = {
        "Cookie": "session=SECRET-1",
        "Authorization": "Basic SECRET-2",
        "X-Anything": "SECRET-3",
        "User-Agent": "SECRET-4",
        "Referer": "http://127.0.0.1:8080/SECRET-5",
    }
    assert web.click(WELL, headers=headers).json["success"] is True
    assert web.click("12345", headers=headers).status == 403
    assert web.click("", body="service_id=1&password=SECRET-6", headers=headers).status == 400
    assert web.get("/?token=SECRET-7").status in (200, 400)
    text = mark.text("--output=export")
    assert "RESTARTER_UNIT" in text and "SECRET" not in text


def test_nobody_can_write_lines_of_his_own():
    """Control characters and fields in what is asked for do not become entries."""
    mark = journal.Mark()
    for bad in ("x\nMESSAGE=forged", "x\nRESTARTER_USER=forged", "\x1b[31mforged"):
        web.click(bad)
        rpc.post(rpc.CLIENTS, rpc.call("restart_unit", bad))
        rpc.post(rpc.CLIENTS, rpc.call(bad, WELL))
    for entry in mark.entries(
        "_SYSTEMD_UNIT=restarter-webfront.service", "_SYSTEMD_UNIT=restarter-broker.service"
    ):
        assert not any(str(v).startswith("forged") for v in entry.values()), entry
        assert all(
            str(entry.get(k, "")).isprintable() for k in ("MESSAGE", "RESTARTER_UNIT", "RESTARTER_PEER")
        )


@pytest.mark.parametrize("asked", ["../etc", "12345"], ids=["web front", "broker"])
def test_flood_of_refusals(asked):
    """Whoever asks a thousand times does not write a thousand entries but twenty a second, and the count is kept."""
    mark, begin = journal.Mark(), time.monotonic()
    assert {answer.status for answer in at_once([lambda: web.click(asked)] * 1000, 8)} <= {400, 403}
    seconds = time.monotonic() - begin
    stop_daemons()  # which write the rest of their counts
    single = mark.decisions(journal.REFUSED)
    counted = sum(int(e["RESTARTER_SUPPRESSED"]) for e in mark.entries(f"MESSAGE_ID={journal.SUPPRESSED}"))
    assert counted > 0 and len(single) <= 20 * (seconds + 2)
    assert len(single) + counted == 1000
