"""restartctl check, the units: a drop-in, or a unit of one's own, that takes a lock's protection away is found with its
file and line, wherever systemd reads it from."""

import os
import pathlib
import re
import shutil

import pytest

from helpers import web
from helpers.check import ETC, RUN, Findings, assert_clean, file_with, files_with, line_in
from helpers.once import sampled
from helpers.system import BROKER, SOCKETS, WEBFRONT, WELL, open_doors_anew, reload_manager, show, stop_daemons, systemctl


@pytest.fixture(scope="module", autouse=True)
def clean_before_and_after():
    """All that the tests here undo is undone."""
    assert_clean()
    yield
    assert_clean()


# Each of these takes something away; those of one list can stand side by side. DynamicUser= implies some of it.
WEAKER = {
    "broker: who": (BROKER, ["User=nobody", "DynamicUser=no", "Group=games", "SupplementaryGroups=shadow", "PAMName=login"]),
    "broker: root": (BROKER, ["User=root", "DynamicUser=no", "NoNewPrivileges=no", "CapabilityBoundingSet=CAP_SYS_ADMIN"]),
    "broker: what runs": (
        BROKER,
        [
            "ExecStart=\nExecStart=/usr/bin/restartctl",
            "ExecStartPre=+/bin/true",
            "ExecStopPost=/bin/true",
            "ExecCondition=/bin/true",
            "Environment=LD_PRELOAD=/usr/lib/x.so",
            "NotifyAccess=all",
            "KillMode=process",
            "SendSIGKILL=no",
            "Delegate=yes",
        ],
    ),
    "broker: what it sees": (
        BROKER,
        [
            "DynamicUser=no",
            "RootDirectory=/",
            "BindPaths=/srv",
            "BindReadOnlyPaths=/home",
            "ReadWritePaths=/etc/restarter",
            "TemporaryFileSystem=/etc",
            "InaccessiblePaths=\nInaccessiblePaths=/tmp",
            "PrivateDevices=no",
            "DeviceAllow=/dev/null rw",
            "PrivateTmp=no",
            "ProtectSystem=no",
            "ProtectHome=no",
            "ProtectProc=default",
            "ProcSubset=all",
            "UMask=0022",
        ],
    ),
    "broker: whom it talks to": (
        BROKER,
        ["PrivateNetwork=no", "RestrictAddressFamilies=AF_INET", "IPAddressAllow=any", "IPAddressDeny=", "PrivateIPC=no"],
    ),
    "broker: the kernel": (
        BROKER,
        [
            "DynamicUser=no",
            "AmbientCapabilities=CAP_NET_ADMIN",
            "ProtectClock=no",
            "ProtectKernelLogs=no",
            "ProtectKernelModules=no",
            "ProtectKernelTunables=no",
            "ProtectControlGroups=no",
            "RestrictNamespaces=no",
            "RestrictRealtime=no",
            "RestrictSUIDSGID=no",
            "LockPersonality=no",
            "MemoryDenyWriteExecute=no",
            "RemoveIPC=no",
            "KeyringMode=shared",
            "SystemCallArchitectures=native x86",
            "SystemCallFilter=mount",
            "LimitCORE=infinity",
        ],
    ),
    "broker: all system calls": (BROKER, ["SystemCallFilter="]),
    "web front: as the broker's user": (
        WEBFRONT,
        ["User=restarter", "Group=restarter-clients", "PrivateUsers=no", "ProtectHostname=no", "SystemCallFilter=@process"],
    ),
    "the proxy's front: the other one's doors": (
        "restarter-webfront-proxy.service",
        ["Group=restarter-web", "BindReadOnlyPaths=/run/restarter/web:/run/restarter", "PrivateNetwork=no", "CapabilityBoundingSet=CAP_KILL"],
    ),
    "the record: who, and what it sees": (
        "restarter-log@.service",
        [
            "User=restarter",
            "Group=root",
            "DynamicUser=no",
            "SupplementaryGroups=restarter-web",
            "RootDirectory=/",
            "BindReadOnlyPaths=/var/lib/restarter",
            "BindPaths=/var/log",
            "TemporaryFileSystem=/srv",
            "InaccessiblePaths=\nInaccessiblePaths=/tmp",
            "LoadCredential=ticket.key:/var/lib/restarter/ticket.key",
        ],
    ),
    "the record: what runs, and what it may": (
        "restarter-log@.service",
        [
            "ExecStart=\nExecStart=/usr/bin/restartctl",
            "ExecStartPre=+/bin/true",
            "NotifyAccess=all",
            "PrivateNetwork=no",
            "RestrictAddressFamilies=AF_INET",
            "CapabilityBoundingSet=CAP_DAC_READ_SEARCH",
            "SystemCallFilter=mount",
            "UMask=0000",
        ],
    ),
    "the record, asked by the broker: who, what it sees, and what runs": (
        "restarter-log-broker@.service",
        [
            "User=restarter",
            "BindReadOnlyPaths=/var/lib/restarter",
            "ExecStart=\nExecStart=/usr/libexec/restarter/restarter-log",
            "PrivateNetwork=no",
            "RestrictAddressFamilies=AF_INET",
            "CapabilityBoundingSet=CAP_DAC_READ_SEARCH",
        ],
    ),
    "web front: a network and files": (
        WEBFRONT,
        ["PrivateNetwork=no", "RestrictAddressFamilies=AF_INET AF_INET6", "BindReadOnlyPaths=/run/dbus", "ProtectHome=no"],
    ),
}


