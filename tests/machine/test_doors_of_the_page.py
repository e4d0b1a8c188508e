"""Every address of the page and of /api, tried by somebody who may not: what is another's is told as what does not exist, to
the letter and to the last header; nothing is pressed by looking, by another site or by an address that is none."""
import json
import os
import re
import urllib.parse

import pytest

from helpers import login, rpc, web
from helpers.policy import applied, kept
from helpers.system import invocation, systemctl, unit_files
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once
HERS, NOBODYS = "hers.service", "none.service"  # equally long
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sh -c 'echo her line; exec sleep infinity'\n"
GRANTS = """[Grant]
Unit=hers.service
Verbs=restart reload
Users=anna
Logs=yes

[Grant]
Unit=team.service
Verbs=restart
Users=bert
Logs=yes
"""
# Presses are remembered for ten minutes: each run of these tests has its own.
PRESS, NO_PRESS = (f"{name}-{os.urandom(6).hex()}" for name in ("annas-own", "nobodys-a"))


@pytest.fixture(scope="module", autouse=True)
def people():
    units = {name: SERVICE for name in (HERS, "team.service")}
    with unit_files(units), kept(), applied(GRANTS), web_settings("[Web]\nLogin=password\n"):
        login.as_it_should_be()
        systemctl("start", *units)
        assert ask("anna", "POST", f"/api/instances/{HERS}/restart", json.dumps({"press": PRESS})).status == 200
        yield
        systemctl("stop", *units)
        login.leave_nothing()


def ask(user, method, path, body=None, **headers):
    more = {"Content-Type": web.JSON} if body and "Content-Type" not in headers else {}
    return web.request(method, path, body, {"Accept": web.JSON, "Cookie": f"restarter={login.make_ticket(user)}", **more, **headers})


def told(answer, name):
    """All of it, but for what is the time's or the name's."""
    headers = {k: v for k, v in answer.headers.items() if k not in ("Date", "Content-Length", "Set-Cookie", "ETag")}
    text = re.sub(r"\b[0-9a-zA-Z_-]{20,}\b", "RANDOM", answer.text.replace(name, "NAME"))
    text = re.sub(r'<time datetime="[^"]*" data-seconds>[^<]*</time>', "NOW", text)
    return answer.status, headers, text


DOORS = [
    ("GET", "/instances/{}", None),
    ("GET", "/confirm?service_id={}&verb=restart", None),
    ("GET", "/confirm?service_id={}&verb=reload", None),
    ("GET", "/?q={}", None),
    ("GET", "/?q={}&state=running", None),
    ("GET", "/api/instances/{}", None),
    ("GET", "/api/instances?q={}", None),
    ("POST", "/api/instances/{}/restart", "{}"),
    ("POST", "/api/instances/{}/reload", "{}"),
    ("POST", "/api/instances/{}/try-restart", '{"settle": 0}'),
]


@pytest.mark.parametrize("accept", [web.JSON, web.HTML])
@pytest.mark.parametrize("method, path, body", DOORS)
def test_what_is_anothers_is_not_there(method, path, body, accept):
    before = invocation(HERS)
    hers, none = (told(ask("bert", method, path.format(name), body, Accept=accept), name) for name in (HERS, NOBODYS))
    assert hers == none
    assert "her line" not in hers[2] and "sleep" not in hers[2]
    assert invocation(HERS) == before


@pytest.mark.parametrize("path", ["/restarts/{}", "/api/restarts/{}"])
def test_a_press_of_somebody_else(path):
    assert ask("anna", "GET", path.format(PRESS)).status == 200
    hers, none = (told(ask("bert", "GET", path.format(press)), press) for press in (PRESS, NO_PRESS))
    assert hers == none and hers[0] == 404


def test_a_word_that_somebody_else_chose():
    """It presses nothing of hers, and keeps his own from nothing."""
    before = invocation(HERS)
    answer = ask("bert", "POST", "/api/instances/team.service/restart", json.dumps({"press": PRESS}))
    assert answer.status == 200 and not answer.json["repeated"], answer
    assert ask("anna", "GET", f"/api/restarts/{PRESS}").json["unit"] == HERS
    assert invocation(HERS) == before


@pytest.mark.parametrize("method", ["history", "logs", "status"])
def test_by_rpc(method):
    def fault(name):
        headers = {"Content-Type": "text/xml"}
        answer = ask("bert", "POST", "/RPC2", rpc.call(f"restarter.{method}", name), **headers)
        return told(answer, name)

    assert fault(HERS) == fault(NOBODYS)


