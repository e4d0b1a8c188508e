"""What leads to another page is over when that page is there. A driver that is asked anything in between answers of the page
that goes, or of the one that comes, or fails in a way of its own: which of them is a matter of the machine's speed. So both
browsers' elements wait by themselves, whoever clicks them."""
import contextlib
import itertools

from bidi import Refused, wait_until
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.keys import Keys

SECONDS = 60

# Whether a click, or a key, leads away: a link does, and a form that is complete, unless our script takes it in hand.
# The document is given a number, by which it is known while it is still there.
LEADS = """(element, scripted, number) => {
    const link = element.closest("a[href]");
    const press = element.closest("button, input");
    const sends = press?.form && (press.localName === "input" || press.type === "submit") && press.form.method !== "dialog";
    const taken = link ? link.id === "refresh" : press?.form?.getAttribute("action") === "/restart";
    document.leaving = number;
    return Boolean(link || (sends && press.form.checkValidity())) && !(scripted && taken);
}"""
LEAVE = "number => { document.leaving = number; }"
# Firefox has an empty page of its own between the two.
ARRIVED = "number => document.leaving !== number && document.readyState === 'complete' && location.protocol !== 'about:'"

# What drivers say of a page that goes, or of a part of it, while it is asked about.
PASSING = (
    "aborted by navigation",
    "AbortError",
    "execution context",
    "does not belong to the document",
    "navigated or closed",
    "no such frame",
    "no such handle",
    "not attached",
    "stale",
)
_numbers = itertools.count(1)


def asked(condition):
    """The answer, or None while the page that it is asked of goes."""
    try:
        return condition()
    except StaleElementReferenceException:
        return None
    except (WebDriverException, Refused) as error:
        if not any(words in str(error) for words in PASSING):
            raise
        return None


@contextlib.contextmanager
def another_page(driver, number=None):
    """What is done within leads to another page, which is there at the end."""
    if number is None:
        number = next(_numbers)
        driver.call(LEAVE, number)
    yield
    arrived = wait_until(lambda: asked(lambda: driver.call(ARRIVED, number)), SECONDS)
    assert arrived, f"after {SECONDS} seconds no other page than {driver.current_url}"


def clicked(element):
    """For as long as an element is clicked."""
    driver, number = element.parent, next(_numbers)
    leads = driver.call(LEADS, element, driver.javascript, number)
    return another_page(driver, number) if leads else contextlib.nullcontext()


def typed(element, keys):
    """For as long as keys are typed into it: that which sends a form, or presses a button, comes last."""
    sends = Keys.ENTER in keys or (Keys.SPACE in keys and element.tag_name == "button")
    return clicked(element) if sends else contextlib.nullcontext()
