"""`journalctl -x` explains each kind of entry, and each way to come by one: what it quotes is there, "-" where there is
nothing to say, and what was asked for as it was asked, cleaned."""

import os
import pathlib
import re
import time

import pytest

from helpers import journal, rpc, web
from helpers.people import as_user
from helpers.policy import POLICY, SHIPPED_GRANT, kept
from helpers.system import (
    BROKER,
    FAILING,
    WELL,
    open_doors_anew,
    run,
    settings,
    stop_daemons,
    systemctl,
    wait_for,
    unit,
)

CATALOG = pathlib.Path("/usr/lib/systemd/catalog/restarter.catalog")
FIELD = re.compile(r"@[A-Z_]+@")


def socket(method, name):
    """An answer or a fault, whichever."""
    rpc.post(rpc.CLIENTS, rpc.call(method, name))


def assert_explained(mark, message_id, asked=None):
    entries = wait_for(lambda: mark.decisions(message_id), "there is such an entry", pause=0.1)
    text = mark.text("--catalog")
    assert "Subject:" in text and not FIELD.search(text), text
    if asked is not None:
        assert [e["RESTARTER_UNIT"] for e in entries] == [asked] * len(entries)
        assert asked in text
    for entry in entries:
        assert all(str(value).isprintable() for name, value in entry.items() if name.startswith("RESTARTER_"))
        assert ("UNIT" in entry) == (entry.get("RESTARTER_UNIT", "").endswith(".service"))


def test_every_field_of_the_catalog_is_one_that_is_always_set():
    source = (pathlib.Path(__file__).resolve().parents[2] / "common" / "journal.c").read_text(encoding="utf-8")
    quoted = set(FIELD.findall(CATALOG.read_text(encoding="utf-8")))
    assert quoted
    for field in quoted:
        assert f'entry_add_always(&entry, "{field.strip("@")}"' in source, field


WAYS = {
    "page": web.click,
    "relay": lambda name: web.request(
        "POST", "/RPC2", rpc.call("restarter.restart", name), {"Content-Type": "text/xml"}
    ),
    "socket": lambda name: socket("restart_unit", name),
    "restartctl": lambda name: run("restartctl", "restart", name, check=False),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_restarted(way, instance):
    mark = journal.Mark()
    way(WELL)
    assert_explained(mark, journal.RESTARTED, instance.unit)


def test_started_from_nothing(instance):
    """It had no invocation before."""
    systemctl("stop", instance.unit)
    mark = journal.Mark()
    web.click(WELL)
    assert_explained(mark, journal.RESTARTED, instance.unit)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_failed(way, failing):
    mark = journal.Mark()
    way(FAILING)
    assert_explained(mark, journal.FAILED, unit(FAILING))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
@pytest.mark.parametrize(
    "asked, written",
    [
        ("../etc", "../etc"),
        ("example@1234.socket", "example@1234.socket"),
        ("1" * 300, "1" * 80),
        ("ssh.service", "ssh.service"),
        ("12345", "example@12345.service"),
        ("other@1", "other@1.service"),
        ("4321", "example@4321.service"),
        ("", "-"),
    ],
)
def test_refused(way, asked, written):
    time.sleep(0.05)  # of more than twenty refusals in a second only the number is written
    mark = journal.Mark()
    way(asked)
    assert_explained(mark, journal.REFUSED, written)


@pytest.mark.parametrize(
    "way, asked",
    # A control character other than these is no XML.
    [("page", "\x1b[31mred")]
    + [(way, asked) for way in ("page", "relay", "socket") for asked in ("x\ny", "12\u00e434", "\u202e1234")],
)
def test_refused_and_cleaned(way, asked):
    time.sleep(0.05)
    mark = journal.Mark()
    WAYS[way](asked)
    assert_explained(mark, journal.REFUSED)
    (entry,) = mark.decisions(journal.REFUSED)
    assert len(entry["RESTARTER_UNIT"]) > 1 and not set("\x1b\u202e") & set(mark.text("--catalog"))


def test_refused_without_a_name():
    """Crooked forms, other sites, other callers: nobody asked for a unit."""
    for ask in (
        lambda: web.click("", body=b"id=1234"),
        lambda: web.click(WELL, headers={"Origin": "http://evil.example"}),
        lambda: socket("restarter.status", "no such name"),
    ):
        mark = journal.Mark()
        ask()
        assert_explained(mark, journal.REFUSED)


def test_refused_at_the_socket():
    """Where its mode was opened by mistake, by the peer's credentials."""
    os.chmod(rpc.CLIENTS, 0o666)
    try:
        mark = journal.Mark()
        as_user("nobody", socket, "restart_unit", WELL)
        assert_explained(mark, journal.REFUSED, "-")
    finally:
        open_doors_anew()


def test_unknown(instance):
    with settings(JOB_TIMEOUT_SEC="0.3"):
        for way in WAYS.values():
            instance.hold()
            mark = journal.Mark()
            way(WELL)
            assert_explained(mark, journal.UNKNOWN, instance.unit)
            instance.quick()
            systemctl("restart", instance.unit)


def test_policy_file():
    with kept():
        rpc.over_unix().system.listMethods()
        mark = journal.Mark()
        POLICY.write_text(SHIPPED_GRANT + "Colour=red\n")
        systemctl("reload", BROKER, check=False)
        assert_explained(mark, journal.POLICY)


def test_suppressed():
    mark = journal.Mark()
    for _ in range(100):
        web.click("../etc")
    stop_daemons()
    text = mark.text("--catalog")
    assert mark.entries(f"MESSAGE_ID={journal.SUPPRESSED}") and not FIELD.search(text)
