"""nginx of Debian that asks a service who is there at each request, with the configuration that docs/examples has for it."""
import contextlib
import http.server
import threading

import pytest

from helpers import front, team, web
from helpers.front import curl

# What the service knows of each of its sessions: a name and groups, as headers.
SESSIONS = {
    "a": [("X-Auth-Request-User", "anna")],
    "b": [("X-Auth-Request-User", "bob"), ("X-Auth-Request-Groups", "ops,staff")],
    "odd": [("X-Auth-Request-User", "an:na")],
    "long": [("X-Auth-Request-User", "a" * 300)],
    "crowd": [("X-Auth-Request-User", "anna"), ("X-Auth-Request-Groups", ",".join(f"g{n}" for n in range(65)))],
    "nobody": [],
}


class Service(http.server.BaseHTTPRequestHandler):
    """Stands for oauth2-proxy: a session is a cookie."""

    def do_GET(self):
        session = self.headers.get("Cookie", "").removeprefix("session=")
        if self.path == "/oauth2/auth":
            self.send_response(202 if session in SESSIONS else 401)
            for name, value in SESSIONS.get(session, []):
                self.send_header(name, value)
        else:
            self.send_response(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"sign in")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def service():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 4180), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", autouse=True)
def example():
    with service(), team.at_work(), front.installed("nginx-auth-request.conf"):
        yield


def session(word):
    return ("--cookie", f"session={word}")


def test_each_sees_and_presses_their_own():
    assert team.of(front.listed(*session("a"))) == {"team@anna.service"}
    assert team.of(front.listed(*session("b"))) == {"team@bob.service", "together.service"}
    assert front.click("team@anna.service", *session("a")).json["success"] is True
    assert front.click("together.service", *session("b")).json["success"] is True
    for name in ("team@bob.service", "together.service"):
        assert front.click(name, *session("a")).status == 403


@pytest.mark.parametrize("headers", [["Remote-User: bob"], ["Remote-Groups: staff"], ["X-Auth-Request-User: bob"], ["Remote_User: bob"]])
def test_nothing_forged_passes(headers):
    options = [part for header in headers for part in ("--header", header)]
    assert team.of(front.listed(*session("a"), *options)) == {"team@anna.service"}
    assert front.click("team@bob.service", *session("a"), *options).status == 403


def test_who_is_not_logged_in():
    """Is shown where to do that, whatever was asked for; nothing of ours is asked."""
    for answer in (curl("/"), curl("/api/instances", *session("x")), curl("/restart", "--data", web.form("team@anna.service"))):
        assert answer.text == "sign in"


@pytest.mark.parametrize("word", ["odd", "long", "crowd", "nobody"])
def test_what_the_service_says_has_to_make_sense(word):
    answer = curl("/api/instances", *session(word))
    assert answer.status == 400 and "reverse proxy" in answer.text
