"""Firefox with the face of Selenium's drivers, as far as the tests use it, so that one test speaks to both browsers."""
import base64
import contextlib
import pathlib
import shutil
import subprocess
import tempfile

from bidi import Node, Refused, Session, received, sent, wait_for_line, wait_until
from leaving import clicked, typed
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

SECONDS = 60
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "focusmanager.testmode": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.cookie.sameSite.laxByDefault": True,
    "remote.active-protocols": 1,
    "security.fileuri.strict_origin_policy": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    # Pages that nobody asked for, and what would be fetched if there were a network.
    "browser.newtab.preload": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.startup.homepage": "about:blank",
    "services.settings.server": "",
    # One process for all pages: otherwise each page that follows one of another origin has a new one, which is most of what
    # the page costs. What sites that are foreign to each other can do to us is asked in Chromium.
    "browser.tabs.remote.separatePrivilegedContentProcess": False,
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
    "fission.autostart": False,
}

SELECTORS = {By.CSS_SELECTOR: "{}", By.ID: "#{}", By.CLASS_NAME: ".{}", By.TAG_NAME: "{}"}
MODIFIERS = (Keys.SHIFT, Keys.CONTROL, Keys.ALT)
GONE = ("no such node", "stale", "no such element")

CLICKABLE = """element => {
    element.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""
FOCUS = """element => {
    if (document.activeElement !== element) {
        element.focus();
        element.setSelectionRange?.(element.value.length, element.value.length);
    }
}"""
RECT = """element => {
    const box = element.getBoundingClientRect();
    return {x: box.left + scrollX, y: box.top + scrollY, width: box.width, height: box.height};
}"""
TEXT = "element => element.checkVisibility() ? element.innerText.trim() : ''"


class Element(Node):
    """One of the page's, of the driver that it was found by."""

    driver = None

    def _ask(self, function, *arguments):
        return self.driver.call(function, self, *arguments)

    def find_elements(self, by, what):
        return self.driver.located(by, what, self)

    def find_element(self, by, what):
        return self.driver.first(by, what, self)

    def click(self):
        with clicked(self):
            x, y = self._ask(CLICKABLE)
            self.driver.mouse("mouseMoved", x, y)
            self.driver.mouse("mousePressed", x, y)
            self.driver.mouse("mouseReleased", x, y)

    def send_keys(self, *keys):
        with typed(self, "".join(keys)):
            self._ask(FOCUS)
            self.driver.type("".join(keys))

    def clear(self):
        self._ask("element => { element.value = ''; }")

    def is_displayed(self):
        return self._ask("element => element.checkVisibility({visibilityProperty: true})")

    def get_attribute(self, name):
        return self._ask("(element, name) => element.getAttribute(name) ?? element[name] ?? null", name)

    def get_property(self, name):
        return self._ask("(element, name) => element[name]", name)

    def value_of_css_property(self, name):
        return self._ask("(element, name) => getComputedStyle(element).getPropertyValue(name)", name)

    text = property(lambda self: self._ask(TEXT))
    rect = property(lambda self: self._ask(RECT))
    size = property(lambda self: {key: self.rect[key] for key in ("width", "height")})
    tag_name = property(lambda self: self._ask("element => element.localName"))
    parent = property(lambda self: self.driver)


