"""Several units by one command: names, ids and patterns, side by side; what is not waited for, and for how long one waits."""
import json
import re

import pytest

from helpers import liar
from helpers.system import OTHER, WELL, Instance, run, unit, wait_for

TWO = [unit(WELL), unit(OTHER)]


def restartctl(*arguments, **options):
    return run("restartctl", *arguments, check=False, **options)


@pytest.fixture
def both():
    instances = [Instance(name) for name in (WELL, OTHER)]
    for instance in instances:
        instance.forget()
    return instances


@pytest.mark.core
@pytest.mark.parametrize("words", [(f"*@{WELL[:-1]}[45]",), (WELL, OTHER), (unit(WELL), f"*{OTHER}*"), (f"*@{WELL[:-1]}[45].service", f"*@{WELL}", unit(OTHER))])
def test_each_once(words, both):
    """Whatever they are written like: each unit that is meant is restarted, once."""
    done = restartctl("restart", *words)
    assert done.returncode == 0 and done.stderr == "", done
    *sentences, sum_of_all = done.stdout.splitlines()
    assert sorted(line.split()[0] for line in sentences) == TWO and sum_of_all == "2 units: 2 restarted.", done
    assert [len(instance.starts()) for instance in both] == [1, 1]


@pytest.mark.once
def test_json(both):
    """The shape goes by how they were written, not by how many there are."""
    for words, units in (((f"*@{WELL}",), TWO[:1]), ((WELL, OTHER), [WELL, OTHER])):
        rows = json.loads(restartctl("--json", "restart", *words).stdout)["units"]
        assert [row["unit"] for row in rows] == units
        assert all(row["exit_status"] == 0 and row["answer"]["success"] is True for row in rows)
    assert "units" not in json.loads(restartctl("--json", "restart", WELL).stdout)


@pytest.mark.once
def test_one_that_fails_stops_no_other(both, failing):
    done = restartctl("restart", failing.name, WELL, "ssh.service", OTHER)
    assert done.returncode == 3 and "ssh.service" in done.stderr and done.stdout.count("was restarted") == 2, done
    assert done.stdout.endswith("\n4 units: 2 restarted, 1 failed, 1 refused.\n"), done
    assert [len(instance.starts()) for instance in both] == [1, 1]
    rows = json.loads(restartctl("--json", "restart", WELL, "ssh.service").stdout)["units"]
    assert [row["exit_status"] for row in rows] == [0, 3] and rows[1]["error"]["code"] == 2


@pytest.mark.once
def test_a_pattern_that_matches_nothing(both):
    """Then nothing is done at all: somebody has mistyped something."""
    for words in (("*@12x*",), (WELL, "*@12x*"), ("*@12x*", f"*{OTHER}*")):
        done = restartctl("restart", *words)
        assert done.returncode == 3 and done.stdout == "" and "'*@12x*'" in done.stderr and "Nothing was done" in done.stderr, done
    assert json.loads(restartctl("--json", "restart", "*@12x*").stdout)["error"]["kind"] == "refused"
    assert [len(instance.starts()) for instance in both] == [0, 0]


@pytest.mark.once
def test_a_press_is_for_one_unit():
    assert restartctl("restart", "--press=12345678", WELL, OTHER).returncode == 2
    assert restartctl("restart", "--press=12345678", f"*{WELL}*").returncode == 2


@pytest.mark.once
def test_more_than_go_side_by_side():
    """All of them are told, in JSON in the order in which they were written."""
    words = [f"no-such-{i}.service" for i in range(30)]
    done = restartctl("--json", "restart", *words)
    rows = json.loads(done.stdout)["units"]
    assert done.returncode == 3 and [row["unit"] for row in rows] == words
    assert all(row["unit"] in row["error"]["message"] for row in rows)
    assert restartctl("restart", *words).stdout == "30 units: 30 refused.\n"


