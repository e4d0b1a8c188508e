"""What is where on the page, by the browser's own reckoning."""

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Words of a state that lie outside of the place that is kept for them.
CUT = """() => [...document.querySelectorAll(".state > *")].filter((part) => {
    const [inner, outer] = [part, part.parentElement].map((e) => e.getBoundingClientRect());
    return inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
}).map((part) => part.parentElement.innerText)"""

# Names of units that take more than a line. Those of the tests have room in one, in every window.
BROKEN = """() => [...document.querySelectorAll("li > .unit")]
    .filter((name) => name.getBoundingClientRect().height >= 2 * parseFloat(getComputedStyle(name).lineHeight))
    .map((name) => name.innerText)"""


def wrong(driver):
    """What does not fit into the window as it is."""
    sideways = driver.call(SIDEWAYS)
    return driver.call(CUT) + driver.call(BROKEN) + ([f"{sideways} px to the side"] if sideways > 0 else [])
