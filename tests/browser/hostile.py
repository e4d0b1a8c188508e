"""A site of somebody else's, whose pages a reader of ours has open in another tab."""
import contextlib
import http.server
import pathlib
import threading

HOSTS = pathlib.Path("/etc/hosts")
NAME = "evil.test"


class _Pages(http.server.BaseHTTPRequestHandler):
    """Of all sites: a browser connects ahead of time, and may be heard by a thread of the site before."""

    page = ""

    def do_GET(self):
        page = _Pages.page if self.path == "/" else None
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len((page or "").encode())))
        self.send_header("Connection", "close")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def resolving(*lines):
    """Names, as /etc/hosts has them, for a while."""
    before = HOSTS.read_text(encoding="ascii")
    others = [line for line in before.splitlines() if NAME not in line]
    HOSTS.write_text("\n".join([*others, *lines]) + "\n", encoding="ascii")
    try:
        yield
    finally:
        HOSTS.write_text(before, encoding="ascii")


class Site:
    """Serves the page. close() before its end is what rebinding begins with."""

    def __init__(self, page, address, port):
        self.address = f"http://{NAME}:{port}/"
        self.server = http.server.ThreadingHTTPServer((address, port), _Pages)
        _Pages.page = page
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()


@contextlib.contextmanager
def site(page, address="127.0.0.2", port=9000):
    """The site, with that page in it."""
    with resolving(f"{address} {NAME}"):
        there = Site(page, address, port)
        try:
            yield there
        finally:
            there.close()
