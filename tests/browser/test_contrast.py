"""What can be pressed can be read, also while a pointer is over it or it has the focus: contrast of 4.5 at least, light and dark,
reckoned from the styles as the browser has them."""
import pytest
from conftest import ADDRESS, WITH, browsers
from states import logged_in, people, pressed

from helpers.system import WELL, unit

pytestmark = browsers(WITH)
LEAST = 4.5

# One of each kind: those with the same classes, in the same kind of place, look the same.
KINDS = """() => {
    const kinds = new Map();
    for (const element of document.querySelectorAll("button, a, summary")) {
        if (element.checkVisibility() && element.innerText.trim()) {
            const kind = [element, element.parentElement].map((e) => `${e.localName}.${e.className}`).join(" in ");
            kinds.has(kind) || kinds.set(kind, element);
        }
    }
    return [...kinds];
}"""

# Of the words in it, on whatever lies behind them; moves are over first.
RATIO = """async (element) => {
    await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => null)));
    const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
    const behind = [];
    for (let e = element; e; e = e.parentElement) {
        behind.unshift(getComputedStyle(e).backgroundColor);
    }
    const painted = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
        }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = ["Canvas", ...behind];
    const words = element.querySelector("span:not(.unseen)") ?? element;
    const [low, high] = [light(painted(ground)), light(painted([...ground, getComputedStyle(words).color]))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}"""
PLACE = """element => {
    element.scrollIntoView({block: "center", behavior: "instant"});
    const box = element.getClientRects()[0];
    return [box.left + box.width / 2, box.top + box.height / 2];
}"""


def too_pale(driver):
    """What is below the least, as "state of which kind: how much"."""
    found = []
    for kind, element in driver.call(KINDS):
        for state in ("usual", "focus", "hover"):
            if state == "focus":
                driver.call("element => element.focus()", element)
            if state == "hover":
                x, y = driver.call(PLACE, element)
                driver.mouse("mouseMoved", x, y)
                assert driver.call("element => element.matches(':hover')", element), kind
            ratio = driver.call(RATIO, element)
            if ratio < LEAST:
                found.append(f"{state} of {kind}: {ratio:.2f}")
        driver.mouse("mouseMoved", 0, 0)
    return found


@pytest.fixture(params=["light", "dark"])
def scheme(request, driver):
    driver.media(prefers_color_scheme=request.param)
    yield request.param
    driver.media()


def test_list(driver, scheme):
    driver.get(ADDRESS)
    assert too_pale(driver) == []


def test_outcome(driver, scheme):
    pressed(unit(WELL))(driver)
    assert too_pale(driver) == []


def test_signed_in_and_login(driver, scheme):
    with people():
        driver.delete_all_cookies()
        driver.get(ADDRESS)
        assert too_pale(driver) == []
        logged_in(driver)
        assert too_pale(driver) == []
        driver.delete_all_cookies()


def test_pale_is_found(driver):
    """The reckoning itself: black on white is 21, and this grey too pale."""
    driver.media(prefers_color_scheme="light")
    driver.execute_script(
        "for (const e of [document.documentElement, document.body]) e.style.background = 'white';"
        "const a = document.querySelector('#refresh'); a.style.color = 'black'; document.body.append(a);"
    )
    (link,) = [element for _, element in driver.call(KINDS) if element.get_attribute("id") == "refresh"]
    assert round(driver.call(RATIO, link), 1) == 21
    driver.execute_script("document.querySelector('#refresh').style.color = 'rgb(119 119 119)'")
    assert 4.4 < driver.call(RATIO, link) < LEAST
    driver.media()
