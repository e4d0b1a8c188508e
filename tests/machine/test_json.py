"""JSON as people and jq expect it: laid out as was asked for, the same in each layout, and true and false as such."""
import json
import subprocess

import pytest

from helpers import web
from helpers.system import WELL, run, unit

pytestmark = pytest.mark.once

VERBS = {
    "list": ("list",),
    "status": ("status", WELL),
    "restart": ("restart", WELL),
    "check": ("check", "--skip-polkit"),
    "policy table": ("policy", "table", "--verb=restart", unit(WELL)),
    "policy check": ("policy", "check", "--skip-polkit"),
    "policy explain": ("policy", "explain", WELL),
}


def pretty(text):
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def brief(text):
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False) + "\n"


def restartctl(*arguments):
    return run("restartctl", *arguments, check=False)


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_layouts(words):
    """In front of the verb, and behind it where it takes options. One way to say it is enough for the dear ones."""
    for option in ("--json", "-j", "--json=pretty")[: 1 if "check" in words else 3]:
        done = restartctl(option, *words)
        assert done.stdout == pretty(done.stdout) and len(done.stdout.splitlines()) > 1, done
    done = restartctl("--json=short", *words)
    assert done.stdout == brief(done.stdout) and len(done.stdout.splitlines()) == 1, done
    done = restartctl("--json", "--json=off", *words)
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)


@pytest.mark.parametrize("name", [name for name in VERBS if name != "status"])
def test_behind_the_verb(name):
    done = restartctl("--json=off", *VERBS[name], "--json=short")
    assert done.stdout == brief(done.stdout), done


@pytest.mark.parametrize("words", [("--json=yes", "list"), ("--json=", "list"), ("restart", "--json=Short", WELL)])
def test_no_such_layout(words):
    done = restartctl(*words)
    assert done.returncode == 2 and done.stdout == "" and "none of pretty, short and off" in done.stderr


def test_booleans():
    """As jq tells them: true and false, no 1 and 0."""
    answer = json.loads(restartctl("--json=short", "restart", WELL).stdout)
    assert answer["success"] is True and answer["repeated"] is False
    assert all(instance["enabled"] in (True, False) for instance in json.loads(restartctl("-j", "list").stdout)["instances"])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: web.click(WELL),
        lambda: web.click("no such name"),
        lambda: web.get("/api/instances"),
        lambda: web.get("/healthz", accept=web.JSON),
    ],
    ids=["restarted", "refused", "list", "health"],
)
def test_over_http(ask):
    """A member a line, with one space behind its colon."""
    text = ask().text
    assert text == pretty(text)
    first = next(iter(json.loads(text).values()))
    assert isinstance(first, bool) and text.splitlines()[1].endswith(f": {str(first).lower()},")


def test_a_full_disk_is_no_success():
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(["restartctl", "--json=short", "list"], stdout=full, check=False)
    assert done.returncode != 0
