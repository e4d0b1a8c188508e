"""Tickets at the broker, on a real machine: those of the real login, and those that somebody made up. Whoever has the web
front's group, and be it a web front that was taken over, is nobody without one."""
import http.client
import json
import pathlib
import signal
import time
import xmlrpc.client

import pytest

from helpers import hers_and_team, journal, login, rpc
from helpers.people import MADE_UP_UID, as_user, as_webfront
from helpers.system import (
    BROKER,
    cgroup_gone,
    main_pid,
    replaced,
    run,
    send_signal,
    show,
    stop_daemons,
    systemctl,
    wait_for,
)
from helpers.web_settings import web_settings

# Those of ours, and those who may read more than others.
READERS = ("root", "restarter", "restarter-web", "restarter-web-proxy", "restarter-clients", "restarter-proxy", "systemd-journal", "shadow")
MEMORY = pathlib.Path("/run/restarter-broker")
LOGIN, UNAVAILABLE = 19, 10


@pytest.fixture(scope="module", autouse=True)
def people():
    with hers_and_team.granted(), web_settings("[Web]\nLogin=password\n"):
        login.as_it_should_be()
        yield
        login.leave_nothing()


@pytest.fixture(autouse=True)
def calm():
    """Each test begins with a broker that has not been started again and again."""
    systemctl("reset-failed", BROKER, check=False)


def log_in(user="anna"):
    answer = login.log_in(user, login.PASSWORDS[user])
    assert login.TICKET.match(answer), answer
    return answer.removeprefix("ticket ")


def post(ticket, method, *arguments):
    headers = {"Restarter-Client": "192.0.2.7:1234", **({} if ticket is None else {"Restarter-Ticket": ticket})}
    return as_webfront(rpc.post, rpc.WEB, rpc.call(method, *arguments), headers)


def ask(ticket, method="restarter.allowed", *arguments):
    """What is answered: the value, or the fault's code and sentence."""
    try:
        return rpc.value_of(post(ticket, method, *arguments))
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString


def who(ticket):
    """Whom the broker takes it for; or the words with which it does not."""
    return who_of(ask(ticket))


def who_of(answer):
    if isinstance(answer, tuple):
        assert answer[0] == LOGIN, answer
        return answer[1]
    return answer["user"]


def who_meanwhile(ticket):
    """The same while the broker is being restarted: one that stops says so, or hangs up on who has just connected."""
    try:
        answer = ask(ticket)
    except (ConnectionError, http.client.HTTPException):
        return "nobody answered"
    return who_of(answer) if not isinstance(answer, tuple) or answer[0] != UNAVAILABLE else answer[1]


def crash():
    send_signal(BROKER, signal.SIGKILL)
    wait_for(lambda: cgroup_gone(BROKER), "it is gone", pause=0.005)


def idle_exit():
    systemctl("stop", BROKER)  # the same end as the idle one, at once


# --- good ones ---


@pytest.mark.core
def test_of_the_real_login():
    ticket = log_in()
    assert who(ticket) == "anna"
    mark = journal.Mark()
    assert ask(ticket, "restarter.restart", "hers.service")["success"] is True
    assert ask(log_in("bert"), "restarter.restart", "hers.service")[0] == 2
    done, refused = mark.decisions()
    for entry, name in ((done, "anna"), (refused, "bert")):
        assert [entry[f"RESTARTER_{x}"] for x in ("USER", "KNOWN", "DOOR")] == [name, "password", "web.sock"]
        assert "192.0.2.7" in entry["RESTARTER_PEER"]


def test_what_one_may_not_see_is_not_there():
    """For anna, who is in the group, and carl, who is in none: in the list, and in the very same words."""
    anna, carl = log_in(), log_in("carl")
    shown = {row["unit"] for row in ask(anna, "restarter.list")["instances"]}
    assert {"hers.service", "team.service"} <= shown
    assert not {"hers.service", "team.service"} & {row["unit"] for row in ask(carl, "restarter.list")["instances"]}
    for method in ("restarter.status", "restarter.restart", "restarter.reload"):
        told = {
            name: str(ask(carl, method, name)).replace(name, "X")
            for name in ("hers.service", "team.service", "nosuch.service")
        }
        assert len(set(told.values())) == 1 and told["hers.service"].startswith("(2,"), told


# --- no good ones ---


def refusal_of(method, *arguments):
    mark = journal.Mark()
    ask(None, method, *arguments)
    return mark.decisions()


