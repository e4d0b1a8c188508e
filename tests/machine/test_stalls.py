"""What the tests do when polkitd stalls; see helpers/stalls.py. That it did is a fake: the real one cannot be made to."""
import pathlib
import subprocess
import sys

import pytest

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
