"""SECURITY.md names the test that shows each promise: a promise whose test is gone is none."""
import pathlib
import re

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", (TREE / "SECURITY.md").read_text())))


def find(file):
    return next((TREE / folder / file for folder in ("tests/machine", "tests/browser")
                 if (TREE / folder / file).exists()), None)


def test_it_names_tests():
    assert len(NAMED) > 40


@pytest.mark.parametrize("file, test", NAMED)
def test_named_test_is_there(file, test):
    path = find(file)
    assert path, f"there is no {file}"
    assert re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE)


def test_each_lock_has_tests():
    rows = re.findall(r"^\| ([1-6]) \|.*$", (TREE / "SECURITY.md").read_text(), re.MULTILINE)
    assert rows == list("123456")
