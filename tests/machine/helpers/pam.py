"""The login by PAM, and accounts of the machine to log in with: made anew for each file of tests."""
import contextlib
import pathlib

from . import login
from .system import run, systemctl

DOOR = login.Door(
    "/run/restarter/login-pam.sock",
    "restarter-login-pam.socket",
    "restarter-login-pam@.service",
    pathlib.Path("/run/private/restarter-login-pam/brakes"),
)
SERVICE_FILE = pathlib.Path("/etc/pam.d/restarter")
PASSWORD = "sesame-17"


def log_in(user, password=PASSWORD):
    return login.log_in(user, password, DOOR)


def groups_of(user):
    """Those in the ticket."""
    return login.read_ticket(log_in(user))[5].split(",")


def set_password(user, password=PASSWORD):
    run("chpasswd", stdin=None, input=f"{user}:{password}\n")


@contextlib.contextmanager
def account(name, *options, password=PASSWORD):
    """An account for as long as it takes."""
    run("useradd", "--no-create-home", *options, name)
    try:
        set_password(name, password)
        yield
    finally:
        run("userdel", "--force", name, check=False)


@contextlib.contextmanager
def service_file(text):
    before = SERVICE_FILE.read_text(encoding="ascii")
    SERVICE_FILE.write_text(text, encoding="ascii")
    try:
        yield
    finally:
        SERVICE_FILE.unlink(missing_ok=True)
        login.put(SERVICE_FILE, before, 0o644)


def as_it_should_be():
    login.key_as_it_should_be()
    systemctl("start", DOOR.socket)
    login.rest(DOOR)
    login.forget(DOOR)


def leave_nothing():
    systemctl("stop", DOOR.socket, "restarter-login-pam@*.service")
    systemctl("reset-failed", DOOR.socket, "restarter-login-pam@*.service", check=False)
