"""A broker that was taken over may speak to the bus as user restarter: it meets the bus policy, lock 4, and where that is
taken away the polkit rule, lock 5."""
import os
import re
import xml.etree.ElementTree

import pytest

from helpers import bus
from helpers.people import broker_does
from helpers.policy import bus_policy_taken_away
from helpers.system import BROKER, invocation, invocations, run, systemctl, wait_until

VICTIM = "victim.service"


def call_as_broker(*arguments):
    """busctl call …; returns what it printed, errors included."""
    done = broker_does(
        "busctl", "--timeout=30", "--allow-interactive-authorization=no", "call", "--", *arguments
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def manager(method, *arguments):
    return call_as_broker(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, method, *arguments)


def methods_of(service, path, interface):
    """The methods with the signatures of what they take."""
    text = run("busctl", "introspect", "--xml-interface", service, path).stdout
    found = {}
    for node in xml.etree.ElementTree.fromstring(text).iter("interface"):
        if node.get("name") == interface:
            for method in node.iter("method"):
                arguments = [
                    (a.get("name", ""), a.get("type"))
                    for a in method.iter("arg")
                    if a.get("direction") != "out"
                ]
                found[method.get("name")] = arguments
    assert found, f"{interface} has no methods"
    return found


# What a call is filled with: names of things of ours, and nothing that does much harm if a lock should be open. It
# has to make sense, since systemd looks at some of it before it asks polkit.
BY_TYPE = {
    "s": [VICTIM],
    "o": ["/org/freedesktop/systemd1/unit/victim_2eservice"],
    "u": ["1"],
    "i": ["10"],
    "b": ["false"],
    "t": ["1"],
    "as": ["1", VICTIM],
}
BY_NAME = {
    "mode": "replace",
    "job_mode": "replace",
    "job_type": "restart",
    "whom": "all",
    "who": "all",
    "subcgroup": "/",
    "source": "/etc",
    "destination": "/etc",
    "level": "info",
    "target": "journal",
}
PRESET = {"PresetAllUnitFiles", "PresetUnitFilesWithMode"}
FILLED = {
    "AttachProcessesToUnit": ["ssau", VICTIM, "/", "1", "1"],
    "AttachProcesses": ["sau", "/", "1", "1"],
    "CleanUnit": ["sas", VICTIM, "1", "cache"],
    "Clean": ["as", "1", "cache"],
    "SetExitCode": ["y", "0"],
    "QueueSignalUnit": ["ssii", VICTIM, "all", "40", "0"],
    "QueueSignal": ["sii", "all", "40", "0"],
    "SetEnvironment": ["as", "1", "A=b"],
    "UnsetEnvironment": ["as", "1", "A"],
    "UnsetAndSetEnvironment": ["asas", "1", "A", "1", "A=b"],
}


def fill(method, arguments):
    """Arguments of busctl for a method; None for a signature that cannot be filled this way."""
    if method in FILLED:
        return FILLED[method]
    values = []
    for name, kind in arguments:
        if kind == "s":
            values.append("full" if method in PRESET and name == "mode" else BY_NAME.get(name, VICTIM))
        elif kind in BY_TYPE:
            values += BY_TYPE[kind]
        elif kind.startswith("a"):
            values.append("0")
        else:
            return None
    return ["".join(kind for _, kind in arguments), *values] if arguments else []


# What the broker needs. Everything else is turned away, reading included.
ALLOWED = {"RestartUnit", "Subscribe", "ListUnitsByPatterns", "ListUnitFilesByPatterns"}
BY_THE_BUS = re.compile(
    r"Access denied|AccessDenied|Sender is not authorized|rejected send message|policy prevented", re.I
)
BY_POLKIT = re.compile(
    r"Interactive authentication required|Access denied|Permission denied|requires? (administrative )?"
    r"privileges|not authorized|Operation not permitted|Sender is not authorized",
    re.I,
)


@pytest.fixture
def victim(others):
    """What must not be touched; afterwards it has not been."""

    def look():
        environment = systemctl("show-environment").stdout
        return invocations(units), sorted(os.listdir("/etc/systemd/system")), environment

    units = [*others, "dbus.service", "polkit.service"]
    systemctl("start", "polkit.service")
    before = look()
    yield VICTIM
    assert look() == before
    assert systemctl("is-active", *others).stdout.split() == ["active"] * len(others)


def test_taken_over_broker_has_its_methods(instance):
    """Otherwise the refusals below would show nothing."""
    status, text = manager("RestartUnit", "ss", instance.unit, "replace")
    assert status == 0 and "/org/freedesktop/systemd1/job/" in text, text
    instance.wait_for_start()
    assert manager("ListUnitsByPatterns", "asas", "0", "1", "example@*")[0] == 0


@pytest.mark.core
def test_bus_policy_denies_every_other_method(victim):
    methods = methods_of(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER)
    assert len(methods) > 60
    open_ones = {}
    for name, arguments in methods.items():
        if name in ALLOWED:
            continue
        # A signature that busctl cannot fill is left out: the bus policy does not look at it.
        status, text = manager(name, *(fill(name, arguments) or []))
        if status == 0 or not BY_THE_BUS.search(text):
            open_ones[name] = text
    assert not open_ones, open_ones


def test_bus_policy_denies_methods_of_units(victim, instance):
    path = "/org/freedesktop/systemd1/unit/" + instance.unit.replace("@", "_40").replace(".", "_2e")
    for interface in (bus.UNIT, "org.freedesktop.systemd1.Service"):
        for name, arguments in methods_of(bus.SYSTEMD, path, interface).items():
            status, text = call_as_broker(bus.SYSTEMD, path, interface, name, *(fill(name, arguments) or []))
            assert status != 0 and BY_THE_BUS.search(text), (name, text)
    status, text = call_as_broker(
        bus.SYSTEMD, path, "org.freedesktop.DBus.Properties", "Set", "ssv", bus.UNIT, "Description", "s", "x"
    )
    assert status != 0 and BY_THE_BUS.search(text)
    assert instance.starts() == []


ELSEWHERE = {
    "power off": (
        "org.freedesktop.login1",
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "PowerOff",
        "b",
        "false",
    ),
    "list sessions": (
        "org.freedesktop.login1",
        "/org/freedesktop/login1",
        "org.freedesktop.login1.Manager",
        "ListSessions",
    ),
    "host name": (
        "org.freedesktop.hostname1",
        "/org/freedesktop/hostname1",
        "org.freedesktop.hostname1",
        "SetHostname",
        "sb",
        "taken",
        "false",
    ),
    "time zone": (
        "org.freedesktop.timedate1",
        "/org/freedesktop/timedate1",
        "org.freedesktop.timedate1",
        "SetTimezone",
        "sb",
        "Europe/Berlin",
        "false",
    ),
    "polkit's answer": (
        "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        "AuthenticationAgentResponse2",
        "us(sa{sv})",
        "0",
        "x",
        "unix-user",
        "1",
        "uid",
        "u",
        "0",
    ),
    "polkit's actions": (
        "org.freedesktop.PolicyKit1",
        "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority",
        "EnumerateActions",
        "s",
        "",
    ),
}
DRIVER = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


@pytest.mark.parametrize("call", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_bus_policy_denies_other_services(call, victim):
    status, text = call_as_broker(*call)
    assert status != 0 and BY_THE_BUS.search(text), text


@pytest.mark.parametrize(
    "call",
    [
        ("ListNames",),
        ("RequestName", "su", "org.freedesktop.Avahi", "0"),
        ("ReloadConfig",),
        ("GetConnectionUnixUser", "s", "org.freedesktop.systemd1"),
        ("StartServiceByName", "su", "org.freedesktop.hostname1", "0"),
        ("UpdateActivationEnvironment", "a{ss}", "1", "A", "b"),
    ],
    ids=lambda c: c[0],
)
def test_bus_policy_denies_the_rest_of_the_bus(call):
    status, text = call_as_broker(*DRIVER, *call)
    assert status != 0 and BY_THE_BUS.search(text), text


def test_taken_over_broker_cannot_listen_in():
    done = broker_does("timeout", "5", "busctl", "monitor")
    assert done.returncode not in (0, 124) and BY_THE_BUS.search(done.stderr), done.stderr


OTHER_UNITS = [
    "victim.service",
    "victim@1234.service",
    "example@12345.service",
    "example@abcd.service",
    "example@0001-2.service",
    "example-2@1234.service",
    "dbus.service",
    "polkit.service",
    "restarter-broker.service",
    "restarter-webfront.service",
    "systemd-journald.service",
    "example@.service",
    "basic.target",
    "example@1234.socket",
    "-.slice",
    "../1234",
    "example@1234.service\nx",
]


@pytest.mark.core
@pytest.mark.parametrize("name", OTHER_UNITS)
def test_polkit_denies_other_units(name, victim):
    """RestartUnit passes the bus, so that the rule has to say it, with and without the bus policy."""
    broker = invocation(BROKER)
    status, text = manager("RestartUnit", "ss", name, "replace")
    assert status != 0, text
    assert (
        BY_POLKIT.search(text)
        or "not valid" in text
        or "missing the instance name" in text
        or "Invalid" in text
    ), text
    assert invocation(BROKER) == broker


# What systemd itself finds wrong with the call, before it would ask polkit: the process belongs to somebody else, a job
# has to be there, and who holds no reference cannot give it back.
NO_BY_ITSELF = {
    "AttachProcessesToUnit",
    "AttachProcesses",
    "CancelJob",
    "StartUnitReplace",
    "UnrefUnit",
    "Unref",
}
# Without the bus policy these are left to systemd's own: any user may read.
READING = re.compile(r"^(Get|List|Load|Dump|Subscribe$|Unsubscribe$|Ref|Lookup|GetUnitByPIDFD)")


@pytest.mark.core
def test_polkit_alone_denies_every_other_method(victim, instance):
    with bus_policy_taken_away():
        assert manager("GetUnit", "s", instance.unit)[0] == 0, "the bus policy is still there"
        methods = methods_of(bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER)
        open_ones = {}
        for name, arguments in methods.items():
            filled = fill(name, arguments)
            if READING.match(name) or name in ALLOWED or filled is None:
                continue
            status, text = manager(name, *filled)
            if status == 0 or not (BY_POLKIT.search(text) or name in NO_BY_ITSELF):
                open_ones[name] = text
        assert not open_ones, open_ones
        assert manager("RestartUnit", "ss", instance.unit, "replace")[0] == 0, "and the one thing is granted"
        instance.wait_for_start()


VERBS = [
    "StartUnit",
    "StopUnit",
    "ReloadUnit",
    "TryRestartUnit",
    "ReloadOrRestartUnit",
    "ReloadOrTryRestartUnit",
]


def test_polkit_alone_denies_other_verbs(victim, instance):
    """Even of the instance that may be restarted."""
    before = instance.state()
    with bus_policy_taken_away():
        for verb in VERBS:
            status, text = manager(verb, "ss", instance.unit, "replace")
            assert status != 0 and BY_POLKIT.search(text), (verb, text)
        for call in (
            ("KillUnit", "ssi", instance.unit, "all", "15"),
            ("ResetFailedUnit", "s", instance.unit),
            ("SetUnitProperties", "sba(sv)", instance.unit, "true", "0"),
            ("CleanUnit", "sas", instance.unit, "0"),
            ("FreezeUnit", "s", instance.unit),
            ("MaskUnitFiles", "asbb", "1", instance.unit, "true", "true"),
            ("StartTransientUnit", "ssa(sv)a(sa(sv))", instance.unit, "replace", "0", "0"),
            ("StartTransientUnit", "ssa(sv)a(sa(sv))", "example@7777.service", "replace", "0", "0"),
            ("EnqueueUnitJob", "sss", instance.unit, "stop", "replace"),
        ):
            status, text = manager(*call)
            assert status != 0 and BY_POLKIT.search(text), (call, text)
        for name in OTHER_UNITS:
            status, text = manager("RestartUnit", "ss", name, "replace")
            assert status != 0, (name, text)
    assert instance.state() == before


def test_polkit_alone_denies_methods_of_units(victim, instance):
    path = "/org/freedesktop/systemd1/unit/victim_2eservice"
    with bus_policy_taken_away():
        for interface in (bus.UNIT, "org.freedesktop.systemd1.Service"):
            for name, arguments in methods_of(bus.SYSTEMD, path, interface).items():
                filled = fill(name, arguments)
                if filled is None or READING.match(name):
                    continue
                status, text = call_as_broker(bus.SYSTEMD, path, interface, name, *filled)
                assert status != 0 and (BY_POLKIT.search(text) or name in NO_BY_ITSELF), (name, text)


def test_polkit_alone_denies_to_cancel_a_job(instance):
    """A restart that somebody else asked for goes on."""
    instance.hold()
    systemctl("restart", "--no-block", instance.unit)
    instance.wait_for_start()
    number = systemctl("list-jobs", "--no-legend", "--plain").stdout.split()[0]
    with bus_policy_taken_away():
        status, text = manager("CancelJob", "u", number)
        assert status != 0 and BY_POLKIT.search(text), text
    instance.quick()
    wait_until(instance.unit, "active")
    assert len(instance.starts()) == 1


@pytest.mark.parametrize("name", ["power off", "host name", "time zone", "polkit's answer"])
def test_polkit_alone_denies_other_services(name, victim):
    with bus_policy_taken_away():
        status, text = call_as_broker(*ELSEWHERE[name])
        assert status != 0, text
        assert BY_POLKIT.search(text) or "Only uid 0" in text or "was not provided" in text, text
