"""Units that say whatever they like, in each place where a unit or a person can say anything, and the pages that show it."""
import contextlib
import os
import pathlib
import shutil
import urllib.parse

from conftest import ADDRESS
from hostile import NAME as FOREIGN
from hostile import resolving
from pages import find, wait
from selenium.webdriver.common.by import By

from helpers import login, system, web
from helpers.policy import POLICY, kept
from helpers.system import reload_manager, stop_daemons, systemctl, unit_files
from helpers.web_settings import web_settings

MARKUP = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
# What could end the element that it stands in, turn what follows, and be broken nowhere.
WORDS = f"</bdi></q></code></title>{MARKUP}&lt;b&gt; \u202egnp.exe\u2066\u200b {'W' * 50}"
REASON = f"</q></li>{MARKUP} {'W' * 60}"  # a reason has no marks of direction: it would be refused
SHOWN = "<img src=x onerror="
UP, DOWN, SLOW = "hostile-up.service", "hostile-down.service", "hostile-slow.service"
NOBODYS = "example@1234.service"

FILES = pathlib.Path("/run/restarter-hostile")
SAYS = f"""#!/bin/sh
cat {FILES}/words {FILES}/words
systemd-notify --ready --status="$(cat {FILES}/words)"
[ "$1" != down ] || exit 3
exec sleep infinity
"""
SERVICE = f"""[Unit]
Description={WORDS}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStartPre=/bin/sh -c 'while [ -e {FILES}/hold-%p ]; do sleep 0.1; done'
ExecStart=/bin/sh {FILES}/says {{}}
"""
GRANTS = "".join(
    f"[Grant]\nUnit={unit}\nVerbs=restart\nUsers=anna\nLogs=yes\nStartStopped=yes\nSettle={settle}\n\n"
    for unit, settle in ((UP, 0), (DOWN, 2), (SLOW, 0))
) + "[Policy]\nAdmins=anna\n"


def cookie_of(user):
    """Of another browser of that person's."""
    body = urllib.parse.urlencode({"user": user, "password": login.PASSWORDS[user]})
    answer = web.request("POST", "/login", body, {"Content-Type": web.FORM, "Accept": web.HTML, "Sec-Fetch-Site": "same-origin"})
    assert answer.status == 303, answer
    return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


def press(unit, cookie):
    """By the form, as a browser does; the page of what becomes of it."""
    body = urllib.parse.urlencode({"service_id": unit, "reason": REASON, "press": os.urandom(16).hex()})
    headers = {"Content-Type": web.FORM, "Accept": web.HTML, "Sec-Fetch-Site": "same-origin", **cookie}
    answer = web.request("POST", "/restart", body, headers)
    assert answer.status == 303, answer
    return answer.headers["Location"].lstrip("/")


def _write():
    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir()
    (FILES / "words").write_text(WORDS + "\n", encoding="utf-8")
    (FILES / "says").write_text(SAYS)


def _addresses():
    """After presses of anna's: one that ended well, one that failed."""
    cookie = cookie_of("anna")
    done, failed = press(UP, cookie), press(DOWN, cookie)
    system.wait_until(DOWN, "failed")
    system.run("journalctl", "--sync")
    return {
        "list": "",
        "running": "instances/" + UP,
        "down": "instances/" + DOWN,
        "day": "day",
        "day-empty": "day/2001-01-01",
        "done": done,
        "did-fail": failed,
        "unknown": "restarts/page-00000000000000000000000000000000",
    }


@contextlib.contextmanager
def past():
    """Yields the addresses of the pages, by name. Whoever is not anna has nothing to see there."""
    _write()
    units = {UP: SERVICE.format("up"), DOWN: SERVICE.format("down"), SLOW: SERVICE.format("up")}
    with unit_files(units), kept(), web_settings("[Web]\nLogin=password\n"):
        POLICY.write_text(GRANTS, encoding="ascii")
        system.run("restartctl", "policy", "apply", "--offline")
        systemctl("restart", "polkit.service")
        reload_manager()
        login.as_it_should_be()
        stop_daemons()
        systemctl("start", UP, SLOW)
        try:
            yield _addresses()
        finally:
            shutil.rmtree(FILES)
            login.leave_nothing()
    stop_daemons()


@contextlib.contextmanager
def under_way():
    """The address of a press of anna's that goes on for as long."""
    (FILES / "hold-hostile-slow").touch()
    try:
        yield press(SLOW, cookie_of("anna"))
    finally:
        (FILES / "hold-hostile-slow").unlink()
        system.wait_until(SLOW, "active")


def log_in(driver, user):
    driver.get(ADDRESS)
    if not driver.find_elements(By.CSS_SELECTOR, ".person bdi") or find(driver, ".person bdi").text != user:
        driver.delete_all_cookies()
        driver.get(ADDRESS + "login")
        find(driver, "#user").send_keys(user)
        find(driver, "#password").send_keys(login.PASSWORDS[user])
        find(driver, "form.login button").click()
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".person"))


@contextlib.contextmanager
def foreign_name():
    """The page under a host name that is none of ours."""
    with resolving(f"127.0.0.1 {FOREIGN}"):
        yield f"http://{FOREIGN}:8080/"
