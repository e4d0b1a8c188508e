"""/etc/restarter/webfront.conf, written by a test for a while."""
import contextlib
import pathlib

from .system import replaced, stop_daemons

FILE = pathlib.Path("/etc/restarter/webfront.conf")
KEPT = [pathlib.Path(f"/run/restarter-{daemon}/webfront.conf") for daemon in ("webfront", "webfront-proxy", "broker")]


def forget_last_good():
    """As if the machine had been started a moment ago. The daemons do not run."""
    for file in KEPT:
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def web_settings(text, known=True):
    """Both daemons go by the text when they start the next time; None: there is no file. Unless a good one was `known`
    before, it is the first one that they see."""
    stop_daemons()
    if not known:
        forget_last_good()
    try:
        with replaced(FILE, text):
            yield
            stop_daemons()
    finally:
        stop_daemons()
        forget_last_good()
