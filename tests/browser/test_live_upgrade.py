"""A page stays open while the package is replaced by a later version, and by the earlier one again: it misses nothing of what
happened meanwhile, and its buttons work."""
import contextlib
import pathlib
import re

from conftest import WITH, browsers
from open_page import fail, group, mend, wait_until_live, watched
from pages import press, wait, wait_for_end

from helpers import system
from helpers.system import BROKER, WEBFRONT, WELL, main_pid

DEBS = pathlib.Path("/usr/src/restarter/build")
SERVICES = (BROKER, WEBFRONT)


@contextlib.contextmanager
def later_version(directory):
    """The package once more with a higher version, put in; and then the one that was there."""
    (deb,) = DEBS.glob("*/restarter_*.deb")
    tree, later = directory / "tree", directory / "later.deb"
    system.run("dpkg-deb", "-R", deb, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*", "Version: 99", control.read_text()))
    system.run("dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, later)
    install = ("dpkg", "--force-confold", "--force-downgrade", "-i")
    system.run(*install, later, timeout=600)
    try:
        yield
    finally:
        system.run(*install, deb, timeout=600)


def wait_for_others(before):
    """Which is not waited for by who puts the package in."""
    system.wait_for(lambda: not {0, *before} & {main_pid(s) for s in SERVICES}, "both are of the new version", 60)


@browsers(WITH)
def test_another_version(driver, tmp_path):
    with watched(driver) as page:
        before = [main_pid(service) for service in SERVICES]
        with later_version(tmp_path):
            fail()
            wait(page, lambda: group(page) == "failed")
            wait_for_others(before)
            wait_until_live(page)
            before = [main_pid(service) for service in SERVICES]
            mend()
        wait(page, lambda: group(page) == "running")
        wait_for_others(before)
        wait_until_live(page)
        press(page, WELL)
        assert wait_for_end(page, WELL)[0] == "succeeded"
    driver.complaints()  # of connections that broke
