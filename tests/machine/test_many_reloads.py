"""A crowd that has a unit reloaded without end keeps nobody from having it restarted."""
import pathlib
import time

import pytest

from helpers import rpc
from helpers.beside import call_request
from helpers.crowd import Crowd
from helpers.policy import applied
from helpers.system import invocation, reload_manager, systemctl

UNIT = "reloads@all.service"
TEXT = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n"
PATIENCE = 30  # seconds of somebody who comes back a moment after each refusal


@pytest.fixture
def reloads():
    file = pathlib.Path("/etc/systemd/system/reloads@.service")
    file.write_text(TEXT)
    reload_manager()
    systemctl("start", UNIT)
    with applied(f"[Grant]\nUnit={file.name}\nInstances=all\nVerbs=restart reload\nSettle=0\n"):
        yield
    systemctl("stop", UNIT)
    file.unlink()
    reload_manager()


def restart():
    """None, or what was said against it."""
    try:
        assert rpc.over_unix().restarter.restart(UNIT)["done"] == "restart"
    except rpc.xmlrpc.client.Fault as fault:
        assert fault.faultCode == 9, fault.faultString
        assert "very same restart" not in fault.faultString, "those are reloads"
        return fault.faultString
    return None


@pytest.mark.once
@pytest.mark.parametrize("count", [4, 130])
def test_reloads_without_end(reloads, count):
    before = invocation(UNIT)
    with Crowd("ask", count, rpc.CLIENTS, call_request("restarter.reload", UNIT)):
        time.sleep(0.5)
        end = time.monotonic() + PATIENCE
        while refused := restart():
            assert time.monotonic() < end, refused
            time.sleep(0.7)
    assert invocation(UNIT) != before
