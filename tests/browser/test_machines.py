"""Other machines on the page: a press goes to the machine in whose section the button is, what happens there is seen as it
happens, and one that is gone marks its own section and nothing else."""
import contextlib

import pytest
from axe import findings
from conftest import ADDRESS, BOTH_ENGINES, EVERYWHERE, ONCE, width
from pages import find, is_armed, mean, texts, wait

from helpers import far, system
from helpers.system import OTHER, WELL, unit

NAMES = [f"web{n}" for n in range(1, 11)]


@pytest.fixture
def three():
    """web1 is this machine once more, web2 as well, and nobody is web3."""
    with far.named("web1", "web2", "web3"), far.at("web1"), far.at("web2"):
        yield


def open_page(driver, address=ADDRESS):
    """When all of it is there that there is."""

    def is_whole():
        driver.get(address)
        return driver.call("() => document.querySelectorAll('section.far li').length > 1")

    wait(driver, is_whole)
    if driver.javascript:
        wait(driver, lambda: find(driver, "#link").text == "live")


def button(driver, machine, name):
    return find(driver, f'section[data-machine="{machine}"] .presses button[value="{unit(name)}"]')


def said(driver, machine, name):
    return driver.call(
        """selector => document.querySelector(selector)?.dataset.outcome ?? "" """,
        f'section[data-machine="{machine}"] li[data-unit="{unit(name)}"] .said',
    )


@EVERYWHERE
def test_a_press_goes_there(driver, three):
    instance = system.Instance(WELL)
    open_page(driver)
    pressed = button(driver, "web2", WELL)
    if pressed.get_attribute("formaction"):
        mean(driver, pressed)
    else:
        pressed.click()
    system.wait_for(lambda: len(instance.starts()) == 1, "the restart")
    if driver.javascript:
        wait(driver, lambda: said(driver, "web2", WELL) == "succeeded")
        assert said(driver, "web1", WELL) == ""
        assert driver.call("() => document.querySelectorAll('#instances [data-outcome]').length") == 0
    else:
        wait(driver, lambda: "/machines/web2/restarts/" in driver.current_url)
        assert find(driver, ".outcome").get_attribute("data-outcome") == "succeeded"
    assert len(instance.starts()) == 1


@BOTH_ENGINES
def test_what_happens_there_is_seen(driver, three):
    open_page(driver)
    selector = f'section[data-machine="web1"] li[data-unit="{unit(OTHER)}"] .state'
    assert texts(driver, selector)[0].startswith("running")
    system.systemctl("stop", unit(OTHER))
    wait(driver, lambda: texts(driver, selector) and texts(driver, selector)[0].startswith(("stopped", "not listed")) or not texts(driver, selector))
    system.systemctl("start", unit(OTHER))
    wait(driver, lambda: texts(driver, selector) and texts(driver, selector)[0].startswith("running"))


@BOTH_ENGINES
def test_one_goes_away_and_comes_back(driver):
    """Its rows stay and its buttons do nothing; the other ones' and this machine's work."""
    disabled = "section[data-machine=\"%s\"] button[value][aria-disabled]"
    with far.named("web1", "web2"), far.at("web1"):
        with far.at("web2"):
            open_page(driver)
            wait(driver, lambda: texts(driver, 'section[data-machine="web2"] li h2'))
        system.stop_daemons()  # what was connected to it is gone as well
        wait(driver, lambda: any("no answer for" in text for text in texts(driver, 'section[data-machine="web2"] .news')))
        assert texts(driver, disabled % "web2") and not texts(driver, disabled % "web1")
        with far.at("web2"):
            wait(driver, lambda: not texts(driver, disabled % "web2") and texts(driver, 'section[data-machine="web2"] .news') == [""])


@EVERYWHERE
def test_search_is_over_all(driver, three):
    open_page(driver, ADDRESS + f"?q={OTHER}")
    for place in ("#instances", '[data-machine="web1"]', '[data-machine="web2"]'):
        assert texts(driver, f"{place} h2.unit") == [unit(OTHER)]


@ONCE
def test_its_own_page(driver, three):
    open_page(driver)
    find(driver, 'section[data-machine="web1"] .machine-name a').click()
    wait(driver, lambda: driver.current_url.endswith("/machines/web1/") and find(driver, "#instances li"))
    assert find(driver, "header .machine").text.endswith("web1")
    wait(driver, lambda: find(driver, "#link").text == "live")
    find(driver, f'#instances a[href="/machines/web1/instances/{unit(WELL)}"]').click()
    wait(driver, lambda: driver.current_url.endswith(f"/machines/web1/instances/{unit(WELL)}") and find(driver, ".card"))


@ONCE
def test_by_keys_and_for_all_eyes(driver, three):
    for pixels in (1280, 360):
        width(driver, pixels)
        open_page(driver)
        assert findings(driver) == []
        assert driver.call("() => document.documentElement.scrollWidth <= innerWidth")
    width(driver, 1280)
    names = driver.call("() => Array.from(document.querySelectorAll('section.far'), (s) => s.getAttribute('aria-labelledby'))")
    assert names == ["machine-web1", "machine-web2", "machine-web3"]
    assert driver.call("() => new Set(Array.from(document.querySelectorAll('[id]'), (e) => e.id)).size === document.querySelectorAll('[id]').length")


@ONCE
def test_ten_of_which_three_are_dead(driver, picture):
    with contextlib.ExitStack() as there:
        there.enter_context(far.named(*NAMES))
        for name in NAMES[:7]:
            there.enter_context(far.at(name))
        there.enter_context(far.refusing(NAMES[7]))
        there.enter_context(far.silent(NAMES[8]))
        open_page(driver)
        wait(driver, lambda: len([text for text in texts(driver, ".far .news") if "no answer" in text]) == 3)
        wait(driver, lambda: all(texts(driver, f'[data-machine="{name}"] li') for name in NAMES[:7]))
        pressed = button(driver, "web7", WELL)
        mean(driver, pressed) if pressed.get_attribute("formaction") else pressed.click()
        wait(driver, lambda: said(driver, "web7", WELL) == "succeeded" and not is_armed(button(driver, "web7", WELL)))
        picture("ten-machines")