@pytest.mark.once
def test_a_broker_that_ends():
    """Each is unknown by itself, with its own way to look."""
    path = "/run/restarter-tests/ctl-several.sock"
    with liar.broker(path) as broker:
        broker.answer = b"HTTP/1.1 200 OK\r\n\r\n"
        done = restartctl(f"--socket={path}", "restart", WELL, OTHER)
    assert done.returncode == 5 and done.stdout == "2 units: 2 unknown.\n", done
    assert all(f"'restartctl status {name}'" in done.stderr for name in (WELL, OTHER))
    assert len(set(re.findall("--press=([0-9a-f]{32})", done.stderr))) == 2
    done = restartctl("--socket=/run/no-such", "restart", WELL, OTHER)
    assert done.returncode == 4 and done.stdout == "2 units: 2 not reached.\n", done


@pytest.mark.once
def test_quiet(both, failing):
    assert restartctl("restart", "--quiet", WELL).stdout == ""
    assert restartctl("restart", "-q", WELL, OTHER).stdout == ""
    done = restartctl("restart", "-q", WELL, failing.name)
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 1 and failing.unit in done.stdout


@pytest.mark.once
def test_list_by_pattern():
    def names(*words):
        return [row["unit"] for row in json.loads(restartctl("--json", "list", *words).stdout)["instances"]]

    assert names(f"*@{WELL[:-1]}[45]") == TWO
    assert names(unit(WELL), "*@1*", "*@2*") == TWO[:1], "a word stays a word"
    assert set(names("*@12*", "*@20*")) > set(TWO)
    assert names("*@12x*") == []
    assert [line.split()[0] for line in restartctl("list", f"*@{WELL}").stdout.splitlines()] == TWO[:1]


# --- not waited for ---


@pytest.mark.core
def test_no_block(instance):
    """It is told what is known: that the broker has it. It is done all the same, and can be waited for later."""
    instance.forget()
    instance.hold()
    try:
        done = restartctl("restart", "--no-block", WELL)
        assert done.returncode == 0 and done.stderr == "", done
        first, second = done.stdout.splitlines()
        assert first.startswith(f"{unit(WELL)} is being restarted") and "was restarted" not in done.stdout
        assert f"restartctl status {WELL}" in second
        told = json.loads(restartctl("--json", "restart", "--no-block", OTHER, WELL).stdout)["units"]
        assert told[1]["exit_status"] == 0 and told[1]["answer"]["verdict"] == "under-way" and told[1]["answer"]["success"] is False
    finally:
        instance.quick()
    later = run(*re.search(f"'(restartctl restart --press=[^']* {WELL})'", second)[1].split())
    assert "was restarted" in later.stdout
    wait_for(lambda: len(instance.starts()) >= 1, "it was done")


@pytest.mark.once
def test_no_block_of_what_is_refused():
    done = restartctl("restart", "--no-block", "ssh.service")
    assert done.returncode == 3 and done.stdout == "" and "Nothing was restarted" in done.stderr
    assert json.loads(restartctl("--json", "restart", "--no-block", "ssh.service").stdout)["error"]["code"] == 2
    assert restartctl("--socket=/run/no-such", "restart", "--no-block", WELL).returncode == 4


# --- for how long one waits ---


@pytest.mark.once
def test_timeout(instance):
    instance.hold()
    try:
        done = restartctl("restart", "--timeout=1", WELL)
        assert done.returncode == 5 and "in time" in done.stderr and f"restartctl status {WELL}" in done.stderr, done
        assert json.loads(restartctl("--json", "restart", "--timeout=1", WELL).stdout)["error"]["kind"] == "unknown"
        done = restartctl("restart", "--timeout=1", WELL, OTHER)
        assert done.returncode == 5 and done.stdout.endswith("2 units: 1 restarted, 1 unknown.\n"), done
    finally:
        instance.quick()
    assert restartctl("restart", "--timeout=60", OTHER).returncode == 0


@pytest.mark.once
@pytest.mark.parametrize("seconds", ["0", "-1", "x", "", "86401", "1.5"])
def test_timeouts_that_are_none(seconds):
    assert restartctl("restart", f"--timeout={seconds}", WELL).returncode == 2