class Firefox:
    """One process with a profile of its own."""

    name = "firefox"

    def __init__(self, javascript=True, **preferences):
        self.javascript = javascript
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="firefox-"))
        self._write_preferences({**PREFERENCES, "javascript.enabled": javascript, **preferences})
        self.log = self.profile / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["firefox-esr", "--headless", "--no-remote", "--width", "1280", "--height", "900",
                 "--profile", str(self.profile), "--remote-debugging-port", "0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        address = wait_for_line(self.log, "WebDriver BiDi listening on ", self.process, SECONDS)
        self.session = Session(address, SECONDS)
        self.session.command("session.subscribe", events=["log.entryAdded"])
        # The first tab never gets the focus, and keys press nothing there.
        self.context = self._ask("browsingContext.create", type="tab")["context"]
        self.element = type("Element", (Element,), {"driver": self})

    def _write_preferences(self, preferences):
        words = {True: "true", False: "false"}
        lines = [f'user_pref("{k}", {words.get(v, v) if isinstance(v, (bool, int)) else repr(v)});' for k, v in preferences.items()]
        (self.profile / "user.js").write_text("\n".join(lines) + "\n")

    def quit(self):
        with contextlib.suppress(OSError):
            self.session.close()
        self.process.terminate()
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _ask(self, method, **parameters):
        try:
            return self.session.command(method, **parameters)
        except Refused as error:
            if any(word in str(error) for word in GONE):
                raise StaleElementReferenceException(str(error)) from error
            raise

    # Pages

    def get(self, url):
        self._ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def refresh(self):
        self._ask("browsingContext.reload", context=self.context, wait="complete")

    def back(self):
        self._ask("browsingContext.traverseHistory", context=self.context, delta=-1)

    @property
    def current_url(self):
        return self._ask("browsingContext.getTree", root=self.context)["contexts"][0]["url"]

    title = property(lambda self: self.call("() => document.title"))
    page_source = property(lambda self: self.call("() => document.documentElement.outerHTML"))

    # Scripts and elements

    def call(self, function, *arguments, sandbox=None):
        """A function of the page's own world, or, with a sandbox's name, of one beside it, which no policy of the page binds."""
        target = {"context": self.context, **({"sandbox": sandbox} if sandbox else {})}
        result = self._ask(
            "script.callFunction", functionDeclaration=function, awaitPromise=True, target=target,
            arguments=[sent(a) for a in arguments], userActivation=False,
        )
        if result["type"] == "exception":
            raise AssertionError(result["exceptionDetails"]["text"])
        return received(result["result"], self.element)

    def execute_script(self, script, *arguments):
        return self.call(f"function () {{ {script} }}", *arguments)

    def located(self, by, what, start=None):
        wait_until(lambda: self.call("() => document.readyState === 'complete'"), SECONDS)
        locator = {"type": "css", "value": SELECTORS[by].format(what)} if by in SELECTORS else {"type": "xpath", "value": what}
        parameters = {"startNodes": [sent(start)]} if start else {}
        found = self._ask("browsingContext.locateNodes", context=self.context, locator=locator, **parameters)
        return [self.element(node["sharedId"]) for node in found["nodes"]]

    def first(self, by, what, start=None):
        found = self.located(by, what, start)
        if not found:
            raise NoSuchElementException(f"{by} {what}")
        return found[0]

    find_elements = located
    find_element = first
    switch_to = property(lambda self: self)
    active_element = property(lambda self: self.call("() => document.activeElement"))

    # Hands

    def _act(self, kind, *actions, **more):
        self._ask("input.performActions", context=self.context,
                  actions=[{"type": kind, "id": kind, "actions": list(actions), **more}])

    def type(self, text):
        """As Selenium does: a modifier stays down until the end."""
        held = [key for key in text if key in MODIFIERS]
        keys = [(kind, key) for key in text for kind in (("keyDown",) if key in MODIFIERS else ("keyDown", "keyUp"))]
        self._act("key", *[{"type": kind, "value": key} for kind, key in keys + [("keyUp", key) for key in held]])

    def mouse(self, kind, x, y):
        action = {"mouseMoved": {"type": "pointerMove", "x": round(x), "y": round(y)},
                  "mousePressed": {"type": "pointerDown", "button": 0},
                  "mouseReleased": {"type": "pointerUp", "button": 0}}[kind]
        self._act("pointer", action, parameters={"pointerType": "mouse"})

    # Eyes

    def width(self, pixels, height=900):
        self._ask("browsingContext.setViewport", context=self.context, viewport={"width": pixels, "height": height})

    def language(self, accepted):
        """The reader's, as Accept-Language says it; "" for whatever Firefox says by itself."""
        headers = [{"name": "Accept-Language", "value": {"type": "string", "value": accepted}}] if accepted else []
        self._ask("network.setExtraHeaders", contexts=[self.context], headers=headers)

    def shot(self, file):
        """A picture of what is in the window."""
        data = self._ask("browsingContext.captureScreenshot", context=self.context)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(data))

    def complaints(self):
        """What the console has said since the last time."""
        self._ask("browsingContext.getTree")
        said = [e["params"] for e in self.session.events if e.get("method") == "log.entryAdded"]
        self.session.events.clear()
        return [e["text"] for e in said if e["level"] in ("error", "warn")]

    # Cookies

    def get_cookies(self):
        found = self._ask("storage.getCookies", partition={"type": "context", "context": self.context})["cookies"]
        return [{**c, "value": c["value"]["value"]} for c in found]

    def delete_all_cookies(self):
        self._ask("storage.deleteCookies", partition={"type": "context", "context": self.context})
