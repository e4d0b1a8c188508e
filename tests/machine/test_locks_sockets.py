"""Another local user meets the broker's sockets, lock 2: their modes, and the broker that looks at who has connected."""
import contextlib
import errno
import os
import socket
import stat

import pytest

from helpers import rpc
from helpers.people import as_user
from helpers.system import WELL

RESTART = rpc.call("restarter.restart", WELL)


def connect_error(path):
    """The errno of a connect(), or 0."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(path)


@pytest.mark.core
@pytest.mark.parametrize("path", [rpc.CLIENTS, rpc.WEB, rpc.WEB_PROXY])
def test_other_user_cannot_connect(path):
    assert as_user("nobody", connect_error, path) == errno.EACCES
    assert connect_error(path) == 0, "nobody at all can"


def test_other_user_does_not_see_the_sockets():
    with pytest.raises(PermissionError):
        as_user("nobody", os.listdir, "/run/restarter")
    assert stat.S_IMODE(os.stat("/run/restarter").st_mode) & 0o022 == 0


@contextlib.contextmanager
def open_for_all(path):
    before = stat.S_IMODE(os.stat(path).st_mode)
    os.chmod(path, 0o666)
    try:
        yield
    finally:
        os.chmod(path, before)


WHO = {
    "nobody": ("nobody", (), ()),
    "a client": ("games", ("restarter-clients",), (rpc.CLIENTS,)),
    "the web front's group": (64999, ("restarter-web",), (rpc.WEB,)),
    "the proxy's front's group": (64998, ("restarter-web-proxy",), (rpc.WEB_PROXY,)),
    "the broker itself": ("restarter", (), ()),
}


@pytest.mark.core
@pytest.mark.parametrize("path", [rpc.CLIENTS, rpc.WEB, rpc.WEB_PROXY])
@pytest.mark.parametrize("user, groups, may", WHO.values(), ids=WHO.keys())
def test_peer_credentials_decide_though_the_mode_is_wrong(user, groups, may, path, instance):
    """With sockets that everybody may open, the broker still looks who it is."""
    with open_for_all(path):
        headers = {"Restarter-User": "anna"} if path == rpc.WEB_PROXY else {}
        answer = as_user(user, lambda: rpc.post(path, RESTART, headers), groups=groups)
    if path in may:
        assert rpc.value_of(answer)["success"] is True
    else:
        assert answer.status == 403 and len(answer.text) > 20, answer
        assert instance.starts() == []


def test_group_of_clients_opens_one_socket(instance):
    """With the modes as they are."""
    answer = as_user("games", lambda: rpc.post(rpc.CLIENTS, RESTART), groups=["restarter-clients"])
    assert rpc.value_of(answer)["success"] is True
    assert as_user("games", connect_error, rpc.WEB, groups=["restarter-clients"]) == errno.EACCES
