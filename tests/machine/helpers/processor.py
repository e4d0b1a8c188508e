"""What each test took of a processor, with all that the machine did meanwhile: what a suite costs, and where. A plugin of
pytest's."""
import pathlib

import pytest

from . import system

OUT = pathlib.Path("/var/tmp/out")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    before = system.processor_seconds()
    yield
    if OUT.is_dir():
        with (OUT / "processor.txt").open("a") as file:
            file.write(f"{system.processor_seconds() - before:7.2f} {item.nodeid}\n")
