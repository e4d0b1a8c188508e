"""What has taken over one of the daemons meets its sandbox, locks 1 and 6."""
import contextlib
import ctypes
import os
import pathlib
import re
import stat
import subprocess
import tempfile

import pytest

from helpers import rpc, web
from helpers.people import as_user, in_child
from helpers.system import BROKER, WEBFRONT, WELL, main_pid, run, show, unit

# The figures are the table's of `restartctl check`.
TABLE = (pathlib.Path(__file__).resolve().parents[2] / "cli" / "check" / "shipped.c").read_text(encoding="utf-8")
DAEMONS = {
    service: int(re.search(r"SHIPPED_EXPOSURE\[\] = .*{ %s, ([0-9]+) }" % name, TABLE).group(1)) / 10
    for service, name in ((WEBFRONT, "WEBFRONT"), (BROKER, "BROKER"))
}
both_daemons = pytest.mark.parametrize("service", DAEMONS)


def running(service):
    """Its process, awake."""
    web.get("/api/instances")
    pid = main_pid(service)
    assert pid > 0
    return pid


@both_daemons
def test_exposure(service):
    line = run("systemd-analyze", "security", "--no-pager", service).stdout.strip().splitlines()[-1]
    exposure = float(re.search(r": ([0-9.]+) ", line).group(1))
    print(line)
    assert exposure <= DAEMONS[service]


@both_daemons
def test_no_capability_no_new_privileges(service):
    lines = open(f"/proc/{running(service)}/status", encoding="ascii").read().splitlines()
    status = dict(line.split(":\t", 1) for line in lines)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    assert "0" not in status["Uid"].split() + status["Gid"].split()


@both_daemons
def test_no_core_dump_and_no_debugger(service):
    pid = running(service)
    limits = open(f"/proc/{pid}/limits", encoding="ascii").read()
    assert re.search(r"Max core file size +0 +0 ", limits)
    # The files of a process that is not dumpable belong to root.
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    assert os.stat(f"/proc/{main_pid(unit(WELL))}/environ").st_uid != 0, "for others it would not"


def inside(pid, function):
    """Calls the function in the mount namespace of the process, as its user."""

    def enter():
        lines = open(f"/proc/{pid}/status", encoding="ascii").read()
        uid = int(re.search(r"Uid:\t(\d+)", lines).group(1))
        gid = int(re.search(r"Gid:\t(\d+)", lines).group(1))
        libc = ctypes.CDLL(None, use_errno=True)
        namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
        if libc.setns(namespace, 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)

    return in_child(enter, function)


def writable_directories():
    """Directories in which a file could be made, tried."""
    found = []
    for directory, subdirectories, _ in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        name = os.path.join(directory, "restarter-test")
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError:
            continue
        os.unlink(name)
        found.append(directory)
    return found


def writable_files():
    """Files, no devices, that could be written to."""
    found = []
    for directory, subdirectories, files in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        paths = [os.path.join(directory, f) for f in files]
        found += [p for p in paths if os.path.isfile(p) and not os.path.islink(p) and os.access(p, os.W_OK)]
    return found


def sockets_seen():
    found = []
    for directory, subdirectories, files in os.walk("/"):
        if directory in ("/proc", "/sys"):
            subdirectories.clear()
        for file in files:
            path = os.path.join(directory, file)
            try:
                if stat.S_ISSOCK(os.stat(path).st_mode):
                    found.append(path)
            except OSError:
                continue
    return found


def web_sock_seen():
    return stat.S_ISSOCK(os.stat(rpc.WEB).st_mode)


@both_daemons
def test_nothing_is_writable(service):
    memory = ["/run/" + service.removesuffix(".service")]
    assert inside(running(service), writable_directories) == memory
    assert [f for f in inside(running(service), writable_files) if os.path.dirname(f) not in memory] == []


def test_the_search_for_what_is_writable_finds_something():
    """As user nobody outside of a sandbox, to show that the tests above look properly."""
    assert "/tmp" in as_user("nobody", writable_directories)
    assert "/run/dbus/system_bus_socket" in as_user("nobody", sockets_seen)


def test_web_front_sees_no_bus():
    # Its root is a directory below /usr, and is seen a second time there.
    seen = {s.removeprefix("/usr/lib/restarter/root") for s in inside(running(WEBFRONT), sockets_seen)}
    # The folder that web.sock is in cannot be listed, only gone through.
    assert inside(running(WEBFRONT), web_sock_seen)
    journal_sockets = {"/run/systemd/journal/" + name for name in ("socket", "stdout", "dev-log")}
    assert seen <= {"/run/systemd/notify", *journal_sockets}


@both_daemons
def test_no_network(service):
    """A network of its own, which has nothing in it but its loopback."""
    enter = ["nsenter", f"--net=/proc/{running(service)}/ns/net"]
    assert [line.split()[1] for line in run(*enter, "ip", "-oneline", "link").stdout.splitlines()] == ["lo:"]
    assert run(*enter, "ip", "route").stdout == "" and "127.0.0.1:8080" in run("ss", "-ltn").stdout
    refused = run(*enter, "curl", "--silent", "--max-time", "5", "http://127.0.0.1:8080/", check=False)
    assert refused.returncode == 7, "not even its own page can be reached from there"


def test_web_front_opens_one_kind_of_connection():
    """Traced from its start: whatever it connects to is web.sock, the journal or systemd's notification socket."""
    pid = running(WEBFRONT)
    with traced(pid, "connect,sendto,sendmsg") as lines:
        assert web.click(WELL).status == 200
        assert web.click("12345").status == 403
        assert web.get("/").status == 200
    targets = set(re.findall(r'sun_path="([^"]*)"', "\n".join(lines)))
    assert rpc.WEB in targets, "the trace does not work"
    assert targets <= {rpc.WEB, "/run/systemd/journal/socket", "/run/systemd/notify"}
    assert not re.search("AF_INET", "\n".join(lines))


@contextlib.contextmanager
def traced(pid, calls):
    """The lines that strace writes about a process; complete after the block."""
    lines = []
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as file:
        tracer = subprocess.Popen(
            ["strace", "-f", "-p", str(pid), "-e", f"trace={calls}", "-o", file.name],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert "attached" in tracer.stderr.readline()
            yield lines
        finally:
            tracer.terminate()
            tracer.wait()
            tracer.stderr.close()
            lines += file.read().splitlines()


@both_daemons
def test_system_calls_that_are_no_business_of_a_daemon(service):
    """The filter as systemd has it."""
    properties = show(
        service, "SystemCallFilter", "RestrictNamespaces", "MemoryDenyWriteExecute", "SystemCallArchitectures"
    )
    allowed = set(properties["SystemCallFilter"].split())
    forbidden = "mount chroot pivot_root swapon reboot init_module bpf perf_event_open ptrace clock_settime setpriority"
    assert not allowed & set(forbidden.split())
    assert "read" in allowed, "and not because the list is empty"
    assert properties["MemoryDenyWriteExecute"] == "yes" and properties["SystemCallArchitectures"] == "native"