def side_by_side(lists):
    """Those of different units are found by one check: {the first one's words: ({unit: settings},)}."""
    rounds = {}
    for words, (unit, settings) in lists.items():
        place = next((units for (units,) in rounds.values() if unit not in units), None)
        if place is None:
            (place,) = rounds[words] = ({},)
        place[unit] = settings
    return rounds


@pytest.mark.parametrize("units", sampled(side_by_side(WEAKER), every=3))
def test_dropin(units):
    texts = {name: "# mine\n[Service]\n" + "".join(f"{setting}\n" for setting in settings) for name, settings in units.items()}
    files = {name: ETC / f"{name}.d" / "50-mine.conf" for name in units}
    with files_with({files[name]: text for name, text in texts.items()}):
        found = Findings()
        for name, settings in units.items():
            for setting in settings:
                line = texts[name].splitlines().index(setting.split("\n")[-1]) + 1
                message = found.one(f"{files[name]}:{line}", setting.split("=")[0] + "=", name, "daemon-reload")
                assert "lock 6" in message


# Each of these is read for the broker. (Of several of one name systemd reads one.)
PLACES = {
    RUN / f"{BROKER}.d" / "54-mine.conf": "PrivateNetwork=no",
    ETC / f"{BROKER}.d" / "override.conf": "ProtectHome=no",
    ETC / "restarter-.service.d" / "55-mine.conf": "KeyringMode=shared",
    ETC / "service.d" / "56-mine.conf": "LockPersonality=no",
    RUN / "service.d" / "51-mine.conf": "RestrictRealtime=no",
    pathlib.Path("/usr/lib/systemd/system") / f"{BROKER}.d" / "52-mine.conf": "ProtectClock=no",
    pathlib.Path("/etc/systemd/system.control") / f"{BROKER}.d" / "53-mine.conf": "ProtectKernelLogs=no",
}


@pytest.mark.once
def test_places_of_dropins():
    with files_with({path: f"[Service]\n{setting}\n\n{setting}\n" for path, setting in PLACES.items()}):
        found = Findings()
        for path, setting in PLACES.items():
            assert any(p == f"{path}:4" and setting.split("=")[0] + "=" in m and BROKER in m for _, p, m in found.all), (path, found.all)
        # What is for all services is read for the web front as well.
        assert any(p == f"{ETC}/service.d/56-mine.conf:4" and WEBFRONT in m for _, p, m in found.all)


@pytest.mark.once
def test_last_dropin_counts():
    """The one that is to be mended is named, also when another one repeats what is right."""
    right, wrong = "[Service]\nPrivateNetwork=yes\nUser=restarter\n", "[Service]\nPrivateNetwork=no\n"
    with file_with(ETC / f"{BROKER}.d" / "10-right.conf", right):
        with file_with(ETC / f"{BROKER}.d" / "20-wrong.conf", wrong) as file:
            Findings().one(f"{file}:2", "PrivateNetwork=")
        with file_with(ETC / f"{BROKER}.d" / "05-wrong.conf", wrong):
            assert_clean()


@pytest.mark.once
def test_what_no_lock_is_made_of_may_be_changed():
    text = "[Service]\nTimeoutStopSec=5s\nMemoryMax=1G\nNice=5\nWatchdogSec=0\nEnvironment=IDLE_EXIT_SEC=60\n"
    with file_with(ETC / f"{BROKER}.d" / "50-mine.conf", text):
        assert_clean()


