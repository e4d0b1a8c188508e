"""restartctl list: all that there are, or those that were asked for, however many parts they come in."""
import json
import shlex
import socket

import pytest

from helpers import liar
from helpers.system import OTHER, UNITS, WELL, reload_manager, run, systemctl, unit, wait_for

pytestmark = pytest.mark.once

MANY = 1100
TEMPLATE = "many@.service"
GRANT = f"[Grant]\nUnit={TEMPLATE}\nInstances=[0-9]{{4}}\nVerbs=restart\n"
FOLDER = UNITS / "multi-user.target.wants"
SOCKET = "/run/restarter-tests/liar.sock"


def restartctl(*arguments):
    return run("restartctl", *arguments, check=False)


def listed(*arguments):
    return json.loads(restartctl("--json", "list", *arguments).stdout)


def names(*arguments):
    """By each of the two ways to print them."""
    found = [row["unit"] for row in listed(*arguments)["instances"]]
    assert [line.split()[0] for line in restartctl("list", *arguments).stdout.splitlines()] == found
    return found


def test_whose_they_are():
    """The list says it, and none of its units is another machine's."""
    for arguments in ((), (WELL,)):
        found = listed(*arguments)
        assert found["machine"] == socket.gethostname()
        assert {row["machine"] for row in found["instances"]} == {""}


def test_by_words():
    everything = names()
    assert unit(WELL) in everything and len(everything) > 3
    assert names(WELL) == [unit(WELL)] == names("example", WELL) == names(f"EXAMPLE@{WELL}")
    assert names("example") == [name for name in everything if "example" in name]
    assert names("nothing is called that") == []
    assert names("--", "-x-") == []
    (row,) = listed(WELL)["instances"]
    assert names(*row["description"].split(), WELL) == [unit(WELL)], "its description counts as well"


def test_by_state(failing):
    assert set(names("--state=running")) >= {unit(WELL), unit(OTHER)}
    systemctl("restart", failing.unit, check=False)
    wait_for(lambda: failing.unit in names("--state=failed"), "it is listed as failed")
    assert failing.unit not in names("--state", "running")
    assert names()[0] == failing.unit, "what failed comes first"
    assert names("--state=failed", WELL) == []


@pytest.mark.parametrize("words", [("--state=active",), ("--state=",), ("--state",), ("x" * 101,), ("--nothing",)])
def test_what_is_no_question(words):
    done = restartctl("list", *words)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.startswith("restartctl: "), done


def test_numbers_for_who_reads():
    """On a terminal alone: who takes the lines apart has units in all of them."""
    shown = run("script", "-qec", shlex.join(["restartctl", "list", WELL]), "/dev/null").stdout.replace("\r", "")
    counts = listed()
    total = sum(counts[word] for word in ("failed", "restarting", "running", "stopped"))
    assert f"\n{total} units: " in shown and f"{counts['running']} running" in shown, shown
    assert shown.endswith("1 of them is as asked for.\n"), shown
    assert "units: " not in restartctl("list", WELL).stdout


@pytest.fixture(scope="module")
def many():
    """More than two answers hold; nothing of them runs."""
    FOLDER.mkdir(exist_ok=True)
    (UNITS / TEMPLATE).write_text("[Unit]\nDescription=One of many\n[Service]\nExecStart=/bin/true\n")
    links = [FOLDER / f"many@{1000 + i}.service" for i in range(MANY)]
    for link in links:
        link.symlink_to(UNITS / TEMPLATE)
    reload_manager()
    yield [link.name for link in links]
    for link in (*links, UNITS / TEMPLATE):
        link.unlink()
    reload_manager()


def test_all_of_many(many, policy_with):
    with policy_with(GRANT):
        found = names("many@")
        assert found == many, "each of them, once, in their order"
        answer = listed("many@")
        assert not answer["truncated"] and answer["matching"] == MANY == answer["stopped"], answer
        assert answer["machine"] == socket.gethostname() and answer["instances"][-1]["machine"] == ""
        assert names("many@", "--state=running") == []
        done = restartctl("list", "One", "of", "many")
        assert len(done.stdout.splitlines()) == MANY and done.stderr == ""
        assert len(names()) > MANY


LIST = {"policy_ok": "<boolean>1</boolean>", "policy_error": "", "truncated": "<boolean>1</boolean>", "matching": "<int>2000000000</int>"}
ROW = {
    **dict.fromkeys(("unit", "description", "load_state", "active_state", "sub_state"), "x"),
    "enabled": "<boolean>1</boolean>",
}


def test_a_list_that_never_ends():
    """A broker that tells the same part for ever is not asked for ever, and that there is more is said."""
    with liar.broker(SOCKET) as broker:
        broker.answer = liar.response(liar.struct(**LIST, instances=liar.array(liar.struct(**ROW))))
        done = restartctl("--socket", SOCKET, "list")
        assert done.returncode == 0 and broker.calls == 2, done
        assert "There are more units than the broker tells of." in done.stderr
