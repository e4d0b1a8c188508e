"""restartctl policy, and the files it is about: put back as they were, whatever a test did to them."""

import contextlib
import json
import os
import pathlib

from . import bus
from .people import broker_does
from .system import run, stop_daemons, systemctl

POLICY = pathlib.Path("/etc/restarter/policy.conf")
DROPINS = pathlib.Path("/etc/restarter/policy.conf.d")
RULES = pathlib.Path("/etc/polkit-1/rules.d")
RULE = RULES / "50-restarter.rules"
BUS = pathlib.Path("/usr/share/dbus-1/system.d/restarter.conf")
VERBS = pathlib.Path("/etc/dbus-1/system.d/restarter-verbs.conf")

OK, FINDINGS, USAGE, REFUSED, UNAVAILABLE, CHANGES = 0, 1, 2, 3, 4, 6

# What a broker keeps for the next one.
LAST_GOOD = pathlib.Path("/run/restarter-broker/policy")

SHIPPED_GRANT = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n"


def policy(*arguments, check=None, **options):
    """restartctl policy …; `check` is the exit status that it must end with."""
    options.setdefault("timeout", 180)
    done = run("restartctl", "policy", *arguments, check=False, **options)
    if check is not None:
        assert done.returncode == check, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def as_after_a_boot():
    """Ends both daemons, and no earlier policy is remembered."""
    stop_daemons()
    LAST_GOOD.unlink(missing_ok=True)


def table(*arguments, **options):
    """The table as data; units by their names."""
    data = json.loads(policy("table", "--json", *arguments, check=OK, **options).stdout)
    data["by_name"] = {row["unit"]: row for row in data["units"]}
    return data


def findings(*arguments):
    """What check finds, as (level, place, message). Unless told otherwise about one verb only: that is a tenth of the
    questions."""
    done = policy("check", "--json", *(arguments or ["--verb=restart"]))
    data = json.loads(done.stdout)
    assert data["clean"] == (done.returncode == OK), done.stdout
    return [
        (f["level"], f["file"] + (f":{f['line']}" if f["line"] else ""), f["message"])
        for f in data["findings"]
    ]


def reread():
    """Makes polkitd read its rules: by starting it anew, so that there is no doubt when it has done so."""
    systemctl("reset-failed", "polkit.service", check=False)
    systemctl("restart", "polkit.service")


@contextlib.contextmanager
def applied(grants, check=OK):
    """Adds grants for a while, in policy file, rule and broker. `check` is how apply must end: None for those that polkitd
    does not answer by, as a carrier's by an alias. apply would ask it for seconds before it says so, and is kept from it."""
    DROPINS.mkdir(exist_ok=True)
    with kept():
        (DROPINS / "applied.conf").write_text(grants)
        if check is not None:
            policy("apply", check=check)
        else:
            policy("apply", "--offline", check=OK)
            bus.reload_config()
            reread()
        stop_daemons()
        yield


def locks(*arguments):
    """What explain says, as data."""
    return json.loads(policy("explain", "--json", *arguments).stdout)


def busctl_as_broker(member, *arguments):
    """Calls a method of systemd's manager as user restarter; returns what busctl said."""
    return broker_does("busctl", "call", bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, member, *arguments)


def polkitd_version():
    return int(
        run(
            "busctl",
            "--json=short",
            "get-property",
            "org.freedesktop.PolicyKit1",
            "/org/freedesktop/PolicyKit1/Authority",
            "org.freedesktop.PolicyKit1.Authority",
            "BackendVersion",
        )
        .stdout.split('"')[-2]
        .split(".")[0]
    )


@contextlib.contextmanager
def bus_policy_taken_away():
    """Only the polkit rule is left; the bus lets user restarter say what any user may."""
    os.rename(BUS, f"{BUS}.away")
    bus.reload_config()
    try:
        yield
    finally:
        os.rename(f"{BUS}.away", BUS)
        bus.reload_config()


def restart_is_permitted(unit):
    """Asks PID 1 itself. What is permitted is done."""
    return busctl_as_broker("RestartUnit", "ss", unit, "replace").returncode == 0


def _snapshot(place):
    """What is in each file, and None for a folder, which may be empty."""
    found = {}
    for path in place.rglob("*"):
        if path.is_symlink():
            continue
        if path.is_file():
            stat = path.stat()
            found[path] = (path.read_bytes(), stat.st_mode & 0o7777, stat.st_uid, stat.st_gid)
        elif path.is_dir():
            found[path] = None
    return found


def _remove_new(place, before):
    for path in sorted(place.rglob("*"), reverse=True):
        if path in before:
            continue
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def _restore(place, before):
    """True when something was different."""
    _remove_new(place, before)
    now = _snapshot(place)
    changed = {path for path, content in before.items() if content is not None and now.get(path) != content}
    for path in changed:
        data, mode, uid, gid = before[path]
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
        os.chown(path, uid, gid)
    return bool(changed)


@contextlib.contextmanager
def kept():
    """Puts policy, rules and bus policy back, and makes everybody go by them again."""
    before = {place: _snapshot(place) for place in (POLICY.parent, RULES, BUS.parent, VERBS.parent)}
    try:
        yield
    finally:
        changed = {place for place, files in before.items() if _restore(place, files)}
        bus.reload_config()
        stop_daemons()
        if RULES in changed:
            reread()
