"""Why somebody wants it done: asked for where the grant says so, by each way in, and recorded as it was given and as nothing
else."""
import json
import os
import pathlib
import pty
import re
import select
import urllib.parse
import xmlrpc.client

import pytest

from helpers import journal, rpc, web
from helpers.policy import applied, kept
from helpers.system import run
from helpers.web import at_once

REASON = 20
UNITS = ("why.service", "whynot.service", "slow-why.service")
GRANTS = "".join(
    f"[Grant]\nUnit={unit}\nVerbs=restart reload\nStartStopped=yes\n{more}\n"
    for unit, more in zip(UNITS, ("Reason=required\n", "Reason=optional\n", "Reason=required\n"))
)
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nType=notify\nExecStart=/usr/bin/python3 -c '{}'\nExecReload=/bin/true\n"
UP = "import os, socket, time; time.sleep({}); s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); " \
    's.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"].replace("@", "\\\\0")); time.sleep(9999)'


@pytest.fixture(scope="module", autouse=True)
def units():
    directory = pathlib.Path("/etc/systemd/system")
    for unit in UNITS:
        (directory / unit).write_text(SERVICE.format(UP.format(1 if "slow" in unit else 0)))
    run("systemctl", "daemon-reload")
    run("systemctl", "start", *UNITS)
    with kept(), applied(GRANTS):
        yield
    run("systemctl", "stop", *UNITS)
    for unit in UNITS:
        (directory / unit).unlink()
    run("systemctl", "daemon-reload")


def by_form(unit, reason, accept=web.JSON):
    fields = {"service_id": unit} | ({} if reason is None else {"reason": reason})
    return web.click(None, accept=accept, body=urllib.parse.urlencode(fields))


def by_http(unit, reason):
    answer = by_form(unit, reason).json
    return answer.get("code", 0), answer["message"]


def by_call(unit, reason):
    try:
        return 0, rpc.over_unix().restarter.restart(unit, {} if reason is None else {"reason": reason})["message"]
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString


def by_restartctl(unit, reason):
    done = run("restartctl", "restart", *([] if reason is None else [f"--reason={reason}"]), unit, check=False)
    return {0: 0, 3: REASON}[done.returncode], done.stdout + done.stderr


WAYS = pytest.mark.parametrize("way", [by_http, by_call, by_restartctl])


@WAYS
def test_required(way):
    code, text = way("why.service", None)
    assert code == REASON and text.startswith("Nothing was restarted: a restart of why.service needs a reason")
    mark = journal.Mark()
    code, text = way("why.service", "a new certificate")
    assert code == 0, text
    (entry,) = mark.decisions()
    assert entry["RESTARTER_REASON"] == "a new certificate"
    assert entry["MESSAGE"].endswith("Reason: a new certificate")


@pytest.mark.once
@WAYS
def test_optional(way):
    for reason in (None, "curiosity"):
        mark = journal.Mark()
        assert way("whynot.service", reason)[0] == 0
        (entry,) = mark.decisions()
        assert entry["RESTARTER_REASON"] == (reason or "-")
        assert ("Reason:" in entry["MESSAGE"]) == bool(reason)


@pytest.mark.once
@pytest.mark.parametrize("blank", ["", " ", "\t\n "])
def test_blank_is_none(blank):
    for way in (by_http, by_call):
        assert way("why.service", blank)[0] == REASON


@pytest.mark.once
def test_too_long():
    mark = journal.Mark()
    long = "ä" * 100 + "x"
    assert by_form("why.service", long).status == 400
    assert by_call("why.service", long)[0] == -32602
    assert run("restartctl", "restart", f"--reason={long}", "why.service", check=False).returncode == 2
    assert not [entry for entry in mark.decisions() if entry["RESTARTER_DECISION"] == "allowed"]
    assert by_call("why.service", long[:-1])[0] == 0


@pytest.mark.once
def test_plain_contract():
    """{success, message}, and what to do: this method has no place for one."""
    answer = rpc.over_unix().restart_unit("why.service")
    assert answer["success"] is False
    assert "restarter.restart" in answer["message"] and "--reason=" in answer["message"]


@pytest.mark.once
def test_other_verb():
    with pytest.raises(xmlrpc.client.Fault, match="Nothing was reloaded: a reload of why.service needs a reason"):
        rpc.over_unix().restarter.reload("why.service")
    assert rpc.over_unix().restarter.reload("why.service", {"reason": "x"})["success"]


FORGED = {
    "another field": "x\nRESTARTER_USER=root\nMESSAGE_ID=" + journal.FAILED,
    "an end of the entry": "x\n\n\nMESSAGE=made up",
    "its length": "x\n\x08",
    "a terminal's command": "\x1b[2J\x1b]0;x\x07",
    "backwards": "\u202ednammoc",
    "unseen": "a\u200bb\u2060c",
    "a carriage return": "x\rRestarted.",
    "two bytes of control": "\x85\x9b31m",
    "a private character": "\ue000",
    "format": "%s%n%1$s",
    "the catalog's": "@RESTARTER_USER@",
}


