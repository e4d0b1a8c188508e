"""restartctl restart --rolling: one unit after the other, each waited for and seen to stay; and it stops at the first that
does not."""
import json
import re

import pytest

from helpers import rolling, system
from helpers.rolling import FAILED, OK, REFUSED, UNKNOWN, USAGE, counts, names, roll, roll_json
from helpers.system import run, systemctl, wait_for

pytestmark = pytest.mark.usefixtures("rolling_units")
ON = "--pause=0"


@pytest.fixture
def three():
    return rolling.fresh("1", "2", "10")


@pytest.mark.core
def test_one_after_the_other(three):
    """In the order of people's lists, each once, however often it is meant; and never two at a time."""
    done = roll(ON, "roll@*", "roll@10", "roll@1*", check=OK)
    lines = done.stdout.splitlines()
    assert [re.sub(r" in .*", "", line) for line in lines[:3]] == [
        f"{i} of 3: {unit.unit} was restarted" for i, unit in enumerate(three, 1)
    ]
    assert lines[3:] == ["3 of 3 are restarted and well."]
    assert done.stderr == ""
    assert counts(three) == [1, 1, 1]
    times = [
        [int(system.show(unit.unit, f"{edge}TimestampMonotonic")) for edge in ("InactiveExit", "ActiveEnter")]
        for unit in three
    ]
    assert sorted(sum(times, [])) == sum(times, [])
    assert not rolling.RECORD.exists()


def test_as_they_are_named(three):
    one, two, ten = three
    done = roll(ON, ten.unit, "roll@1.service", two.unit, check=OK)
    assert re.findall(r"roll@\d+", done.stdout) == ["roll@10", "roll@1", "roll@2"]


def test_an_id_is_a_unit(three):
    """One that is meant by its id and by its name has one turn; and one that means none is said before any other's."""
    done = roll(ON, "2", "roll@2", "roll@[12]", check=OK)
    assert re.findall(r"\d of \d: roll@\d+", done.stdout) == ["1 of 2: roll@2", "2 of 2: roll@1"]
    three[0].forget()
    done = roll(ON, three[0].unit, "NO-SUCH", check=REFUSED)
    assert "Nothing was restarted" in done.stderr and three[0].count() == 0


def test_quiet(three):
    assert roll(ON, "--quiet", *names(three), check=OK).stdout == ""
    three[1].fails()
    done = roll(ON, "--quiet", *names(three), check=FAILED)
    assert done.stdout == "" and three[1].unit in done.stderr


@pytest.mark.core
def test_stops_at_the_first(three):
    one, two, ten = three
    two.fails()
    done = roll(ON, *names(three), check=FAILED)
    assert counts(three) == [1, 1, 0]
    assert f"Stopped at {two.unit}." in done.stderr
    assert "1 of 3 is restarted and well, 1 did not come back, 1 not begun." in done.stderr
    assert f"restartctl restart --rolling --resume --pause=0 {one.unit} {two.unit} {ten.unit}" in done.stderr
    # What was mended is tried again, and what came back is not.
    two.mended()
    done = roll(ON, "--resume", *names(three), check=OK)
    assert counts(three) == [1, 2, 1]
    assert not rolling.RECORD.exists()


def test_failures_that_are_allowed(three):
    one, two, ten = three
    one.fails()
    done = roll(ON, "--max-failures=1", *names(three), check=FAILED)
    assert counts(three) == [1, 1, 1]
    assert "2 of 3 are restarted and well, 1 did not come back." in done.stderr
    one.mended()
    roll(ON, "--resume", *names(three), check=OK)
    assert counts(three) == [2, 1, 1]
    one.fails()
    two.fails()
    roll(ON, "--max-failures=1", *names(three), check=FAILED)
    assert counts(three) == [3, 2, 1]


def test_json(three):
    one, two, ten = three
    two.fails()
    said = roll_json(ON, *names(three), check=FAILED)
    assert [(unit["unit"], unit["result"], unit["verdict"]) for unit in said["units"]] == [
        (one.unit, "done", "up"),
        (two.unit, "failed", "down"),
        (ten.unit, "not-begun", ""),
    ]
    assert two.unit in said["units"][1]["message"] and said["units"][2]["message"] == ""
    assert (said["verb"], said["result"], said["exit_status"]) == ("restart", "failed", FAILED)
    assert "--resume" in said["resume"]
    two.mended()
    said = roll_json(ON, "--resume", *names(three), check=OK)
    assert (said["result"], said["resume"], said["exit_status"]) == ("done", "", OK)


@pytest.mark.parametrize("name, words", [("1", "has failed"), ("flaps", "(has ended, and was|is being) started again")])
def test_dies_in_its_pause(name, words):
    """However long the pause: it is told when it is seen."""
    unit, other = rolling.fresh(name, "2")
    with rolling.running("--pause=3000", unit.unit, other.unit) as it:
        rolling.wait_for_phase(unit, "pausing")
        unit.kill()
        _, err = it.over(FAILED)
    assert re.search(f"1 of 2: {unit.unit} came back, and did not stay: it {words}", err)
    assert other.count() == 0


def test_watchdog_and_notify():
    """What a unit promises by itself counts: that it says when it is ready, and that it goes on to say that it lives."""
    mute, dog, other = rolling.fresh("mute", "dog", "1")
    mute.fails()
    done = roll("--pause=3000", "--max-failures=1", *names([mute, dog, other]), check=FAILED, timeout=120)
    assert f"1 of 3: {mute.unit}" in done.stderr
    assert f"2 of 3: {dog.unit}" in done.stderr and "2 did not come back" in done.stderr
    assert counts([mute, dog, other]) == [1, 1, 0]


