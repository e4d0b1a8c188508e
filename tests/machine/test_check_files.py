"""restartctl check, the files: what the locks are made of is root's, and the broker's user owns nothing."""

import contextlib
import grp
import os
import pathlib
import pwd
import shutil

import pytest

from helpers.check import ETC, Findings, assert_clean, file_with, mode_and_owner
from helpers.system import BROKER


@pytest.fixture(scope="module", autouse=True)
def clean_before_and_after():
    """All that the tests here undo is undone."""
    assert_clean()
    yield
    assert_clean()


OURS = [
    "/usr/libexec/restarter",
    "/usr/libexec/restarter/restarter-broker",
    "/usr/libexec/restarter/root/usr/lib",
    "/usr/bin/restartctl",
    "/usr/share/dbus-1/system.d/restarter.conf",
    "/etc/restarter",
    "/etc/default/restarter",
    "/etc/polkit-1/rules.d/50-restarter.rules",
    "/usr/libexec",
]


@pytest.mark.once
def test_what_others_may_write():
    with contextlib.ExitStack() as stack:
        for path in OURS:
            stack.enter_context(mode_and_owner(path, mode=os.stat(path).st_mode & 0o7777 | 0o022))
        found = Findings()
        for path in OURS:
            found.one(path, "others than root may write")


@pytest.mark.once
def test_what_is_not_roots():
    with contextlib.ExitStack() as stack:
        for path in OURS:
            stack.enter_context(mode_and_owner(path, uid=pwd.getpwnam("games").pw_uid))
        found = Findings()
        for path in OURS:
            found.one(path, "not root's")


@pytest.mark.once
def test_dropin_that_somebody_may_write():
    with file_with(ETC / f"{BROKER}.d" / "50-mine.conf", "[Service]\nNice=5\n", 0o666) as file:
        Findings().one(file, "may write")


FOLDERS = ["/etc", "/usr/local", "/opt", "/srv", "/var/tmp", "/home", "/root", "/tmp", "/run"]


def test_files_of_its_own():
    uid = pwd.getpwnam("restarter").pw_uid
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(file_with(f"{folder}/left/behind", "x\n")) for folder in FOLDERS]
        for file in files:
            stack.enter_context(mode_and_owner(file, uid=uid))
        found = Findings()
        for file in files:
            found.one(file, "belongs to user restarter")


@pytest.mark.once
def test_set_uid_and_set_gid():
    uid, tools = pwd.getpwnam("restarter").pw_uid, pathlib.Path("/var/tmp")
    with contextlib.ExitStack() as stack:
        for group in ("restarter", "restarter-web", "restarter-clients"):
            tool = stack.enter_context(file_with(tools / group, "x\n"))
            stack.enter_context(mode_and_owner(tool, gid=grp.getgrnam(group).gr_gid))
            os.chmod(tool, 0o2755)
        tool = stack.enter_context(file_with(tools / "user", "x\n"))
        stack.enter_context(mode_and_owner(tool, uid=uid))
        os.chmod(tool, 0o4755)
        found = Findings()
        for group in ("restarter", "restarter-web", "restarter-clients"):
            found.one(tools / group, "set-gid", group)
        found.one(tools / "user", "set-uid")


@pytest.mark.once
def test_many_files():
    """The first ones, and how many more."""
    uid = pwd.getpwnam("restarter").pw_uid
    folder = pathlib.Path("/var/tmp/many")
    folder.mkdir()
    try:
        for number in range(25):
            (folder / str(number)).touch()
            os.chown(folder / str(number), uid, -1)
        found = Findings()
        assert sum(p.startswith(str(folder)) for _, p, _ in found.all) == 10
        assert found.any("15 more files")
    finally:
        shutil.rmtree(folder)
