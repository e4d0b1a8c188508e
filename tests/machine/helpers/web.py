"""The web front as its clients see it: http.client for the polite ones, raw bytes for the others."""
import concurrent.futures
import contextlib
import http.client
import json
import socket
import time
import urllib.parse

HOST, PORT = "127.0.0.1", 8080
JSON, HTML = "application/json", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
FORM = "application/x-www-form-urlencoded"
PATIENCE = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def retry_after(self):
        return int(self.headers["Retry-After"])

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


def converse(connection, method, path, body, headers):
    """One request on a connection of http.client's. Who is refused before all is sent gets an answer, too."""
    try:
        connection.request(method, path, body, headers)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


def request(method, path, body=None, headers=None, timeout=PATIENCE):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=timeout)
    try:
        return converse(connection, method, path, body, headers or {})
    finally:
        connection.close()


def get(path, accept=None, **options):
    return request("GET", path, headers={"Accept": accept} if accept else {}, **options)


def form(service_id):
    """The form's body; bytes are taken as they are, and every byte is escaped that may be."""
    return "service_id=" + urllib.parse.quote(service_id, safe="")


def click(service_id, accept=JSON, headers=None, body=None, timeout=PATIENCE):
    """What the button does: posts the form."""
    all_headers = {"Content-Type": FORM, "Accept": accept, **(headers or {})}
    return request("POST", "/restart", form(service_id) if body is None else body, all_headers, timeout)


def follow(answer, accept=HTML):
    """Where a browser goes after a press."""
    assert answer.status == 303, answer
    return get(answer.headers["Location"], accept=accept)


def connect(timeout=PATIENCE):
    return socket.create_connection((HOST, PORT), timeout=timeout)


def receive_all(connection):
    """Everything until the other side closes; a reset counts as the end."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def raw(data, timeout=PATIENCE):
    """Sends the bytes and returns all that comes back until the connection is closed."""
    with connect(timeout) as connection:
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return receive_all(connection)


def raw_first(data, timeout=PATIENCE):
    """As raw(), but does not wait for the close: returns the first answer's head."""
    with connect(timeout) as connection:
        connection.sendall(data)
        return receive_head(connection)


def receive_head(connection):
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
    return received


def status_of(data):
    """The status of the answer at the front of the bytes; 0 when there is none."""
    return int(data[9:12]) if data.startswith(b"HTTP/1.") else 0


def answers_in(data):
    return data.count(b"HTTP/1.")


def seconds(function, *arguments):
    """How long it took, and what it returned."""
    begin = time.monotonic()
    result = function(*arguments)
    return time.monotonic() - begin, result


def at_once(functions, threads=None):
    """Calls all of them at the same time, each in a thread of its own, or so many at a time; returns their results in order."""
    with concurrent.futures.ThreadPoolExecutor(threads or len(functions)) as pool:
        return [f.result() for f in [pool.submit(f) for f in functions]]


@contextlib.contextmanager
def held(count, opener=connect):
    """Up to so many connections that are opened and then say nothing."""
    connections = []
    try:
        for _ in range(count):
            try:
                connections.append(opener())
            except OSError:
                break
        yield connections
    finally:
        for connection in connections:
            connection.close()
