"""The tests' own: a browser that ends takes the test with it in which it does, and none of those that come after."""
import pytest
from conftest import FIREFOX, WITH, browser, without_the_gone


@pytest.mark.parametrize("kind", [WITH, FIREFOX])
def test_another_one_is_started(started, kind):
    gone = browser(started, kind)
    without_the_gone(started)
    assert started[kind] is gone
    others = set(started) - {kind}
    process = gone.process if kind == FIREFOX else gone.service.process
    process.kill()
    process.wait()
    without_the_gone(started)
    assert set(started) == others
