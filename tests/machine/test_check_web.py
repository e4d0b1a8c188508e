"""restartctl check: what is wrong with webfront.conf, and with the files of those who are to log in, has its place; and so has
what each for itself is right, and does not fit the rest."""
import pytest

from helpers import login
from helpers.check import Findings, assert_clean, line_in, mode_and_owner
from helpers.login import GROUPS, USERS
from helpers.policy import applied
from helpers.system import SOCKETS, dropins, replaced, systemctl
from helpers.web_settings import FILE

PEOPLE = "/etc/restarter/policy.conf.d/applied.conf"
FOR_ROOT = "[Grant]\nUnit=example@.service\nInstances=1111\nVerbs=restart\nUsers=root\n"


@pytest.fixture
def people():
    """A drop-in of the policy that names somebody, in force."""
    with applied(FOR_ROOT):
        yield


@pytest.mark.once
@pytest.mark.parametrize(
    "text, place, words",
    [
        ("[Web]\nLogin=passwd\n", f"{FILE}:2", "Login=passwd is none of none, password and pam"),
        ("[Web]\n\nUserHeader=Host\n", f"{FILE}:3", "this header has another meaning"),
        ("", f"{FILE}", "there is no [Web] in it"),
        (None, f"{FILE}", "there is no such file"),
    ],
)
def test_mistakes(text, place, words):
    with replaced(FILE, text):
        found = Findings()
    assert "nobody is let in by way of the web" in found.one(place, words)


@pytest.mark.once
def test_others_could_write_it():
    with mode_and_owner(FILE, 0o666):
        found = Findings()
    assert found.any("can be written by more than its owner")


@pytest.mark.once
def test_nobody_is_asked_and_a_grant_is_for_people(people):
    found = Findings()
    message = found.one(f"{FILE}:{line_in(FILE, 'Login=')}", "Login=none", f"{PEOPLE}:1")
    assert f"systemctl disable --now {SOCKETS[0]}" in message
    with replaced(FILE, "[Web]\n\nLogin=none\n"):
        Findings().one(f"{FILE}:3", "Login=none")


@pytest.mark.once
def test_as_it_tells_one_to_mend_it(people):
    """Where people come by other doors alone, the page is not there."""
    systemctl("stop", SOCKETS[0])
    try:
        assert not Findings().any("Login=none")
    finally:
        systemctl("start", SOCKETS[0])


@pytest.mark.once
@pytest.mark.parametrize("word, unit", [("password", "restarter-login.socket"), ("pam", "restarter-login-pam.socket")])
def test_nobody_can_log_in(word, unit):
    with replaced(FILE, f"[Web]\nLogin={word}\n"):
        found = Findings()
        found.one(f"{FILE}:2", f"'systemctl enable --now {unit}' makes it")
        if word == "password":
            found.one(f"{FILE}:2", f"there is no {USERS}", "restartctl passwd USER")


@pytest.mark.once
def test_people_log_in(people):
    login.as_it_should_be()
    try:
        with replaced(FILE, "[Web]\nLogin=password\n"):
            assert_clean()
        with replaced(FILE, "[Web]\nLogin=password\nCleartextPasswords=yes\n"):
            found = Findings()
        assert found.clean() and found.any("CleartextPasswords=yes", level="note")
    finally:
        login.leave_nothing()


@pytest.mark.once
@pytest.mark.parametrize(
    "path, text, mode, line, words",
    [
        (USERS, "anna:secret\n", 0o600, ":1", "the hash is none"),
        (USERS, "", 0o644, "", "can be read or written by more than its owner"),
        (GROUPS, "ops:anna\nops:anna\n", 0o644, ":2", "group ops is there twice"),
        (GROUPS, "ops:nobody\n", 0o644, ":1", "there is no user nobody"),
        (GROUPS, "", 0o666, "", "can be written by more than its owner"),
    ],
)
def test_files_of_those_who_log_in(path, text, mode, line, words):
    """Also before anybody is asked for a password."""
    login.as_it_should_be()
    try:
        login.put(path, text, mode)
        found = Findings()
        assert "nobody can log in" in found.one(f"{path}{line}", words)
        assert "secret" not in str(found.all)
    finally:
        login.leave_nothing()


@pytest.mark.once
def test_people_of_the_policy_may_be_those_who_log_in():
    """Whom no account of this machine is named like, and who have a password of their own."""
    names = "[Grant]\nUnit=example@.service\nInstances=1111\nVerbs=restart\nUsers=anna\nGroups=ops\n"
    login.as_it_should_be()
    try:
        with applied(names), replaced(FILE, "[Web]\nLogin=password\n"):
            assert_clean()
            login.put(GROUPS, "admins:anna\n", 0o644)
            login.put(USERS, login.SHIPPED_USERS.replace("anna", "dora"))
            found = Findings()
            assert found.any("there is no user anna on this machine") and found.any("there is no group ops")
    finally:
        login.leave_nothing()


UNITS = {
    "restarter-login@.service": ("Service", "PrivateNetwork=no"),
    "restarter-login-pam@.service": ("Service", "SupplementaryGroups=shadow adm"),
    "restarter-webfront-proxy.service": ("Service", "Group=restarter-web"),
    "restarter-login.socket": ("Socket", "SocketMode=0666"),
    "restarter-login-pam.socket": ("Socket", "SocketGroup=users"),
    "restarter-webfront-proxy.socket": ("Socket", "FileDescriptorName=http"),
    "restarter-webfront-metrics.socket": ("Socket", "FileDescriptorName=http"),
}


def test_units_of_those_who_log_in_are_as_shipped():
    """Also where they are not in use: what somebody changed there counts from the first login on."""
    with dropins({unit: f"[{section}]\n{setting}\n" for unit, (section, setting) in UNITS.items()}):
        found = Findings()
    for unit, (_, setting) in UNITS.items():
        key = setting.partition("=")[0]
        found.one(f"/run/systemd/system/{unit}.d/70-test.conf:2", f"{unit}: {key}= is not as shipped")
    assert_clean()


@pytest.mark.once
def test_login_that_is_masked_is_no_finding():
    systemctl("mask", "--runtime", "restarter-login@.service")
    try:
        assert_clean()
    finally:
        systemctl("unmask", "--runtime", "restarter-login@.service")
