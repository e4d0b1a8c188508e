"""How systemd runs it: sockets first, daemons when needed, watched over, and gone without a trace when purged."""
import grp
import http.client
import os
import pathlib
import pwd
import signal
import time

import pytest

from helpers import journal, rpc, web
from helpers.system import (
    BROKER,
    SOCKETS,
    WEBFRONT,
    WELL,
    cgroup_gone,
    dropins,
    main_pid,
    open_doors_anew,
    run,
    send_signal,
    show,
    stop_daemons,
    systemctl,
    wait_for,
)


@pytest.mark.core
def test_sockets_start_the_daemons():
    """Nothing runs until somebody connects, and then what he needs."""
    stop_daemons()
    assert cgroup_gone(WEBFRONT) and cgroup_gone(BROKER)
    for name in SOCKETS:
        assert show(name, "ActiveState") == "active" and show(name, "UnitFileState") == "enabled"
    assert web.get("/style.css").status == 200
    assert main_pid(WEBFRONT) > 0
    assert web.click(WELL).status == 200
    assert main_pid(BROKER) > 0


@pytest.mark.parametrize("service", [WEBFRONT, BROKER])
def test_services_are_not_enabled(service):
    assert show(service, "UnitFileState") in ("static", "disabled", "indirect")


def test_broker_is_started_by_either_socket():
    for path in (rpc.CLIENTS, rpc.WEB):
        systemctl("stop", BROKER)
        rpc.post(path, rpc.call("system.listMethods"))
        assert main_pid(BROKER) > 0


@pytest.mark.parametrize("service", [WEBFRONT, BROKER])
def test_status_is_worth_reading(service):
    web.click(WELL)
    text = wait_for(lambda: show(service, "StatusText"), f"{service} says how it is")
    print(text)
    assert any(c.isdigit() for c in text) and len(text.split()) >= 4
    # A moment later nothing goes on any more, and that is what it says.
    wait_for(lambda: show(service, "StatusText").startswith(("0 jobs running, ", "0 connections, 0 requests ")), "rest")
    assert "Type=notify" in systemctl("cat", service).stdout


@pytest.mark.parametrize("service", [WEBFRONT, BROKER])
def test_watchdog(service):
    """A daemon that hangs is ended by systemd, and the next request has a new one."""
    with dropins({service: "[Service]\nWatchdogSec=1s\nTimeoutAbortSec=1s\n"}):
        stop_daemons()
        web.get("/api/instances")
        since = journal.Mark()
        pid = send_signal(service, signal.SIGSTOP)
        wait_for(lambda: main_pid(service) != pid, f"systemd ends {service}", 60, 0.1)
        assert "watchdog" in since.text("-u", service).lower()
        wait_for(lambda: click_or_none() == 200, "a click works again", 60, 0.1)
    stop_daemons()


def click_or_none():
    try:
        return web.click(WELL, timeout=10).status
    except OSError:
        return None


def test_watchdog_leaves_healthy_ones_alone():
    short = "[Service]\nWatchdogSec=4s\n"
    with dropins({WEBFRONT: short, BROKER: short}):
        stop_daemons()
        with web.connect():
            web.get("/api/instances")
            pids = [main_pid(WEBFRONT), main_pid(BROKER)]
            time.sleep(9)
            assert [main_pid(WEBFRONT), main_pid(BROKER)] == pids and all(pids)
    stop_daemons()


def test_reload():
    web.click(WELL)
    pid = main_pid(BROKER)
    systemctl("reload", BROKER)
    assert web.click(WELL).status == 200 and main_pid(BROKER) == pid


@pytest.mark.parametrize(
    "name, words",
    [("restarter-broker", "restarter-broker"), ("restarter-webfront", "restarter-webfront.socket")],
)
def test_started_by_hand(name, words):
    """It says who starts it."""
    done = run(f"/usr/libexec/restarter/{name}", check=False)
    assert done.returncode != 0 and words in done.stderr and "socket" in done.stderr
    for option in ("--help", "--version"):
        assert run(f"/usr/libexec/restarter/{name}", option).stdout


