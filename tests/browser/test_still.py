"""Nothing that comes late moves a button: whoever aims at one restarts that one and nothing else, with real pointer
events at fixed coordinates, in each layout, whatever comes meanwhile."""
import contextlib
import time

import pytest
from conftest import width
from pages import (
    ADDRESS,
    REST,
    boxes,
    button_of,
    click_at,
    find,
    focused,
    mean,
    middle,
    point,
    press_at,
    press_by_key,
    row,
    said,
    spoken,
    tap_at,
    wait,
    wait_for_end,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from helpers import system
from helpers.policy import LAST_GOOD
from helpers.system import FAILING, OTHER, WELL, Failing, Instance, invocations, stop_daemons, unit

pytestmark = pytest.mark.parametrize("driver", ["with JavaScript"], indirect=True)

NEIGHBOURS = [FAILING, WELL, OTHER, "1236", "2000", "2001"]
EARLIER = "0001"  # sorts before all of them
POLICY = "/etc/restarter/policy.conf"


WIDE = pytest.mark.parametrize("wide", [1280], indirect=True)


@pytest.fixture(params=[1280, 320])
def wide(request, driver):
    """The page at a width of each layout, unless a test says which; the narrow one as a phone."""
    width(driver, request.param, mobile=request.param == 320)
    driver.get(ADDRESS)
    return request.param


@pytest.fixture
def slow():
    instance = Instance(WELL)
    instance.hold()
    yield instance
    instance.quick()


@pytest.fixture
def earlier():
    """An instance that comes up when told to, and is gone afterwards."""

    def come():
        system.systemctl("start", unit(EARLIER))
        time.sleep(0.3)  # for as long as a list is kept

    yield come
    system.systemctl("stop", unit(EARLIER))


@contextlib.contextmanager
def only(*names):
    """These are restarted meanwhile, and none of their neighbours."""
    units = [unit(n) for n in NEIGHBOURS]
    before = invocations(units)
    yield
    after = invocations(units)
    changed = {name for name, b, a in zip(NEIGHBOURS, before, after) if b != a}
    assert changed == set(names)


@contextlib.contextmanager
def clock_stopped(driver):
    """The page's own clock, so that half a second does not pass while a busy machine finds the button."""
    driver.execute_script("const now = performance.now(); performance.now = () => now;")
    yield
    driver.execute_script("delete performance.now;")


def break_policy():
    with open(POLICY, "a", encoding="ascii") as file:
        file.write("Colour=red\n")
    stop_daemons()
    system.run("rm", "--force", LAST_GOOD)  # or what was granted before would stay in force


@pytest.fixture
def policy():
    with open(POLICY, encoding="ascii") as file:
        before = file.read()
    yield
    with open(POLICY, "w", encoding="ascii") as file:
        file.write(before)
    stop_daemons()


def press_slow_one_and_aim(driver, name=WELL, target=OTHER):
    """Presses one, and leaves the pointer over another until the first one's outcome is there."""
    at = middle(driver, target)
    before = boxes(driver)
    press_at(driver, middle(driver, name))
    assert said(driver, name)[0] == "busy"
    point(driver, at)
    assert boxes(driver) == before
    Instance(name).quick()
    wait_for_end(driver, name)
    assert boxes(driver) == before
    return at


def test_late_outcome(driver, wide, slow, picture):
    with only(WELL, OTHER):
        at = press_slow_one_and_aim(driver)
        press_at(driver, at)
        assert wait_for_end(driver, OTHER)[0] == "succeeded"
    picture(f"still-{wide}")


def test_late_failure(driver, wide):
    """Its sentence is long and has its place in the details."""
    failing = Failing()
    failing.hold()
    try:
        with only(FAILING, WELL):
            at = press_slow_one_and_aim(driver, FAILING, WELL)
            assert said(driver, FAILING)[0] == "failed"
            press_at(driver, at)
            wait_for_end(driver, WELL)
    finally:
        failing.quick()


def test_late_outcome_under_a_finger(driver, slow):
    width(driver, 320, mobile=True)
    driver.get(ADDRESS)
    with only(WELL, OTHER):
        at = press_slow_one_and_aim(driver)
        press_at(driver, at, by=tap_at)
        assert wait_for_end(driver, OTHER)[0] == "succeeded"


def test_late_refusal_and_warning(driver, wide, policy):
    """The policy breaks; the refusal of a press is told in the row, and the warning is offered, not pushed in."""
    before = boxes(driver)
    break_policy()
    with only():
        press_at(driver, middle(driver, WELL))
        assert wait_for_end(driver, WELL)[0] == "refused"
        wait(driver, lambda: "policy file has a mistake" in find(driver, "#news").text)
        assert boxes(driver) == before
        assert not driver.find_elements(By.CSS_SELECTOR, ".banner")
        find(driver, "#refresh").click()
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".banner"))
    # Whoever comes by the page is told that there is one, and who is told where it is.
    banner = find(driver, ".banner").text
    assert "journal of restarter-broker.service says where" in banner and POLICY not in banner
    assert find(driver, "#news").text == ""