@pytest.mark.parametrize("path", ["/day", "/day/2026-11-22", "/metrics"])
def test_for_admins_alone(path):
    answer = ask("bert", "GET", path)
    assert answer.status == 403 and "hers" not in answer.text


@pytest.mark.parametrize("path", ["/", "/events", f"/instances/{HERS}", "/confirm?service_id=hers.service", "/day", "/api", "/api/instances",
                                  f"/api/instances/{HERS}", f"/restarts/{PRESS}", f"/api/restarts/{PRESS}", "/metrics"])  # fmt: skip
def test_nobody_in_particular(path):
    for accept in (web.JSON, web.HTML):
        answer = web.get(path, accept=accept)
        assert answer.status in (303, 401), answer
        assert "her line" not in answer.text and "Restart hers" not in answer.text


@pytest.mark.parametrize("headers", [{"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"X-HTTP-Method-Override": "POST"},
                                     {"X-HTTP-Method": "POST"}])  # fmt: skip
def test_nothing_is_pressed_by_looking(headers):
    before = invocation(HERS)
    for path in (f"/confirm?service_id={HERS}&verb=restart", f"/instances/{HERS}", f"/restart?service_id={HERS}",
                 f"/api/instances/{HERS}/restart", f"/?service_id={HERS}&_method=POST"):  # fmt: skip
        for method in ("GET", "HEAD"):
            assert ask("anna", method, path, **headers).status in (200, 405)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "post"):
        assert ask("anna", method, f"/api/instances/{HERS}/restart", "{}").status in (400, 405, 501)
    assert invocation(HERS) == before


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                                     {"Sec-Fetch-Site": "same-site"}, {"Host": "evil.example"}])  # fmt: skip
@pytest.mark.parametrize("kind", [web.JSON, web.FORM, "text/plain", None])
def test_nothing_is_pressed_by_another_site(headers, kind):
    before = invocation(HERS)
    more = {**headers, **({"Content-Type": kind} if kind else {})}
    for verb in ("restart", "try-restart", "reload", "reload-or-restart"):
        body = None if not kind else "settle=0" if kind == web.FORM else '{"settle": 0}'
        assert ask("anna", "POST", f"/api/instances/{HERS}/{verb}", body, **more).status in (400, 403, 415, 421)
    assert invocation(HERS) == before


@pytest.mark.parametrize("path", ["/", "/events", f"/instances/{HERS}", f"/confirm?service_id={HERS}&verb=restart", "/login", f"/restarts/{PRESS}",
                                  "/api", f"/api/instances/{HERS}", "/nothing", "/instances/x"])  # fmt: skip
def test_in_no_frame_and_in_no_cache(path):
    connection = web.connect()
    with connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {web.HOST}:{web.PORT}\r\nAccept: {web.HTML}\r\n"
                           f"Cookie: restarter={login.make_ticket('anna')}\r\n\r\n".encode())  # fmt: skip
        head = web.receive_head(connection).decode()
    assert "X-Frame-Options: DENY\r\n" in head and "frame-ancestors 'none'" in head and "nosniff" in head
    assert re.search(r"\r\nCache-Control: no-(store|cache)", head), head


NAMES = ["%00", "%00" + HERS, HERS + "%00", "..", "%2e%2e", "%2E%2E%2F", "../../etc/passwd", "%2fetc%2fpasswd", "%", "%4", "%zz", "%ff%fe",
         "%0d%0aX:%20y", "%E2%80%AE", "a" * 255, "a" * 256, "a" * 4000, "%61" * 1200, "*", "%2a.service", "hers.service%20", "hers%2eservice%0a", ".",
         "-", "--help", "@.service", "hers@@x.service", "hers.socket", "HERS.SERVICE", "hers.service;ls", "$(id)", "%24%28id%29", "<script>",
         "%3Cscript%3Ealert(1)%3C/script%3E", "'\"", "\\x2d"]  # fmt: skip


@pytest.mark.parametrize("door", ["/instances/{}", "/restarts/{}", "/day/{}", "/api/instances/{}", "/api/restarts/{}", "/confirm?service_id={}&verb=restart"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_names_that_are_none(door, name):
    head, _, body = web.raw(f"GET {door.format(name)} HTTP/1.1\r\nHost: {web.HOST}:{web.PORT}\r\nConnection: close\r\nAccept: {web.HTML}\r\n"
                            f"Cookie: restarter={login.make_ticket('anna')}\r\n\r\n".encode()).partition(b"\r\n\r\n")  # fmt: skip
    assert 400 <= web.status_of(head) < 500, head
    assert b"<script>" not in body and b"\0" not in body and b"\r\nX:" not in head
    assert urllib.parse.quote(HERS).encode() not in head
