"""The web front against whatever can be sent to a port: the right status, short words, and nobody slows the others."""
import contextlib
import os
import threading
import time

import pytest

from helpers import rpc, web
from helpers.system import WEBFRONT, WELL, main_pid, settings

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
BODY = f"service_id={WELL}"


def post(headers, body=BODY, host="Host: 127.0.0.1:8080\r\n"):
    return f"POST /restart HTTP/1.1\r\n{host}{FORM}Connection: close\r\n{headers}\r\n{body}".encode("latin-1")


LENGTH = f"Content-Length: {len(BODY)}\r\n"


def test_a_plain_post_works(instance):
    """The measure for all that follows: the same bytes, with nothing wrong in them."""
    received = web.raw(post(LENGTH))
    assert web.status_of(received) == 200 and len(instance.starts()) == 1


# --- statuses ---


@pytest.mark.core
@pytest.mark.parametrize(
    "method, path, status, allow",
    [
        ("GET", "/nothing", 404, None),
        ("GET", "/restart/", 404, None),
        ("GET", "//", 404, None),
        ("POST", "/nothing", 404, None),
        ("GET", "/../etc/passwd", 404, None),
        ("GET", "/%2e%2e/", 404, None),
        ("GET", "/" + "a" * 2000, 404, None),
        ("GET", "/restart", 405, "POST"),
        ("GET", "/RPC2", 405, "POST"),
        ("HEAD", "/restart", 405, "POST"),
        ("POST", "/", 405, "GET, HEAD"),
        ("PUT", "/", 405, "GET, HEAD"),
        ("DELETE", "/restart", 405, "POST"),
        ("OPTIONS", "/restart", 405, "POST"),
        ("TRACE", "/", 405, "GET, HEAD"),
        ("POST", "/healthz", 405, "GET, HEAD"),
        ("POST", "/api/instances", 405, "GET, HEAD"),
        ("PATCH", "/style.css", 405, "GET, HEAD"),
        ("FROBNICATE", "/", 405, "GET, HEAD"),
        ("GET", "/", 200, None),
        ("HEAD", "/", 200, None),
        ("GET", "/style.css", 200, None),
        ("GET", "/script.js", 200, None),
    ],
)
def test_path_and_method(method, path, status, allow, instance):
    answer = web.request(
        method, path, headers={"Content-Length": "0"} if method in ("POST", "PUT", "PATCH") else {}
    )
    assert answer.status == status
    assert answer.headers["Allow"] == allow
    assert instance.starts() == []


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "",
        "text/xml",
        "application/x-www-form-urlencodedx",
        "application/x-www-form-urlencoded2",
    ],
)
def test_415(content_type, instance):
    """The three that a form of another site may send without asking are among them."""
    answer = web.click(WELL, headers={"Content-Type": content_type})
    assert answer.status == 415 and answer.json["success"] is False
    assert instance.starts() == []


def test_parameters_of_the_media_type_do_not_matter(instance):
    assert (
        web.click(WELL, headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}).status
        == 200
    )


def test_413(instance):
    for body in (BODY + "&x=" + "a" * 5000, "service_id=" + "1" * 20_000):
        assert web.click("", body=body).status == 413
    claim = post("Content-Length: 99999999999999999999\r\n", "")
    assert web.status_of(web.raw(claim)) == 413
    assert web.request("POST", "/RPC2", b" " * 20_000, {"Content-Type": "text/xml"}).status == 413
    assert instance.starts() == []


def test_query_strings(instance):
    assert (
        web.request(
            "POST", f"/restart?service_id={WELL}", "service_id=1235", {"Content-Type": web.FORM}
        ).status
        == 400
    )
    assert web.get("/?a=b").status == 200
    assert instance.starts() == []


def test_408_for_a_request_that_does_not_come(instance):
    """A request has ten seconds to arrive, byte by byte or not at all."""
    half = post(LENGTH, BODY[:5])
    with web.connect() as silent, web.connect() as slow, web.connect() as late:
        slow.sendall(half[:20])
        late.sendall(half)
        stop = threading.Event()
        dripping = threading.Thread(target=drip, args=(slow, half[20:], stop))
        dripping.start()
        began = time.monotonic()
        try:
            assert web.status_of(web.receive_all(late)) == 408
            assert web.status_of(web.receive_all(slow)) == 408
            web.receive_all(silent)
        finally:
            stop.set()
            dripping.join()
        assert 5 < time.monotonic() - began < 40
    assert instance.starts() == []


def drip(connection, data, stop):
    """A byte every now and then."""
    with contextlib.suppress(OSError):
        for byte in data:
            connection.sendall(bytes([byte]))
            if stop.wait(0.4):
                return


