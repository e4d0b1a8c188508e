"""What a uid and the number of a group stand for: who bears it now, and nobody who has borne it before; and some stand
for nobody."""
import ctypes
import grp
import os
import pwd

import pytest

from helpers import rpc
from helpers.people import as_user
from helpers.policy import applied
from helpers.system import BROKER, run, show, systemctl, wait_for

GRANT = "[Grant]\nUnit=team-later.service\nVerbs=restart\nUsers=hanna\n"


def allowed(uid, *groups):
    """What the broker says to this uid."""
    return as_user(
        uid, lambda: rpc.over_unix(rpc.CLIENTS).restarter.allowed(), group="restarter-clients", groups=groups
    )


def may_click(uid, *groups):
    return "team-later.service" in {row["unit"] for row in allowed(uid, *groups)["allowed"]}


def reload():
    """Of a broker that goes on running."""
    before = show(BROKER, "MainPID")
    systemctl("reload", BROKER)
    assert show(BROKER, "MainPID") == before


@pytest.fixture
def hanna():
    run("useradd", "-M", "hanna")
    yield pwd.getpwnam("hanna").pw_uid
    for name in ("hanna", "ivan"):
        run("userdel", name, check=False)
    for name in ("lately", "others"):
        run("groupdel", name, check=False)


def test_uid_of_another(hanna):
    with rpc.open_socket(rpc.CLIENTS):
        wait_for(lambda: show(BROKER, "ActiveState") == "active", "the broker runs")
        assert allowed(hanna)["user"] == "hanna"
        run("userdel", "hanna")
        run("useradd", "-M", "-u", str(hanna), "ivan")
        assert allowed(hanna)["user"] == "ivan"
        run("userdel", "ivan")
        assert allowed(hanna)["user"] == "", "nobody bears it"


def test_group_that_came_later(hanna):
    """From the reload on; and whose number has another name then, is not in it."""
    with applied(GRANT.replace("Users=hanna", "Groups=lately"), check=None), rpc.open_socket(rpc.CLIENTS):
        assert not may_click(hanna)
        run("groupadd", "lately")
        number = grp.getgrnam("lately").gr_gid
        reload()
        assert may_click(hanna, "lately") and not may_click(hanna)
        run("groupdel", "lately")
        run("groupadd", "-g", str(number), "others")
        reload()
        assert not may_click(hanna, "others")


def test_number_that_stands_for_many():
    """The kernel's for all whom it has no number for, as those outside of a container: no person, and in no group."""
    nobody, nogroup = pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
    assert nobody == nogroup == 65534
    for grant in ("Users=nobody", "Users=*", "Groups=nogroup"):
        with applied(GRANT.replace("Users=hanna", grant), check=None):
            assert allowed(nobody, "nogroup")["user"] == "" and not may_click(nobody, "nogroup")
    with applied(GRANT.replace("Users=hanna", "Groups=nogroup"), check=None):
        assert not may_click(pwd.getpwnam("daemon").pw_uid, "nogroup")
    with applied("[Policy]\nAdmins=nobody\nAdminGroups=nogroup\n", check=None):
        assert not allowed(nobody, "nogroup")["admin"]
        done = as_user(
            nobody, lambda: run("restartctl", "log", check=False), group="restarter-clients", groups=("nogroup",)
        )
        assert done.returncode == 3 and "for admins" in done.stderr, done


def unmapped():
    """In a user namespace without a name for anybody, where it is user 65534 to itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) != 0:  # CLONE_NEWUSER
        return None
    assert os.getuid() == 65534
    return rpc.over_unix(rpc.CLIENTS).restarter.allowed()


def test_own_user_namespace(hanna):
    """Makes nobody somebody else, nor root."""
    told = as_user(hanna, unmapped, group="restarter-clients")
    if told is None:
        pytest.skip("this kernel lets nobody have one")
    assert told["user"] == "hanna" and not told["admin"]
