"""Whatever stands at a broker's socket that is none, or no longer one: a proxy that answers by itself, a page, a flood, bytes of
another protocol. restartctl says what came, and from where; a restart is never called a success for it, and whether it is
called unknown goes by what is certain."""
import contextlib
import json
import pathlib
import threading

import pytest

from helpers import liar
from helpers.system import run

pytestmark = pytest.mark.once
SOCKET = "/run/restarter-tests/far.sock"
WHO = f"The broker at {SOCKET} "
GOOD = liar.response(liar.struct(**liar.RESTART))
HTML = b"<html><body><h1>Bad Gateway</h1>\nThe server returned an invalid answer.\n</body></html>\n"
NO_SENSE, SILENT = "gave an answer that makes no sense.", "took the call and did not answer."
FLOOD, NO_HTTP = "took the call, and answered without end.", "took the call, and what came back is no HTTP."
UNKNOWN, UNAVAILABLE, REFUSED = 5, 4, 3


def http(status, body, *headers, length=True):
    lines = [f"HTTP/1.1 {status} Word", *headers, *([f"Content-Length: {len(body)}"] if length else []), "", ""]
    return "\r\n".join(lines).encode() + body


def sized(*headers):
    return http(200, GOOD, *headers, length=False)


class Endless(bytes):
    """These, and then the last of them for as long as somebody takes them."""

    more = b""

    @classmethod
    def made(cls, first, more):
        made = cls(first)
        made.more = more * (1 + 65536 // len(more))
        return made


CHUNKED = "Transfer-Encoding: chunked"
ENDS = {
    # A proxy's own answers.
    "a page with 200": (http(200, HTML, "Content-Type: text/html"), UNKNOWN, NO_SENSE),
    "a page with 502": (http(502, HTML), UNKNOWN, "answered with HTTP 502."),
    "a page with 503": (http(503, HTML), UNAVAILABLE, "refused the call (HTTP 503)."),
    "a page with 504": (http(504, HTML), UNKNOWN, "answered with HTTP 504."),
    "words with 503": (http(503, b"Nobody is there."), UNAVAILABLE, "refused the call (HTTP 503): Nobody is there."),
    "words with 403": (http(403, b"Not you\nnor him"), REFUSED, "refused the call (HTTP 403): Not you."),
    **{f"{n}": (http(n, b"", "Location: /x"), UNKNOWN, f"answered with HTTP {n}.") for n in (301, 302, 303, 307, 308)},
    **{f"{n}": (http(n, GOOD), UNKNOWN, None) for n in ("000", 20, 206, 500, 501, 999)},
    **{f"{n} first": (http(n, b"", length=False) + http(200, GOOD), UNKNOWN, f"answered with HTTP {n}.") for n in (100, 101, 103, 204, 304)},
    # Of some length or other.
    "503 of 10 MB": (http(503, b"x" * 10_000_000), UNAVAILABLE, f"refused the call (HTTP 503): {'x' * 300}."),
    "502 of 10 MB": (http(502, b"x" * 10_000_000), UNKNOWN, f"answered with HTTP 502: {'x' * 300}."),
    "200 of 10 MB": (http(200, b"x" * 10_000_000), UNKNOWN, FLOOD),
    "503 without end": (Endless.made(http(503, b"", CHUNKED, length=False), b"1000\r\n" + b"x" * 4096 + b"\r\n"), UNAVAILABLE, None),
    "200 without end": (Endless.made(http(200, b"", CHUNKED, length=False), b"1000\r\n" + b"x" * 4096 + b"\r\n"), UNKNOWN, FLOOD),
    "trailers without end": (Endless.made(http(200, b"0\r\n", CHUNKED, length=False), b"a: b\r\n"), UNKNOWN, None),
    "chunk's words without end": (Endless.made(http(200, b"5;", CHUNKED, length=False), b"a"), UNKNOWN, None),
    "headers without end": (Endless.made(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), UNKNOWN, None),
    "a header without end": (Endless.made(b"HTTP/1.1 200 OK\r\nA: ", b"b"), UNKNOWN, None),
    "blank lines without end": (Endless.made(b"", b"\r\n"), UNKNOWN, None),
    "zeros without end": (Endless.made(b"", b"\0"), UNKNOWN, None),
    "two lengths": (sized("Content-Length: 3", f"Content-Length: {len(GOOD)}"), UNKNOWN, NO_HTTP),
    "one length twice": (sized(*[f"Content-Length: {len(GOOD)}"] * 2), UNKNOWN, NO_HTTP),
    "a length and chunks": (http(200, b"0\r\n\r\n", CHUNKED), UNKNOWN, NO_HTTP),
    **{f"length {n!r}": (sized(f"Content-Length: {n}"), UNKNOWN, NO_HTTP) for n in ("-1", "+5", "9" * 30, "5, 5", "0x5", "")},
    **{f"chunk {n!r}": (http(200, n + b"\r\n", CHUNKED, length=False), UNKNOWN, None) for n in (b"zz", b"-1", b"f" * 20)},
    "packed": (http(200, b"\x1f\x8b\x08\0\0\0\0\0", "Content-Encoding: gzip"), UNKNOWN, NO_SENSE),
    # Cut off.
    "nothing": (b"", UNKNOWN, SILENT),
    "half a head": (b"HTTP/1.1 200 OK\r\nConte", UNKNOWN, SILENT),
    "half an answer": (http(200, GOOD)[:-10], UNKNOWN, SILENT),
    "half an answer of no length": (b"HTTP/1.0 200 OK\r\n\r\n" + GOOD[:-30], UNKNOWN, NO_SENSE),
    # Other protocols.
    "no head": (GOOD, UNKNOWN, NO_HTTP),
    "TLS": (b"\x15\x03\x03\x00\x02\x02\x28", UNKNOWN, NO_HTTP),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", UNKNOWN, NO_HTTP),
    "HTTP/2": (b"\0\0\x12\4\0\0\0\0\0", UNKNOWN, NO_HTTP),
    "a bridge": (b"restarter-bridge 1\n" + http(200, GOOD), UNKNOWN, NO_HTTP),
    # Terminals obey some of it.
    "commands": (http(403, b"\x1b]0;evil\x07\xc2\x9b2J\0hidden"), REFUSED, None),
}


class Flooder(liar.Broker):
    """Sends without end what has none."""

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):
            self._read(connection)
            connection.sendall(self.answer)
            while isinstance(self.answer, Endless):
                connection.sendall(self.answer.more)

    def _bytes(self):
        return self.answer


@pytest.fixture(scope="module")
def there():
    path = pathlib.Path(SOCKET)
    path.unlink(missing_ok=True)
    flooder = Flooder(SOCKET)
    yield flooder
    flooder.close()
    path.unlink()


def restartctl(*arguments):
    return run("restartctl", "--socket", SOCKET, *arguments, check=False)


@pytest.mark.parametrize("end", ENDS)
def test_each_end(there, end):
    there.answer, status, words = ENDS[end]
    restart = restartctl("restart", "1234")
    assert (restart.returncode, restart.stdout) == (status, ""), restart
    first, *more = restart.stderr.splitlines()
    assert first.startswith(WHO) and first.isprintable() and len(first) < 500, restart
    assert words is None or first == WHO + words, restart
    assert ("--press=" in restart.stderr) == (status == UNKNOWN), restart
    assert len(more) == (2 if status == UNKNOWN else 0), restart
    # What only reads has done nothing.
    read = restartctl("--json=short", "status", "1234")
    assert read.returncode == (UNAVAILABLE if status == UNKNOWN else status), read
    assert json.loads(read.stdout)["error"]["message"].startswith(WHO), read
