"""Hundreds of open pages that each look at another part of the list, and pages that come and go without end: what they
all take is bounded, who was there before is told as ever, and a click beside them is answered."""
import itertools
import resource
import socket
import threading

import pytest

from helpers import web
from helpers.beside import WEB_ADDRESS, Watch, peak_kib, web_request
from helpers.crowd import Crowd
from helpers.events import Page
from helpers.system import OTHER, WEBFRONT, WELL, main_pid, systemctl, unit, unit_files

UNITS = [f"fat@{number}.service" for number in range(1000, 1060)]
# What takes the most room in a page.
FAT = "[Unit]\nDescription={}\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n".format("&<\"'" * 25)
GRANT = "[Grant]\nUnit=fat@.service\nInstances=[0-9]{1,4}\nVerbs=restart\n"
PAGES = 600
# Half of what the service may have, but for what those hold who do not read, which goes with them.
MEMORY_KIB = 56 * 1024


@pytest.fixture(scope="module")
def many_units():
    with unit_files({"fat@.service": FAT}):
        systemctl("start", *UNITS)
        yield
        systemctl("stop", *UNITS)


@pytest.fixture(autouse=True)
def descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(8192, before[0]), max(8192, before[1])))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def filters():
    """Each another one, and all of them fit all of the units."""
    words = ["f", "a", "t", "fa", "at", "fat", "t%40", "1", "10", "%401", "e", "s", "er", "se", "ser", ".s", ".ser"]
    for number in itertools.count(1):
        yield from ("+".join(some) for some in itertools.combinations(words, number))


def open_deaf(query):
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(60)
    connection.connect(WEB_ADDRESS)
    connection.sendall(web_request("GET", "/events?q=" + query))
    return connection, web.status_of(connection.recv(15))


def change(page):
    systemctl("stop", unit(WELL))
    page.wait_for_row_outside(unit(WELL), "running")
    systemctl("start", unit(WELL))
    page.wait_for_row(unit(WELL), "running")


@pytest.mark.once
def test_each_looks_at_another_list_and_never_reads(many_units, policy_with, instance):
    with policy_with(GRANT), Page("?q=" + WELL, patience=60) as page:
        page.wait_for("whole")
        pid = main_pid(WEBFRONT)
        opened = [open_deaf(query) for query in itertools.islice(filters(), PAGES)]
        try:
            for number in range(8):
                systemctl("stop" if number % 2 == 0 else "start", UNITS[0])
                change(page)
            assert web.click(unit(OTHER)).status == 200
            assert main_pid(WEBFRONT) == pid, "it is the process that it was"
            peak = peak_kib(pid)
        finally:
            for connection, _ in opened:
                connection.close()
    told = {status: sum(s == status for _, s in opened) for status in (200, 429)}
    print(f"{told}, at most {peak} kiB")
    assert peak < MEMORY_KIB
    assert sum(told.values()) == PAGES and told[429] > 0 and told[200] > 64, told


def come_and_go(end):
    number = 0
    while not end.is_set():
        number += 1
        with socket.create_connection(WEB_ADDRESS, timeout=60) as connection:
            connection.sendall(web_request("GET", f"/events?q={number}"))


@pytest.mark.once
def test_who_comes_and_goes_keeps_nobody_waiting(instance):
    end = threading.Event()
    with Page(patience=60) as page, Watch() as watch:
        page.wait_for("whole")
        crowd = [threading.Thread(target=come_and_go, args=(end,)) for _ in range(2)]
        for one in crowd:
            one.start()
        try:
            for _ in range(3):
                change(page)
            watch.click(OTHER, 4)
        finally:
            end.set()
            for one in crowd:
                one.join()


def test_lists_that_are_looked_at_once(instance):
    """As many as there may be connections, each over and over: the page beside them is told."""
    with Page(patience=60) as page, Watch() as watch, Crowd("leave", 200, WEB_ADDRESS, web_request("GET", "/events?q=x")):
        page.wait_for("whole")
        change(page)
        watch.click(OTHER, 4)
