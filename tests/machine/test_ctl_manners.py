"""restartctl as people know systemctl: help for each verb, colours on a terminal alone, and what can be left away; and what
--help, the manual and the completions say of verbs is the same."""
import os
import pathlib
import pty
import re
import subprocess

import pytest

from helpers.system import WELL, run, unit

pytestmark = pytest.mark.once

TREE = pathlib.Path(__file__).resolve().parents[2]
GREEN = "\x1b[32m"


def in_a_terminal(*command, **environment):
    """What is written to a terminal, and the exit status."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(os.environ) | environment)
    os.close(theirs)
    text = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(ours)
    return text.decode(), process.wait(60)


def verbs():
    """Those of --help."""
    return list(dict.fromkeys(re.findall(r"^  ([a-z][a-z-]*) ", run("restartctl", "--help").stdout, re.M)))


def test_help_of_each_verb():
    """It is a part of the whole, and nothing is done, whatever else is on the line."""
    assert len(verbs()) > 10
    whole = run("restartctl", "--help").stdout.splitlines()
    for verb in verbs():
        for line in ((verb, "--help"), (verb, "-h"), (verb, "x", "--no-such", "--help"), ("--json", verb, "--help")):
            done = run("restartctl", *line)
            first, _, *lines, _, _ = done.stdout.splitlines()
            assert first == f"Usage: restartctl [OPTION...] {verb} ..." and done.stderr == ""
            assert lines and set(lines) <= set(whole) and any(row.startswith(f"  {verb} ") for row in lines), done
    assert run("restartctl", "tea", "--help", check=False).returncode == 2


def test_everybody_knows_the_same_verbs():
    bash = set(
        re.search(r'"list allowed .*?"', (TREE / "cli/completion/restartctl.bash").read_text())[0].strip('"').split()
    )
    zsh = set(re.findall(r"^        '([a-z-]+):", (TREE / "cli/completion/_restartctl").read_text(), re.M))
    manual = (TREE / "docs/restartctl.1.scd").read_text().split("# SYNOPSIS")[1].split("# DESCRIPTION")[0]
    named = set(re.findall(r"[*|]([a-z][a-z-]*)\*", manual.replace("*restartctl*", "")))
    for verb in verbs():
        assert verb in bash and verb in zsh and verb in {word.split()[0] for word in named} | set(re.findall(r"\*([a-z]+) ", manual)), verb
    assert bash == set(verbs())


@pytest.mark.parametrize("words", [("list", unit(WELL)), ("status", WELL)])
def test_colours(words):
    """On a terminal, unless somebody does not want them; and in no pipe."""
    assert GREEN + "active" in in_a_terminal("restartctl", *words, TERM="xterm")[0]
    for environment in ({"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}):
        assert "\x1b" not in in_a_terminal("restartctl", *words, **environment)[0]
    assert GREEN in in_a_terminal("restartctl", *words, NO_COLOR="", TERM="xterm")[0]
    assert "\x1b" not in run("restartctl", *words).stdout
    assert "\x1b" not in in_a_terminal("restartctl", "--json", *words, TERM="xterm")[0]


def test_no_legend():
    assert " units: " in in_a_terminal("restartctl", "list")[0]
    for line in (("--no-legend", "list"), ("list", "--no-legend")):
        assert " units: " not in in_a_terminal("restartctl", *line)[0]


def test_no_pager():
    marker = {"SYSTEMD_PAGER": "sed s/^/PAGED/"}
    run("restartctl", "restart", WELL)
    assert "PAGED" in in_a_terminal("restartctl", "log", "--lines=1", **marker)[0]
    for line in (("--no-pager", "log", "--lines=1"), ("log", "--no-pager", "--lines=1")):
        text, status = in_a_terminal("restartctl", *line, **marker)
        assert status == 0 and "PAGED" not in text and unit(WELL) in text
