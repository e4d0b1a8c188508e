"""restartctl check, the accounts: who is the broker's user or in our groups, and by what else a process could come to be
that user's."""

import grp
import pwd

import pytest

from helpers.check import GROUP, GSHADOW, PASSWD, SHADOW, Findings, assert_clean, edited, file_with, files_with, line_in
from helpers.system import run, stop_daemons

# Account files are read by our own code alone.
pytestmark = pytest.mark.once


@pytest.fixture(scope="module", autouse=True)
def clean_before_and_after():
    """All that the tests here undo is undone."""
    assert_clean()
    yield
    assert_clean()


def test_members_of_groups():
    """Those of the clients' group were added on purpose: a note."""
    run("usermod", "--append", "--groups=restarter-web,restarter-clients,shadow", "games")
    run("usermod", "--append", "--groups=shadow", "restarter")
    try:
        found = Findings()
        message = found.one(f"{GROUP}:{line_in(GROUP, 'restarter-web:')}", "web.sock", "gpasswd --delete")
        assert message.startswith("games may open")
        message = found.one(f"{GROUP}:{line_in(GROUP, 'restarter-clients:')}", "members of", level="note")
        assert message.endswith(": games")
        found.one(f"{GROUP}:{line_in(GROUP, 'shadow:')}", "so is the broker", "gpasswd --delete restarter shadow")
    finally:
        for user, group in (("games", "restarter-web"), ("games", "restarter-clients"), ("games", "shadow"), ("restarter", "shadow")):
            run("gpasswd", "--delete", user, group)


def test_clients_alone_are_clean():
    run("usermod", "--append", "--groups=restarter-clients", "games")
    try:
        assert_clean()
    finally:
        run("gpasswd", "--delete", "games", "restarter-clients")


def test_account_of_the_groups_name():
    """systemd tells of such a one while the web front runs; one that somebody may log in by is another matter."""
    gid = grp.getgrnam("restarter-web").gr_gid
    with edited(PASSWD, (r"\Z", f"restarter-web:x:{gid}:{gid}::/:/bin/sh\n")):
        Findings().one(f"{GROUP}:{line_in(GROUP, 'restarter-web:')}", "restarter-web may open web.sock")


def test_first_group_of_somebody():
    gid = grp.getgrnam("restarter-web").gr_gid
    with edited(PASSWD, (r"^(games:[^:]*:\d+):\d+:", rf"\1:{gid}:")):
        Findings().one(f"{GROUP}:{line_in(GROUP, 'restarter-web:')}", "games", "web.sock")


def test_doors_of_groups():
    """A password lets in whoever knows it, an administrator whom he likes."""
    changes = [
        (rf"^({group}):[^:]*:[^:]*:", r"\1:$y$j9T$x$y:games:") for group in ("restarter-web", "restarter-clients")
    ]
    with edited(GSHADOW, *changes):
        found = Findings()
        for group in ("restarter-web", "restarter-clients"):
            place = f"{GSHADOW}:{line_in(GSHADOW, group + ':')}"
            found.one(place, "password")
            found.one(place, "games", "administrators")


def test_group_that_is_gone():
    """systemd tells of it for as long as the web front runs."""
    stop_daemons()
    with edited(GROUP, ("^restarter-web:.*\n", "")):
        assert Findings().any("there is no group restarter-web")


def test_the_user():
    """A twin, a shell, a password."""
    uid = pwd.getpwnam("restarter").pw_uid
    twin = f"twin:x:{uid}:65534::/nonexistent:/usr/sbin/nologin\n"
    with edited(PASSWD, (r"^(restarter:.*):[^:\n]*$", r"\1:/bin/sh"), (r"\Z", twin)):
        with edited(SHADOW, (r"^restarter:[^:]*:", "restarter:$y$j9T$x$y:")):
            found = Findings()
    with edited(PASSWD, (r"^(restarter:.*):[^:\n]*$", r"\1:/bin/sh"), (r"\Z", twin)):
        line, twins = line_in(PASSWD, "restarter:"), line_in(PASSWD, "twin:")
    found.one(f"{PASSWD}:{twins}", "twin", "usermod --uid")
    found.one(f"{PASSWD}:{line}", "login shell", "nologin")
    found.one(f"{SHADOW}:{line_in(SHADOW, 'restarter:')}", "has a password;", "usermod --lock")


def test_neither_shell_nor_password():
    """An empty field is the default shell, and a password that everybody knows."""
    with edited(PASSWD, (r"^(restarter:.*):[^:\n]*$", r"\1:")), edited(SHADOW, (r"^restarter:[^:]*:", "restarter::")):
        found = Findings()
    found.one(f"{PASSWD}:{line_in(PASSWD, 'restarter:')}", "login shell")
    found.one(f"{SHADOW}:{line_in(SHADOW, 'restarter:')}", "an empty one")


def test_files_of_the_user():
    home = pwd.getpwnam("restarter").pw_dir.rstrip("/")
    paths = [
        f"{home}/.ssh/authorized_keys",
        f"{home}/.ssh/authorized_keys2",
        "/var/spool/cron/crontabs/restarter",
        "/etc/ssh/authorized_keys/restarter",
        "/var/lib/systemd/linger/restarter",
    ]
    with files_with(dict.fromkeys(paths, "x\n"), 0o600):
        found = Findings()
        for path in paths:
            found.one(path, "somebody may run")


LINES = {
    "/etc/cron.d/mine": ("# restarter\n* * * * * restarter /bin/true\n", 2),
    "/etc/cron.d/daily": ("# x\n\n@daily\trestarter\t/bin/true\n", 3),
    "/etc/sudoers.d/mine": ("games ALL=(restarter) NOPASSWD: ALL\n", 1),
    "/etc/sudoers.d/other": ("# x\nrestarter ALL=(ALL) ALL\n", 2),
    "/etc/sudoers.d/alias": ("User_Alias X=games,restarter\n", 1),
}
OTHER_LINES = "# restarter\n* * * * * root /usr/bin/restartctl list\n* * * * * restarter-x /bin/true\n* * * * * my.restarter x\n"


def test_lines_that_name_the_user():
    with files_with({path: text for path, (text, _) in LINES.items()}, 0o440):
        found = Findings()
        for path, (_, line) in LINES.items():
            found.one(f"{path}:{line}", "names user restarter")


def test_lines_that_do_not_name_the_user():
    with file_with("/etc/cron.d/mine", OTHER_LINES):
        assert_clean()
