"""restartctl check: what is missing on the way to another machine is found, with the line that mends it; and when nothing is, nothing is
said."""
import os
import pathlib

import pytest

from helpers import by_ssh as far
from helpers.check import Findings, assert_clean
from helpers.system import dropins, run, settings, show, systemctl, wait_until

pytestmark = pytest.mark.once
NAME = "web1"
KEY = far.KEYS / f"{NAME}.key"
HOSTS = far.KEYS / f"{NAME}.known_hosts"
UNIT = far.socket_unit(NAME)
SECTION = f"{far.CONF}:1"


@pytest.fixture
def way():
    """To a machine that need not be there."""
    far.name_machines({NAME: f"{far.ACCOUNT}@{NAME}"})
    far.own_key(NAME)
    HOSTS.write_text("web1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n")
    systemctl("enable", "--now", "--quiet", UNIT)
    yield
    far.forget(NAME)


def test_nothing(way):
    assert_clean()


@pytest.mark.parametrize("file, words", [(KEY, "ssh-keygen -q -t ed25519"), (HOSTS, "ssh-keyscan -t ed25519 -p 22 web1")])
def test_a_file_that_is_missing_or_empty(way, file, words):
    file.write_text("")
    Findings().one(SECTION, words)
    file.unlink()
    Findings().one(SECTION, words)


@pytest.mark.parametrize("file, mode, words", [(KEY, 0o640, "others may read it"), (HOSTS, 0o666, "others may put another one")])
def test_a_file_that_is_open_to_others(way, file, mode, words):
    os.chmod(file, mode)
    Findings().one(str(file), words, f"{mode:04o}")


def test_what_others_have_to_read(way):
    """Root reads it all the same: restarter-far does not."""
    os.chmod(far.CONF, 0o640)
    Findings().one(str(far.CONF), "mode 0640", "restarter-far cannot read it", f"chmod 644 {far.CONF}")


def test_the_key_is_somebody_elses(way):
    os.chown(KEY, 65534, -1)
    Findings().one(str(KEY), "has owner 65534")


def test_a_socket_that_does_not_listen(way):
    systemctl("disable", "--now", "--quiet", UNIT)
    Findings().one(SECTION, f"systemctl enable --now {UNIT}")


def test_no_socket_of_the_admins(way):
    far.CONF.write_text("[Machine lb]\nVia=socket\n")
    Findings().one(SECTION, "/run/restarter/far/lb.sock")


@pytest.mark.parametrize("changed", [KEY, HOSTS, far.CONF], ids=["key", "known_hosts", "section"])
def test_what_was_changed_while_it_runs(way, changed):
    """It goes by what it read when it was started, and the line that is told has it read again."""
    with settings(IDLE_EXIT_SEC="0"):
        assert f"{NAME} cannot be reached: " in far.turned_away(NAME)
        wait_until(far.service(NAME), "active")
        assert_clean()
        changed.write_text(changed.read_text() + "\n")
        Findings().one(str(changed), f"'systemctl try-restart {far.service(NAME)}'", level="note")
        systemctl("try-restart", far.service(NAME))
        assert show(far.service(NAME), "ActiveState") == "active"
        assert_clean()


SETTINGS = {
    "User=root": "User=",
    "PrivateUsers=no": "PrivateUsers=",
    "BindPaths=/etc": "BindPaths=",
    "ExecPaths=/usr/bin/sh": "ExecPaths=",
    "RestrictAddressFamilies=AF_NETLINK": "RestrictAddressFamilies=",
    "LoadCredential=more:/etc/shadow": "LoadCredential=",
    "SystemCallFilter=ptrace": "SystemCallFilter=",
}


def test_settings_that_are_not_as_shipped(way):
    """Whatever is changed in a drop-in is told where it stands; less of the network is the admin's to say."""
    with dropins({"restarter-far@.service": "[Service]\nIPAddressDeny=any\nPrivateNetwork=yes\n"}):
        assert_clean()
    with dropins({"restarter-far@.service": "[Service]\n" + "\n".join(SETTINGS) + "\n"}):
        found = Findings().all
    # A user has his group.
    assert {message.split()[1] for _, _, message in found} == {"Group=", *SETTINGS.values()}, found
    with dropins({"restarter-far@.socket": "[Socket]\nSocketMode=0666\nSocketGroup=users\n"}):
        found = Findings().all
    assert {message.split()[1] for _, _, message in found} == {"SocketMode=", "SocketGroup="}, found


def test_settings_of_one_machine_alone(way):
    """Of these it is told that they are there."""
    drop_in = f"/run/systemd/system/{far.service(NAME)}.d/70-test.conf"
    with dropins({far.service(NAME): "[Service]\nMemoryMax=256M\n"}):
        Findings().one(drop_in, f"for {far.service(NAME)} alone", f"systemd-analyze security {far.service(NAME)}", level="note")


def test_a_mistake(way):
    far.CONF.write_text("[Machine web1]\nVia=carrier\n")
    Findings().one(f"{far.CONF}:2", "no other machine can be reached")


def test_no_ssh(way):
    ssh, away = pathlib.Path("/usr/bin/ssh"), pathlib.Path("/usr/bin/ssh.away")
    ssh.rename(away)
    try:
        Findings().one(SECTION, "apt install openssh-client")
    finally:
        away.rename(ssh)


def test_the_sandbox():
    """As tight as it gets for a program that runs ssh: what is left is the network, and a root that has ssh in it."""
    done = run("systemd-analyze", "security", "--no-pager", far.service(NAME)).stdout
    line = [line for line in done.splitlines() if "Overall exposure level" in line][0]
    assert float(line.split(": ")[1].split()[0]) <= 1.1, done
