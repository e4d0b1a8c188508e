"""webfront.conf: what is written holds; a mistake has its file and line in the journal, and the last good settings stay
in force, also over the daemons' ends; without any, nobody is let in by way of the web."""
import subprocess
import xmlrpc.client

import pytest


from helpers.journal import Mark
from helpers.system import BROKER, WEBFRONT, WELL, replaced, settings, show, stop_daemons, systemctl, wait_for
from helpers.web import HTML, click, get, request
from helpers.web_settings import FILE, KEPT, web_settings

# Each as an admin may leave it, and what is said of it.
MISTAKES = {
    "unknown-key": ("[Web]\nLogn=password\n", f"{FILE}:2: unknown key Logn=; there are Login="),
    "typed-wrong": ("[Web]\n\nLogin=passwort\n", f"{FILE}:3: Login=passwort is none of none, password and pam"),
    "twice": ("[Web]\nLogin=none\nLogin=password\n", f"{FILE}:3: Login= is given twice"),
    "another-section": ("[Grant]\nUnit=x\n", f"{FILE}:1: unknown section [Grant]; there is only [Web]"),
    "emptied": ("", f"{FILE}: there is no [Web] in it"),
    "missing": (None, f"{FILE}: there is no such file"),
    "nul": ("[Web]\n\0\n", f"{FILE}:2: has a NUL byte"),
    "too-large": ("[Web]\n" + "\n" * 16384, "than 16"),
}
EVERY = pytest.mark.parametrize("text, words", MISTAKES.values(), ids=MISTAKES)
LET_IN = "the last good ones stay in force"
SHUT = "nobody is let in by way of the web until they are mended"


def said(mark, daemon, words):
    """What a daemon has said of the file since."""
    lines = [e["MESSAGE"] for e in mark.entries(f"_SYSTEMD_UNIT={daemon}", "PRIORITY=3")]
    return [line for line in lines if line.startswith("The settings of the web are broken") and words in line]




@pytest.mark.once
@EVERY
def test_with_none_that_was_good_nobody_is_let_in(text, words):
    mark = Mark()
    with web_settings(text, known=False):
        page = get("/", HTML)
        assert page.status == 503 and "journalctl -t restarter-webfront" in page.text, page
        assert str(FILE) not in page.text
        assert click(WELL).status == 503
        assert get("/api/instances").json["code"] == 10
        assert get("/healthz").status == 503
        with pytest.raises(xmlrpc.client.ProtocolError) as refused:
            xmlrpc.client.ServerProxy("http://127.0.0.1:8080/RPC2").restart_unit(WELL)
        assert refused.value.errcode == 503
        assert any(SHUT in line for line in said(mark, WEBFRONT, words)), mark.text()
        assert not KEPT[0].exists()


@EVERY
@pytest.mark.once
def test_the_last_good_ones_stay_over_the_end(text, words, instance):
    mark = Mark()
    with web_settings("[Web]\nLogin=none\nAllowedHosts=last.example\n", known=False):
        assert get("/").status == 200
        systemctl("start", BROKER)
        stop_daemons()
        with replaced(FILE, text):
            for _ in range(2):
                assert request("GET", "/", headers={"Host": "last.example"}).status == 200
                assert click(WELL).json["success"]
                stop_daemons()
        for daemon in (WEBFRONT, BROKER):
            assert any(LET_IN in line for line in said(mark, daemon, words)), mark.text()
        assert request("GET", "/", headers={"Host": "last.example"}).status == 200
        mark = Mark()
        stop_daemons()
        assert get("/").status == 200
        assert not said(mark, WEBFRONT, ""), "mended, and nothing is said any more"


def test_broker_reads_it_anew_when_it_is_reloaded():
    with web_settings("[Web]\nLogin=none\n", known=False):
        systemctl("start", BROKER)
        mark = Mark()
        with replaced(FILE, "[Web]\nLogin=maybe\n"):
            reload = systemctl("reload", BROKER, check=False)
            assert reload.returncode != 0, "who has edited the file learns here that it was of no use"
            assert any(LET_IN in line for line in said(mark, BROKER, f"{FILE}:2: Login=maybe")), mark.text()
        mark = Mark()
        systemctl("reload", BROKER)
        assert not said(mark, BROKER, "")


@pytest.mark.once
@pytest.mark.parametrize("mode, words", [(0o666, "can be written by more than its owner"), (0o600, "Permission denied")])
def test_broker_wants_a_file_of_roots_that_it_can_read(mode, words):
    with web_settings("[Web]\nLogin=none\n", known=False):
        FILE.chmod(mode)
        mark = Mark()
        systemctl("start", BROKER)
        assert any(SHUT in line for line in said(mark, BROKER, words)), mark.text()


@pytest.mark.once
def test_environment_keeps_working_and_the_file_wins():
    with web_settings("[Web]\nLogin=none\n", known=False), settings(ALLOWED_HOSTS="environment.example"):
        assert request("GET", "/", headers={"Host": "environment.example"}).status == 200
    with web_settings("[Web]\nLogin=none\nAllowedHosts=file.example\n"), settings(ALLOWED_HOSTS="environment.example"):
        assert request("GET", "/", headers={"Host": "file.example"}).status == 200
        assert request("GET", "/", headers={"Host": "environment.example"}).status == 421


@pytest.mark.parametrize("key", ["IdleExitSec=1", "IdleExitSec=1s"])
def test_both_end_when_the_file_says(key):
    with web_settings(f"[Web]\nLogin=none\n{key}\n"):
        assert get("/").status == 200
        for daemon in (WEBFRONT, BROKER):
            wait_for(lambda d=daemon: show(d, "ActiveState") == "inactive", f"{daemon} has ended")


@pytest.mark.once
def test_job_timeout(instance):
    with web_settings("[Web]\nLogin=none\nJobTimeoutSec=1\n"):
        instance.hold()
        answer = click(WELL)
        assert not answer.json["success"] and "1 s" in answer.json["message"], answer
        instance.wait_for_start()
        instance.quick()


@pytest.mark.once
def test_shipped_file():
    """All keys are there, as comments that may be taken as they are; and dpkg knows it as a file of the admin's."""
    listed = subprocess.run(["dpkg-query", "-Wf", "${Conffiles}", "restarter"], stdout=subprocess.PIPE, check=True)
    assert str(FILE) in listed.stdout.decode()
    text = FILE.read_text()
    assert "Login=none" in text
    keys = [line[1:] for line in text.splitlines() if line.startswith("#") and "=" in line.split(" ")[0]]
    assert len(keys) == 8, keys
    with web_settings("[Web]\nLogin=none\n" + "\n".join(keys) + "\n", known=False):
        mark = Mark()
        assert get("/").status == 200
        systemctl("start", BROKER)
        assert not said(mark, WEBFRONT, "") + said(mark, BROKER, "")

