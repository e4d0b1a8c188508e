"""policy check, where the bus cannot tell polkitd which process asks (an old dbus-daemon, an old kernel): a polkitd that goes
by the service then knows nobody's, and every click is refused, though all that is installed is as it should be."""

import pathlib

import pytest

from helpers import rpc
from helpers.policy import findings
from helpers.system import WELL, dropins, run, stop_daemons, systemctl, wait_for

from test_impostors import where_it_knows

WRAPPER = pathlib.Path("/run/dbus-daemon-without-pidfds")
# A filter of system calls: getsockopt(…, SO_PEERPIDFD, …) is "no such option", as on a kernel before 6.5.
PROGRAM = """#!/usr/bin/python3
import ctypes, os, struct, sys
GETSOCKOPT, SO_PEERPIDFD, ENOPROTOOPT = 55, 77, 92
filters = [(0x20, 0, 0, 0), (0x15, 0, 3, GETSOCKOPT), (0x20, 0, 0, 32), (0x15, 0, 1, SO_PEERPIDFD),
           (0x06, 0, 0, 0x00050000 | ENOPROTOOPT), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *f) for f in filters))
program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(filters), ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
os.execv("/usr/bin/dbus-daemon", ["/usr/bin/dbus-daemon", *sys.argv[1:]])
"""


def restart_bus():
    stop_daemons()
    systemctl("restart", "dbus.service")
    # logind does not come through a new bus, and later tests ask it.
    systemctl("restart", "polkit.service", "systemd-logind.service")
    wait_for(lambda: run("busctl", "status", "org.freedesktop.systemd1", check=False).returncode == 0, "systemd is on it")


@where_it_knows
@pytest.mark.skipif(run("uname", "-m").stdout.strip() != "x86_64", reason="the filter has that processor's numbers")
def test_bus_that_does_not_tell_who_asks(instance):
    WRAPPER.write_text(PROGRAM)
    WRAPPER.chmod(0o755)
    command = run("systemctl", "cat", "dbus.service").stdout.split("ExecStart=/usr/bin/dbus-daemon ")[1].splitlines()[0]
    try:
        with dropins({"dbus.service": f"[Service]\nExecStart=\nExecStart={WRAPPER} {command}\n"}):
            restart_bus()
            done = rpc.over_unix().restart_unit(WELL)
            assert done["success"] is False and "the polkit rule does not let" in done["message"], done
            assert any("dead button" in m and "ProcessFD" in m for _, _, m in findings())
    finally:
        WRAPPER.unlink()
        restart_bus()
    assert not any("ProcessFD" in m for _, _, m in findings())
    assert rpc.over_unix().restart_unit(WELL)["success"] is True