@pytest.mark.once
@pytest.mark.parametrize("kind", FORGED)
def test_forges_nothing(kind):
    """It is in its field and in the sentence, and there nothing but text."""
    mark = journal.Mark()
    assert by_http("why.service", FORGED[kind])[0] == 0
    (entry,) = mark.decisions()
    assert entry["MESSAGE_ID"] == journal.RESTARTED and entry["RESTARTER_USER"] != "root"
    assert isinstance(entry["RESTARTER_REASON"], str) and len(entry["RESTARTER_REASON"].encode()) <= 200
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000]", entry["RESTARTER_REASON"])
    assert entry["MESSAGE"].endswith("Reason: " + entry["RESTARTER_REASON"])


@pytest.mark.once
def test_each_who_joins_has_his_own():
    mark = journal.Mark()
    answers = at_once([lambda i=i: by_form("slow-why.service", f"reason {i}").json for i in range(4)])
    assert all(answer["success"] for answer in answers)
    entries = mark.decisions()
    assert sorted(entry["RESTARTER_REASON"] for entry in entries) == [f"reason {i}" for i in range(4)]
    assert len({entry["RESTARTER_INVOCATION_ID_AFTER"] for entry in entries}) < 4


@pytest.mark.once
def test_lists_say_so():
    rows = {row["unit"]: row for row in web.get("/api/instances").json["instances"]}
    assert rows["why.service"]["reason"] == "required" and "reason" not in rows["whynot.service"]
    grants = {grant["unit"]: grant for grant in rpc.over_unix().restarter.allowed()["allowed"]}
    assert grants["why.service"]["reason"] == "required" and "reason" not in grants["whynot.service"]
    assert "why.service  " in run("restartctl", "allowed").stdout
    assert "(with a reason)" in run("restartctl", "allowed").stdout
    assert "(with a reason)" in run("restartctl", "policy", "table", "--verb=restart", "why.service").stdout
    assert "(with a reason)" not in run("restartctl", "policy", "table", "--verb=restart", "whynot.service").stdout
    assert ", who have to say why" in run("restartctl", "policy", "explain", "why.service", check=False).stdout


def fields_of(form):
    return dict(re.findall(r'name="([a-z_]+)"[^>]* value="([^"]*)"', form))


@pytest.mark.once
def test_page_without_script_asks():
    """Press, be asked, answer: the press it came with goes along, so that twice is once."""
    body = urllib.parse.urlencode({"service_id": "why.service", "press": "a-press-of-mine"})
    page = web.click(None, accept=web.HTML, body=body)
    assert page.status == 400
    form = re.search(r'<form class="why".*?</form>', page.text, re.S).group()
    fields = fields_of(form)
    assert fields == {"service_id": "why.service", "verb": "restart", "press": "a-press-of-mine"}
    assert 'name="reason" required' in form
    body = urllib.parse.urlencode(fields | {"reason": "it hangs"})
    for repeated in (False, True):
        page = web.follow(web.click(None, accept=web.HTML, body=body))
        assert page.status == 200 and ("You pressed this before" in page.text) == repeated


def at_terminal(typed, *command):
    """What is said, and the exit status, when somebody sits there."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    said, sent = b"", False
    while select.select([fd], [], [], 60)[0]:
        try:
            chunk = os.read(fd, 4096)
        except OSError:
            break
        if not chunk:
            break
        said += chunk
        if b"Why? " in said and not sent:
            os.write(fd, typed)
            sent = True
    os.close(fd)
    return said.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_asked_on_a_terminal():
    command = ("restartctl", "restart", "why.service")
    mark = journal.Mark()
    said, status = at_terminal(b"a slow disk\n", *command)
    assert status == 0 and "was restarted" in said, said
    (entry,) = mark.decisions()
    assert entry["RESTARTER_REASON"] == "a slow disk"
    for typed in (b"\n", b"  \n", b"\x04"):
        said, status = at_terminal(typed, *command)
        assert status == 3 and "Nothing was restarted: no reason was given." in said, said
    said, status = at_terminal(b"never read\n", "restartctl", "restart", "whynot.service")
    assert status == 0 and "Why?" not in said


@pytest.mark.once
def test_not_asked_elsewhere():
    done = run("restartctl", "restart", "why.service", check=False, stdin=None, input="never read\n")
    assert done.returncode == 3 and "Reason=required at /etc/restarter/" in done.stderr
    assert json.loads(run("restartctl", "restart", "--json", "--reason=x", "why.service").stdout)["success"]
