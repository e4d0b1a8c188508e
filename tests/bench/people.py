"""What it costs that somebody is known: a click with a ticket beside one without, and a login.

A ticket is what a real login gave. The settings are changed between batches, so that both kinds of click take turns on
one machine."""
import ctypes
import os
import pathlib
import socket
import time

USER, PASSWORD = "bench", "a password of the bench"
ETC = pathlib.Path("/etc/restarter")
LOGIN_SOCKET = "/run/restarter/login.sock"
SETTINGS = {"without": "[Web]\nLogin=none\n", "with": "[Web]\nLogin=password\n"}
ROUNDS, BATCH, LOGINS = 12, 50, 20
# yescrypt, at the cost that mkpasswd(1) and restartctl passwd take.
SETTING = b"$y$j9T$abcdefghijABCDEFGHIJ./"


def crypt(password):
    libcrypt = ctypes.CDLL("libcrypt.so.1")
    libcrypt.crypt.restype = ctypes.c_char_p
    return libcrypt.crypt(password.encode(), SETTING)


def prepare(run):
    (ETC / "users").touch(mode=0o600)
    (ETC / "users").write_bytes(USER.encode() + b":" + crypt(PASSWORD) + b"\n")
    run("systemctl", "start", "restarter-login.socket")


def log_in():
    """What is answered at login.sock."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(LOGIN_SOCKET)
        connection.sendall(f"{len(USER)}:{USER},{len(PASSWORD)}:{PASSWORD},".encode())
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answers:
            word, _, ticket = answers.read().decode().strip().partition(" ")
    if word != "ticket":
        raise SystemExit(f"bench: a login was answered with {word!r}")
    return ticket


def timed(function):
    """One sample: (begin in microseconds, duration in milliseconds)."""
    begin = time.monotonic_ns()
    function()
    return begin // 1000, (time.monotonic_ns() - begin) / 1e6


def set_login(run, which):
    """For the daemons that run, and those that come."""
    (ETC / "webfront.conf").write_text(SETTINGS[which], encoding="ascii")
    run("systemctl", "try-reload-or-restart", "restarter-broker.service", "restarter-webfront.service")


def measure_clicks(run, load, in_turns):
    """Clicks without and with a ticket: `load` takes further headers and a number, and clicks so often."""

    def batch(which, headers):
        set_login(run, which)
        load(headers, 3)  # the daemons are up then
        return load(headers, BATCH)

    cookie = (f"Cookie: restarter={log_in()}",)
    return in_turns(ROUNDS, lambda: batch("with", cookie), lambda: batch("without", ()))


def measure_logins(run, post):
    """At the login's socket, by the page's form (`post` sends it once), and what a hash alone costs, in turns."""
    set_login(run, "with")
    post()
    at_socket, by_form, hashes = [], [], []
    for _ in range(LOGINS):
        at_socket.append(timed(log_in))
        by_form.append(timed(post))
        hashes.append(timed(lambda: crypt(PASSWORD)))
    return at_socket, by_form, hashes


def leave(run):
    set_login(run, "without")
    run("systemctl", "stop", "restarter-login.socket")
    os.unlink(ETC / "users")
