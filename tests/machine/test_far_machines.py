"""What the tests of several machines rest on: each is a Debian of its own, they reach one another and nobody else, and what is done
to one of them happens to it alone."""
import socket
import time

import pytest

from helpers import machines as several
from helpers.system import run, wait_for

pytestmark = pytest.mark.once
SSH = 22


def banner(machine, timeout=30):
    """What its sshd says first."""
    with socket.create_connection((machine.address, SSH), timeout) as connection:
        connection.settimeout(timeout)
        said = connection.recv(100)
    if not said:
        raise ConnectionResetError
    return said


def refuses_or_silent(machine):
    try:
        banner(machine, 1)
    except OSError:
        return True
    return False


def test_each_is_a_debian_of_its_own(machines):
    one, other = machines["web1"], machines["web2"]
    releases = {m.run("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME").stdout.strip() for m in (one, other)}
    assert releases == {"bookworm", "trixie"}
    assert one.run("hostname").stdout.strip() == "web1"
    assert one.boot_id() != other.boot_id()
    assert one.run("restartctl", "list").returncode == 0


def test_they_reach_one_another_by_name(machines):
    two = [machines["web1"], machines["web2"]]
    for machine in two:
        assert banner(machine).startswith(b"SSH-2.0-")
    keys = {machine.run("cat", "/etc/ssh/ssh_host_ed25519_key.pub").stdout for machine in two}
    assert len(keys) == 2
    assert machines["web1"].run("ssh-keyscan", "-t", "ed25519", "web2").stdout.split()[-1] in "".join(keys)


def test_there_is_no_way_out(machines):
    assert run("ip", "route", "show", "default").stdout == ""
    assert machines["web1"].run("ip", "route", "show", "default").stdout == ""
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80), 5)


def test_a_cable_that_is_pulled_and_put_back(machines):
    web1 = machines["web1"]
    web1.network(False)
    assert refuses_or_silent(web1)
    web1.network(True)
    wait_for(lambda: not refuses_or_silent(web1), "sshd answers again")


def test_a_slow_and_lossy_wire(machines):
    """Also what is open already goes on over it."""
    web1 = machines["web1"]
    with socket.create_connection((web1.address, SSH), 30) as connection:
        assert connection.recv(100).startswith(b"SSH-2.0-")
        web1.slow(delay=150, loss=10)
        begin = time.monotonic()
        connection.sendall(b"SSH-2.0-test\r\n")
        connection.settimeout(60)
        assert connection.recv(100)
        assert time.monotonic() - begin >= 0.3
    web1.slow(loss=100)
    assert refuses_or_silent(web1)
    web1.slow()
    wait_for(lambda: not refuses_or_silent(web1), "sshd answers again")


def test_one_that_boots_again(machines):
    web1, before = machines["web1"], machines["web2"].boot_id()
    web1.put("/var/tmp/kept", "a disk\n")
    web1.reboot()
    assert web1.run("cat", "/var/tmp/kept").stdout == "a disk\n"
    web1.reboot(force=True)
    assert banner(web1)
    assert machines["web2"].boot_id() == before


def test_one_that_dies(machines):
    web1 = machines["web1"]
    web1.kill()
    assert refuses_or_silent(web1)
    assert not web1.on()
    web1.up()
    wait_for(lambda: not refuses_or_silent(web1), "sshd answers again")


def test_a_command_that_is_cut_off(machines):
    web1 = machines["web1"]
    web1.touched = True
    assert web1.run("sh", "-c", "systemctl reboot --force --force; sleep 60", check=False) is several.GONE
    web1.up()