# --- what HTTP leaves ambiguous ---

CHUNKED = "5\r\nservi\r\n0\r\n\r\n"
SMUGGLED = f"POST /restart HTTP/1.1\r\nHost: 127.0.0.1\r\n{FORM}{LENGTH}\r\n{BODY}"
AMBIGUOUS = {
    "length and chunks": post(f"Content-Length: {len(CHUNKED)}\r\nTransfer-Encoding: chunked\r\n", CHUNKED),
    "chunks and length": post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + SMUGGLED),
    "chunks alone": post("Transfer-Encoding: chunked\r\n", CHUNKED),
    "another encoding": post("Transfer-Encoding: identity\r\n" + LENGTH),
    "two lengths": post(f"Content-Length: 0\r\n{LENGTH}", SMUGGLED),
    "the same length twice": post(LENGTH + LENGTH),
    "list of lengths": post(f"Content-Length: {len(BODY)}, {len(BODY)}\r\n"),
    "signed length": post(f"Content-Length: +{len(BODY)}\r\n"),
    "negative length": post("Content-Length: -1\r\n"),
    "hexadecimal length": post("Content-Length: 0x0f\r\n"),
    "no length": post(""),
    "two hosts": post(LENGTH, host="Host: 127.0.0.1:8080\r\nHost: evil.example\r\n"),
    "the same host twice": post(LENGTH, host="Host: 127.0.0.1:8080\r\nHost: 127.0.0.1:8080\r\n"),
    "no host": post(LENGTH, host=""),
    "HTTP/1.0 without a host": post(LENGTH, host="").replace(b"HTTP/1.1", b"HTTP/1.0"),
    "HTTP/2.0": post(LENGTH).replace(b"HTTP/1.1", b"HTTP/2.0"),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "no version": b"POST /restart\r\n\r\n",
    "nonsense": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 4 + b"\r\n\r\n",
    "NUL in the path": post(LENGTH).replace(b"/restart", b"/restart%00"),
    "whole address of another host": post(LENGTH).replace(b"/restart", b"http://evil.example/restart"),
    "space before the colon": post(f"Content-Length : {len(BODY)}\r\n"),
    "folded header": post(f"X-A: b\r\n {LENGTH}"),
    "huge header": post(LENGTH + "X-A: " + "a" * 100_000 + "\r\n"),
    "many headers": post(LENGTH + "".join(f"X-{n}: a\r\n" for n in range(5000))),
    "two media types": post(LENGTH + "Content-Type: text/plain\r\n"),
}


