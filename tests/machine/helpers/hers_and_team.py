"""Two units that are granted to people: hers.service to anna, team.service to the group ops."""
import contextlib

from .policy import applied, kept
from .system import unit_files

GRANTS = """[Grant]
Unit=hers.service
Verbs=restart
StartStopped=yes
Users=anna

[Grant]
Unit=team.service
Verbs=restart
Groups=ops
"""
SERVICE = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n"


@contextlib.contextmanager
def granted(more="", **options):
    """They are there, and granted; `more` stands in front of that in the policy, and the rest is for applied()."""
    with unit_files({"hers.service": SERVICE, "team.service": SERVICE}), kept(), applied(more + GRANTS, **options):
        yield
