"""Chromium by Selenium, with what the tests want of both browsers beside what Selenium has for all. Two of Debian's programs,
of one source, are it: the whole browser; and the headless shell, which has its engine, its network and its processes, and
nothing of what is around a page, and takes less than half of a processor for the same page."""
import base64
import pathlib
import time

from leaving import clicked, typed
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement

SHELL = "/usr/lib/chromium/chromium-headless-shell"
JAVASCRIPT_OFF = 2
OPTIONS = (
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
    # Sites that are foreign to each other have processes of their own, as in the whole browser, which does that by itself. But
    # each page that follows one of another origin would have a new one, and the next be started beside it, ahead of time:
    # that is most of what a page costs.
    "--site-per-process",
    "--renderer-process-limit=1",
    "--disable-features=SpareRendererForSitePerProcess",
)


def _options(javascript, whole):
    options = webdriver.ChromeOptions()
    for option in OPTIONS:
        options.add_argument(option)
    if not whole:
        options.binary_location = SHELL
        if not javascript:
            options.add_argument("--blink-settings=scriptEnabled=false")
    elif not javascript:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": JAVASCRIPT_OFF}
        )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return options


class Element(WebElement):
    """One of the page's. What leads to another page has done so when it returns."""

    def click(self):
        with clicked(self):
            super().click()

    def send_keys(self, *keys):
        with typed(self, "".join(keys)):
            super().send_keys(*keys)


class Chromium(webdriver.Chrome):
    """One process with a profile of its own."""

    _web_element_cls = Element

    def __init__(self, javascript=True, whole=False):
        self.javascript = javascript
        self.asked_msec = 0
        super().__init__(options=_options(javascript, whole), service=Service("/usr/bin/chromedriver"))
        self.set_page_load_timeout(60)

    def call(self, function, *arguments):
        """What a function of the page's answers, or what its promise becomes."""
        return self.execute_script(f"return ({function})(...arguments)", *arguments)

    def mouse(self, kind, x, y):
        button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        self.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **button})

    def width(self, pixels, height=900, mobile=False):
        """The window's; a phone's is narrower than Chromium makes its windows."""
        metrics = {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def media(self, **features):
        """What the reader prefers: prefers_color_scheme="dark", forced_colors="active" …; with nothing said, the usual."""
        chosen = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": chosen})

    def language(self, accepted):
        """The reader's, as Accept-Language says it; "" for whatever Chromium says by itself."""
        self.execute_cdp_cmd("Network.enable", {})
        self.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": accepted} if accepted else {}})

    def shot(self, file):
        """A picture of what is in the window."""
        pathlib.Path(file).write_bytes(base64.b64decode(self.execute_cdp_cmd("Page.captureScreenshot", {"optimizeForSpeed": True})["data"]))

    def complaints(self):
        """What the console has said since the last time: what was said before may come late. A refusal's status is written there
        for a fetch(), and is meant to."""
        since, self.asked_msec = self.asked_msec, time.time() * 1000
        said = [entry["message"] for entry in self.get_log("browser") if entry["timestamp"] >= since]
        return [message for message in said if "the server responded with a status of" not in message]
