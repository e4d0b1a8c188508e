"""A broker that lies: it listens where a client of the broker's will look, and answers with whatever bytes the test
hands it. And the values that a liar may think of, by type and place."""
import contextlib
import os
import pathlib
import socket
import threading

from . import rpc

CONTROL = "&#155;2J&#8238;evil&#8294;&#9;&#10;&#127;"
NUMBERS = ("", "0", "-1", " 1", "+1", "1.5", "0x10", "A", "inf", "nan", "1e999", "2147483647", "-2147483648", "2147483648")
NUMBERS += ("9223372036854775807", "9223372036854775808", "9" * 400)
TEXTS = ("", "1234", CONTROL, "x" * 9000, "&amp;&lt;", "&#233;&#8364;", "&#0;", "&#27;[2J", "&#65534;", "&#1114111;")
TEXTS += ("&#1114112;", "&#55296;", "&undefined;", "%s%n", "]]>")
MOMENTS = ("", "19980717T14:08:55", "99999999T99:99:99", "00000000T00:00:00", "inf")
BYTES = ("", "MTIzNA==", "!!!!", "=", "A" * 9000)

# What a broker says of a restart.
RESTART = {
    "success": "<boolean>1</boolean>",
    "message": "fine",
    "unit": "example@1234.service",
    "result": "done",
    "active_state": "active",
    "sub_state": "running",
    "service_result": "success",
    "exec_main_status": "<int>0</int>",
    "main_pid": "<int>7</int>",
    "milliseconds": "<int>7</int>",
    "callers": "<int>1</int>",
}


def leaves():
    """One value of each type, and at its edges."""
    for name in ("int", "i4", "i1", "i2", "i8", "ex:i8", "boolean", "double", "float", "ex:float"):
        yield from (f"<{name}>{n}</{name}>" for n in NUMBERS)
    yield from (f"<string>{t}</string>" for t in TEXTS)
    yield from TEXTS
    yield from (f"<dateTime.iso8601>{m}</dateTime.iso8601>" for m in MOMENTS)
    yield from (f"<base64>{b}</base64>" for b in BYTES)
    yield from ("<nil/>", "<ex:nil/>", "<bigdecimal>1</bigdecimal>", "<string/>", "<int/>", "<double/>", "<unknown/>")


def struct(**members):
    return "<struct>" + "".join(f"<member><name>{n}</name><value>{v}</value></member>" for n, v in members.items()) + "</struct>"


def array(*items):
    return "<array><data>" + "".join(f"<value>{i}</value>" for i in items) + "</data></array>"


def odd_shapes():
    yield from (array(), struct(), "<array/>", "<struct/>", "<array><data/></array>", "<data/>", "<array><value/></array>")
    yield "<struct><member/></struct>"
    yield "<struct><member><name>a</name></member></struct>"
    yield "<struct><member><value>a</value></member></struct>"
    yield "<struct>" + "<member><name>a</name><value>1</value></member>" * 2 + "</struct>"
    yield "<struct><member><name>&#10;</name><value>1</value></member></struct>"
    for depth in (10, 14, 15, 16, 60):
        yield "<array><data><value>" * depth + "</value></data></array>" * depth
        yield "<struct><member><name>a</name><value>" * depth + "</value></member></struct>" * depth


def values():
    """Each leaf by itself, in an array, in a struct, and in one of the other."""
    for leaf in leaves():
        yield from (leaf, array(leaf), struct(a=leaf), array(struct(a=array(leaf))))
    yield from odd_shapes()


def response(value):
    return f"<methodResponse><params><param><value>{value}</value></param></params></methodResponse>".encode()


def fault(value):
    return f"<methodResponse><fault><value>{value}</value></fault></methodResponse>".encode()


class Broker:
    """Answers each call with `self.answer`: the bytes of a body, or of a whole HTTP answer when they begin like one."""

    def __init__(self, path):
        self.answer = b""
        self.calls = 0
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        os.chmod(path, 0o666)
        self.listener.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._read(connection)
                self.calls += 1
                connection.sendall(self._bytes())

    @staticmethod
    def _read(connection):
        connection.settimeout(10)
        received = b""
        while b"</methodCall>" not in received and (chunk := connection.recv(65536)):
            received += chunk

    def _bytes(self):
        if self.answer.startswith(b"HTTP/"):
            return self.answer
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        return head % len(self.answer) + self.answer

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextlib.contextmanager
def broker(path):
    """For a client that is told where to look."""
    pathlib.Path(path).unlink(missing_ok=True)
    liar = Broker(path)
    try:
        yield liar
    finally:
        liar.close()
        pathlib.Path(path).unlink(missing_ok=True)


@contextlib.contextmanager
def behind_webfront():
    """In the place of the broker's socket for the web front, which sees the folder that it is in. The caller sees to it
    that the real one is stopped."""
    path = pathlib.Path(rpc.WEB).with_name("web") / "web.sock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with broker(path) as liar:
        yield liar
