"""restartctl policy table: what the polkitd that runs says, asked as PID 1 asks, beside what the policy file says."""

import json
import os
import pathlib
import random
import re
import select
import subprocess

import pytest

from helpers import bus
from helpers.people import broker_does
from helpers.policy import (
    FINDINGS,
    OK,
    POLICY,
    RULE,
    RULES,
    SHIPPED_GRANT,
    UNAVAILABLE,
    busctl_as_broker,
    findings,
    kept,
    policy,
    reread,
    restart_is_permitted,
    table,
)
from helpers.system import OTHER, WELL, reload_manager, run, systemctl, unit, wait_for

UNITS = pathlib.Path("/etc/systemd/system")
VERBS = {"restart", "try-restart", "reload", "reload-or-restart", "reset-failed", "start", "stop", "kill"}


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


def test_shipped_policy():
    """Exactly restart of exactly the instances; each kind of row is there, and every verb."""
    data = table()
    assert data["agree"] is True and data["truncated"] is False
    assert VERBS < set(data["verbs"]) and len(data["verbs"]) >= 13
    rows = data["by_name"]
    assert rows[unit(WELL)]["polkit"] == rows[unit(WELL)]["broker"] == ["restart"]
    assert rows[unit(WELL)]["kind"] == "instance" and rows[unit(WELL)]["state"] == "active"
    assert rows["example@0000.service"]["polkit"] == ["restart"]
    assert {row["kind"] for row in data["units"]} == {"instance", "sample", "near miss", "foreign"}
    for row in data["units"]:
        covered = re.fullmatch(r"example@[0-9]{4}\.service", row["unit"])
        assert row["polkit"] == row["broker"] == (["restart"] if covered else []), row
        assert row["dead"] == row["excess"] == []
    for name in ("ssh.service", "dbus.service", "systemd-journald.service", "restarter-broker.service"):
        assert rows[name]["kind"] == "foreign"
    assert data["actions"] > 20 and data["actions_permitted"] == []
    assert data["questions"] >= len(data["units"]) * len(data["verbs"])


@pytest.mark.once
def test_near_misses_are_of_every_kind():
    base = "0000"
    rows = table("--verb=restart")["by_name"]
    for name in (
        f"example@{base}1.service",
        f"example@{base[1:]}.service",
        f"example@{base[1:]}x.service",
        f"examplex@{base}.service",
        f"exampl@{base}.service",
        f"example@{base}.socket",
        "example@.service",
        "example.service",
        f"example@{base}.service.service",
    ):
        near = [
            row for row in rows.values() if row["kind"] == "near miss" and shape(row["unit"]) == shape(name)
        ]
        assert near, name


def shape(name):
    return re.sub("[0-9]", "9", name)


@pytest.mark.once
def test_columns():
    text = policy("table", "--verb=restart", check=OK).stdout
    lines = text.splitlines()
    assert lines[0].split() == ["UNIT", "STATE", "POLICY", "FILE", "POLKIT"]
    (line,) = [line for line in lines if line.startswith(unit(WELL))]
    assert line.split() == [unit(WELL), "active", "restart", "restart"]
    assert re.search(r"^\d+ near misses, such as .*: nothing$", text, re.M)
    assert re.search(r"^\d+ other units, such as .*: nothing$", text, re.M)
    assert re.search(r"^\d+ questions, answered by polkitd 1\d\d in \d+\.\d s\. It agrees", text, re.M)
    everything = policy("table", "--all", "--verb=restart", check=OK).stdout
    assert "ssh.service" in everything and "example@.service" in everything


def test_table_says_what_pid_1_does(others):
    """Each answer is the one that user restarter gets from PID 1."""
    units = [unit(WELL), unit(OTHER), *others]
    data = table(*units)
    for name in units:
        assert ("restart" in data["by_name"][name]["polkit"]) == restart_is_permitted(name), name
        assert not data["by_name"][name]["polkit"] or name.startswith("example@")
        for verb, member in (
            ("stop", "StopUnit"),
            ("reload", "ReloadUnit"),
            ("try-restart", "TryRestartUnit"),
        ):
            assert verb not in data["by_name"][name]["polkit"]
            assert busctl_as_broker(member, "ss", name, "replace").returncode != 0


