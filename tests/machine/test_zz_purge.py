"""The last test of all, by its name: the package goes, and so does all that it brought."""
import grp
import os
import pathlib
import pwd

import pytest

from helpers import web
from helpers.people import as_user
from helpers.system import BROKER, SOCKETS, WELL, run, show, systemctl


def traces():
    """Whatever in the file system or the user database has our name on it."""
    found = set()
    for top in ("/etc", "/usr", "/lib", "/var", "/run"):
        for directory, subdirectories, files in os.walk(top):
            if directory.startswith(
                ("/usr/src/restarter", "/run/restarter-tests", "/var/cache/apt", "/var/tmp", "/usr/share/doc")
            ):
                subdirectories.clear()
                continue
            found.update(os.path.join(directory, f) for f in subdirectories + files if "restarter" in f)
    return {
        f
        for f in found
        if not f.startswith(
            (
                "/usr/src/restarter",
                "/run/restarter-tests",
                "/run/systemd/system/restarter",
                "/var/lib/dpkg/",
                "/var/log",
            )
        )
    }


def test_purge_leaves_nothing():
    assert traces() and pathlib.Path("/etc/restarter").exists()
    web.click(WELL)
    systemctl("reset-failed")
    done = run("apt-get", "-q", "-y", "purge", "restarter", timeout=120)
    print(done.stdout, done.stderr)
    assert traces() == set()
    for lookup, names in (
        (pwd.getpwnam, ["restarter", "restarter-webfront", "restarter-webfront-proxy"]),
        (grp.getgrnam, ["restarter", "restarter-web", "restarter-web-proxy", "restarter-proxy", "restarter-clients"]),
    ):
        for name in names:
            with pytest.raises(KeyError):
                lookup(name)
    assert run("ss", "-Hltn").stdout.count(":8080") == 0
    assert show(BROKER, "LoadState") == "not-found" and show(SOCKETS[0], "LoadState") == "not-found"
    assert systemctl("--failed", "--no-legend", "--plain").stdout.strip() == ""
    assert as_user("nobody", os.path.exists, "/run/restarter") is False