def test_nobody_without_one():
    """Whichever method is called: a web front that was taken over has nothing but tickets that pass through it. It
    hears that something changed, and nothing of it."""
    methods = set(rpc.over_unix().system.listMethods()) - {"restarter.changes", "restarter.metrics"}
    assert len(methods) > 10
    told = ask(None, "restarter.changes", "", 0)
    assert told["whole"] is True and told["units"] == []
    for name in methods:
        of_a_unit = name.rsplit(".", 1)[-1] in ("restart", "status", "restart_unit", "history", "logs")
        others = {"restarter.day": [""], "restarter.outcome": ["0123456789abcdef"]}
        others["system.multicall"] = [[{"methodName": "restarter.restart", "params": ["hers.service"]}]]
        others |= dict.fromkeys(("system.methodSignature", "system.methodHelp"), ["restarter.list"])
        arguments = ["hers.service"] if of_a_unit else others.get(name, [])
        answer = ask(None, name, *arguments)
        if name == "restart_unit":
            assert answer["success"] is False and "logged in" in answer["message"]
        elif arguments or "reload" not in name and "try" not in name:
            assert answer[0] == LOGIN, (name, answer)
    # Of more than twenty in a second the rest is only counted.
    (entry,) = wait_for(lambda: refusal_of("restarter.restart", "hers.service"), "it is written down", pause=0.3)
    assert entry["RESTARTER_LOCK"] == "login" and entry["RESTARTER_KNOWN"] == "nobody"
    assert entry["RESTARTER_UNIT"] == "hers.service" and entry["RESTARTER_VERB"] == "restart"


def made_up():
    """{what it is: (ticket, words)}: each of them one that is good, but for one thing."""
    now = int(time.time())
    good = login.make_ticket("anna", issued=now - 10)
    body, mac = good.rsplit(".", 1)
    return {
        "cut": (good[:-1], "is none"),
        "grown": (good + "A", "is none"),
        "another MAC": (f"{body}.{mac[::-1]}", "not made with this machine's key"),
        "another name": (login.make_ticket("root").rsplit(".", 1)[0] + "." + mac, "not made with"),
        "yesterday's": (login.make_ticket("anna", issued=now - 90000, lifetime=3600), "has expired"),
        "tomorrow's": (login.make_ticket("anna", issued=now + 90000), "in the future"),
        "too old": (login.make_ticket("anna", issued=now - 43200, lifetime=86400), "has expired"),
        "another machine's": (login.make_ticket("anna", key=login.signing_key(key=bytes(range(32)))), "not made with"),
        "another boot's": (login.make_ticket("anna", key=login.signing_key(boot="0" * 32)), "started anew"),
        "without the boot": (login.make_ticket("anna", key=login.KEY.read_bytes()), "not made with"),
        "of another login": (login.make_ticket("anna", how="pam"), "in another way"),
        "of a proxy": (login.make_ticket("anna", how="proxy"), "is none"),
        "a name that is none": (login.make_ticket("an na"), "is none"),
        "of 300 letters": (login.make_ticket("a" * 300), "is none"),
        "empty": ("", "is none"),
        "a word": ("anna", "is none"),
    }


@pytest.mark.once
def test_made_up():
    for name, (ticket, words) in made_up().items():
        told = who(ticket)
        assert words in told, (name, told)
    assert who(login.make_ticket("anna")) == "anna", "one that is all right"


@pytest.mark.once
def test_twice_and_64_kb():
    ticket = log_in()
    lines = f"Restarter-Ticket: {ticket}\r\n" * 2
    body = rpc.call("restarter.allowed").decode()
    head = f"POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n"
    assert b" 400 " in rpc.raw(rpc.WEB, f"{head}{lines}\r\n{body}".encode()).split(b"\r\n")[0]
    huge = f"Restarter-Ticket: {'A' * 65536}\r\n"
    assert b" 431 " in rpc.raw(rpc.WEB, f"{head}{huge}\r\n{body}".encode()).split(b"\r\n")[0]
    assert who(ticket) == "anna"


@pytest.mark.once
def test_without_a_login_a_ticket_is_looked_at_all_the_same():
    with web_settings("[Web]\nLogin=none\n"):
        assert who(None) == "" and who(login.make_ticket("anna")) == "anna"
        for name, (ticket, words) in made_up().items():
            if name != "of another login":
                assert words in who(ticket), name


# --- signing out ---


@pytest.mark.once
@pytest.mark.parametrize("end", [crash, idle_exit])
def test_signed_out(end):
    """For as long as it would have lasted, whatever becomes of the broker."""
    ticket, other = log_in(), log_in()
    again = ask(ticket, "restarter.renew")
    assert who(again) == "anna" and login.read_ticket(again)[4] == login.read_ticket(ticket)[4]
    assert ask(again, "restarter.sign_out") is True
    end()
    for out in (ticket, again):
        assert "was signed out" in who(out)
        assert ask(out, "restarter.renew")[0] == LOGIN
    assert who(other) == "anna"


