"""Whatever is done to our units, in any order and all at once: with the sockets started the page comes back by itself,
and nobody has to know which of them depends on which."""
import random
import threading
import time

import pytest

from helpers import rpc, web
from helpers.once import sampled
from helpers.system import (
    BROKER,
    SOCKETS,
    WEBFRONT,
    WELL,
    main_pid,
    open_doors_anew,
    run,
    show,
    stop_daemons,
    systemctl,
    wait_for,
)

UNITS = (*SOCKETS, WEBFRONT, BROKER)
VERBS = ("restart", "stop", "start", "reload", "try-restart", "reload-or-restart")
BACK_SEC = 60  # who is stuck stays so


@pytest.fixture(autouse=True)
def doors():
    open_doors_anew()
    yield
    open_doors_anew()


def status_of(ask):
    try:
        return ask().status
    except OSError:
        return None


def assert_page_is_back(what):
    if systemctl("start", *SOCKETS, check=False).returncode != 0:
        # The stop of a socket and the reload of its service met, and the service runs on without it: systemd starts no
        # such socket, and says so; who wants both says restart.
        systemctl("restart", *SOCKETS)
    for name, ask in (
        ("page", lambda: web.get("/", accept=web.HTML, timeout=5)),
        ("healthz", lambda: web.get("/healthz", timeout=5)),
        ("click", lambda: web.click(WELL, timeout=5)),
    ):
        wait_for(lambda ask=ask: status_of(ask) == 200, f"{name} is back after {what}", BACK_SEC, 0.05)
    assert rpc.over_unix().restarter.status(WELL)["active_state"] == "active"
    assert [show(name, "ActiveState") for name in SOCKETS] == ["active"] * len(SOCKETS), what


class Monitor:
    """Asks for /healthz all the time, as a monitor does that never lets a web front rest."""

    def __enter__(self):
        self.ends, self.answers = threading.Event(), []
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()
        return self

    def _ask(self):
        while not self.ends.is_set():
            self.answers.append(status_of(lambda: web.get("/healthz", timeout=5)))
            time.sleep(0.02)

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()


@pytest.mark.core
def test_both_sockets_restarted_by_one_command():
    for number in range(8):
        assert web.click(WELL).status == 200
        systemctl("restart", "restarter-broker-web.socket", "restarter-webfront.socket")
        assert web.click(WELL).status == 200, number


def commands_of(seed):
    """One to three at once, each a verb and some of the units."""
    r = random.Random(seed)
    while True:
        yield [
            (r.choice(VERBS), *r.sample(UNITS, r.randint(1, len(UNITS)))) for _ in range(r.choice((1, 1, 1, 2, 3)))
        ]


def do(commands):
    """What such a command says does not count: reload of a socket, say, is none of systemd's verbs."""
    threads = [threading.Thread(target=systemctl, args=c, kwargs={"check": False}) for c in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("seed, polled, many", sampled({"while a monitor asks": (2, True, 40), "in peace": (1, False, 30)}))
def test_any_order(seed, polled, many):
    steps = commands_of(seed)
    with Monitor() if polled else open("/dev/null", encoding="ascii"):
        for number in range(many):
            commands = next(steps)
            do(commands)
            systemctl("reset-failed", *UNITS, check=False)
            if number % 4 == 3 or len(commands) > 1:
                assert_page_is_back(f"step {number} of seed {seed}: {commands}")
    assert_page_is_back("all")


def test_all_at_once():
    for verb in VERBS:
        do([(verb, *UNITS)])
        assert_page_is_back(verb)
        do([(verb, name) for name in UNITS])
        assert_page_is_back(f"{verb}, each for itself")


@pytest.mark.parametrize("way", ["restart", "stop", "fail"])
def test_web_front_follows_a_new_socket(way):
    """The web front that runs reaches the socket that is made in the place of the old one, while a monitor keeps it
    from resting."""
    assert web.click(WELL).status == 200
    pid = main_pid(WEBFRONT)
    with Monitor() as monitor:
        if way == "restart":
            systemctl("restart", "restarter-broker-web.socket")
        else:
            systemctl("stop", "restarter-broker-web.socket")
            if way == "fail":
                run("systemctl", "kill", "--signal=KILL", BROKER, check=False)
            wait_for(lambda: 503 in monitor.answers, "the monitor hears of it")
            systemctl("start", "restarter-broker-web.socket")
        wait_for(lambda: web.click(WELL).status == 200, "a click works again", BACK_SEC, 0.05)
        # What it had asked for before that may still be answered.
        wait_for(lambda: monitor.answers[-1] == 200, "so does what the monitor asks")
        del monitor.answers[:]
        wait_for(lambda: len(monitor.answers) > 20, "the monitor asks on")
        assert set(monitor.answers) == {200}
    assert main_pid(WEBFRONT) == pid, "it did not even have to end"


def test_web_sock_is_found_under_both_names():
    stop_daemons()
    for path in (rpc.WEB, "/run/restarter/web/web.sock"):
        assert "restart_unit" in rpc.over_unix(path).system.listMethods()


def test_web_front_sees_nothing_of_run_but_its_socket():
    web.click(WELL)
    root = f"/proc/{main_pid(WEBFRONT)}/root/run"
    seen = run("find", root, "-mindepth", "1", "-not", "-type", "d", "-printf", "%P\n").stdout.split()
    files = ("webfront.conf", "machines.conf")
    settings = {f"{place}/{file}" for place in (f"credentials/{WEBFRONT}", "restarter-webfront") for file in files}
    assert {p for p in seen if not p.startswith(("systemd/", "host/"))} - settings == {"restarter/web.sock"}
