"""What the tests do when polkitd stalls; see helpers/stalls.py. It cannot be made to: a rule that is slow has it write the
same words, and in the tests of what comes of them they are a fake."""
import pathlib
import subprocess
import sys
import time

import pytest

from helpers import stalls
from helpers.system import run, systemctl, wait_for

pytestmark = pytest.mark.once

FAILS_ONCE = """
import pathlib

import pytest

MADE = pathlib.Path(__file__).with_name("made")


@pytest.fixture
def one_more():
    yield MADE.write_text("x" + (MADE.read_text() if MADE.exists() else ""))


def test_it(one_more):
    assert MADE.read_text() == "xx"
"""


@pytest.mark.parametrize("stalled, made, passed", [(True, "xx", True), (False, "x", False)])
def test_made_once_more(tmp_path, stalled, made, passed):
    (tmp_path / "conftest.py").write_text(f"from helpers import stalls\n\nstalls.seen_since = lambda _moment: {stalled}\n")
    (tmp_path / "test_it.py").write_text(FAILS_ONCE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "helpers.stalls", tmp_path],
        cwd=pathlib.Path(__file__).parent, capture_output=True, text=True, check=False,
    )
    assert (tmp_path / "made").read_text() == made
    assert ("1 passed" in done.stdout, "1 failed" in done.stdout) == (passed, not passed), done.stdout
    assert ("polkitd stalled: once more" in done.stdout) == stalled


ACTION = "org.freedesktop.systemd1.reload-daemon"
SLOW = """polkit.addRule(function (action, subject) {
    for (var i = 0; i < 3 && action.id == "%s"; i++)
        polkit.spawn(["sleep", "8"]);
});
""" % ACTION


@pytest.fixture
def slow_rule():
    rule = pathlib.Path("/etc/polkit-1/rules.d/00-slow.rules")
    rule.write_text(SLOW)
    systemctl("restart", "polkit.service")
    yield
    rule.unlink()
    systemctl("restart", "polkit.service")


def test_its_words(slow_rule):
    begin = time.time()
    assert not stalls.seen_since(begin)
    about_itself = f"exec pkcheck --action-id {ACTION} --process $$"
    run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c", about_itself, check=False)
    wait_for(lambda: stalls.seen_since(begin), "polkitd says that it ended a script", 5)
    assert not stalls.seen_since(time.time())
