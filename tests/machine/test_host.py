"""A name that is not ours: nothing of the machine is told, also where the library or a clock answers."""
import itertools
import socket

import pytest

from helpers import web
from helpers.system import WEBFRONT, main_pid, run, systemctl

SECRET = "secret-machine-7"
OURS = "127.0.0.1:8080"
HOSTS = (OURS, "evil.example", "127.0.0.1.evil.example", None, "", (OURS, "evil.example"), ("evil.example", OURS), "[::1")
ACCEPTS = ("text/html", "application/json", "text/plain", None)
REFUSED = {
    "not found": b"GET /nothing HTTP/1.1\r\n%s\r\n",
    "method": b"DELETE / HTTP/1.1\r\n%s\r\n",
    "length": b"POST /restart HTTP/1.1\r\n%sContent-Length: 99999\r\n\r\n",
    "two lengths": b"POST /restart HTTP/1.1\r\n%sContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "chunked": b"POST /restart HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "media type": b"POST /restart HTTP/1.1\r\n%sContent-Length: 2\r\n\r\nxx",
    "other site": b"POST /restart HTTP/1.1\r\n%sOrigin: http://evil.example\r\nContent-Length: 2\r\n\r\nxx",
    "headers": b"GET / HTTP/1.1\r\n%sX: " + b"x" * 9000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n%s" + b"X: x\r\n" * 3000 + b"\r\n",
    "request line": b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n%s\r\n",
    "version": b"GET / HTTP/3.7\r\n%s\r\n",
    "no version": b"GET /\r\n%s\r\n",
    "senseless": b"\x00\x01\x02\r\n%s\r\n",
    "folded": b"GET / HTTP/1.1\r\n%sX: a\r\n b\r\n\r\n",
    "space before colon": b"GET / HTTP/1.1\r\n%sX : a\r\n\r\n",
}


@pytest.fixture(scope="module", autouse=True)
def name():
    before = socket.gethostname()
    run("hostname", SECRET)
    systemctl("stop", WEBFRONT)
    yield
    run("hostname", before)
    systemctl("stop", WEBFRONT)


def headers(host, accept):
    hosts = () if host is None else host if isinstance(host, tuple) else (host,)
    lines = [f"Host: {h}\r\n" for h in hosts] + ([f"Accept: {accept}\r\n"] if accept else [])
    return "".join([*lines, "Connection: close\r\n"]).encode()


def test_our_own_page_has_it():
    assert SECRET in web.get("/", accept="text/html").text


@pytest.mark.parametrize("request_bytes", REFUSED.values(), ids=REFUSED.keys())
def test_refused_early(request_bytes):
    pid = None
    for host, accept in itertools.product(HOSTS, ACCEPTS):
        answer = web.raw(request_bytes.replace(b"%s", headers(host, accept)))
        assert answer == b"" or web.status_of(answer) >= 200
        pid = pid or main_pid(WEBFRONT)
        if host == OURS:
            continue  # Debian 12's library takes a folded header, and a space before its colon
        assert web.status_of(answer) >= 400 or answer == b"", answer
        assert SECRET.encode() not in answer, (host, accept, answer)
    assert main_pid(WEBFRONT) == pid


def test_too_slow():
    """Each says the half of a request, and is answered 408 when its time is up."""

    def ask(host, accept):
        return lambda: web.raw(b"POST /restart HTTP/1.1\r\n%sContent-Length: 9\r\n\r\nx" % headers(host, accept))

    answers = web.at_once([ask(h, a) for h, a in itertools.product(HOSTS[:4], ACCEPTS)])
    assert {web.status_of(a) for a in answers} <= {400, 408, 421}
    assert any(web.status_of(a) == 408 for a in answers)
    assert not any(SECRET.encode() in a for a in answers)
