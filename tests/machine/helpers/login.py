"""The login's socket, its files and its ways to be asked."""
import base64
import contextlib
import hmac
import os
import pathlib
import re
import socket
import time
from typing import NamedTuple

from .system import main_pid, show, systemctl, wait_for

SOCKET = "restarter-login.socket"
SERVICE = "restarter-login@.service"
KEY_SERVICE = "restarter-ticket-key.service"
PATH = "/run/restarter/login.sock"
USERS = pathlib.Path("/etc/restarter/users")
GROUPS = pathlib.Path("/etc/restarter/groups")
KEY = pathlib.Path("/var/lib/restarter/ticket.key")
BRAKES = pathlib.Path("/run/private/restarter-login/brakes")


class Door(NamedTuple):
    """One of the logins: all speak one protocol."""

    path: str
    socket: str
    service: str
    brakes: pathlib.Path


PASSWORD = Door(PATH, SOCKET, SERVICE, BRAKES)

TICKET = re.compile(r"ticket 1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}\Z")

# As mkpasswd and htpasswd -B write them.
HASHES = {
    "anna": "$y$j9T$abcdefghijABCDEFGHIJ./$q3EYk3e701nzTonQD.j2B28RwYle9lFwVdEWVcCrzZD",
    "bert": "$2y$05$abcdefghijABCDEFGHIJ.uvcZm4ovzNasXI9BpL5dtOJpq41QhO8C",
    "carl": "$6$abcdefgh$llEh6v5gQnxwDm5N4bN1AsbM5jAGxIWvtwQSCcfpE3/LNIwHeZeFDV1kUoFYU7CUnOX4C624CgkW8wDTo0GYY/",
}
PASSWORDS = {"anna": "secret", "bert": "geheim", "carl": "hemmelig"}
SHIPPED_USERS = "# who\n" + "".join(f"{name}:{hashed}\n" for name, hashed in HASHES.items())
SHIPPED_GROUPS = "ops:anna,bert\nadmins:anna\n"


def question(user, password):
    parts = [part.encode() if isinstance(part, str) else part for part in (user, password)]
    return b"".join(b"%d:%s," % (len(part), part) for part in parts)


# What is no question, whichever login is asked.
NO_QUESTIONS = [
    b"",
    b"anna\nsecret\n",
    b"4:anna,",
    b"4:anna,6:secret",
    b"4:anna,6:secret,x",
    b"0:,6:secret,",
    b"4:an\0a,6:secret,",
    question("a" * 300, "secret"),
    question("anna", "x" * 512),
    b"9" * 100000,
]


def connect(timeout=20, door=PASSWORD):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    connection.connect(door.path)
    return connection


def answer(connection):
    """The line, without its end; "" when it was closed without one."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while more := connection.recv(4096):
            got += more
    assert got == b"" or (got.endswith(b"\n") and got.count(b"\n") == 1), got
    return got.decode("ascii").strip()


def ask(data, timeout=20, door=PASSWORD):
    """What is answered to these bytes."""
    with connect(timeout, door) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        return answer(connection)


def log_in(user, password, door=PASSWORD):
    return ask(question(user, password), door=door)


def timed(user, password, door=PASSWORD):
    before = time.monotonic()
    assert log_in(user, password, door) == "wrong"
    return time.monotonic() - before


def forget(door=PASSWORD):
    """No wrong password counts any more."""
    with contextlib.suppress(FileNotFoundError):
        os.truncate(door.brakes, 0)


def attempts(door=PASSWORD):
    """The services of attempts that systemd knows, whatever their state."""
    units = door.service.replace("@", "@*")
    return systemctl("list-units", "--all", "--plain", "--no-legend", units).stdout.split("\n")[:-1]


def rest(door=PASSWORD):
    wait_for(lambda: show(door.socket, "NConnections") == "0", "all attempts are over", 30)


def put(file, text, mode=0o600):
    file.write_text(text)
    file.chmod(mode)
    os.chown(file, 0, 0)


def key_as_it_should_be():
    if not KEY.exists() or KEY.stat().st_size != 32:
        KEY.unlink(missing_ok=True)
        systemctl("start", KEY_SERVICE)


def as_it_should_be():
    """Three users, two groups, a key, an open door, and nothing counted."""
    put(USERS, SHIPPED_USERS)
    put(GROUPS, SHIPPED_GROUPS, 0o644)
    key_as_it_should_be()
    systemctl("start", SOCKET)
    rest()
    forget()


def leave_nothing():
    systemctl("stop", SOCKET, "restarter-login@*.service")
    systemctl("reset-failed", SOCKET, "restarter-login@*.service", check=False)
    USERS.unlink(missing_ok=True)
    GROUPS.unlink(missing_ok=True)


def process(door=PASSWORD):
    """The process of the one attempt that is going on."""
    (unit,) = wait_for(
        lambda: [line.split()[0] for line in attempts(door) if " running " in line], "an attempt is going on"
    )
    return wait_for(lambda: main_pid(unit), "it has a process")


def signing_key(key=None, boot=None):
    """What tickets are signed with: in it is the boot."""
    boot = boot or pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
    return hmac.digest(key or KEY.read_bytes(), f"restarter boot {boot}".encode(), "sha256")


def _base64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(text, key=None):
    return f"{text}.{_base64(hmac.digest(key or signing_key(), text.encode(), 'sha256'))}"


def make_ticket(user, groups=(), issued=None, lifetime=3600, how="password", number=None, key=None):
    """One that the login could have made, made by nothing of ours."""
    # The kernel's coarse clock, which services read, is some milliseconds behind this one.
    issued = int(time.time()) - 1 if issued is None else issued
    fields = (user, how, issued, issued + lifetime, number or os.urandom(16).hex(), ",".join(sorted(groups)))
    return signed("1." + _base64(":".join(str(field) for field in fields).encode()), key)


def read_ticket(text):
    """Its fields, read with the key by nothing of ours."""
    version, body, mac = text.removeprefix("ticket ").split(".")
    assert signed(f"{version}.{body}").endswith("." + mac), "another key"
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode().split(":")