def test_not_running():
    """restart says so and stops; try-restart has nothing to do there."""
    one, two = rolling.fresh("1", "2")
    systemctl("stop", one.unit)
    done = roll(ON, one.unit, two.unit, check=REFUSED)
    assert one.unit in done.stderr and "Stopped at" in done.stderr
    assert (one.count(), two.count()) == (0, 0)
    roll(ON, one.unit, two.unit, verb="try-restart", check=OK)
    assert (one.count(), two.count()) == (0, 1)


def test_reload(three):
    before = system.invocations(names(three))
    roll(ON, "roll@*", verb="reload", check=OK)
    assert system.invocations(names(three)) == before


def test_not_granted_any_more():
    """What it does not get is said, and it goes no further."""
    one, two = rolling.fresh("1", "2")
    grant = rolling.DROPIN.read_text()
    two.hold()
    with rolling.running(ON, one.unit, two.unit, one.unit.replace("1", "3")) as it:
        two.wait_for_start()
        rolling.DROPIN.write_text(grant.replace("[a-z0-9-]+", "[12]"))
        systemctl("reload", system.BROKER)
        two.quick()
        _, err = it.over(REFUSED)
    rolling.DROPIN.write_text(grant)
    systemctl("reload", system.BROKER)
    assert "roll@3.service" in err and "2 of 3 are restarted and well, 1 refused." in err


def test_unit_is_gone():
    one, two = rolling.fresh("1", "2")
    two.fails()
    roll(ON, one.unit, two.unit, check=FAILED)
    file = system.UNITS / rolling.TEMPLATE
    text = file.read_text()
    file.unlink()
    system.forget_failed(two.unit)
    system.reload_manager()
    try:
        done = roll(ON, "--resume", one.unit, two.unit, check=REFUSED)
    finally:
        file.write_text(text)
        system.reload_manager()
    assert two.unit in done.stderr and one.count() == 1


@pytest.mark.parametrize("end", ["restart", "kill"])
def test_broker_ends_in_the_pause(three, end):
    """A question that was not answered is asked again, of the broker that comes; and what it sees counts."""
    one, *_ = three
    with rolling.running("--pause=3000", *names(three)) as it:
        rolling.wait_for_phase(one, "pausing")
        before = system.main_pid(system.BROKER)
        systemctl(*(["restart"] if end == "restart" else ["kill", "--signal=KILL"]), system.BROKER)
        wait_for(lambda: system.main_pid(system.BROKER) not in (0, before), "there is another broker", 60)
        one.kill()
        _, err = it.over(FAILED)
    assert f"{one.unit} came back, and did not stay: it has failed" in err
    assert counts(three) == [1, 0, 0]


def test_broker_is_killed_under_way(three):
    """Nobody has learned what became of it: it stops there, and nothing is done twice, whoever asks again."""
    one, two, ten = three
    two.hold()
    with rolling.running(ON, *names(three)) as it:
        two.wait_for_start()
        systemctl("kill", "--signal=KILL", system.BROKER)
        _, err = it.over(UNKNOWN)
    assert f"Stopped at {two.unit}: what became of it is unknown." in err
    assert f"restartctl status {two.unit}" in err
    two.quick()
    system.wait_until(two.unit, "active")
    roll(ON, "--resume", *names(three), check=UNKNOWN)
    assert counts(three) == [1, 1, 0]
    # Who has looked at it decides.
    done = roll(ON, "--resume=skip", *names(three), check=FAILED)
    assert counts(three) == [1, 1, 1]
    assert "2 of 3 are restarted and well, 1 left out." in done.stderr


def test_again_after_unknown(three):
    one, two, ten = three
    one.hold()
    with rolling.running(ON, *names(three)) as it:
        one.wait_for_start()
        systemctl("kill", "--signal=KILL", system.BROKER)
        it.over(UNKNOWN)
    one.quick()
    roll(ON, "--resume=again", *names(three), check=OK)
    assert counts(three) == [2, 1, 1]


@pytest.mark.once
@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--rolling",), "a unit, the id of an instance, or a pattern is needed"),
        (("--pause=1", "roll@1"), "go with --rolling"),
        (("--resume", "roll@1"), "go with --rolling"),
        (("--max-failures=1", "roll@1"), "go with --rolling"),
        (("--rolling", "--pause=", "roll@1"), "--pause="),
        (("--rolling", "--pause=-1", "roll@1"), "--pause=-1"),
        (("--rolling", "--pause=3601", "roll@1"), "from 0 to 3600"),
        (("--rolling", "--max-failures=x", "roll@1"), "--max-failures=x"),
        (("--rolling", "--resume=maybe", "roll@1"), "--resume=maybe"),
        (("--rolling", "--reason=", "roll@1"), "--reason="),
        (("--rolling", "roll@1\n"), "is no unit"),
        (("--rolling", "x" * 300), "more than 255 bytes"),
        (("--rolling", "--no-such", "roll@1"), "no-such"),
    ],
)
def test_command_line(arguments, words):
    done = run("restartctl", "--json=short", "restart", *arguments, check=False)
    assert done.returncode == USAGE and words in done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "usage"


@pytest.mark.once
def test_matches_nothing():
    done = run("restartctl", "--json=short", "restart", "--rolling", "nothing@*", check=False)
    assert done.returncode == REFUSED and "nothing@*" in done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "refused"
