"""What a screen reader is told, by Chromium's own accessibility tree: each button by the unit it is for, with the unit's state
as its description; one polite region from the start, for good; names that stay what they are."""
import pytest
from conftest import ADDRESS, WITH, browsers
from pages import press, wait_for_end

from helpers.system import FAILING, WELL, Instance, unit

pytestmark = browsers(WITH)


def tree(driver):
    """What is exposed: dicts of role, name, description, and properties."""
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]

    def value(node, key):
        return node.get(key, {}).get("value", "")

    return [
        {"role": value(n, "role"), "name": value(n, "name"), "description": value(n, "description"),
         **{p["name"]: p["value"].get("value") for p in n.get("properties", [])}}
        for n in nodes if not n["ignored"]
    ]


def buttons(driver, name):
    found = [n for n in tree(driver) if n["role"] == "button" and unit(name) in n["name"]]
    return {n["name"]: n["description"] for n in found}


@pytest.fixture
def held():
    instance = Instance(WELL)
    instance.hold()
    yield instance
    instance.quick()


def test_button_has_its_state(driver):
    (description,) = buttons(driver, WELL).values()
    assert "running" in description or "active" in description
    press(driver, FAILING)
    wait_for_end(driver, FAILING)
    driver.get(ADDRESS)
    (description,) = buttons(driver, FAILING).values()
    assert "failed" in description


def test_live_regions(driver):
    """One, polite, there before anything is said."""
    live = [n for n in tree(driver) if n.get("live")]
    assert {n["live"] for n in live} <= {"polite"}
    roots = driver.execute_script(
        "return [...document.querySelectorAll('[aria-live], [role=status], [role=log], [role=alert], output')].map((e) => e.id)"
    )
    assert roots == ["live"]


def test_headings_and_landmarks(driver):
    nodes = tree(driver)
    assert sum(n["role"] == "heading" and n.get("level") == 1 for n in nodes) == 1
    assert sum(n["role"] == "main" for n in nodes) == 1
    levels = [n["level"] for n in nodes if n["role"] == "heading"]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels


def test_names_stay(driver, held):
    """While the clock runs, and what can be pressed has one name."""
    before = buttons(driver, WELL)
    press(driver, WELL)
    held.wait_for_start()
    during = buttons(driver, WELL)
    held.quick()
    wait_for_end(driver, WELL)
    assert list(during) == list(before)
    names = [n["name"] for n in tree(driver) if n["role"] in ("button", "link", "textbox", "searchbox")]
    assert all(names)
