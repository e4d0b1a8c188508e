"""What was done to a unit, by whom and how long it took; what it logs; and a day's list: asked of the broker by the people
for whom it is, of the one process that may read the journal."""
import concurrent.futures
import contextlib
import functools
import os
import pathlib
import signal
import threading
import time
import xmlrpc.client

import pytest

from helpers import journal, rpc, web
from helpers.once import sampled
from helpers.people import as_user
from helpers.policy import applied, kept
from helpers.system import BROKER, dropins, main_pid, reload_manager, run, show, systemctl, wait_for, wait_until

NO_GRANT, UNAVAILABLE = 2, 10
PEOPLE = {"anna": [], "carl": []}
UNITS = ("hers.service", "open.service", "quiet.service")
GRANTS = """[Grant]
Unit=hers.service
Verbs=restart reload
StartStopped=yes
Users=anna
Logs=yes

[Grant]
Unit=open.service
Verbs=restart
StartStopped=yes
Logs=yes
Confirm=no

[Grant]
Unit=quiet.service
Verbs=restart
StartStopped=yes
Settle=0

[Policy]
Admins=carl
"""
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/bin/sh -c 'echo a line of %n; exec sleep infinity'\nExecReload=/bin/true\n"
SOCKET_UNIT = "restarter-log-broker.socket"


@pytest.fixture(scope="module", autouse=True)
def people():
    for name in PEOPLE:
        run("useradd", "-M", "-G", "restarter-clients", name)
    for name in UNITS:
        pathlib.Path("/etc/systemd/system", name).write_text(SERVICE)
    reload_manager()
    systemctl("start", *UNITS)
    with kept(), applied(GRANTS):
        yield
    systemctl("stop", *UNITS)
    for name in UNITS:
        pathlib.Path("/etc/systemd/system", name).unlink()
    reload_manager()
    for name in PEOPLE:
        run("userdel", name)


def asked(method, *parameters, user=None):
    """What is answered, or the code and the words of a refusal."""

    def ask():
        try:
            return getattr(rpc.over_unix().restarter, method)(*parameters)
        except xmlrpc.client.Fault as fault:
            return fault.faultCode, fault.faultString

    journal.sync()
    return ask() if user is None else as_user(user, ask, groups=["restarter-clients"])


def test_history_and_the_list():
    begun = int(time.time())
    assert asked("restart", "hers.service", {"reason": "über Nacht"}, user="anna")["success"]
    assert asked("reload", "hers.service", user="anna")["success"]
    answer = asked("history", "hers.service", user="anna")
    reload, restart = answer["entries"][:2]
    assert (reload["verb"], restart["verb"]) == ("reload", "restart")
    assert restart["user"] == "anna" and restart["known"] == "uid" and restart["reason"] == "über Nacht"
    assert restart["verdict"] == "up" and restart["result"] == "done" and restart["unit"] == "hers.service"
    assert begun <= restart["at"] <= time.time() + 1 and restart["milliseconds"] >= 1000, "it was watched for a second"
    assert restart["message"].startswith("hers.service was restarted")
    (row,) = [row for row in asked("list", user="anna")["instances"] if row["unit"] == "hers.service"]
    status = asked("status", "hers.service", user="anna")
    for told in (row, status):
        assert told["restarted_at"] == restart["at"] and told["restarted_by"] == "anna" and told["restarted_verdict"] == "up"
        assert abs(told["usual_milliseconds"] - restart["milliseconds"]) < 200


def test_what_was_just_done_is_there():
    """Who was told of a restart finds it, though journald is slow to write it down; and at once where it is not."""
    ask = functools.partial(rpc.over_unix().restarter.history, "quiet.service")
    journald = main_pid("systemd-journald.service")
    with concurrent.futures.ThreadPoolExecutor() as threads:
        os.kill(journald, signal.SIGSTOP)
        try:
            begun = int(time.time())
            assert rpc.over_unix().restarter.restart("quiet.service")["success"]
            asking = threads.submit(ask)
            wait_for(lambda: run("pgrep", "-x", "restarter-log", check=False).stdout, "somebody looks into the journal")
            time.sleep(0.5)
        finally:
            os.kill(journald, signal.SIGCONT)
        assert asking.result()["entries"][0]["at"] >= begun
    assert asking.result()["entries"] == ask()["entries"]


