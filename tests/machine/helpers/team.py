"""A team whose people are no accounts of this machine: units of their own, and the policy that says so."""
import contextlib

from .policy import applied
from .system import UNITS as SYSTEM
from .system import reload_manager, systemctl

SERVICE = "[Unit]\nStartLimitIntervalSec=0\n\n[Service]\nExecStart=/bin/sleep infinity\n"
UNITS = ("team@anna.service", "team@bob.service", "together.service")

GRANTS = """[Grant]
Unit=team@.service
Instances=%u
Verbs=restart

[Grant]
Unit=together.service
Verbs=restart
Groups=staff
"""


@contextlib.contextmanager
def at_work():
    files = [SYSTEM / name for name in ("team@.service", "together.service")]
    for file in files:
        file.write_text(SERVICE)
    try:
        with applied(GRANTS):
            systemctl("start", *UNITS)
            yield
    finally:
        systemctl("stop", *UNITS)
        for file in files:
            file.unlink()
        reload_manager()


def of(units):
    """Those of the team's among the units."""
    return set(units) & set(UNITS)
