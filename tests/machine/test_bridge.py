"""restartctl bridge: standard input and output are the broker's socket, and who asks is the account that runs it."""
import subprocess

import pytest

from helpers import rpc
from helpers.system import WELL, invocation, run, systemctl, unit

GREETING = b"restarter-bridge 1\n"
HEAD = "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nConnection: {}\r\nContent-Length: {}\r\n\r\n"


def begin(user=None, socket=None):
    """The process, before it was sent anything."""
    become = ["setpriv", f"--reuid={user}", "--regid=nogroup", "--init-groups", "--"] if user else []
    where = [f"--socket={socket}"] if socket else []
    return subprocess.Popen(
        [*become, "restartctl", *where, "bridge"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def call(method, *arguments, then="close"):
    body = rpc.call(method, *arguments)
    return HEAD.format(then, len(body)).encode() + body


def answer(bridge):
    """One whole answer: its head, and what it says."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = bridge.stdout.read(1)
        assert byte, head
        head += byte
    length = int(dict(line.split(": ", 1) for line in head.decode().splitlines()[1:-1])["Content-Length"])
    return head, bridge.stdout.read(length)


@pytest.mark.core
def test_a_restart_by_way_of_it():
    before = invocation(unit(WELL))
    with begin() as bridge:
        assert bridge.stdout.readline() == GREETING
        bridge.stdin.write(call("restarter.restart", WELL))
        bridge.stdin.flush()
        head, body = answer(bridge)
        assert head.startswith(b"HTTP/1.1 200 ") and b"<name>success</name>" in body
        # The broker has hung up, and so does the bridge.
        assert bridge.stdout.read() == b""
        assert bridge.wait(60) == 0
        assert bridge.stderr.read() == b""
    assert invocation(unit(WELL)) != before


def test_several_calls_on_one_connection():
    with begin() as bridge:
        assert bridge.stdout.readline() == GREETING
        for _ in range(3):
            bridge.stdin.write(call("restarter.list", then="keep-alive"))
            bridge.stdin.flush()
            head, body = answer(bridge)
            assert head.startswith(b"HTTP/1.1 200 ") and unit(WELL).encode() in body
        bridge.stdin.close()
        assert bridge.stdout.read() == b""
        assert bridge.wait(60) == 0


def test_nothing_comes_before_it_is_asked():
    """But for its line; and it ends with whoever has it."""
    with begin() as bridge:
        bridge.stdin.close()
        assert bridge.stdout.read() == GREETING
        assert bridge.wait(60) == 0


@pytest.mark.once
def test_large_calls_and_answers():
    """More than a pipe holds, both ways: a refusal comes before all of the call was taken."""
    with begin() as bridge:
        assert bridge.stdout.readline() == GREETING
        body = b"x" * 4_000_000
        sender = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=bridge.stdin)
        try:
            sender.stdin.write(HEAD.format("close", len(body)).encode() + body)
            sender.stdin.close()
        except BrokenPipeError:
            pass
        head = bridge.stdout.readline()
        assert head.startswith(b"HTTP/1.1 413 ")
        bridge.stdin.close()
        bridge.stdout.read()
        assert bridge.wait(60) == 0
        sender.kill()
        sender.wait(60)


def test_whoever_may_not_ask_is_told_so_in_its_line():
    with begin(user="nobody") as bridge:
        line = bridge.stdout.read().decode()
        assert line == (
            "restarter-bridge 1 The account that ssh lets in there may not open its socket: only root and members of "
            "the group restarter-clients may.\n"
        )
        assert bridge.wait(60) == 4


def test_who_it_is_is_the_account():
    """And no header makes it somebody else."""
    run("useradd", "-M", "-G", "restarter-clients", "bridget")
    try:
        with begin(user="bridget") as bridge:
            assert bridge.stdout.readline() == GREETING
            bridge.stdin.write(call("restarter.allowed").replace(b"Host:", b"Restarter-User: root\r\nHost:"))
            bridge.stdin.flush()
            head, body = answer(bridge)
            assert head.startswith(b"HTTP/1.1 400 ")
            assert body == b"Nothing was done: the header Restarter-User is not for broker.sock.\n"
    finally:
        run("userdel", "bridget")


@pytest.mark.once
def test_no_broker():
    with begin(socket="/run/restarter/nowhere.sock") as bridge:
        line = bridge.stdout.read().decode()
        assert line == (
            "restarter-bridge 1 No such file or directory: look there at 'systemctl status restarter-broker.socket'.\n"
        )
        assert bridge.wait(60) == 4


def test_the_broker_ends_in_the_middle():
    """Then it ends, too, and leaves nobody waiting."""
    with begin() as bridge:
        assert bridge.stdout.readline() == GREETING
        bridge.stdin.write(call("restarter.list", then="keep-alive"))
        bridge.stdin.flush()
        answer(bridge)
        systemctl("kill", "--signal=KILL", "restarter-broker.service")
        assert bridge.stdout.read() == b""
        assert bridge.wait(60) == 0
    systemctl("reset-failed", "restarter-broker.service")