def test_known_after_the_brokers_end():
    assert asked("restart", "open.service", user="anna")["success"]
    systemctl("stop", BROKER)
    wait_until(BROKER, "inactive")
    journal.sync()

    def told():
        rows = {row["unit"]: row for row in asked("list")["instances"]}
        return rows["open.service"].get("restarted_by") == "anna" and rows["open.service"]

    row = wait_for(told, "the journal was asked", 60, 0.3)
    assert row["usual_milliseconds"] >= 1000 and row["restarted_verdict"] == "up"


def test_end_of_a_watch_is_in_the_history():
    asked("restart", "quiet.service", {"settle": 0})
    asked("restart", "hers.service", {"settle": 0})
    wait_for(lambda: asked("history", "hers.service")["entries"][0]["verdict"] == "up", "it was watched to its end", 60, 0.3)
    assert asked("status", "hers.service")["restarted_verdict"] == "up"


def test_logs():
    lines = asked("logs", "hers.service", user="anna")["lines"]
    (line, *_) = [line for line in lines if line["text"] == "a line of hers.service"]
    assert line["priority"] == 6 and str(line["at_usec"]).startswith(str(line["at"])) and abs(line["at"] - time.time()) < 3600
    assert asked("logs", "hers.service")["lines"] == lines, "root may"
    assert {"a line of open.service"} <= {line["text"] for line in asked("logs", "open.service", user="carl")["lines"]}


@pytest.mark.parametrize(
    "method, parameter, user",
    [
        ("logs", "quiet.service", None),
        ("logs", "quiet.service", "anna"),
        ("logs", "hers.service", "carl"),
        ("history", "nginx.service", "carl"),
        ("logs", "restarter-broker.service", None),
        ("day", "", "anna"),
    ],
)
def test_not_for_everybody(method, parameter, user):
    code, words = asked(method, parameter, user=user)
    assert code == NO_GRANT and words.startswith("Nothing was "), words
    assert user in (None, "carl") or "/etc/" not in words


def test_what_one_may_not_see_is_not_there():
    with contextlib.ExitStack() as until:
        run("useradd", "-M", "-G", "restarter-clients", "eve")
        until.callback(run, "userdel", "eve")
        for method in ("history", "logs", "status"):
            hers, nothing = (asked(method, unit, user="eve") for unit in ("hers.service", "none.service"))
            assert hers[0] == nothing[0] == NO_GRANT
            assert hers[1].replace("hers.service", "none.service") == nothing[1]


def test_who_comes_by_the_page():
    """As Login=none has it: nobody in particular."""
    assert rpc.over_tcp().restarter.logs("open.service")["lines"]
    with pytest.raises(xmlrpc.client.Fault) as refused:
        rpc.over_tcp().restarter.history("hers.service")
    assert refused.value.faultCode == NO_GRANT


def test_day():
    assert asked("restart", "open.service", user="anna")["success"]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for day in ("", today):
        answer = asked("day", day, user="carl")
        assert {"hers.service", "open.service"} <= {entry["unit"] for entry in answer["entries"]}
        assert [e["at"] for e in answer["entries"]] == sorted((e["at"] for e in answer["entries"]), reverse=True)
    assert asked("day", "2001-01-01", user="carl") == {"entries": [], "more": False}
    assert asked("day", "2026-02-31", user="carl")[0] == 1


def test_terms_are_told():
    rows = {row["unit"]: row for row in asked("list")["instances"]}
    assert [(rows[u]["confirm"], rows[u]["logs"]) for u in UNITS] == [(True, True), (False, True), (True, False)]
    grants = {grant["unit"]: grant for grant in asked("allowed")["allowed"]}
    assert [(grants[u]["confirm"], grants[u]["logs"]) for u in UNITS] == [(True, True), (False, True), (True, False)]
    assert run("restartctl", "allowed").stdout.count("(with logs)") == 2
    assert "(with logs)" in run("restartctl", "policy", "table", "--verb=restart", "open.service").stdout
    assert "(with logs)" not in run("restartctl", "policy", "table", "--verb=restart", "quiet.service").stdout


