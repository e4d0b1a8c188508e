"""Type=dbus: such a service is up when it has its name on the bus, and its start proves as much as that."""
import pathlib
import sys

import pytest

from helpers import bus, rpc
from helpers.policy import applied
from helpers.system import systemctl, unit_files

BUS_POLICY = pathlib.Path("/etc/dbus-1/system.d/restarter-tests-names.conf")
SERVICE = pathlib.Path("/run/restarter-tests-name.py")
GRANT = "[Grant]\nUnit=named@.service\nInstances=[a-z]+\nVerbs=restart\nStartStopped=yes\n"
NAME = "test.restarter.named"

# Takes a name, in the messages' own bytes, and lets go of it after some seconds.
PROGRAM = '''
import os, socket, struct, sys, time

def text(value):
    return struct.pack("<I", len(value)) + value.encode() + b"\\0"

def aligned(data, size):
    return data + bytes(-len(data) % size)

def call(serial, member, signature, body):
    fields = b""
    for code, kind, value in ((1, "o", "/org/freedesktop/DBus"), (6, "s", "org.freedesktop.DBus"),
                              (2, "s", "org.freedesktop.DBus"), (3, "s", member)):
        fields = aligned(fields, 8) + bytes((code, 1)) + kind.encode() + b"\\0" + text(value)
    if signature:
        fields = aligned(fields, 8) + b"\\x08\\x01g\\0" + bytes([len(signature)]) + signature.encode() + b"\\0"
    head = struct.pack("<cBBBIII", b"l", 1, 0, 1, len(body), serial, len(fields)) + fields
    return aligned(head, 8) + body

name, seconds = sys.argv[1], float(sys.argv[2])
bus = socket.socket(socket.AF_UNIX)
bus.connect("/run/dbus/system_bus_socket")
bus.sendall(b"\\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\\r\\n")
assert bus.recv(1000).startswith(b"OK")
bus.sendall(b"BEGIN\\r\\n" + call(1, "Hello", "", b""))
bus.sendall(call(2, "RequestName", "su", aligned(text(name), 4) + struct.pack("<I", 4)))
time.sleep(seconds)
bus.close()
time.sleep(3600)
'''

KINDS = {
    "stays": f"{sys.executable} {SERVICE} {NAME}.stays 3600",
    "loses": f"{sys.executable} {SERVICE} {NAME}.loses 0.4",
    "other": f"{sys.executable} {SERVICE} {NAME}.another 3600",
    "never": "sh -c 'exit 7'",
}


def unit(kind):
    return f"named@{kind}.service"


def text_of(kind):
    service = f"Type=dbus\nBusName={NAME}.{kind}\nTimeoutStartSec=3s\nExecStart={KINDS[kind]}\n"
    return f"[Unit]\nStartLimitIntervalSec=0\n[Service]\n{service}"


@pytest.fixture(scope="module", autouse=True)
def services(machine):
    SERVICE.write_text(PROGRAM)
    BUS_POLICY.write_text(
        f'<busconfig><policy user="root"><allow own_prefix="{NAME}"/></policy></busconfig>\n'
    )
    bus.reload_config()
    with unit_files({unit(kind): text_of(kind) for kind in KINDS}), applied(GRANT):
        yield
    BUS_POLICY.unlink()
    SERVICE.unlink()
    bus.reload_config()


@pytest.mark.parametrize(
    "kind, wish, verdict, watched",
    [
        ("stays", None, "up", 0),
        ("stays", 1, "up", 1000),
        ("loses", None, "up", 0),
        ("loses", 2, "ended", None),
        ("other", None, "down", None),
        ("never", None, "down", None),
    ],
)
def test_verdict(kind, wish, verdict, watched):
    systemctl("stop", unit(kind))
    answer = rpc.over_unix().restarter.restart(unit(kind), *([] if wish is None else [{"settle": wish}]))
    assert answer["verdict"] == verdict, answer
    assert answer["success"] is (verdict == "up")
    if watched is not None:
        assert answer["settle_milliseconds"] == watched
