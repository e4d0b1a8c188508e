"""An open page while daemons are started anew. The broker's socket stays systemd's, and who asks waits there for the next one:
so no page is told that anything was lost, however long that takes, and what happened meanwhile is told."""
import contextlib

import pytest

from helpers.events import Page, group_of
from helpers.system import BROKER, WELL, main_pid, systemctl, unit, wait_for

HOW = {
    "restarted": lambda: systemctl("restart", BROKER),
    "stopped": lambda: systemctl("stop", BROKER),
    "killed": lambda: systemctl("kill", "--signal=KILL", BROKER),
}


def fail():
    systemctl("kill", "--signal=KILL", unit(WELL))


def mend():
    systemctl("reset-failed", unit(WELL), check=False)
    systemctl("start", unit(WELL))


def told_until(page, group):
    """The kinds of all events until the row is told to be in that group, that one included."""
    kinds = []
    page.wait(lambda event: kinds.append(event.kind) or group_of(event, unit(WELL)) == group)
    return kinds


@pytest.fixture(params=["one page", "many pages"])
def pages(request, instance):
    """Of many, each with a search of its own, some ask for their list at the moment of the end."""
    with contextlib.ExitStack() as stack:
        queries = ["?q=" + WELL[:n] for n in (1, 2, 3, 4)] if request.param == "many pages" else []
        opened = [stack.enter_context(Page(query)) for query in ["", *queries]]
        for page in opened:
            page.wait_for("whole")
        yield opened
        mend()


@pytest.mark.core
@pytest.mark.parametrize("how", HOW)
def test_no_outage(pages, how):
    before = main_pid(BROKER)
    systemctl("stop", unit(WELL))  # which all of them ask for now
    HOW[how]()
    mend()
    fail()
    for page in pages:
        assert "lost" not in told_until(page, "failed")
    wait_for(lambda: main_pid(BROKER) not in (0, before), "there is another broker")
    mend()
    for page in pages:
        assert "lost" not in told_until(page, "running")