class Questions:
    """Records what polkitd is asked."""

    def __enter__(self):
        self.process = subprocess.Popen(
            ["busctl", "monitor", "--json=short", "--match=member='CheckAuthorization'"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        wait_for(self.hears, "the monitor listens", 20)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def hears(self):
        table(unit(WELL), "--verb=restart")
        return self.next(0.5)

    def next(self, timeout=60):
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            return None
        data = json.loads(self.process.stdout.readline())["payload"]["data"]
        return {"subject": data[0][0], "action": data[1], "details": data[2], "flags": data[3]}


def test_questions_are_the_ones_pid_1_asks():
    """The same action and details, to the letter, for each verb that can be seen without doing harm: as a user who may
    do nothing, so that PID 1 asks and then does nothing."""
    arguments = {
        "restart": ("RestartUnit", "ss", unit(WELL), "replace"),
        "try-restart": ("TryRestartUnit", "ss", unit(WELL), "replace"),
        "reload": ("ReloadUnit", "ss", unit(WELL), "replace"),
        "reload-or-restart": ("ReloadOrRestartUnit", "ss", unit(WELL), "replace"),
        "reload-or-try-restart": ("ReloadOrTryRestartUnit", "ss", unit(WELL), "replace"),
        "reset-failed": ("ResetFailedUnit", "s", unit(WELL)),
        "start": ("StartUnit", "ss", unit(WELL), "replace"),
        "stop": ("StopUnit", "ss", unit(WELL), "replace"),
        "kill": ("KillUnit", "ssi", unit(WELL), "all", "15"),
        "set-property": ("SetUnitProperties", "sba(sv)", unit(WELL), "true", "0"),
        "ref": ("RefUnit", "s", unit(WELL)),
    }
    with Questions() as questions:
        for verb, (member, *rest) in arguments.items():
            table(unit(WELL), f"--verb={verb}")
            ours = questions.next()
            run_as_nobody(member, *rest)
            theirs = questions.next()
            assert ours["action"] == theirs["action"] and ours["details"] == theirs["details"], verb
            assert ours["details"]["verb"] == verb and ours["details"]["unit"] == unit(WELL)
            assert ours["subject"] == "unix-process" and theirs["subject"] == "system-bus-name"


def run_as_nobody(member, *arguments):
    subprocess.run(
        [
            "setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--clear-groups",
            "busctl",
            "call",
            bus.SYSTEMD,
            bus.SYSTEMD_PATH,
            bus.MANAGER,
            member,
            *arguments,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_asked_about_a_process_of_the_broker_user():
    """One that is gone afterwards."""
    table(unit(WELL))
    assert broker_does("pgrep", "-u", "restarter", "-x", "restartctl").returncode == 1


IN_A_SESSION = """polkit.addRule(function (action, subject) {
    if (subject.user == "restarter" && subject.session)
        return polkit.Result.YES;
});
"""


def in_a_session(*command):
    """What the command printed. The slice of the session before, if any, has to be gone first."""
    wait_for(lambda: "user-0.slice" not in systemctl("list-jobs", "--no-legend").stdout, "no session ends")
    session = ("systemd-run", "--quiet", "--scope", "--unit=session-99.scope", "--slice=user-0.slice")
    return run(*session, *command).stdout


def test_asked_about_a_process_without_a_session():
    """The broker is in nobody's login session. Neither is the process asked about, when an admin asks from his."""
    (RULES / "10-session.rules").write_text(IN_A_SESSION)
    reread()
    stop = ("restartctl", "policy", "table", "--json", "--verb=stop", unit(WELL))
    assert json.loads(in_a_session(*stop))["units"][0]["polkit"] == []
    ask = (
        "read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/$$/stat; busctl call "
        "org.freedesktop.PolicyKit1 /org/freedesktop/PolicyKit1/Authority org.freedesktop.PolicyKit1.Authority "
        "CheckAuthorization '(sa{sv})sa{ss}us' unix-process 3 pid u $$ start-time t $start uid i $(id -u restarter) "
        "org.freedesktop.systemd1.manage-units 0 0 ''"
    )
    assert in_a_session("bash", "-c", ask).startswith("(bba{ss}) true"), "the rule sees sessions"


# --- aliases, and instances that are not loaded ---


def test_aliases():
    """PID 1 knows one name of a unit only; by another one it is granted nothing."""
    link = UNITS / "alias@.service"
    link.symlink_to("example@.service")
    reload_manager()
    try:
        for name in ("0666", "1234", "1235", "1236"):
            systemctl("show", f"alias@{name}.service")
        aliases = [row for row in table("--verb=restart")["units"] if row["state"] == "alias"]
        assert aliases, "instances that near misses were made of have that other name"
        for row in aliases:
            assert row["kind"] == "near miss" and row["polkit"] == row["broker"] == []
        named = table("alias@1234.service")["by_name"]["alias@1234.service"]
        assert named["id"] == "example@1234.service" and named["excess"] == []

        POLICY.write_text(SHIPPED_GRANT.replace("example@", "alias@"))
        policy("apply")
        (place, message), *_ = [(p, m) for level, p, m in findings() if "alias" in m]
        assert place == f"{POLICY}:1" and "dead button" in message and "an alias of example@" in message
    finally:
        link.unlink()
        reload_manager()


@pytest.mark.once
def test_enabled_instances_that_are_not_loaded():
    """Enabled from a target that nobody has loaded."""
    directory = UNITS / "nobody-loads-this.target.wants"
    directory.mkdir()
    (directory / "example@7654.service").symlink_to("/etc/systemd/system/example@.service")
    try:
        row = table("--verb=restart")["by_name"]["example@7654.service"]
        assert row["kind"] == "instance" and row["state"] in ("enabled", "inactive")
    finally:
        (directory / "example@7654.service").unlink()
        directory.rmdir()


@pytest.mark.once
def test_names_of_ones_own():
    text = policy("table", unit(WELL), "ssh.service", "--verb=restart", check=OK).stdout
    assert len(text.splitlines()) == 5 and "near misses" not in text
    piped = policy(
        "table", "--json", "-", check=OK, stdin=None, input="example@1.service\n\nexample@1111.service\n"
    )
    rows = {row["unit"]: row["polkit"] for row in json.loads(piped.stdout)["units"]}
    assert rows == {"example@1.service": [], "example@1111.service": ["restart"]}


def from_directory():
    return os.open("/", os.O_RDONLY)


def from_nowhere():
    """Open, and not for reading."""
    return os.open("/dev/null", os.O_WRONLY)


@pytest.mark.once
@pytest.mark.parametrize("source", [from_directory, from_nowhere])
@pytest.mark.parametrize("options", [[], ["--json"], ["--verb=restart"]], ids=" ".join)
def test_names_that_cannot_be_read(source, options):
    """Nothing was asked, so nothing is said of any unit, and that is no success."""
    fd = source()
    try:
        done = policy("table", *options, "-", check=UNAVAILABLE, stdin=fd)
    finally:
        os.close(fd)
    assert "standard input" in done.stderr
    if "--json" in options:
        (error,) = json.loads(done.stdout).values()
        assert error["kind"] == "unavailable" and "standard input" in error["message"]
    else:
        assert done.stdout == ""


@pytest.mark.once
def test_table_that_cannot_be_written():
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            ["restartctl", "policy", "table", "--verb=restart", unit(WELL)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == FINDINGS and "standard output" in done.stderr


# --- hand-tuned rules ---


@pytest.mark.once
def test_hand_tuned_rule():
    """The table shows what polkitd really does, whoever wrote the rule."""
    RULE.write_text(
        RULE.read_text().replace('"[0-9]{4}"', '"[0-9]{4}x?"').replace('["restart"]', '["restart", "reload"]')
    )
    reread()
    for verb in ("restart", "reload"):
        data = table(f"--verb={verb}")
        assert data["agree"] is False
        assert data["by_name"][unit(WELL)]["excess"] == (["reload"] if verb == "reload" else [])
        longer = [row for row in data["units"] if re.fullmatch("example@[0-9]{4}x.service", row["unit"])]
        assert longer and all(row["excess"] == [verb] for row in longer)
    assert "EXCESS" in policy("table", "--verb=restart", check=OK).stdout


# --- the differential test, against the polkitd that runs ---

GRAMMARS = [
    # (Instances=, a maker of matching names)
    ("[0-9]{4}", lambda r: f"{r.randrange(10000):04}"),
    ("blue|green", lambda r: r.choice(("blue", "green"))),
    ("[a-z][a-z0-9-]{0,14}", lambda r: r.choice("abcxyz") + some(r, "abz019-", 0, 14)),
    ("(eu|us)-[0-9]{1,3}", lambda r: f"{r.choice(('eu', 'us'))}-{r.randrange(1000)}"),
    ("a?b*c+", lambda r: "a" * r.randrange(2) + "b" * r.randrange(4) + "c" * r.randrange(1, 4)),
    ("(x|yz){2,5}", lambda r: "".join(r.choice(("x", "yz")) for _ in range(r.randrange(2, 6)))),
    ("([0-9]{1,3}[.]){3}[0-9]{1,3}", lambda r: ".".join(str(r.randrange(256)) for _ in range(4))),
    ("...", lambda r: some(r, "aZ09:_.-", 3, 3)),
    ("[A-Z]+ [a-f]{8}", lambda r: r.choice((some(r, "AMZ", 1, 9), some(r, "abcdef", 8, 8)))),
    ("[0-9]{1,255}", lambda r: some(r, "0189", 1, 230)),
    ("v[0-9]+([.][0-9]+)?", lambda r: f"v{r.randrange(99)}" + r.choice(("", f".{r.randrange(9)}"))),
    ("[:_.-]{2}", lambda r: some(r, ":_.-", 2, 2)),
]
NAMES_OF_EACH = 60
ODD = "a0Z.-_:@\\/ x\t\"'%$^*+?()[]{}|é"


def some(r, characters, least, most):
    return "".join(r.choice(characters) for _ in range(r.randint(least, most)))


def mutate(r, name):
    """One small change: a character more, less, other, or two exchanged."""
    at = r.randrange(len(name))
    kind = r.randrange(4)
    if kind == 0:
        return name[:at] + r.choice(ODD) + name[at:]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + r.choice(ODD) + name[at + 1 :]
    return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]


def test_matcher_and_polkitd_agree():
    """Hundreds of names, from the grammar of each policy and mutations of them, judged by the broker's matcher and by the
    polkitd that runs: not one disagreement. (A million by its engine alone: tests/unit/test-differential.c.)"""
    r = random.Random(1)
    POLICY.write_text(
        "".join(
            f"[Grant]\nUnit=t{n}@.service\nInstances={pattern}\nVerbs=restart\n"
            for n, (pattern, _) in enumerate(GRAMMARS)
        )
    )
    policy("apply", check=OK)
    names = set()
    for number, (_, make) in enumerate(GRAMMARS):
        for _ in range(NAMES_OF_EACH):
            name = f"t{number}@{make(r)}.service"
            for _ in range(r.choice((0, 0, 1, 1, 2))):
                name = mutate(r, name)
            if 0 < len(name.encode()) < 256 and "\0" not in name and "\n" not in name:
                names.add(name)
    piped = "".join(f"{name}\n" for name in sorted(names))
    data = json.loads(
        policy(
            "table", "--json", "--verb=restart", "-", check=OK, stdin=None, input=piped, timeout=300
        ).stdout
    )
    assert len(data["units"]) == len(names) > 600
    assert [row for row in data["units"] if row["dead"] or row["excess"]] == []
    permitted = sum(bool(row["polkit"]) for row in data["units"])
    assert 0.2 * len(names) < permitted < 0.8 * len(names)