def test_nobody_there():
    systemctl("stop", SOCKET_UNIT)
    try:
        for method, parameter in (("logs", "open.service"), ("history", "open.service"), ("day", "")):
            code, words = asked(method, parameter)
            assert code == UNAVAILABLE and SOCKET_UNIT in words
        code, words = asked("logs", "open.service", user="anna")
        assert code == UNAVAILABLE and SOCKET_UNIT not in words
        assert asked("restart", "quiet.service")["success"] and asked("list")["policy_ok"]
    finally:
        systemctl("start", SOCKET_UNIT)
    assert asked("logs", "open.service")["lines"], "seen at once by the broker that runs"


LIARS = {
    "says nothing": "import time; time.sleep(60)",
    "floods": "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    "sends lines without end": "import sys\nwhile True: sys.stdout.write('{\"text\":\"x\",\"at_usec\":\"1\",\"priority\":1}\\n')",
    "ends at once": "pass",
    "is not asked that": "print('{\"entries\":0}')",
}


@pytest.fixture(scope="class")
def liar_file():
    """A program in the place of the real one, whose sandbox has no Python, and a /var/tmp of its own."""
    script = pathlib.Path("/usr/local/lib/restarter-liar.py")
    plain = "[Service]\nRootDirectory=\nTemporaryFileSystem=\nInaccessiblePaths=\nSystemCallFilter=\nMemoryDenyWriteExecute=no\nStandardOutput=socket\n"
    with dropins({"restarter-log-broker@.service": f"{plain}ExecStart=\nExecStart=/usr/bin/python3 -S {script}\n"}):
        yield script
    script.unlink()
    assert asked("logs", "open.service")["lines"]


class TestBesideALiar:
    @pytest.mark.parametrize("liar", sampled({name: (name,) for name in LIARS}))
    def test_a_click(self, liar_file, liar):
        """Those who ask are told that it cannot be had, and a click waits for none of them."""
        liar_file.write_text(f"import sys; print('<3>here lies one', file=sys.stderr, flush=True)\n{LIARS[liar]}\n")
        since = journal.Mark()
        many = 20 if liar == "says nothing" else 2
        codes = []
        askers = [threading.Thread(target=lambda: codes.append(asked_plainly("logs", "open.service"))) for _ in range(many)]
        for asker in askers:
            asker.start()
        assert rpc.over_unix().restarter.restart("quiet.service", {"settle": 0})["success"]
        still_waiting = many - len(codes)
        for asker in askers:
            asker.join()
        systemctl("stop", "restarter-log-broker@*")
        assert len(codes) == many and set(codes) <= {UNAVAILABLE}, codes
        assert still_waiting or liar != "says nothing", "the click waited for nobody's patience with the liar"
        assert "here lies one" in since.text()


def asked_plainly(method, unit):
    try:
        return getattr(rpc.over_unix().restarter, method)(unit)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode


def test_many_who_ask_and_one_who_clicks():
    """Two hundred at once by the page: some are told that there are too many of them, and nobody else notices."""
    ends = []

    def ask():
        try:
            ends.append(len(rpc.over_tcp().restarter.logs("open.service")["lines"]) > 0)
        except xmlrpc.client.Fault as fault:
            ends.append(fault.faultCode)
        except (OSError, xmlrpc.client.ProtocolError) as error:
            ends.append(error)

    askers = [threading.Thread(target=ask) for _ in range(200)]
    for asker in askers:
        asker.start()
    answer = rpc.over_unix().restarter.restart("quiet.service", {"settle": 0})
    for asker in askers:
        asker.join()
    assert answer["success"] and True in ends and len(ends) == 200
    wait_for(lambda: run("systemctl", "list-units", "--no-legend", "--plain", "restarter-log-broker@*").stdout == "", "all have ended", 60)
    assert run("systemctl", "list-units", "--failed", "--no-legend", "--plain", "restarter-*").stdout == ""
    assert web.get("/healthz").status == 200 and show(SOCKET_UNIT, "ActiveState") == "active"
