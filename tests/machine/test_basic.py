"""Programs that log in with each request: curl -u, and Python's xmlrpc.client with user:password@ in the address."""
import json
import xmlrpc.client

import pytest

from helpers import login, web
from helpers.journal import Mark
from helpers.system import WELL, run, systemctl, unit
from helpers.web_settings import web_settings

ADDRESS = f"{web.HOST}:{web.PORT}"
CHALLENGE = 'Basic realm="restarter", charset="UTF-8"'


@pytest.fixture(autouse=True, scope="module")
def door():
    login.as_it_should_be()
    with web_settings("[Web]\nLogin=password\n"):
        yield
    login.leave_nothing()


@pytest.fixture(autouse=True)
def nothing_counts():
    login.rest()
    login.forget()


def curl(path, *options):
    """Status and body."""
    command = ["curl", "-sg", "-m", "30", "-w", "\n%{http_code}", *options, f"http://{ADDRESS}{path}"]
    body, _, status = run(*command).stdout.rpartition("\n")
    return int(status), body


def server(user, password):
    return xmlrpc.client.ServerProxy(f"http://{user}:{password}@{ADDRESS}/RPC2", allow_none=False)


def logins_since(mark):
    return mark.text().count("has logged in with a password.")


@pytest.mark.core
def test_curl(instance):
    status, body = curl("/api/instances", "-u", "anna:secret")
    assert status == 200 and unit(WELL) in [row["unit"] for row in json.loads(body)["instances"]]
    status, body = curl("/restart", "-u", "anna:secret", "-d", f"service_id={WELL}")
    assert status == 200 and json.loads(body)["success"]
    assert len(instance.starts()) == 1


@pytest.mark.core
def test_xmlrpc_client(instance):
    assert server("anna", "secret").restarter.restart(WELL)["success"]
    assert server("anna", "secret").restart_unit(WELL)["success"]
    assert unit(WELL) in [row["unit"] for row in server("anna", "secret").restarter.list()["instances"]]
    assert len(instance.starts()) == 2


@pytest.mark.once
def test_kept_for_a_while():
    """One login for all that a program asks within a minute, and another one for another program."""
    since = Mark()
    systemctl("stop", "restarter-webfront.service")
    for _ in range(5):
        assert curl("/api/instances", "-u", "bert:geheim")[0] == 200
    assert logins_since(since) == 1
    assert curl("/api/instances", "-u", "anna:secret")[0] == 200
    assert logins_since(since) == 2


@pytest.mark.once
def test_wrong(instance):
    for user, password in (("anna", "guess"), ("nobody", "secret"), ("anna", ""), ("root", "root")):
        status, _ = curl("/restart", "-u", f"{user}:{password}", "-d", f"service_id={WELL}")
        assert status == 401
    with pytest.raises(xmlrpc.client.ProtocolError) as error:
        server("bert", "guess").restarter.restart(WELL)
    assert error.value.errcode == 401 and error.value.headers["WWW-Authenticate"] == CHALLENGE
    assert instance.starts() == []


@pytest.mark.once
def test_too_many_wrong_ones(instance):
    """Then none is looked at for a while, not the right one either, and it is said for how long."""
    for _ in range(5):
        assert curl("/api/instances", "-u", "carl:guess")[0] == 401
    answer = web.request("GET", "/api/instances", headers={"Authorization": "Basic Y2FybDpoZW1tZWxpZw=="})
    assert answer.status == 429 and 1 <= answer.retry_after <= 12
    assert "too many passwords were wrong" in answer.json["message"]
    assert curl("/api/instances", "-u", "anna:secret")[0] == 200, "and others log in"
    assert instance.starts() == []


@pytest.mark.once
@pytest.mark.parametrize("path", ["/api/instances", "/RPC2", "/restart"])
def test_who_does_not_say(path, instance):
    body = ["-d", f"service_id={WELL}"] if path != "/api/instances" else []
    status, head = curl(path, "-D", "-", *body)
    assert status == 401 and f"WWW-Authenticate: {CHALLENGE}" in head
    status, head = curl(path, "-D", "-", "-H", "Sec-Fetch-Site: cross-site", "-u", "anna:secret", *body)
    assert status in (401, 403) and "WWW-Authenticate" not in head
    assert instance.starts() == []


@pytest.mark.once
@pytest.mark.parametrize(
    "lines",
    [
        ["Basic YW5uYTpzZWNyZXQ"],
        ["Basic anna:secret"],
        ["Basic YW5uYTpzZWNyZXQ=", "Basic YW5uYTpzZWNyZXQ="],
        ["Basic YW5uYQ=="],
        ["Basic " + "YW5u" * 1000],
        ["Basic YTpiCg=="],
    ],
)
def test_malformed(lines, instance):
    headers = "".join(f"Authorization: {line}\r\n" for line in lines)
    body = web.form(WELL)
    answer = web.raw(
        f"POST /restart HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n{headers}Content-Type: {web.FORM}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    assert web.status_of(answer) == 400, answer
    assert instance.starts() == []


@pytest.mark.once
def test_no_password_in_the_journal():
    since = Mark()
    assert curl("/api/instances", "-u", "anna:not-a-Secret-7")[0] == 401
    assert curl("/restart", "-u", "anna:not-a-Secret-7", "-d", "service_id=1")[0] == 401
    assert "not-a-Secret-7" not in since.text() and "bm90LWEtU2VjcmV0" not in since.text()
