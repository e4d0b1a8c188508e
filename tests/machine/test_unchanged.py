"""Who has a list already, and asks with its tag, is sent it again when it says something else: with curl, as a script does."""
import time

import pytest

from helpers import web
from helpers.system import WELL, ready, run, systemctl, unit, wait_for

pytestmark = pytest.mark.once

KEPT_SECONDS = 0.3
ADDRESSES = ("/api/instances", "/api/instances?q=example&limit=2", "/", "/?q=example&state=running", "/api")


@pytest.fixture
def fetch(tmp_path):
    """Its status: a new answer, and its tag, replace those that are kept."""

    def call(path, *options):
        files = ("--etag-compare", tmp_path / "tag", "--etag-save", tmp_path / "tag", "-o", tmp_path / "answer")
        done = run("curl", "-sS", "-w", "%{http_code}", *files, *options, f"http://127.0.0.1:{web.PORT}{path}")
        return int(done.stdout)

    return call


def is_at_rest(fetch, path):
    """Nothing has changed for longer than a list is kept."""
    before = fetch(path)
    time.sleep(KEPT_SECONDS)
    return before == fetch(path) == 304


@pytest.mark.parametrize("path", ADDRESSES)
def test_it_is_sent_once(fetch, tmp_path, path):
    ready(WELL)
    wait_for(lambda: is_at_rest(fetch, path), "nothing changes any more")
    kept = (tmp_path / "answer").read_bytes()
    assert fetch(path) == 304 and (tmp_path / "answer").read_bytes() == kept
    assert fetch(path, "-H", "Accept-Language: de", "-H", "Accept: text/html") == (304 if path.startswith("/api") else 200)


@pytest.mark.parametrize("path", ADDRESSES[:-1])
def test_it_is_sent_again(fetch, path):
    ready(WELL)
    # Not "restart": two of them in one second leave the same list behind.
    for verb in ("stop", "start"):
        wait_for(lambda: fetch(path) == 304, "nothing changes any more")
        systemctl(verb, unit(WELL))
        wait_for(lambda: fetch(path) == 200, "it is told")
    wait_for(lambda: fetch(path) == 304, "and then nothing changes any more")


def test_headers():
    for path in ADDRESSES:
        answer = web.get(path)
        tag = answer.headers["ETag"]
        unchanged = web.request("GET", path, headers={"If-None-Match": tag})
        if unchanged.status == 200:
            continue  # something has changed just now
        assert unchanged.status == 304 and unchanged.body == b"", unchanged
        for name in ("ETag", "Cache-Control", "Vary"):
            assert unchanged.headers[name] == answer.headers[name], name
        assert "no-store" in answer.headers["Cache-Control"] and "Cookie" in answer.headers["Vary"]
