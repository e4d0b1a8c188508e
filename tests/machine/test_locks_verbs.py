"""The locks again, for the verbs beside restart, each of them granted: of the one unit that is named, and of no other;
by the broker, by the bus, by polkit alone; and by no other process of the broker's user."""
import pytest

from helpers import bus, rpc
from helpers.people import user_does
from helpers.policy import applied, bus_policy_taken_away, busctl_as_broker, polkitd_version
from helpers.system import WELL, dropins, invocations, systemctl, unit

MEMBERS = {"try-restart": "TryRestartUnit", "reload": "ReloadUnit", "reload-or-restart": "ReloadOrRestartUnit"}
GRANT = f"[Grant]\nUnit=example@.service\nInstances={WELL}\nVerbs={' '.join(MEMBERS)}\n"
# The last but two may be restarted, and no more.
OTHERS = (
    "victim.service",
    "victim@1234.service",
    "example@12345.service",
    "example@abcd.service",
    "example-2@1234.service",
    "dbus.service",
    "polkit.service",
    "restarter-broker.service",
    "example@1235.service",
    "example@.service",
    "basic.target",
)
RUNNING = ("victim.service", "victim@1234.service", "example@12345.service", "example@1235.service", "polkit.service")


@pytest.fixture(scope="module", autouse=True)
def granted():
    with dropins({"example@.service": "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecReload=/bin/true\n"}):
        with applied(GRANT):
            yield


@pytest.fixture
def untouched(others):
    systemctl("start", *RUNNING)
    before = invocations(RUNNING)
    yield
    assert invocations(RUNNING) == before


def assert_denied(done):
    assert done.returncode != 0
    assert any(words in done.stderr for words in ("ccess denied", "nteractive", "not valid", "missing the instance")), done


@pytest.mark.core
@pytest.mark.parametrize("verb", MEMBERS)
def test_what_is_granted_is_done(verb):
    """Otherwise the refusals below would show nothing."""
    method = getattr(rpc.over_unix().restarter, verb.replace("-", "_"))
    assert method(WELL, {"settle": 0})["success"] is True
    assert busctl_as_broker(MEMBERS[verb], "ss", unit(WELL), "replace").returncode == 0


@pytest.mark.core
@pytest.mark.parametrize("verb", MEMBERS)
def test_the_broker_denies_other_units(verb, untouched):
    method = getattr(rpc.over_unix().restarter, verb.replace("-", "_"))
    for name in OTHERS:
        assert rpc.fault_of(method, name).faultCode in (1, 2), name


@pytest.mark.core
@pytest.mark.parametrize("verb", MEMBERS)
def test_polkit_denies_other_units(verb, untouched):
    """The message passes the bus, with and without the bus policy."""
    for name in OTHERS:
        assert_denied(busctl_as_broker(MEMBERS[verb], "ss", name, "replace"))
    with bus_policy_taken_away():
        for name in OTHERS:
            assert_denied(busctl_as_broker(MEMBERS[verb], "ss", name, "replace"))


@pytest.mark.core
def test_what_is_like_them_is_not_opened(untouched):
    """Their cousins end at the bus, and at polkit without it."""
    assert_denied(busctl_as_broker("ReloadOrTryRestartUnit", "ss", unit(WELL), "replace"))
    assert_denied(busctl_as_broker("EnqueueUnitJob", "sss", unit(WELL), "reload", "replace"))
    assert_denied(busctl_as_broker("Reload"))
    with bus_policy_taken_away():
        assert_denied(busctl_as_broker("ReloadOrTryRestartUnit", "ss", unit(WELL), "replace"))
        assert_denied(busctl_as_broker("Reload"))


@pytest.mark.core
@pytest.mark.parametrize("verb", MEMBERS)
def test_another_process_of_that_user(verb):
    """Where polkitd knows which service asks, it gets nothing; elsewhere it is the broker's equal, as with restart."""
    call = ("busctl", "call", bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, MEMBERS[verb], "ss", unit(WELL), "replace")
    before = invocations([unit(WELL)])
    done = user_does(*call)
    if polkitd_version() >= 124:
        assert_denied(done)
        assert invocations([unit(WELL)]) == before
    else:
        assert done.returncode == 0, done.stderr
