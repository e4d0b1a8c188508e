"""Other machines beside this one, as its web front sees them: sockets in /run/restarter/far. Behind one is this machine's own
broker, so that it is seen what a click there does, or somebody who is gone, or silent."""
import contextlib
import os
import pathlib
import shutil
import socket
import threading

from . import system

FAR = pathlib.Path("/run/restarter/far")
CONF = pathlib.Path("/etc/restarter/machines.conf")
BROKER = "/run/restarter/broker.sock"


def path_of(name):
    return str(FAR / f"{name}.sock")


def _open(name):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path_of(name))
    shutil.chown(path_of(name), "root", "restarter-web")
    os.chmod(path_of(name), 0o660)
    return listener


def _copy(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _relay(connection):
    with contextlib.suppress(OSError), connection, socket.socket(socket.AF_UNIX) as broker:
        broker.connect(BROKER)
        back = threading.Thread(target=_copy, args=(broker, connection), daemon=True)
        back.start()
        _copy(connection, broker)
        back.join()


def _accept(listener, handle):
    kept = []
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            if handle:
                threading.Thread(target=handle, args=(connection,), daemon=True).start()
            else:
                kept.append(connection)


@contextlib.contextmanager
def at(name, handle=_relay):
    """Somebody is at that machine's socket: this machine's broker, or `handle`, which is given each connection; None: it takes
    them and says nothing."""
    listener = _open(name)
    listener.listen(64)
    threading.Thread(target=_accept, args=(listener, handle), daemon=True).start()
    try:
        yield
    finally:
        os.unlink(path_of(name))
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def silent(name):
    return at(name, None)


@contextlib.contextmanager
def refusing(name):
    """There is a socket, and nobody at it."""
    listener = _open(name)
    try:
        yield
    finally:
        listener.close()
        os.unlink(path_of(name))


@contextlib.contextmanager
def named(*names):
    """The page knows of machines of these names."""
    made = not FAR.exists()
    FAR.mkdir(mode=0o750, exist_ok=True)
    shutil.chown(FAR, "root", "restarter-web")
    try:
        CONF.write_text("".join(f"[Machine {name}]\nVia=socket\n" for name in names), encoding="ascii")
        system.stop_daemons()
        yield
    finally:
        CONF.unlink()
        if made:
            shutil.rmtree(FAR)
        system.stop_daemons()
