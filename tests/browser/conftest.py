"""A real Chromium, driven in a machine that has the package and the demonstration's instances."""
import base64
import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "machine"))

from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402

from helpers import system  # noqa: E402

OUT = pathlib.Path("/var/tmp/out")
JAVASCRIPT_OFF = 2


def start(javascript):
    options = webdriver.ChromeOptions()
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ):
        options.add_argument(option)
    if not javascript:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": JAVASCRIPT_OFF}
        )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    return driver


@pytest.fixture(scope="session")
def _with_javascript():
    driver = start(True)
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def _without_javascript():
    driver = start(False)
    yield driver
    driver.quit()


def width(driver, pixels, mobile=False):
    """The window's width; a phone's is narrower than Chromium makes its windows."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": mobile},
    )


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def driver(request):
    """The page, open, in a browser of either kind; whatever the console complains about is an error."""
    name = "_with_javascript" if request.param == "with JavaScript" else "_without_javascript"
    chosen = request.getfixturevalue(name)
    chosen.javascript = request.param == "with JavaScript"
    width(chosen, 1280)
    chosen.get_log("browser")
    chosen.get("http://127.0.0.1:8080/")
    yield chosen
    # A refusal's status is written to the console for a fetch(), and is meant to be there.
    complaints = [
        e["message"]
        for e in chosen.get_log("browser")
        if "the server responded with a status of" not in e["message"]
    ]
    assert complaints == []


@pytest.fixture
def picture(driver):
    """Writes a picture of the whole page."""

    def take(name):
        kind = "" if driver.javascript else "-plain"
        size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": max(size["height"], 400), "scale": 1}
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        (OUT / f"{name}{kind}.png").write_bytes(base64.b64decode(shot["data"]))
        time.sleep(0.6)  # the window has had another size for this, and buttons that moved have to lie still

    return take


@pytest.fixture(scope="session", autouse=True)
def machine():
    system.prepare_template()


@pytest.fixture(autouse=True)
def all_up():
    system.systemctl("reset-failed", "example@*", check=False)
    system.Failing().up()
    system.ready(system.WELL, system.OTHER)
    yield
    system.Failing().up()
