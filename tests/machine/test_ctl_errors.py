"""Whoever asked restartctl for JSON gets JSON, whatever becomes of it: each verb, with each kind of failure. And people
are told the same, in sentences on standard error, once."""
import contextlib
import fcntl
import json
import pathlib
import tempfile

import pytest

from helpers import liar
from helpers.system import WELL, run

pytestmark = pytest.mark.once

BROKEN = "[Grant]\nTemplate=nonsense\n"
RULE = pathlib.Path("/etc/polkit-1/rules.d/50-restarter.rules")
CALLS = {verb: (verb, WELL) for verb in ("restart", "try-restart", "reload", "reload-or-restart", "status")}
CALLS |= {"list": ("list",), "allowed": ("allowed",)}
POLICY = {f"policy {verb}": ("policy", verb) for verb in ("render", "apply", "table", "check", "wait")}
POLICY |= {"policy explain": ("policy", "explain", WELL)}
VERBS = CALLS | POLICY | {"log": ("log",), "check": ("check",), "passwd": ("passwd", "nobody-like-that")}
KINDS = {1: "failed", 2: "usage", 3: "refused", 4: "unavailable", 5: "unknown"}
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


def restartctl(*arguments, who=(), **options):
    return run(*who, "restartctl", *arguments, check=False, **options)


def sentences(done):
    """What a person reads: no line is there twice."""
    lines = [line.removeprefix("restartctl: ") for line in done.stderr.splitlines() if not line.startswith("Try ")]
    assert lines and len(set(lines)) == len(lines), done
    return lines


def assert_error(done, status):
    """One object, with the sentences that are on standard error too."""
    assert done.returncode == status, done
    error = json.loads(done.stdout)["error"]
    assert list(json.loads(done.stdout)) == ["error"] and set(error) == {"kind", "code", "message", "exit_status"}
    assert (error["kind"], error["exit_status"]) == (KINDS[status], status), done
    assert error["message"] == " ".join(sentences(done)), done
    return error


def assert_both(words, status, **options):
    """With JSON, and without: then nothing is on standard output."""
    plain = restartctl(*words, **options)
    assert (plain.returncode, plain.stdout) == (status, ""), plain
    sentences(plain)
    return assert_error(restartctl("--json=short", *words, **options), status)


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_options_that_are_none(words):
    """Before the verb, behind it, and before anybody came to read that JSON is wanted."""
    for line in (("--json", *words, "--no-such"), (*words, "--no-such", "--json"), ("--no-such", *words, "-j"), (*words, "-Zj")):
        assert assert_error(restartctl(*line), 2)["code"] == 0
    assert restartctl(*words, "--no-such").stdout == ""
    assert restartctl("--json=off", *words, "--no-such").stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("no-such-verb",),
        ("--socket",),
        ("policy",),
        ("policy", "no-such-verb"),
        ("policy", "render", "tea"),
        ("policy", "explain"),
        ("policy", "wait", "x"),
        ("policy", "apply", "x"),
        ("policy", "apply", "--force=x"),
        ("check", "x"),
        ("check", "--verb=tea"),
        ("list", "--state=tea"),
        ("list", "x" * 101),
        ("allowed", "x"),
        ("status",),
        ("restart",),
        ("restart", "--settle=x", WELL),
        ("restart", "--press=x", WELL),
        ("restart", "--reason=", WELL),
        ("log", "x"),
        ("log", "--lines=0"),
        ("log", "--since=tea"),
        ("passwd",),
        ("passwd", "no name"),
    ],
    ids=" ".join,
)
def test_command_lines(words):
    assert_both(words, 2)


@pytest.mark.parametrize("words", CALLS.values(), ids=CALLS)
def test_nobody_listens(words):
    assert "Nothing was done" in assert_both(("--socket=/run/no-such", *words), 4)["message"]


@pytest.mark.parametrize("words", VERBS.values(), ids=VERBS)
def test_not_allowed_to_ask(words):
    """Who is not in the group is told how to join it; who is not root, that it takes root."""
    if words == ("policy", "render"):
        pytest.skip("is for everybody")
    message = assert_both(words, 4, who=NOBODY)["message"]
    if words in CALLS.values() or words == ("log",):
        assert "As root, 'usermod -aG restarter-clients nobody'" in message
    else:
        assert "root" in message


@pytest.mark.parametrize("words", [words for words in CALLS.values() if len(words) > 1], ids=lambda words: words[0])
def test_refused(words):
    assert assert_both((words[0], "ssh.service"), 3)["code"] == 2


def test_the_record_is_refused():
    who = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--groups=restarter-clients")
    assert_both(("log",), 3, who=who)


def test_rule_by_hand():
    before = RULE.read_text()
    try:
        RULE.write_text("// by hand\n" + before)
        done = restartctl("--json", "policy", "apply", "--offline")
        assert done.returncode == 3 and '"kind": "refused"' in done.stdout
    finally:
        RULE.write_text(before)


def test_somebody_else_changes_the_users():
    with open("/etc/restarter/.users.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_both(("passwd", "anna"), 3, input="x\n", stdin=None)


def test_no_such_user():
    assert_both(("passwd", "--delete", "nobody-like-that"), 1)
    assert_both(("passwd", "anna"), 1)


@pytest.mark.parametrize("words", POLICY.values(), ids=POLICY)
def test_broken_policy(words):
    with tempfile.NamedTemporaryFile("w", dir="/etc/restarter", suffix=".conf") as draft:
        draft.write(BROKEN)
        draft.flush()
        pathlib.Path(draft.name).chmod(0o644)
        done = restartctl("--json", *words, f"--policy={draft.name}")
    if words[1] in ("check", "explain"):
        assert json.loads(done.stdout)[{"check": "findings", "explain": "locks"}[words[1]]], "that is what they are for"
    else:
        assert f"{draft.name}:2:" in assert_error(done, 1)["message"]


@contextlib.contextmanager
def broker_that_says(answer):
    path = "/run/restarter-tests/ctl-errors.sock"
    with liar.broker(path) as broker:
        broker.answer = answer
        yield f"--socket={path}"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"tea", liar.fault(liar.struct(faultCode="<int>12</int>", faultString="lost"))])
@pytest.mark.parametrize("words", CALLS.values(), ids=CALLS)
def test_outcome_not_learned(words, answer):
    """A restart is unknown, with the way to look; what only reads has done nothing."""
    changes = words[0] not in ("status", "list", "allowed")
    with broker_that_says(answer) as socket:
        error = assert_both((socket, *words), 5 if changes else 4)
    assert ("restartctl status" in error["message"]) == changes


@pytest.mark.parametrize("words", CALLS.values(), ids=CALLS)
def test_hostile_sentences(words):
    """One line, and no command to a terminal."""
    text = "one&#10;two" + liar.CONTROL
    with broker_that_says(liar.fault(liar.struct(faultCode="<int>2</int>", faultString=text))) as socket:
        error = assert_both((socket, *words), 3)
    assert error["message"].startswith("one two?2J?evil") and error["message"].isprintable()


def test_what_is_an_answer_stays_one(failing):
    """A job that failed, a broken policy file in a list: the verb's own JSON, and no second object."""
    done = restartctl("--json", "restart", failing.name)
    assert done.returncode == 1 and json.loads(done.stdout)["success"] is False and done.stderr == ""


def test_a_value_that_looks_like_the_option():
    done = restartctl("restart", "--reason", "--json", "ssh.service")
    assert done.returncode == 3 and done.stdout == ""
