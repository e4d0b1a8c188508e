"""What the other tests stand on: whoever clicks what leads to another page may ask for that page at once, or for a third one,
however long it takes to come; and what leads nowhere is over at once."""
import http.server
import threading
import time

import pytest
from conftest import ADDRESS, EVERYWHERE
from pages import find
from selenium.webdriver.common.keys import Keys

pytestmark = EVERYWHERE

START = """<!doctype html><title>start</title>
<p><a id="link" href="/next">link</a></p>
<form action="/next"><input id="field" name="x" value="1"><button id="button">send</button></form>
<form action="/next" method="post"><input id="empty" name="y" required><button id="refused">send</button></form>"""


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        start = self.path == "/"
        if not start:
            time.sleep(0.3)  # longer than a driver waits for a page of which it has not heard yet
        page = START if start else "<!doctype html><title>next</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def slow_site():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def click(driver, what):
    find(driver, what).click()


def enter(driver, what):
    find(driver, what).send_keys(Keys.ENTER)


def test_next_page_is_there(driver, slow_site):
    for act, what in ((click, "#link"), (click, "#button"), (enter, "#field"), (enter, "#button")):
        driver.get(slow_site)
        act(driver, what)
        assert driver.title == "next", (act, what)
        driver.get(slow_site)
        act(driver, what)
        driver.get(ADDRESS)
        assert driver.current_url == ADDRESS
    driver.complaints()


def test_what_is_not_sent_is_over(driver, slow_site):
    driver.get(slow_site)
    click(driver, "#refused")
    enter(driver, "#empty")
    assert driver.title == "start"
    driver.complaints()
