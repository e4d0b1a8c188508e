"""restartctl check, the sockets: as they are configured, and as they are on disk."""

import os

import pytest

from helpers import rpc
from helpers.check import ETC, Findings, assert_clean, file_with, files_with, mode_and_owner
from helpers.once import sampled
from helpers.system import open_doors_anew, systemctl

CLIENTS_FILE, WEB_FILE = os.path.realpath(rpc.CLIENTS), os.path.realpath(rpc.WEB)


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
    "restarter-webfront.socket": ["FileDescriptorName=web"],
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
    with mode_and_owner(CLIENTS_FILE, **change), mode_and_owner(WEB_FILE, **change):
        found = Findings()
        for path in (CLIENTS_FILE, WEB_FILE):
            assert "systemctl restart" in found.one(path, "socket of")


FOLDER_CHANGES = {"read": {"mode": 0o755}, "write": {"mode": 0o733}, "owner": {"uid": 65534}}


@pytest.mark.parametrize("change", sampled({name: (change,) for name, change in FOLDER_CHANGES.items()}))
def test_folders(change):
    outer, inner = sorted({os.path.dirname(CLIENTS_FILE), os.path.dirname(WEB_FILE)})
    with mode_and_owner(outer, **change), mode_and_owner(inner, **change):
        found = Findings()
        found.one(outer, "folder")
        found.one(inner, "folder")


# An entry for user 65534: version 2; then the owner, that user, the group, the mask and the others.
ACL = "02000000 01000600ffffffff 02000600feff0000 04000600ffffffff 10000600ffffffff 20000000ffffffff"


def test_with_an_acl():
    try:
        os.setxattr(CLIENTS_FILE, "system.posix_acl_access", bytes.fromhex(ACL))
    except OSError:
        pytest.skip("this file system has no ACLs")
    try:
        Findings().one(CLIENTS_FILE, "ACL")
    finally:
        open_doors_anew()


def test_file_that_is_gone():
    os.unlink(CLIENTS_FILE)
    try:
        Findings().one(CLIENTS_FILE, "is not there")
    finally:
        open_doors_anew()


def test_broker_that_listens_elsewhere():
    addresses = ["127.0.0.1:8099", "@restarter", "8098"]
    text = "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)
    with file_with(ETC / "restarter-broker.socket.d" / "50-mine.conf", text) as file:
        found = Findings()
        for address in ("127.0.0.1:8099", "@restarter", "8098"):
            found.one(f"{file}:4", address, "neither owner nor mode")


PAGE = ETC / "restarter-webfront.socket.d" / "50-mine.conf"


def test_page_beyond_this_machine():
    """The admin means it: a note."""
    addresses = ["0.0.0.0:8099", "8098", "192.0.2.1:8096"]
    with file_with(PAGE, "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)):
        found = Findings()
        assert found.clean()
        for address in ("0.0.0.0:8099", "8098", "192.0.2.1:8096"):
            found.one(f"{PAGE}:4", address, "beyond this machine", level="note")


def test_page_on_this_machine():
    addresses = ["127.0.0.2:8099", "[::1]:8099", "/run/page.sock"]
    with file_with(PAGE, "[Socket]\n" + "".join(f"ListenStream={address}\n" for address in addresses)):
        found = Findings()
        assert found.clean() and not found.any("beyond this machine", level="note")


def test_nobody_to_send_it_to():
    """A system without logind: the bus has nothing to turn away, which is no privilege."""
    systemctl("mask", "--runtime", "systemd-logind.service")
    systemctl("stop", "systemd-logind.service")
    try:
        assert not Findings().any("excess privilege")
    finally:
        systemctl("unmask", "--runtime", "systemd-logind.service")
        systemctl("start", "systemd-logind.service")
