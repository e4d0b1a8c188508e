"""The states of the machine that a page may have to show, each for as long as somebody looks: {name: (context, address)}.
Those that need a press or a login are led there by a function of the browser's."""
import contextlib
import pathlib

from conftest import ADDRESS
from pages import find, wait
from selenium.webdriver.common.by import By

from helpers import login, system
from helpers.policy import LAST_GOOD, POLICY, SHIPPED_GRANT, kept
from helpers.system import FAILING, WELL, Failing, stop_daemons, unit
from helpers.web_settings import web_settings

GRANT = "[Grant]\nUnit={}@.service\nInstances=(eu|us|ap)-[0-9]{{1,4}}\nVerbs=restart\n"
# One that runs without a process, so that two thousand of them are no load.
UP = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/bin/true\n"
DOWN = "[Service]\nType=oneshot\nExecStart=/bin/sh -c '{}'\n"
KILLED, ENDED = "kill -SEGV $$$$", "exit 3"


def name(number, template="shop"):
    return f"{template}@{('eu', 'us', 'ap')[number % 3]}-{number // 3 + 1}.service"


def _units(template, failed):
    texts = {f"{template}@.service": f"[Unit]\nDescription=Shop front %i\n\n{UP}"}
    for number in failed:
        text = DOWN.format((ENDED, KILLED)[number % 2])
        texts[name(number, template)] = f"[Unit]\nDescription=Shop front {number}\n\n{text}"
    return texts


@contextlib.contextmanager
def shops(count, failed=(), template="shop"):
    """So many instances, of which those with these numbers have failed. Very many stay, under a template of their own:
    nobody grants them any more, and the machine is thrown away."""
    names = [name(n, template) for n in range(count)]
    with kept():
        POLICY.write_text(GRANT.format(template), encoding="ascii")
        LAST_GOOD.unlink(missing_ok=True)
        files = _written(_units(template, failed))
        for start in range(0, count, 500):
            system.systemctl("start", *names[start : start + 500], check=False)
        stop_daemons()
        try:
            yield
        finally:
            if 0 < count <= 50:
                system.systemctl("stop", *names, check=False)
            _taken_away(files)
    stop_daemons()


def _written(texts):
    files = [pathlib.Path("/run/systemd/system", file) for file in texts]
    for file, text in zip(files, texts.values()):
        file.write_text(text, encoding="ascii")
    system.reload_manager()
    return files


def _taken_away(files):
    system.systemctl("reset-failed", *[f"{file.stem.rstrip('@').partition('@')[0]}@*" for file in files], check=False)
    for file in files:
        file.unlink()
    system.reload_manager()


@contextlib.contextmanager
def no_broker():
    """It is called and does not come up."""
    with system.dropins({system.BROKER: "[Service]\nExecStartPre=/bin/false\n"}):
        stop_daemons()
        yield
    system.open_doors_anew()


@contextlib.contextmanager
def mistake():
    with kept():
        with POLICY.open("a", encoding="ascii") as file:
            file.write("Colour=red\n")
        stop_daemons()
        yield
    stop_daemons()


@contextlib.contextmanager
def people():
    with kept(), web_settings("[Web]\nLogin=password\n"):
        POLICY.write_text(SHIPPED_GRANT + "Users=anna\n", encoding="ascii")
        login.as_it_should_be()
        stop_daemons()
        yield
        login.leave_nothing()
    stop_daemons()


@contextlib.contextmanager
def failing():
    Failing().up()
    yield
    Failing().mend()
    system.ready(FAILING)


def address(path=""):
    return lambda driver: driver.get(ADDRESS + path)


def available(driver):
    """The list, when there is one."""
    wait(driver, lambda: driver.get(ADDRESS) or not driver.find_elements(By.CSS_SELECTOR, ALARM))


def pressed(instance):
    """What a form of the page's leads to, in a browser that has JavaScript: the page of its own."""

    def go(driver):
        driver.get(ADDRESS)
        driver.execute_script(
            "const form = document.querySelector('form[action=\"/restart\"]'), field = document.createElement('input');"
            "Object.assign(field, {type: 'hidden', name: 'service_id', value: arguments[0]}); form.append(field);"
            "HTMLFormElement.prototype.submit.call(form);",
            instance,
        )
        wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "main .outcome[data-outcome]"))

    return go


def from_another_site(driver):
    driver.get("data:text/html,<form method=post action='" + ADDRESS + "restart'><input name=service_id value=1><button id=go>x</button></form>")
    find(driver, "#go").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".outcome"))


def logged_in(driver, password=None):
    driver.delete_all_cookies()
    driver.get(ADDRESS)
    find(driver, "#user").send_keys("anna")
    find(driver, "#password").send_keys(password or login.PASSWORDS["anna"])
    find(driver, "form.login button").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".person" if not password else "#wrong"))


def log_in_failed(driver):
    logged_in(driver, "guess")


def logged_out(driver):
    driver.delete_all_cookies()
    driver.get(ADDRESS)


NOTHING = contextlib.nullcontext
LIST = {
    "empty": (lambda: shops(0), address()),
    "one": (lambda: shops(1), address()),
    "five": (lambda: shops(5), address()),
    "fifty": (lambda: shops(50, [4, 31, 40]), address()),
    "no-hit": (lambda: shops(5), address("?q=nowhere")),
    "no-broker": (no_broker, address()),
    "policy-mistake": (mistake, address()),
}
PAGES = {
    "restarted": (NOTHING, pressed(unit(WELL))),
    "failed": (failing, pressed(unit(FAILING))),
    "refused": (NOTHING, pressed("ssh.service")),
    "confirm": (NOTHING, address("confirm?service_id=1234&verb=restart")),
    "another-site": (NOTHING, from_another_site),
    "no-such-page": (NOTHING, address("nowhere")),
    "wrong-method": (NOTHING, address("restart")),
    "signed-out": (people, logged_out),
    "wrong-password": (people, log_in_failed),
    "signed-in": (people, logged_in),
}
ALARM = ".banner[role=alert]"
# What makes sure that a state is what it is called.
SHOWS = {
    "no-broker": ALARM,
    "policy-mistake": ALARM,
    "restarted": "[data-outcome=succeeded]",
    "failed": "[data-outcome=failed]",
    "refused": "[data-outcome=refused]",
    "confirm": "form.confirm",
    "wrong-password": "#wrong",
    "signed-out": "#user",
    "signed-in": ".person",
}
MANY = {"many": (lambda: shops(2000, [700, 1301], "web"), available)}
EVERY = {**LIST, **PAGES, **MANY}