def test_users_and_groups():
    user = pwd.getpwnam("restarter")
    assert 0 < user.pw_uid < 1000 and user.pw_shell in ("/usr/sbin/nologin", "/sbin/nologin", "/bin/false")
    for group in ("restarter-web", "restarter-web-proxy", "restarter-proxy", "restarter-clients"):
        assert grp.getgrnam(group).gr_mem == []


def test_sockets_have_the_right_owners():
    for path, group in ((rpc.CLIENTS, "restarter-clients"), (rpc.WEB, "restarter-web")):
        status = os.stat(path)
        assert (status.st_uid, status.st_gid) == (0, grp.getgrnam(group).gr_gid)
        assert status.st_mode & 0o777 == 0o660


def test_listens_on_loopback_only():
    lines = [line for line in run("ss", "-Hltn").stdout.splitlines() if ":8080" in line]
    assert len(lines) == 1 and "127.0.0.1:8080" in lines[0]


def test_files_of_the_package_belong_to_root():
    """And nobody else may write any, so nobody has a say in what it does."""
    for name in run("dpkg", "--listfiles", "restarter").stdout.split("\n"):
        if os.path.isfile(name) and not os.path.islink(name):
            status = os.stat(name)
            assert status.st_uid == 0 and status.st_mode & 0o022 == 0, name


def test_stop_of_everything_and_start():
    """systemctl stop of the sockets closes the doors; start opens them."""
    systemctl("stop", *SOCKETS, WEBFRONT, BROKER)
    with pytest.raises(OSError):
        web.get("/")
    assert not os.path.exists(rpc.CLIENTS) and not os.path.exists(rpc.WEB)
    systemctl("start", *SOCKETS)
    assert web.click(WELL).status == 200


def test_web_sock_made_anew():
    """The web front's root shows the very socket: when that is made anew, it is bound in again."""
    web.click(WELL)
    systemctl("restart", "restarter-broker-web.socket")
    assert web.click(WELL).status == 200


def ask_at(address, port):
    connection = http.client.HTTPConnection(address, port, timeout=30)
    connection.request("GET", "/healthz")
    return connection.getresponse().status


def test_more_than_one_address():
    """An admin adds the other loopback address and another port, as restarter-webfront(8) says."""
    socket = "restarter-webfront.socket"
    with dropins({socket: "[Socket]\nListenStream=[::1]:8080\nListenStream=127.0.0.1:8082\n"}):
        try:
            open_doors_anew()
            for address, port in (("::1", 8080), ("127.0.0.1", 8082), ("127.0.0.1", 8080)) * 2:
                assert ask_at(address, port) == 200, (address, port)
            systemctl("stop", WEBFRONT)
            assert ask_at("::1", 8080) == 200, "any of them starts it"
        finally:
            systemctl("stop", socket, WEBFRONT)
    open_doors_anew()


def test_more_addresses_than_are_served():
    """Said, instead of one that is never answered. (Whoever connects would have systemd start it again and again.)"""
    since = journal.Mark()
    more = "".join(f"ListenStream=127.0.0.1:{port}\n" for port in range(8082, 8087))
    with dropins({"restarter-webfront.socket": f"[Socket]\n{more}"}):
        try:
            open_doors_anew()
            assert systemctl("start", WEBFRONT, check=False).returncode != 0
            told = since.text()
            assert "more than 4 sockets were passed under the name 'http'. Take ListenStream= lines out of " in told
            assert "when somebody connects" not in told, "that is for who starts it by hand"
        finally:
            systemctl("stop", "restarter-webfront.socket", WEBFRONT)
    open_doors_anew()


def test_an_upgrade_takes_nothing_from_a_running_broker():
    """dpkg renames each new file over the old one, also those in the root of a daemon that runs at that moment."""
    assert rpc.over_unix().restart_unit(WELL)["success"] is True
    since = journal.Mark()
    for old in pathlib.Path("/usr/libexec/restarter/root").rglob("*"):
        if old.is_symlink() or old.is_file():
            run("cp", "--archive", old, f"{old}.dpkg-new")
            os.rename(f"{old}.dpkg-new", old)
    assert rpc.over_unix().restarter.restart(WELL)["success"] is True
    assert web.click(WELL).json["success"] is True
    (direct, clicked) = since.decisions()
    assert direct["RESTARTER_USER"] == "root", "the broker no longer knows the names of users"
