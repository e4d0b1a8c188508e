"""The door for reverse proxies: as the proxy that sits in front of it, and as those who only pretend to."""
import contextlib
import http.client
import socket

from . import web
from .system import forget_failed, systemctl

SOCKET = "restarter-webfront-proxy.socket"
SERVICE = "restarter-webfront-proxy.service"
PATH = "/run/restarter/proxy.sock"
BROKERS = "/run/restarter/web-proxy.sock"


@contextlib.contextmanager
def door():
    """It is open for a while."""
    systemctl("start", SOCKET)
    try:
        yield
    finally:
        systemctl("stop", SOCKET, SERVICE)
        forget_failed(SOCKET, SERVICE)


class Connection(http.client.HTTPConnection):
    def __init__(self, timeout=web.PATIENCE):
        super().__init__("localhost", timeout=timeout)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(PATH)


def named(user, groups=None):
    """Headers, as the proxy sets them."""
    return {"Remote-User": user, **({"Remote-Groups": groups} if groups is not None else {})}


def request(method, path, body=None, headers=None):
    connection = Connection()
    try:
        return web.converse(connection, method, path, body, headers or {})
    finally:
        connection.close()


def get(path, user, groups=None, accept=web.JSON):
    return request("GET", path, None, {"Accept": accept, **named(user, groups)})


def click(name, user, groups=None, headers=None):
    all_headers = {"Content-Type": web.FORM, "Accept": web.JSON, **named(user, groups), **(headers or {})}
    return request("POST", "/restart", web.form(name), all_headers)


def raw(headers):
    """What is answered to a GET with these header lines."""
    lines = ["GET /api/instances HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(web.PATIENCE)
        connection.connect(PATH)
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        return web.receive_all(connection)