@pytest.mark.parametrize("data", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_ambiguity_is_refused(data, instance):
    """4xx or an end, and what stands behind it is never taken for a request."""
    received = web.raw(data)
    status = web.status_of(received)
    # libmicrohttpd writes some of its own refusals twice, so answers are not counted.
    assert b" 200 OK" not in received
    assert status == 0 or 400 <= status < 500 or status == 505, received
    assert instance.starts() == []
    assert web.get("/").status == 200


EXACTLY = {
    "two lengths": 400,
    "two hosts": 400,
    "length and chunks": 400,
    "HTTP/1.0 without a host": 400,
    "no host": 400,
    "no length": 400,
    "huge header": 431,
    "two media types": 415,
}


@pytest.mark.parametrize("name", EXACTLY)
def test_status_of_what_is_refused(name):
    assert web.status_of(web.raw(AMBIGUOUS[name])) == EXACTLY[name]


def test_requests_in_one_go(instance):
    """Pipelined requests are answered one by one, in their order."""
    one = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    received = web.raw(one * 3 + post(LENGTH))
    assert web.answers_in(received) == 4 and received.count(b" 200 OK") == 4
    assert len(instance.starts()) == 1


# --- whose page it is ---

SITES = [
    # Host, Origin, Sec-Fetch-Site, let in
    ("127.0.0.1:8080", None, None, True),
    ("127.0.0.1:8080", "http://127.0.0.1:8080", "same-origin", True),
    ("127.0.0.1:8080", "http://127.0.0.1:8080", None, True),
    ("localhost:8080", "http://localhost:8080", "same-origin", True),
    ("[::1]:8080", "http://[::1]:8080", "same-origin", True),
    ("127.9.9.9", "http://127.9.9.9", "same-origin", True),
    ("127.0.0.1:8080", None, "none", True),
    ("127.0.0.1:8080", None, "cross-site", False),
    ("127.0.0.1:8080", None, "same-site", False),
    ("127.0.0.1:8080", None, "", False),
    ("127.0.0.1:8080", "http://127.0.0.1:8080", "cross-site", False),
    ("127.0.0.1:8080", "http://evil.example", None, False),
    ("127.0.0.1:8080", "http://evil.example", "same-origin", False),
    ("127.0.0.1:8080", "null", None, False),
    ("127.0.0.1:8080", "", None, False),
    ("127.0.0.1:8080", "http://127.0.0.1", None, False),
    ("127.0.0.1:8080", "http://127.0.0.1:8081", None, False),
    ("127.0.0.1:8080", "http://localhost:8080", None, False),
    ("127.0.0.1:8080", "ftp://127.0.0.1:8080", None, False),
    ("127.0.0.1:8080", "http://127.0.0.1:8080.evil.example", None, False),
    ("127.0.0.1:8080", "http://127.0.0.1:8080@evil.example", None, False),
    ("127.0.0.1:8080", "http://127.0.0.1:8080/", None, False),
]


@pytest.mark.core
@pytest.mark.parametrize("host, origin, fetch_site, let_in", SITES)
def test_posts_of_other_sites(host, origin, fetch_site, let_in, instance):
    headers = {"Host": host}
    if origin is not None:
        headers["Origin"] = origin
    if fetch_site is not None:
        headers["Sec-Fetch-Site"] = fetch_site
    answer = web.click(WELL, headers=headers)
    if let_in:
        assert answer.status == 200 and len(instance.starts()) == 1
    else:
        assert answer.status == 403 and answer.json["refusal"] == "cross-site"
        assert instance.starts() == []
    relayed = web.request(
        "POST", "/RPC2", rpc.call("system.listMethods"), {"Content-Type": "text/xml", **headers}
    )
    assert relayed.status == (200 if let_in else 403)


def test_two_origins(instance):
    origins = "Origin: http://127.0.0.1:8080\r\nOrigin: http://evil.example\r\n"
    assert web.status_of(web.raw(post(LENGTH + origins))) == 403
    assert instance.starts() == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "192.0.2.1:8080",
        "127.0.0.1.evil.example",
        "128.0.0.1",
        "localhost.evil.example",
        "0.0.0.0:8080",
        "[::2]:8080",
        "",
        "127.0.0.1:99999",
        "127.0.0.1:x",
        "user@127.0.0.1",
        "127.0.0.1:8080:1",
        "2130706433",
    ],
)
def test_foreign_host_names_are_421(host, instance):
    """A name of somebody's own that resolves to this machine opens nothing, not even for reading."""
    for method, path in (
        ("GET", "/"),
        ("GET", "/api/instances"),
        ("POST", "/restart"),
        ("POST", "/RPC2"),
        ("GET", "/nothing"),
    ):
        answer = web.request(
            method, path, BODY if method == "POST" else None, {"Host": host, "Content-Type": web.FORM}
        )
        assert answer.status == 421, (method, path)
        assert WELL not in answer.text
    assert instance.starts() == []


def test_configured_host_name(instance):
    with settings(ALLOWED_HOSTS='"button.example other.example:8443"'):
        for host, status in (
            ("button.example", 200),
            ("BUTTON.example:80", 200),
            ("other.example:8443", 200),
            ("other.example", 421),
            ("evil.example", 421),
            ("127.0.0.1:8080", 200),
        ):
            assert web.request("GET", "/", headers={"Host": host}).status == status, host
        click = {
            "Host": "button.example",
            "Origin": "https://button.example",
            "Sec-Fetch-Site": "same-origin",
        }
        assert web.click(WELL, headers=click).json["success"] is True
        assert web.click(WELL, headers={**click, "Origin": "https://evil.example"}).status == 403


# --- headers ---

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DIRECTIVES = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]


def every_answer():
    yield web.get("/")
    yield web.get("/", accept=web.HTML)
    yield web.get("/healthz")
    yield web.get("/api/instances")
    yield web.get("/style.css")
    yield web.get("/script.js")
    yield web.get("/nothing", accept=web.HTML)
    yield web.get("/restart")
    for accept in (web.HTML, web.JSON, "*/*"):
        yield web.click(WELL, accept=accept)
        yield web.click("../etc", accept=accept)
        yield web.click("12345", accept=accept)
        yield web.click(WELL, accept=accept, headers={"Origin": "null"})
        yield web.click(WELL, accept=accept, headers={"Host": "evil.example"})
        yield web.click(WELL, accept=accept, headers={"Content-Type": "text/plain"})
        yield web.click("", accept=accept, body="x" * 30_000)
    yield web.request("POST", "/RPC2", rpc.call("system.listMethods"), {"Content-Type": "text/xml"})
    yield web.request("POST", "/RPC2", b"junk", {"Content-Type": "text/xml"})
    yield web.request("POST", "/RPC2", b"junk", {"Content-Type": "text/plain"})


