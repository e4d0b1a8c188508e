"""A web front with Login=none is for its own machine: who comes from another one is refused and told what to do, by
whichever address and whatever is asked for. The other machine is a network namespace at the end of a cable (veth)."""
import contextlib
import json
import subprocess
import time

import pytest

from helpers.journal import REFUSED, Mark
from helpers.system import SOCKETS, WEBFRONT, WELL, dropins, stop_daemons, systemctl
from helpers.web import HTML, JSON
from helpers.web_settings import web_settings

pytestmark = pytest.mark.once

HTTP_SOCKET = SOCKETS[0]
OTHER = "restarter-other"
HERE, THERE = "192.0.2.1", "192.0.2.2"
HERE6, THERE6 = "2001:db8::1", "2001:db8::2"
WHAT_TO_DO = "Login=password in /etc/restarter/webfront.conf"


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


@contextlib.contextmanager
def cable():
    ip("netns", "add", OTHER)
    try:
        ip("link", "add", "rt-here", "type", "veth", "peer", "name", "rt-there", "netns", OTHER)
        for name, v4, v6, inside in (("rt-here", HERE, HERE6, ()), ("rt-there", THERE, THERE6, ("-n", OTHER))):
            ip(*inside, "address", "add", f"{v4}/24", "dev", name)
            ip(*inside, "address", "add", f"{v6}/64", "dev", name, "nodad")
            ip(*inside, "link", "set", name, "up")
        ip("-n", OTHER, "link", "set", "lo", "up")
        yield
    finally:
        ip("netns", "delete", OTHER)


@pytest.fixture(scope="module", autouse=True)
def open_port():
    """As an admin may be tempted to set it: every address of this machine."""
    listen = "[Socket]\nListenStream=\nListenStream=0.0.0.0:8080\nListenStream=[::1]:8080\nListenStream=8081\n"
    with cable(), dropins({HTTP_SOCKET: listen}):
        systemctl("stop", HTTP_SOCKET, WEBFRONT)
        systemctl("start", HTTP_SOCKET)
        try:
            yield
        finally:
            systemctl("stop", HTTP_SOCKET, WEBFRONT)
    systemctl("start", HTTP_SOCKET)


def curl(where, path, *options, from_other=True, host="127.0.0.1"):
    command = ["curl", "-sg", "-m", "20", "-H", f"Host: {host}", "-w", "\n%{http_code}", *options, f"http://{where}{path}"]
    if from_other:
        command = ["ip", "netns", "exec", OTHER, *command]
    body, _, status = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.rpartition("\n")
    return int(status), body


FAR = {"v4": f"{HERE}:8080", "v4-mapped": f"{HERE}:8081", "v6": f"[{HERE6}]:8081"}
EVERY_FAR = pytest.mark.parametrize("where", FAR.values(), ids=FAR)


@EVERY_FAR
def test_another_machine_is_refused_and_told_what_to_do(where, instance):
    mark = Mark()
    status, page = curl(where, "/", "-H", f"Accept: {HTML}")
    assert status == 403 and WHAT_TO_DO in page and "<html" in page
    status, body = curl(where, "/api/instances")
    assert status == 403 and WHAT_TO_DO in json.loads(body)["message"]
    status, body = curl(where, "/restart", "-d", f"service_id={WELL}", "-H", f"Accept: {JSON}")
    assert status == 403 and WHAT_TO_DO in json.loads(body)["message"]
    for path in ("/RPC2", "/healthz", "/script.js", "/nothing-here"):
        status, body = curl(where, path)
        assert status == 403 and WHAT_TO_DO in body, path
    assert instance.starts() == []
    peers = {e["RESTARTER_PEER"].rpartition(":")[0] for e in mark.decisions(REFUSED)}
    assert len(peers) == 1 and (THERE in peers.pop() or where == FAR["v6"]), mark.text()


def test_whatever_name_it_calls_us_by():
    """Told what is the matter first, and not which name would be the right one."""
    status, page = curl(FAR["v4"], "/", "-H", f"Accept: {HTML}", host=HERE)
    assert status == 403 and WHAT_TO_DO in page


NEAR = {
    "v4": "127.0.0.1:8080",
    "another-loopback": "127.9.9.9:8080",
    "v6": "[::1]:8080",
    "v4-mapped": "127.0.0.1:8081",
    "v6-any": "[::1]:8081",
}


@pytest.mark.parametrize("where", NEAR.values(), ids=NEAR)
def test_this_machine_is_served_on_loopback(where):
    assert curl(where, "/", from_other=False)[0] == 200


@EVERY_FAR
def test_both_ends_count(where):
    """This machine under its outer address, and loopback as it may be routed here from elsewhere."""
    assert curl(where, "/", from_other=False)[0] == 403
    if where == FAR["v4"]:
        assert curl(where, "/", "--interface", "127.0.0.1", from_other=False)[0] == 403


def test_refusals_are_counted_and_not_written_without_end():
    """Twenty a second are, so it takes somebody who asks quicker than that, and for longer than the second in which others
    were refused as well."""
    mark, begin, asked = Mark(), time.monotonic(), 0
    asks = ["curl", "--globoff", "-s", *["-o", "/dev/null", f"http://{FAR['v4']}/"] * 400]
    while time.monotonic() - begin < 2:
        subprocess.run(["ip", "netns", "exec", OTHER, *asks], check=True)
        asked += 400
    seconds = time.monotonic() - begin
    written = len(mark.decisions(REFUSED))
    assert 0 < written < asked and written <= 20 * (seconds + 2), written


@EVERY_FAR
def test_with_a_login_others_may_come(where):
    """To be asked who they are; what they are then let do is another matter."""
    with web_settings("[Web]\nLogin=password\n", known=False):
        status, page = curl(where, "/", "-H", f"Accept: {HTML}")
        assert status != 403 and WHAT_TO_DO not in page
    stop_daemons()
