"""XML-RPC over TCP and over the broker's Unix sockets: Python's own xmlrpc.client, and calls byte by byte."""
import http.client
import socket
import xmlrpc.client

from . import web

CLIENTS = "/run/restarter/broker.sock"
WEB = "/run/restarter/web.sock"
WEB_PROXY = "/run/restarter/web-proxy.sock"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=web.PATIENCE):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path, headers=()):
        super().__init__(headers=headers)
        self.path = path

    def make_connection(self, host):
        return UnixConnection(self.path)


def over_tcp():
    # The encoding makes Python write everything beyond ASCII as character references.
    return xmlrpc.client.ServerProxy(f"http://{web.HOST}:{web.PORT}/RPC2", encoding="us-ascii")


def over_unix(path=CLIENTS, headers=()):
    return xmlrpc.client.ServerProxy(
        "http://localhost/RPC2", UnixTransport(path, headers), encoding="us-ascii"
    )


def fault_of(function, *arguments):
    """The fault that the call is answered with."""
    try:
        value = function(*arguments)
    except xmlrpc.client.Fault as fault:
        return fault
    raise AssertionError(f"no fault but {value!r}")


def post(path, body, headers=None, target="/RPC2", method="POST"):
    """One HTTP request over a Unix socket, with whatever body."""
    connection = UnixConnection(path)
    try:
        return web.converse(connection, method, target, body, {"Content-Type": "text/xml", **(headers or {})})
    finally:
        connection.close()


def open_socket(path, timeout=5):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def raw(path, data, timeout=web.PATIENCE):
    """Sends the bytes, and returns what comes back until the connection is closed."""
    with open_socket(path, timeout) as connection:
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return web.receive_all(connection)


def call(method, *parameters):
    """A call as bytes, ASCII only."""
    return xmlrpc.client.dumps(parameters, method).encode("us-ascii", "xmlcharrefreplace")


def value_of(answer):
    """The value in a 200 answer; raises the fault in it."""
    assert answer.status == 200, answer
    (value,), _ = xmlrpc.client.loads(answer.body)
    return value


def code_of(answer):
    """0 for an answer that says something, or its fault's code."""
    try:
        return 0 if value_of(answer) else None
    except xmlrpc.client.Fault as fault:
        return fault.faultCode
