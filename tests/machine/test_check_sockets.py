"""restartctl check, the sockets: as they are configured, and as they are on disk."""

import contextlib
import os

import pytest

from helpers import rpc
from helpers.check import ETC, Findings, assert_clean, file_with, files_with, mode_and_owner
from helpers.once import sampled
from helpers.system import open_doors_anew, systemctl

CLIENTS_FILE, WEB_FILE, PROXY_FILE = (os.path.realpath(path) for path in (rpc.CLIENTS, rpc.WEB, rpc.WEB_PROXY))
LOG_FILE = "/run/restarter/log.sock"
LOG_BROKER_FILE = "/run/restarter/log-broker/log-broker.sock"


@pytest.fixture(scope="module", autouse=True)
def clean_before_and_after():
    """All that the tests here undo is undone."""
    assert_clean()
    yield
    assert_clean()


CONFIGURED = {
    "restarter-broker.socket": [
        "SocketMode=0666",
        "SocketGroup=nogroup",
        "SocketUser=nobody",
        "DirectoryMode=0777",
        "FileDescriptorName=web",
    ],
    "restarter-broker-web.socket": [
        "SocketMode=0666",
        "SocketGroup=restarter-clients",
        "SocketUser=nobody",
        "DirectoryMode=0755",
        "FileDescriptorName=clients",
    ],
    "restarter-broker-web-proxy.socket": [
        "SocketMode=0666",
        "SocketGroup=restarter-web",
        "SocketUser=nobody",
        "DirectoryMode=0755",
        "FileDescriptorName=web",
    ],
    "restarter-log.socket": ["SocketMode=0666", "SocketGroup=nogroup", "SocketUser=nobody", "DirectoryMode=0777"],
    "restarter-log-broker.socket": ["SocketMode=0660", "SocketGroup=restarter-clients", "SocketUser=root", "DirectoryMode=0777"],
    "restarter-webfront.socket": ["FileDescriptorName=web"],
    "restarter-webfront-metrics.socket": ["FileDescriptorName=http"],
    "restarter-webfront-proxy.socket": ["SocketMode=0666", "SocketGroup=www-data", "FileDescriptorName=http"],
}


def test_as_configured():
    texts = {ETC / f"{name}.d" / "50-mine.conf": "\n".join(["[Socket]", *lines, ""]) for name, lines in CONFIGURED.items()}
    with files_with(texts):
        found = Findings()
        for name, settings in CONFIGURED.items():
            for number, setting in enumerate(settings, 2):
                message = found.one(f"{ETC}/{name}.d/50-mine.conf:{number}", setting.split("=")[0] + "=", name)
                assert "lock 2" in message


CHANGES = {
    "0666": {"mode": 0o666},
    "0662": {"mode": 0o662},
    "sticky": {"mode": 0o1660},
    "group": {"gid": 65534},
    "owner": {"uid": 65534},
}


@pytest.mark.parametrize("change", sampled({name: (change,) for name, change in CHANGES.items()}))
def test_as_it_is(change):
    files = (CLIENTS_FILE, WEB_FILE, PROXY_FILE, LOG_FILE, LOG_BROKER_FILE)
    with contextlib.ExitStack() as changes:
        for path in files:
            changes.enter_context(mode_and_owner(path, **change))
        found = Findings()
        for path in files:
            assert "systemctl restart" in found.one(path, "socket of")


FOLDER_CHANGES = {"read": {"mode": 0o755}, "write": {"mode": 0o733}, "owner": {"uid": 65534}}


@pytest.mark.once
@pytest.mark.parametrize("change", sampled({name: (change,) for name, change in FOLDER_CHANGES.items()}))
def test_folders(change):
    outer, inner, other = sorted({os.path.dirname(path) for path in (CLIENTS_FILE, WEB_FILE, PROXY_FILE)})
    with mode_and_owner(outer, **change), mode_and_owner(inner, **change), mode_and_owner(other, **change):
        found = Findings()
        for folder in (outer, inner, other):
            found.one(folder, "folder")


# An entry for user 65534: version 2; then the owner, that user, the group, the mask and the others.
ACL = "02000000 01000600ffffffff 02000600feff0000 04000600ffffffff 10000600ffffffff 20000000ffffffff"


@pytest.mark.once
def test_with_an_acl():
    try:
        os.setxattr(CLIENTS_FILE, "system.posix_acl_access", bytes.fromhex(ACL))
    except OSError:
        pytest.skip("this file system has no ACLs")
    try:
        Findings().one(CLIENTS_FILE, "ACL")
    finally:
        open_doors_anew()


@pytest.mark.once
def test_file_that_is_gone():
    os.unlink(CLIENTS_FILE)
    try:
        Findings().one(CLIENTS_FILE, "is not there")
    finally:
        open_doors_anew()


@pytest.mark.once
def test_broker_that_listens_elsewhere():
    addresses = ["127.0.0.1:8099", "@restarter", "8098"]
    text = "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)
    with file_with(ETC / "restarter-broker.socket.d" / "50-mine.conf", text) as file:
        found = Findings()
        for address in ("127.0.0.1:8099", "@restarter", "8098"):
            found.one(f"{file}:4", address, "neither owner nor mode")


PAGE = ETC / "restarter-webfront.socket.d" / "50-mine.conf"


@pytest.mark.once
def test_page_beyond_this_machine():
    """The admin means it: a note."""
    addresses = ["0.0.0.0:8099", "8098", "192.0.2.1:8096"]
    with file_with(PAGE, "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)):
        found = Findings()
        assert found.clean()
        for address in ("0.0.0.0:8099", "8098", "192.0.2.1:8096"):
            found.one(f"{PAGE}:4", address, "beyond this machine", level="note")


@pytest.mark.once
def test_page_on_this_machine():
    addresses = ["127.0.0.2:8099", "[::1]:8099", "/run/page.sock"]
    with file_with(PAGE, "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)):
        found = Findings()
        assert found.clean() and not found.any("beyond this machine", level="note")
        # Nor is a door missed that is for those who have a reverse proxy.
        assert not found.any("does not listen", level="note")


@pytest.mark.once
def test_nobody_to_send_it_to():
    """A system without logind: the bus has nothing to turn away, which is no privilege."""
    systemctl("mask", "--runtime", "systemd-logind.service")
    systemctl("stop", "systemd-logind.service")
    try:
        assert not Findings().any("excess privilege")
    finally:
        systemctl("unmask", "--runtime", "systemd-logind.service")
        systemctl("start", "systemd-logind.service")
