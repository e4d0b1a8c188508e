"""What leads to one machine leads to no other one: each restarter-far has its own key and its own connections, although all of them
run as one user. So whoever takes over the one of a machine that attacks it has come no nearer to the others."""
import contextlib

import pytest

from helpers import by_ssh as far
from helpers import rpc
from helpers.system import run, show, systemctl

NAMES = ("east", "west")


@pytest.fixture
def both():
    """Both run, of machines that nobody needs to reach: who asks is turned away."""
    far.name_machines({name: f"{far.ACCOUNT}@{name}.invalid" for name in NAMES})
    systemctl("start", *[far.socket_unit(name) for name in NAMES])
    with contextlib.ExitStack() as connections:
        for name in NAMES:
            far.turned_away(name)
            connections.enter_context(rpc.open_socket(far.socket_of(name)))
        yield {name: show(far.service(name), "MainPID") for name in NAMES}
    far.forget(*NAMES)


def test_the_others_connections(both):
    """Not even their names; its own directory is there, and for it alone."""
    for name, pid in both.items():
        there = f"/proc/{pid}/root/run/restarter-far"
        assert run("ls", there).stdout.split() == [name]
        assert run("stat", "-c", "%a %U", f"{there}/{name}").stdout == "700 restarter-far\n"


def test_the_others_keys(both):
    for name, pid in both.items():
        assert run("ls", f"/proc/{pid}/root/run/credentials").stdout.split() == [far.service(name)]
