"""Real browsers, Chromium and Firefox, driven in a machine that has the package and the demonstration's instances."""
import contextlib
import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "machine"))

from chromium import Chromium  # noqa: E402
from firefox import Firefox  # noqa: E402

from helpers import processor, stalls, system  # noqa: E402

OUT = pathlib.Path("/var/tmp/out")
ADDRESS = "http://127.0.0.1:8080/"
EMPTY = "about:blank"

# A test is run in Chromium, with JavaScript and without, unless it says otherwise. What an engine has a part in (forms,
# keys, focus, scripts as such) says so, and is run by both; what the server alone decides is run once. Chromium is its
# headless shell (chromium.py); what everybody does is done in the whole browser as well.
WITH, WITHOUT = "with JavaScript", "without JavaScript"
WHOLE, WHOLE_WITHOUT = "with JavaScript in the whole browser", "without JavaScript in the whole browser"
FIREFOX, FIREFOX_WITHOUT = "with JavaScript in Firefox", "without JavaScript in Firefox"


def browsers(*kinds):
    """A mark: the test is run in these."""
    return pytest.mark.parametrize("driver", kinds, indirect=True)


ONCE = browsers(WITH)
EVERYWHERE = browsers(WITH, WITHOUT, FIREFOX, FIREFOX_WITHOUT)
BOTH_ENGINES = browsers(WITH, FIREFOX)


KINDS = (WITH, WHOLE, WITHOUT, WHOLE_WITHOUT, FIREFOX, FIREFOX_WITHOUT)
EVERY_BROWSER = browsers(*KINDS)


def pytest_configure(config):
    for plugin in (processor, stalls):
        config.pluginmanager.register(plugin)


# What others would suffer from: two thousand units stay, of which PID 1 reads each at every reload; and browsers are killed.
LAST = ("test_every_state.py::test_state[many-", "test_gone.py::")


def pytest_collection_modifyitems(items):
    """The tests of a file that one browser runs come one after the other: to put a page away and to open one in another browser
    costs more of a processor than most tests do."""
    files = list(dict.fromkeys(item.path for item in items))

    def place(item):
        kind = getattr(item, "callspec", None) and item.callspec.params.get("driver")
        after = next((number for number, words in enumerate(LAST, 1) if words in item.nodeid), 0)
        return after, files.index(item.path), KINDS.index(kind) if kind in KINDS else 0

    items.sort(key=place)


def _shown(driver):
    with contextlib.suppress(Exception):
        return f"{driver.kind}: {driver.current_url}\n{driver.call('() => document.body.innerText')[:3000]}"
    return f"{driver.kind}: no answer"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """What whoever looks for the cause of a failure would look at first: what the browsers show."""
    outcome = yield
    if call.excinfo and "started" in item.funcargs:
        shown = "\n\n".join(_shown(driver) for driver in item.funcargs["started"].values())
        outcome.get_result().sections.append(("shown by the browsers", shown))


@pytest.fixture(scope="session")
def started():
    """Whichever browsers were asked for, by kind."""
    drivers = {}
    yield drivers
    for driver in drivers.values():
        _end(driver)


def _answers(driver):
    try:
        return bool(driver.current_url)
    except Exception as error:
        # Whatever a library says of a browser that has crashed, or that has not answered for minutes.
        print(f"the browser {driver.kind} is gone, another one is started: {error!r}", file=sys.stderr)
        return False


def _end(driver):
    with contextlib.suppress(Exception):
        driver.quit()


def width(driver, pixels, mobile=False):
    """The window's width; only Chromium can pretend to be a phone."""
    driver.width(pixels, **({"mobile": mobile} if isinstance(driver, Chromium) else {}))


def without_the_gone(started):
    """A browser that ends takes one test with it, not all that come after."""
    for kind in [kind for kind, driver in started.items() if not _answers(driver)]:
        _end(started.pop(kind))


def browser(started, kind):
    if kind not in started:
        javascript = "without" not in kind
        started[kind] = Firefox(javascript) if "Firefox" in kind else Chromium(javascript, whole="whole" in kind)
        started[kind].kind = kind
    return started[kind]


def _put_away(others):
    """A page that is open follows what happens, whether anybody looks at it or not."""
    for other in others:
        if other.current_url != EMPTY:
            other.get(EMPTY)


@pytest.fixture(params=[WITH, WITHOUT])
def driver(request, started):
    """The page, open, in a browser of that kind; whatever the console complains about is an error."""
    kind = request.param
    without_the_gone(started)
    chosen = browser(started, kind)
    _put_away(other for other in started.values() if other is not chosen)
    width(chosen, 1280)
    chosen.complaints()
    chosen.get(ADDRESS)
    yield chosen
    assert chosen.complaints() == []


@pytest.fixture
def firefox(driver, started):
    """Somebody else's, beside the test's own."""
    other = browser(started, FIREFOX)
    width(other, 1280)
    yield other
    other.get(EMPTY)
    other.complaints()


@pytest.fixture
def picture(driver):
    """Writes a picture of what is in the window, and so moves nothing; one of each name and engine. (The whole pages are
    test_every_state.py's.)"""

    def take(name):
        file = OUT / f"{name}{'-firefox' if 'Firefox' in driver.kind else ''}.png"
        if not file.exists():
            driver.shot(file)

    return take


@pytest.fixture(scope="session", autouse=True)
def machine():
    system.prepare_template()


@pytest.fixture(autouse=True)
def all_up():
    """What most tests press runs, and one of them is going to fail; a test leaves them as it likes."""
    instances = [system.Instance(name) for name in (system.WELL, system.OTHER)]
    for instance in instances:
        instance.fresh()
    system.put_doors_right()
    if not (system.all_active([i.unit for i in instances]) and system.Failing().is_up()):
        system.systemctl("reset-failed", "example@*", check=False)
        system.Failing().up()
        system.ready(system.WELL, system.OTHER)
        time.sleep(0.3)  # for as long as a list is kept
