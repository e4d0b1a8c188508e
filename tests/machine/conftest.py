"""What holds for all tests in a machine: they run as root, in a machine that is thrown away, with the package
installed by apt and the demonstration's instances running."""
import contextlib
import os
import pathlib

import pytest

from helpers import machines as several
from helpers import processor, rolling, stalls, system


def pytest_configure(config):
    for plugin in (processor, stalls):
        config.pluginmanager.register(plugin)
    config.addinivalue_line("markers", "core: run once more with dbus-broker in place of dbus-daemon")
    config.addinivalue_line("markers", "once: on one release, because nothing that it meets differs between the two")


@pytest.fixture(scope="session", autouse=True)
def machine():
    if os.geteuid() != 0 or not pathlib.Path("/usr/libexec/restarter/restarter-broker").exists():
        pytest.exit("these tests run in a machine of tests/machine/machine, see tests/README.md", 2)
    system.prepare_template()


@pytest.fixture(autouse=True)
def put_right():
    """Each test finds the sockets open and the two instances that most use running, whatever the last one did."""
    wanted = [*system.SOCKETS, system.unit(system.WELL), system.unit(system.OTHER)]
    if not system.all_active(wanted):
        system.open_doors_anew()
        system.systemctl("reset-failed", *wanted, check=False)
        system.systemctl("start", *wanted)
    for name in (system.WELL, system.OTHER):
        system.Instance(name).fresh()


@pytest.fixture(scope="session")
def machines_there():
    if not several.there_are():
        pytest.skip("needs several machines: tests/machine/machine with bookworm-far")
    return several.Machines()


@pytest.fixture
def machines(machines_there):
    """The machines beside this one, by name: machines["web1"]. What a test did to them is mended after it."""
    yield machines_there
    machines_there.mend()


@pytest.fixture
def instance():
    """An instance that runs well."""
    return system.Instance(system.WELL)


@pytest.fixture(scope="module")
def rolling_units(machine):
    """Those of helpers/rolling.py, granted."""
    with rolling.units():
        yield


@pytest.fixture
def failing():
    instance = system.Failing()
    instance.up()
    yield instance
    instance.up()


@pytest.fixture
def policy_with():
    """A context manager that adds grants to the policy for a while."""

    @contextlib.contextmanager
    def add(text):
        directory = pathlib.Path("/etc/restarter/policy.conf.d")
        made = not directory.exists()
        directory.mkdir(exist_ok=True)
        file = directory / "test.conf"
        file.write_text(text)
        system.stop_daemons()
        try:
            yield
        finally:
            file.unlink()
            if made:
                directory.rmdir()
            system.stop_daemons()

    return add


# Services that run and that nobody granted, each a near miss of the shipped grant.
OTHERS = (
    "victim.service",
    "victim@1234.service",
    "example@12345.service",
    "example@abcd.service",
    "example@0001-2.service",
    "example-2@1234.service",
)


@pytest.fixture(scope="session")
def others_loaded():
    """Loads them: a template of its own each, so that they run."""
    directory = pathlib.Path("/run/systemd/system")
    for name in ("victim.service", "victim@.service", "example-2@.service"):
        (directory / name).write_text(
            "[Service]\nExecStart=/bin/sleep infinity\nDelegate=yes\nPrivateMounts=yes\n"
        )
    system.reload_manager()


@pytest.fixture
def others(others_loaded):
    system.systemctl("start", *OTHERS)
    return OTHERS
