"""restartctl policy explain --user=: by which door that person would come; where none knows them, that is a shut lock."""
import json
import pathlib

import pytest

from helpers.policy import OK, REFUSED, applied, kept, policy
from helpers.system import WELL, replaced, run, systemctl, unit
from helpers.web_settings import FILE

pytestmark = pytest.mark.once

PROXY = "restarter-webfront-proxy.socket"
GRANT = "[Grant]\nUnit=hers.service\nVerbs=restart\nUsers=anna dora erik\n"
SERVICE = pathlib.Path("/run/systemd/system/hers.service")


@pytest.fixture(scope="module", autouse=True)
def people():
    """anna is a member of restarter-clients, erik has it as the group of the account, dora is in neither way."""
    run("useradd", "-M", "-G", "restarter-clients", "anna")
    run("useradd", "-M", "-g", "restarter-clients", "erik")
    run("useradd", "-M", "dora")
    SERVICE.write_text("[Service]\nExecStart=/bin/sleep infinity\n")
    systemctl("daemon-reload")
    systemctl("start", "hers.service")
    with kept(), applied(GRANT):
        yield
    systemctl("stop", "hers.service")
    SERVICE.unlink()
    systemctl("daemon-reload")
    for name in ("anna", "dora", "erik"):
        run("userdel", name)


def lock_2(user, name="hers.service", status=OK):
    done = policy("explain", "--json", f"--user={user}", name)
    assert done.returncode == status, done.stdout + done.stderr
    lock = json.loads(done.stdout)["locks"][1]
    assert lock["open"] == (status == OK)
    return lock["message"]


def test_member():
    for user in ("anna", "erik"):
        assert lock_2(user) == f"broker.sock lets {user} in, a member of restarter-clients."


def test_whom_no_door_knows():
    for user in ("dora", "nobody-of-this-machine"):
        words = lock_2(user, status=REFUSED)
        assert f"no door knows {user}" in words and f"--groups=restarter-clients {user}'" in words
    assert "Lock 2, the broker sockets, stops restart of hers.service." in policy("explain", "--user=dora", "hers.service").stdout


def test_what_one_types_to_open_it():
    run("usermod", "--append", "--groups=restarter-clients", "dora")
    try:
        assert "lets dora in" in lock_2("dora")
    finally:
        run("gpasswd", "--delete", "dora", "restarter-clients")


def test_as_nobody_in_particular():
    """What is granted to everybody, for whom the page does not ask."""
    assert "as nobody in particular (Login=none" in lock_2("dora", unit(WELL))


@pytest.mark.parametrize("word", ["password", "pam"])
def test_login(word):
    with replaced(FILE, f"[Web]\nLogin={word}\n"):
        assert f"who logs in by that name (Login={word})" in lock_2("dora")


def test_proxy():
    systemctl("start", PROXY)
    try:
        assert "web-proxy.sock does, for whom the reverse proxy calls so" in lock_2("dora")
    finally:
        systemctl("stop", PROXY)


def test_the_groups_that_are_asked_about_are_no_account():
    """--group= is what the policy is asked about; the kernel lets in by the account."""
    done = policy("explain", "--user=dora", "--group=restarter-clients", "hers.service", check=REFUSED)
    assert "no door knows dora" in done.stdout