@pytest.mark.once
def test_sign_out_is_in_the_record():
    """Who it was and by which door, as with every decision."""
    for method in ("sign_out", "sign_out_everywhere"):
        ticket, mark = log_in(), journal.Mark()
        assert ask(ticket, f"restarter.{method}") is True
        (entry,) = mark.decisions(journal.SIGNED_OUT)
        assert entry["RESTARTER_USER"] == "anna" and entry["RESTARTER_KNOWN"] == "password"
        assert entry["RESTARTER_DOOR"] == "web.sock" and entry["RESTARTER_VERB"] == method
        row = json.loads(run("restartctl", "log", "--user=anna", "--lines=1", "--json=short").stdout)
        assert row["verb"] == method and row["decision"] == "allowed" and row["known"] == "password"
        time.sleep(1.1)  # tickets have whole seconds


@pytest.mark.once
@pytest.mark.parametrize("end", [crash, idle_exit])
def test_signed_out_everywhere(end):
    tickets, other = [log_in() for _ in range(3)], log_in("bert")
    assert ask(tickets[0], "restarter.sign_out_everywhere") is True
    end()
    assert all("was signed out" in who(ticket) for ticket in tickets)
    assert who(other) == "bert"
    time.sleep(1.1)  # tickets have whole seconds
    assert who(log_in()) == "anna"


@pytest.mark.once
def test_that_cannot_be_written_down_is_no_sign_out():
    idle_exit()
    file = MEMORY / "signed-out"
    file.unlink()
    file.mkdir()
    try:
        with rpc.open_socket(rpc.CLIENTS):
            ask(None)
            time.sleep(1.1)  # what was issued before is not trusted without a memory
            ticket = log_in()
            assert who(ticket) == "anna"
            code, sentence = ask(ticket, "restarter.sign_out")
            assert code == 10 and "could not be written down" in sentence
    finally:
        idle_exit()
        file.rmdir()


# --- the key ---


def test_another_key_signs_everybody_out_at_once():
    """By the manual's two commands; a broker that runs goes by the new one, and so does the login."""
    ticket = log_in()
    assert who(ticket) == "anna"
    login.KEY.unlink()
    systemctl("start", login.KEY_SERVICE)
    wait_for(lambda: "not made with this machine's key" in who_meanwhile(ticket), "it is worth nothing")
    assert who(log_in()) == "anna"


@pytest.mark.once
def test_without_a_key():
    """All else works; and the first one that is made counts at once."""
    login.KEY.unlink()
    stop_daemons()
    mark = journal.Mark()
    try:
        with rpc.open_socket(rpc.CLIENTS):
            assert "no key" in who(login.make_ticket("anna", key=bytes(32)))
            assert rpc.over_unix().restarter.status("hers.service")["unit"] == "hers.service"
            assert any("the key has 1 bytes" in entry["MESSAGE"] for entry in mark.entries())
            systemctl("start", login.KEY_SERVICE)
        wait_for(lambda: who_meanwhile(log_in()) == "anna", "the key is there")
    finally:
        login.as_it_should_be()


def test_nobody_else_sees_the_key():
    """It is in the broker's credentials, which are its alone."""
    ask(log_in())
    assert show(BROKER, "ActiveState") == "active"
    key = pathlib.Path("/run/credentials", BROKER, "ticket.key")
    assert key.read_bytes() == login.KEY.read_bytes()
    # Modes do not tell: systemd 257 gives its service the folder by an ACL, whose mask is what stands there for the group, so
    # that it looks as if root's group might read it. Who can is found out by trying, of each kind.
    tries = [lambda group=group: as_user(MADE_UP_UID, key.read_bytes, group=group) for group in READERS]
    for attempt in (*tries, lambda: as_user("nobody", key.read_bytes)):
        with pytest.raises(PermissionError):
            attempt()
    assert as_user("restarter", key.read_bytes, group="nogroup") == login.KEY.read_bytes()
    environment = pathlib.Path(f"/proc/{main_pid(BROKER)}/environ").read_bytes()
    assert b"RESTARTER_BOOT=" in environment and login.KEY.read_bytes() not in environment


@pytest.mark.once
def test_unreadable_settings_let_nobody_in():
    """A login is not less needed because of a mistake."""
    ticket = log_in()
    with replaced("/etc/restarter/webfront.conf", "[Web]\nLogin=nobody\n"):
        stop_daemons()
        assert who(ticket) == "anna" and "logged in" in who(None), "the last good one stays in force"
    with web_settings("[Wub]\n", known=False):
        for given in (ticket, None):
            code, sentence = ask(given)
            assert code == 10 and "settings of the web are broken" in sentence
