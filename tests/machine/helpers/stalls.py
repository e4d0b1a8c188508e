"""Debian 12's polkitd stalls once in some ten thousand questions: it misses the end of the thread in which its rules ran,
waits the 15 seconds that it gives them, and writes that it terminated a script. Its answer comes that late, or is no. A test
that failed while polkitd wrote so shows nothing of ours: it is made once more, and that is said. A plugin of pytest's."""
import contextlib
import subprocess
import time

import pytest
from _pytest.runner import runtestprotocol

from . import journal
from .system import run

WORDS = "Terminating runaway script"


def seen_since(moment):
    """False as well where journald does not answer: a test that failed may have left it so, and others are to go on."""
    with contextlib.suppress(OSError, AssertionError, subprocess.TimeoutExpired):
        journal.sync()
        return WORDS in run("journalctl", "--quiet", "--unit=polkit.service", f"--since=@{moment:.6f}").stdout
    return False


def _made(item, nextitem):
    item._initrequest()  # as pytest does before it makes a test for the first time
    return runtestprotocol(item, nextitem=nextitem, log=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    begin = time.time()
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = _made(item, nextitem)
    if any(report.failed for report in reports) and seen_since(begin):
        item.config.pluginmanager.get_plugin("terminalreporter").write_line(f"polkitd stalled: once more {item.nodeid}")
        reports = _made(item, nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