def test_no_answer_any_more(driver, wide, slow, picture):
    """Neither the lost answer, nor the note that the page is out of date, nor that it is lost, nor that it is back. On a
    machine that takes its time to stop, the page has been told that it is under way, and asks on; it is never told no."""
    before = boxes(driver)
    at = middle(driver, OTHER)
    with only(WELL, OTHER):
        press_at(driver, middle(driver, WELL))
        slow.wait_for_start()
        try:
            system.close_doors()
            wait(driver, lambda: find(driver, "#link").text.startswith("lost since "))
            assert said(driver, WELL)[0] in ("unknown", "busy")
            # It may have been read once more before the last door was closed; now nobody answers.
            driver.execute_script("refresh(false)")
            wait(driver, lambda: "No answer: " in find(driver, "#news").text)
            picture(f"stale-{wide}")
            assert boxes(driver) == before
        finally:
            slow.quick()
            system.open_doors_anew()
        wait(driver, lambda: find(driver, "#link").text == "live")
        assert boxes(driver) == before
        assert wait_for_end(driver, WELL)[0] in ("unknown", "succeeded")
        driver.complaints()
        press_at(driver, at)
        assert wait_for_end(driver, OTHER)[0] == "succeeded"
        wait(driver, lambda: find(driver, "#news").text == "")


def test_what_is_not_listed_moves_nothing(driver, wide, earlier):
    """Neither a long refusal nor the short outcome that takes its place."""
    driver.get(f"{ADDRESS}?q={EARLIER}")
    before = boxes(driver)
    for kind in ("refused", "succeeded"):
        mean(driver, find(driver, ".other button"))
        wait(driver, lambda kind=kind: driver.find_elements(By.CSS_SELECTOR, f".told [data-outcome={kind}]"))
        assert boxes(driver) == before
        earlier()


def test_new_rows_are_offered(driver, wide, earlier, picture):
    before = boxes(driver)
    at = middle(driver, OTHER)
    point(driver, at)  # or they would be there at once
    earlier()
    with only(WELL, OTHER):
        press_at(driver, middle(driver, WELL))
        wait_for_end(driver, WELL)
        wait(driver, lambda: find(driver, "#news").text == "1 change: refresh to see it.")
        assert boxes(driver) == before
        picture(f"offered-{wide}")
        press_at(driver, at)
        wait_for_end(driver, OTHER)
    find(driver, "#refresh").click()
    wait(driver, lambda: unit(EARLIER) in boxes(driver))
    assert find(driver, "#news").text == "" and focused(driver).get_attribute("id") == "refresh"


@WIDE
def test_rows_that_have_gone_keep_their_place(driver, wide, earlier):
    earlier()
    driver.get(ADDRESS)
    before = boxes(driver)
    assert unit(EARLIER) in before
    point(driver, middle(driver, OTHER))
    system.systemctl("stop", unit(EARLIER))
    press_at(driver, middle(driver, WELL))
    wait_for_end(driver, WELL)
    wait(driver, lambda: find(driver, "#news").text == "1 change: refresh to see it.")
    assert boxes(driver) == before
    assert "not listed any more" in find(driver, f'[data-unit="{unit(EARLIER)}"]').text


@WIDE
def test_press_just_after_a_move_does_nothing(driver, wide, earlier, picture):
    """Who asks for the new rows while a finger is on its way presses nothing by it: each button below has moved."""
    point(driver, middle(driver, OTHER))
    earlier()
    wait(driver, lambda: find(driver, "#news").text == "1 change: refresh to see it.")
    with only(), clock_stopped(driver):
        driver.execute_script("document.getElementById('refresh').click()")
        wait(driver, lambda: unit(EARLIER) in boxes(driver))
        # The line at the bottom may lie over it; scrolling is no move.
        driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button_of(driver, OTHER))
        click_at(driver, middle(driver, OTHER))
        moved = wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "[data-outcome=moved]"))
        assert len(moved) == 1 and "press again" in moved[0].text
        assert "Nothing was pressed." in spoken(driver)
    picture(f"moved-{wide}")
    time.sleep(REST)
    with only(OTHER):
        press_at(driver, middle(driver, OTHER))
        assert wait_for_end(driver, OTHER)[0] == "succeeded"


@pytest.mark.parametrize("cause", ["text above", "rows of another height"])
def test_press_just_after_any_other_move_does_nothing(driver, cause):
    """Whatever moved them by a row: here something that is none of the script's own doing, such as an extension."""
    script = "const rows = [...document.querySelectorAll('#instances > li')], height = rows[2].offsetHeight + 'px';"
    script += {
        "text above": "document.querySelector('h1').style.paddingBottom = height",
        "rows of another height": "rows[0].style.marginBottom = height; rows.at(-1).style.marginTop = '-' + height",
    }[cause]
    at = middle(driver, OTHER)
    with only(), clock_stopped(driver):
        driver.execute_script(script)
        click_at(driver, at)
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "[data-outcome=moved]"))


def test_scrolling_is_no_move(driver):
    width(driver, 320, mobile=True)
    driver.get(ADDRESS)
    driver.execute_script("scrollTo(0, 200)")
    with only(OTHER):
        press_at(driver, middle(driver, OTHER))
        assert wait_for_end(driver, OTHER)[0] == "succeeded"


@WIDE
def test_focus_stays_where_it_is(driver, wide, slow):
    """By keyboard: the next button, behind its unit's link, has the focus when the first one's outcome comes."""
    before = boxes(driver)
    with only(WELL, OTHER):
        press_by_key(driver, button_of(driver, WELL))
        focused(driver).send_keys(Keys.TAB)
        assert focused(driver) == row(driver, OTHER).find_element(By.CSS_SELECTOR, ".unit a")
        focused(driver).send_keys(Keys.TAB)
        assert focused(driver) == button_of(driver, OTHER)
        slow.quick()
        wait_for_end(driver, WELL)
        assert focused(driver) == button_of(driver, OTHER)
        moved = {u for u, box in boxes(driver).items() if box[0] != before[u][0] or box[2:] != before[u][2:]}
        assert moved == set()
        press_by_key(driver, focused(driver))
        assert wait_for_end(driver, OTHER)[0] == "succeeded"
    assert focused(driver) == button_of(driver, OTHER)