def test_unit_in_place_of_ours():
    shipped = pathlib.Path(show(BROKER, "FragmentPath"))
    with file_with(ETC / BROKER, shipped.read_text()) as file:
        found = Findings()
        assert found.clean() and found.one(file, "systemctl revert", level="note")
        file.write_text(re.sub("^ProtectHome=yes\n", "ProtectHome=no\n", file.read_text(), flags=re.M))
        file.write_text(re.sub("^KeyringMode=.*\n", "KeyringMode=shared\n", file.read_text(), flags=re.M))
        file.write_text(re.sub("^RemoveIPC=.*\n", "", file.read_text(), flags=re.M))
        file.write_text(re.sub("^LimitCORE=.*\n", "", file.read_text(), flags=re.M))
        reload_manager()
        found = Findings()
        found.one(f"{file}:{line_in(file, 'ProtectHome=')}", "ProtectHome=")
        found.one(f"{file}:{line_in(file, 'KeyringMode=')}", "KeyringMode=")
        found.one(file, "LimitCORE=")


def test_exposure():
    """What the table of settings does not know, systemd-analyze does. The figure is the one of test_locks_sandbox.py."""
    with file_with(ETC / f"{WEBFRONT}.d" / "50-mine.conf", "[Service]\nPrivateUsers=no\nUMask=0000\n"):
        assert Findings().any("exposed to more than 0.1", WEBFRONT)


@pytest.mark.once
def test_changed_and_not_read():
    """Judged as it is loaded, with a word about that."""
    stop_daemons()
    path = ETC / f"{BROKER}.d" / "50-mine.conf"
    path.parent.mkdir()
    path.write_text("[Service]\nPrivateNetwork=no\n")
    try:
        assert Findings().any("daemon-reload", level="note")
    finally:
        path.unlink()
        path.parent.rmdir()
        reload_manager()


@pytest.mark.once
def test_masked():
    stop_daemons()
    systemctl("mask", "--runtime", WEBFRONT)
    try:
        found = Findings()
        assert [m for level, _, m in found.all if level == "finding"] == [found.one(f"{RUN}/{WEBFRONT}", "is masked")], found.all
    finally:
        systemctl("unmask", "--runtime", WEBFRONT)


@pytest.mark.once
def test_failed():
    systemctl("stop", *SOCKETS)
    with file_with(ETC / f"{WEBFRONT}.d" / "50-mine.conf", "[Service]\nExecStart=\nExecStart=/bin/false\n"):
        systemctl("start", WEBFRONT, check=False)
        assert Findings().any(f"{WEBFRONT} has failed")
    open_doors_anew()


# Sockets, and what is missed without them.
MISSED = {
    "restarter-webfront.socket": "",
    "restarter-log.socket": "'restartctl log' has no answer",
    "restarter-log-broker.socket": "nobody is told of earlier restarts",
}


@pytest.mark.once
def test_socket_that_does_not_listen_is_a_note():
    assert not Findings().any("does not listen", level="note")
    systemctl("stop", *MISSED)
    try:
        found = Findings()
        assert found.clean()
        for name, words in MISSED.items():
            found.one(show(name, "FragmentPath"), f"{name} does not listen", words, level="note")
    finally:
        systemctl("start", *MISSED)
        open_doors_anew()


@pytest.mark.once
def test_record_that_is_masked_is_a_note():
    """The button does without it, so it is the admin's to decide."""
    names = [name for name, words in MISSED.items() if words]
    systemctl("stop", *names)
    systemctl("mask", "--runtime", *names)
    try:
        found = Findings()
        assert found.clean(), found.all
        for name in names:
            place = show(name, "FragmentPath")
            found.one(place, f"{name} is masked", MISSED[name], level="note")
            assert [p for _, p, _ in found.all].count(place) == 1, found.all
    finally:
        systemctl("unmask", "--runtime", *names)
        systemctl("start", *names)


@pytest.mark.once
def test_old_daemons():
    """Their programs were replaced, as by an upgrade, and they run on."""
    assert web.click(WELL).status == 200
    for service, suffix in ((BROKER, ".new"), (WEBFRONT, ".new")):
        name = "/usr/libexec/restarter/root/usr/libexec/restarter/" + service.removesuffix(".service")
        shutil.copy2(name, name + suffix)
        os.rename(name + suffix, name)
    try:
        web.get("/api/instances")
        found = Findings()
        assert found.any("its file was replaced", BROKER) and found.any("its file was replaced", WEBFRONT)
    finally:
        stop_daemons()
