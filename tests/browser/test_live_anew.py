"""A page stays open while what it hears from ends and comes back: it misses nothing of what happened meanwhile, and does
nothing that it may not."""
import re

import pytest
from conftest import BOTH_ENGINES, WITH, browsers
from open_page import fail, greyed, group, hide, link, mend, outage, wait_until_live, wait_until_lost, watched
from pages import button_of, find, middle, point, press, said, spoken, texts, wait, wait_for_end
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers import system
from helpers.policy import POLICY, SHIPPED_GRANT
from helpers.system import (
    BROKER,
    OTHER,
    SOCKETS,
    WEBFRONT,
    WELL,
    Instance,
    cgroup_gone,
    replaced,
    settings,
    systemctl,
    unit,
)

SCRIPTED = browsers(WITH)
CLOCK = re.compile(r"lost since \d{1,2}:\d\d(\s[AP]M)?")


@pytest.fixture
def page(driver):
    with watched(driver):
        yield driver
    mend()
    driver.complaints()  # of connections that broke


def killed(*services):
    return lambda: systemctl("kill", "--signal=KILL", *services)


ENDS = {
    "broker killed": killed(BROKER),
    "web front killed": killed(WEBFRONT),
    "both killed": killed(BROKER, WEBFRONT),
    "broker stopped": lambda: system.stop(BROKER),
    "web front stopped": lambda: system.stop(WEBFRONT),
}


@SCRIPTED
def test_what_happened_meanwhile(page):
    for end in ENDS.values():
        end()
        fail()
        wait(page, lambda: group(page) == "failed")
        mend()
        wait(page, lambda: group(page) == "running")
        wait_until_live(page)


@SCRIPTED
def test_another_broker_is_no_outage(page):
    """Who asks while there is none waits for it at the socket, which is systemd's."""
    page.execute_script("window.links = []; new MutationObserver(() => links.push(document.querySelector('#link').textContent))"
                        ".observe(document.querySelector('#link'), {childList: true})")
    for end in ("broker killed", "broker stopped"):
        ENDS[end]()
        fail()
        wait(page, lambda: group(page) == "failed")
        mend()
        wait(page, lambda: group(page) == "running")
    assert [text for text in page.execute_script("return links") if text != "live"] == []


@BOTH_ENGINES
def test_an_outage_by_keyboard(page):
    """Since when, and no key presses anything; what failed meanwhile is shown as soon as somebody is there again."""
    well = Instance(WELL)
    well.fresh()
    before = well.starts()
    with outage():
        wait_until_lost(page)
        assert CLOCK.fullmatch(link(page))
        for key in (Keys.ENTER, Keys.SPACE):
            button_of(page, WELL).send_keys(key, key)
        assert "Nothing was pressed." in spoken(page) and "No connection since " in spoken(page)
        assert said(page, WELL)[0] is None and page.find_elements(By.CSS_SELECTOR, "[data-armed]") == []
        fail()
    wait(page, lambda: group(page) == "failed")
    wait_until_live(page)
    assert well.starts() == before
    press(page, WELL)
    assert wait_for_end(page, WELL)[0] == "succeeded"


@SCRIPTED
def test_the_broker_alone_is_away(page):
    """The web front says so, also to whom comes meanwhile; and when another one takes its place before the broker is back."""
    try:
        system.stop(SOCKETS[2], BROKER)
        wait_until_lost(page)
        fail()
        systemctl("kill", "--signal=KILL", WEBFRONT)
        wait_until_lost(page)
    finally:
        system.open_doors_anew()
    wait(page, lambda: group(page) == "failed")
    wait_until_live(page)


BUSY = """const button = document.querySelector("#presses button"), done = showBusy(button);
lose(new Date());
done();
return button.getAttribute("aria-disabled");"""
ARMED = """const button = document.querySelector("#presses button");
regain("live");
button.click();
const was = button.dataset.armed;
lose(new Date());
return [was, button.dataset.armed ?? null];"""


@SCRIPTED
def test_a_button_that_was_in_use(page):
    """One that was busy when the connection was lost may not be pressed when it is done; one that asked does not ask."""
    assert page.execute_script(BUSY) == "true" and greyed(page) > 0
    assert page.execute_script(ARMED) == ["", None]
    page.execute_script("regain(words.live)")
    assert greyed(page) == 0


@SCRIPTED
def test_with_nobody_looking_both_go_to_rest(page):
    """A page that nobody sees keeps neither of them; seen again, it knows at once what happened."""
    with settings(IDLE_EXIT_SEC="0.1"):
        wait_until_live(page)
        hide(page, True)
        system.wait_for(lambda: cgroup_gone(BROKER) and cgroup_gone(WEBFRONT), "both have ended", 60)
        fail()
        hide(page, False)
        wait(page, lambda: group(page) == "failed")
        wait_until_live(page)


@SCRIPTED
def test_without_event_source(driver):
    """The page is read every few seconds."""
    script = {"source": "delete window.EventSource"}
    added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
    try:
        driver.refresh()
        wait(driver, lambda: link(driver) == "every 5 seconds")
        fail()
        wait(driver, lambda: group(driver) == "failed")
        mend()
        with outage():
            wait_until_lost(driver)
        wait(driver, lambda: link(driver) == "every 5 seconds" and greyed(driver) == 0)
        wait(driver, lambda: group(driver) == "running")
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
        driver.complaints()


LESS = SHIPPED_GRANT.replace("[0-9]{4}", WELL)


def rows(driver):
    return driver.execute_script("return Array.from(rowsOf(document).keys())")


@SCRIPTED
def test_another_policy(page):
    """What is not granted any more goes; and not from under the pointer."""
    with replaced(POLICY, LESS):
        systemctl("reload", BROKER)
        wait(page, lambda: rows(page) == [unit(WELL)])
    systemctl("reload", BROKER)
    wait(page, lambda: unit(OTHER) in rows(page))
    point(page, middle(page, OTHER))
    before = rows(page)
    with replaced(POLICY, LESS):
        systemctl("reload", BROKER)
        wait(page, lambda: "change" in find(page, "#news").text)
        assert rows(page) == before and texts(page, f'[data-unit="{unit(OTHER)}"] .state') == ["not listed any more"]
    systemctl("reload", BROKER)
    wait(page, lambda: find(page, "#news").text == "" and group(page, OTHER) == "running")