def test_security_headers_on_every_answer():
    for answer in every_answer():
        for name, value in HEADERS.items():
            assert answer.headers.get_all(name) == [value], (answer, name)
        policy = answer.headers["Content-Security-Policy"]
        for directive in DIRECTIVES:
            assert directive in policy
        assert "unsafe" not in policy and "*" not in policy
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Content-Type"]


def test_pages_need_no_inline_script_or_style():
    for page in (
        web.get("/", accept=web.HTML),
        web.click(WELL, accept=web.HTML),
        web.click("../etc", accept=web.HTML),
    ):
        text = page.text.lower()
        assert (
            "<style" not in text
            and " style=" not in text
            and " onclick" not in text
            and "javascript:" not in text
        )
        assert text.count("<script") == text.count("<script src=") + text.count("<script defer src=")


@pytest.mark.parametrize(
    "accept, kind",
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html"),
        (web.HTML, "text/html"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("application/json;q=0.1, text/html", "text/html"),
    ],
)
def test_programs_get_json_and_browsers_a_page(accept, kind):
    headers = {"Content-Type": web.FORM}
    if accept:
        headers["Accept"] = accept
    for name in (WELL, "../etc", "12345"):
        assert (
            web.request("POST", "/restart", web.form(name), headers).headers["Content-Type"].startswith(kind)
        )


# --- those who want to slow down others ---


def patient(ask):
    """Who reads may be told to come back in a moment, and does."""
    answer = ask()
    if answer.status == 429:
        time.sleep(int(answer.headers["Retry-After"]))
        answer = ask()
    return answer


def good_client(instance, within=5.0):
    """Page and click within seconds, whatever else goes on."""
    for ask in (lambda: patient(lambda: web.get("/", timeout=30)), lambda: web.click(WELL, timeout=30)):
        took, answer = web.seconds(ask)
        assert answer.status == 200 and took < within, (answer, took)
    assert instance.state()["ActiveState"] == "active"


def test_silent_connections_shut_nobody_out(instance):
    web.get("/")
    pid = main_pid(WEBFRONT)
    with web.held(300) as connections:
        assert len(connections) == 300
        good_client(instance)
        good_client(instance)
    assert main_pid(WEBFRONT) == pid


def test_connections_with_half_a_request_shut_nobody_out(instance):
    with web.held(300) as connections:
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.sendall(post(LENGTH, BODY[:3]))
        good_client(instance)


def test_byte_at_a_time_shuts_nobody_out(instance):
    data = post(LENGTH)[:-1]
    stop = threading.Event()
    with web.held(200) as connections:
        threads = [threading.Thread(target=drip, args=(c, data, stop)) for c in connections[:50]]
        for thread in threads:
            thread.start()
        try:
            good_client(instance)
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def test_answers_that_nobody_reads(instance):
    """Many who ask and never take the answer."""
    ask = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50
    with web.held(150) as connections:
        for connection in connections:
            connection.settimeout(0.5)
            with contextlib.suppress(OSError):
                connection.sendall(ask)
        good_client(instance)


def test_flood_of_connections(instance):
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            with web.held(40, lambda: web.connect(5)):
                pass

    threads = [threading.Thread(target=flood) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        good_client(instance, 10.0)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    good_client(instance)


def test_web_front_came_through():
    """After all that: bounded memory, and no descriptor left behind."""
    assert web.get("/healthz").status == 200
    pid = main_pid(WEBFRONT)
    time.sleep(0.5)
    assert len(os.listdir(f"/proc/{pid}/fd")) < 40
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        kilobytes = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    assert kilobytes < 32 * 1024


# --- the relay ---


def test_relay_knows_a_closed_list():
    assert set(rpc.over_tcp().system.listMethods()) >= {"restart_unit", "restarter.restart", "restarter.list"}
    assert rpc.fault_of(rpc.over_tcp().system.shutdown).faultCode == -32601


@pytest.mark.parametrize("content_type", ["text/plain", web.FORM, "", "application/xml"])
def test_relay_takes_text_xml_only(content_type, instance):
    answer = web.request("POST", "/RPC2", rpc.call("restart_unit", WELL), {"Content-Type": content_type})
    assert answer.status == 415
    assert instance.starts() == []


def test_relay_fault_for_what_is_no_call():
    for body in (b"", b"junk", b"<a/>", b"<!DOCTYPE a><methodCall/>", b"\xff\xfe" * 10):
        answer = web.request("POST", "/RPC2", body, {"Content-Type": "text/xml"})
        assert rpc.fault_of(rpc.value_of, answer).faultCode in (-32700, -32600)
