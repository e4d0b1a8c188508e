"""Plain units: Unit=nginx.service without Instances= grants that one name, and each lock alone refuses its
neighbours."""
import contextlib
import json
import pathlib

import pytest

from helpers import bus, journal, rpc, web
from helpers.people import broker_does
from helpers.policy import OK, REFUSED, RULES, applied, kept, locks, policy, reread, table
from helpers.system import invocation, reload_manager, run, show, systemctl, wait_for

UNITS = pathlib.Path("/run/systemd/system")
NGINX = "nginx.service"
SLEEP = "[Unit]\nDescription=A plain demonstration\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep infinity\n"
GRANT = f"[Grant]\nUnit={NGINX}\nVerbs=restart\n"
RUNNING = ("nginx2.service", "Nginx.service", "nginx.service.service", "nginx@x.service", "xnginx.service")
# The last ones are no units at all: nothing of them can run.
NEIGHBOURS = (*RUNNING, "nginx@.service", "nginx.socket", "nginx@nginx.service", "nginx")


@pytest.fixture(scope="module", autouse=True)
def granted():
    """nginx.service is granted and runs, and so do its neighbours, which are not."""
    files = [UNITS / name for name in (NGINX, *RUNNING[:3], "nginx@.service", RUNNING[4])]
    for file in files:
        file.write_text(SLEEP)
    reload_manager()
    systemctl("start", NGINX, *RUNNING)
    with kept(), applied(GRANT):
        yield
    systemctl("stop", NGINX, *RUNNING)
    for file in files:
        file.unlink()
    reload_manager()


@pytest.fixture(autouse=True)
def runs():
    systemctl("start", NGINX)


@contextlib.contextmanager
def restarted(name):
    before = invocation(name)
    yield
    assert invocation(name) != before


@contextlib.contextmanager
def untouched(*names):
    before = [invocation(name) for name in names]
    yield
    assert [invocation(name) for name in names] == before


WAYS = {
    "page": lambda: web.click(NGINX).json["success"],
    "page, as HTML": lambda: "restarted" in web.click(NGINX, accept=web.HTML).text,
    "relay": lambda: rpc.over_tcp().restart_unit(NGINX)["success"],
    "relay, all members": lambda: rpc.over_tcp().restarter.restart(NGINX)["success"],
    "socket": lambda: rpc.over_unix().restarter.restart(NGINX)["success"],
    "restartctl": lambda: run("restartctl", "restart", NGINX).returncode == 0,
}


@pytest.mark.core
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_restarted_by_its_name(way):
    mark = journal.Mark()
    with restarted(NGINX), untouched(*RUNNING):
        assert way() is True
    (entry,) = mark.decisions()
    assert entry["RESTARTER_UNIT"] == NGINX and entry["UNIT"] == NGINX


def test_status_and_list():
    assert rpc.over_unix().restarter.status(NGINX)["active_state"] == "active"
    (row,) = [i for i in rpc.over_unix().restarter.list()["instances"] if i["unit"] == NGINX]
    assert row["active_state"] == "active" and row["description"] == "A plain demonstration"
    listed = {i["unit"] for i in web.get("/api/instances").json["instances"]}
    assert NGINX in listed and not listed & set(RUNNING)
    assert NGINX in run("restartctl", "list").stdout


def test_row_of_the_page():
    """Its name is shown whole, and it has a button of its own."""
    page = web.get("/", accept=web.HTML).text.replace("<wbr>", "")
    assert f'<li data-unit="{NGINX}" data-group="running"' in page
    assert f'<h2 class="unit"><a href="/instances/{NGINX}">{NGINX}</a></h2>' in page
    assert f'name="service_id" value="{NGINX}"' in page


def test_an_id_alone_stays_an_instance():
    """Neither is `nginx` short for nginx.service, nor does `1234` no longer mean the instance."""
    with untouched(NGINX):
        fault = rpc.fault_of(rpc.over_unix().restarter.restart, "nginx")
        assert fault.faultCode == 2 and "'nginx'" in fault.faultString
    assert rpc.over_unix().restarter.restart("1234")["unit"] == "example@1234.service"


# --- each lock alone ---


@contextlib.contextmanager
def rule_that_permits_everything():
    file = RULES / "00-everything.rules"
    file.write_text("polkit.addRule(function (a, s) { if (s.user === 'restarter') return polkit.Result.YES; });\n")
    reread()
    try:
        yield
    finally:
        file.unlink()
        reread()


def test_the_broker_alone_refuses_neighbours():
    with rule_that_permits_everything(), untouched(NGINX, *RUNNING):
        opened = table("--verb=restart", RUNNING[0])["by_name"][RUNNING[0]]
        assert opened["excess"] == ["restart"], "otherwise this would show nothing"
        for name in NEIGHBOURS:
            for method in (rpc.over_unix().restarter.restart, rpc.over_unix().restarter.status):
                assert rpc.fault_of(method, name).faultCode in (1, 2), name
            assert web.click(name).status in (400, 403), name


def restart_as_broker(name, method="RestartUnit"):
    """What a broker that was taken over is told; nothing when it may."""
    call = ("call", "--", bus.SYSTEMD, bus.SYSTEMD_PATH, bus.MANAGER, method, "ss", name, "replace")
    done = broker_does("busctl", "--timeout=30", "--allow-interactive-authorization=no", *call)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_rule_alone_refuses_neighbours():
    """With locks 1 to 3 picked: a broker that was taken over calls systemd itself."""
    before = invocation(NGINX)
    assert restart_as_broker(NGINX) == ""
    wait_for(lambda: show(NGINX, "ActiveState") == "active" and invocation(NGINX) != before, "it is up again")
    with untouched(NGINX, *RUNNING):
        for name in (*RUNNING, "nginx.socket", "nginx@nginx.service"):
            assert restart_as_broker(name) != "", name


def test_the_bus_policy_alone_refuses_other_verbs():
    with untouched(NGINX):
        for method in ("StopUnit", "StartUnit", "TryRestartUnit", "ReloadUnit"):
            assert "denied" in restart_as_broker(NGINX, method).lower(), method
        assert show(NGINX, "ActiveState") == "active"


# --- a unit that is stopped ---


def test_a_stopped_one_is_listed_and_not_started():
    systemctl("stop", NGINX)
    (row,) = [i for i in rpc.over_unix().restarter.list()["instances"] if i["unit"] == NGINX]
    assert row["active_state"] == "inactive" and row["enabled"] is False
    fault = rpc.fault_of(rpc.over_unix().restarter.restart, NGINX)
    assert fault.faultCode == 3 and "StartStopped=yes" in fault.faultString
    assert show(NGINX, "ActiveState") == "inactive"


def test_a_stopped_one_is_started_where_the_policy_says_so():
    systemctl("stop", NGINX)
    with applied(GRANT + "StartStopped=yes\n"):
        assert rpc.over_unix().restarter.restart(NGINX)["success"] is True
    assert show(NGINX, "ActiveState") == "active"


@pytest.mark.once
def test_one_that_does_not_exist_is_not_listed():
    with applied(GRANT + "[Grant]\nUnit=nowhere.service\nVerbs=restart\n"):
        assert "nowhere.service" not in {i["unit"] for i in rpc.over_unix().restarter.list()["instances"]}
        assert rpc.fault_of(rpc.over_unix().restarter.restart, "nowhere.service").faultCode == 4
        done = policy("check", "--json", "--verb=restart")
        messages = [f["message"] for f in json.loads(done.stdout)["findings"]]
        assert any("systemd has no unit nowhere.service" in m for m in messages), messages


@pytest.mark.once
def test_an_alias_of_it_is_granted_nothing():
    """As mysql.service is of mariadb.service: systemd and polkit know a unit by its own name."""
    link = UNITS / "web.service"
    link.symlink_to(NGINX)
    reload_manager()
    try:
        with applied(GRANT.replace(NGINX, "web.service"), check=None), untouched(NGINX):
            fault = rpc.fault_of(rpc.over_unix().restarter.restart, "web.service")
            assert fault.faultCode == 1 and "only another name of a unit" in fault.faultString
            assert f"That is {NGINX}" in fault.faultString
            assert "web.service" not in {i["unit"] for i in rpc.over_unix().restarter.list()["instances"]}
            done = policy("check", "--json", "--verb=restart")
            messages = [f["message"] for f in json.loads(done.stdout)["findings"]]
            assert any("dead button" in m and f"an alias of {NGINX}" in m for m in messages), messages
    finally:
        link.unlink()
        reload_manager()


# --- restartctl policy ---


def test_table_and_check():
    rows = table("--verb=restart")["by_name"]
    row = rows[NGINX]
    assert row["kind"] == "unit" and row["broker"] == row["polkit"] == ["restart"]
    for name in ("nginx2.service", "Nginx.service", "nginx.service.service", "nginx@x.service", "nginx@.service"):
        assert rows[name]["kind"] == "near miss" and rows[name]["polkit"] == rows[name]["broker"] == []
    assert policy("check", "--verb=restart").returncode == OK


def test_explain():
    data = locks(NGINX)
    assert data["permitted"] is True, data
    assert f"Nothing stops restart of {NGINX}." in policy("explain", NGINX, check=OK).stdout
    for name in ("nginx2.service", "Nginx.service", "nginx@x.service"):
        data = locks(name)
        assert data["stopped_by"] == 3 and [lock["open"] for lock in data["locks"]][4] is False
        assert policy("explain", name, check=REFUSED).stdout.count("SHUT") == 2


@pytest.mark.once
def test_a_rule_tuned_by_hand_that_names_a_neighbour_is_found():
    rule = RULES / "50-restarter.rules"
    text = rule.read_text()
    rule.write_text(text.replace(f'unit: "{NGINX}"', 'unit: "nginx2.service"'))
    reread()
    try:
        done = policy("check", "--json", "--verb=restart")
        messages = [f["message"] for f in json.loads(done.stdout)["findings"]]
        assert any("excess privilege" in m and "nginx2.service" in m for m in messages), messages
        assert any("dead button" in m and NGINX in m for m in messages), messages
    finally:
        rule.write_text(text)
        reread()


MIXED = {
    "a pattern for one unit": (GRANT + "Instances=x\n", 4, "is one unit and has no instances"),
    "a template without one": (GRANT.replace(NGINX, "nginx@.service"), 1, "no Instances="),
    "a default of one unit": (GRANT + "Default=yes\n", 4, "Default=yes is for templates"),
    "an instance": (GRANT.replace(NGINX, "nginx@x.service"), 2, "write Unit=nginx@.service and Instances=x"),
}


@pytest.mark.once
@pytest.mark.parametrize("text, line, words", MIXED.values(), ids=MIXED.keys())
def test_policy_files_that_mix_the_two(text, line, words, tmp_path):
    draft = tmp_path / "draft.conf"
    draft.write_text(text)
    done = policy("render", f"--policy={draft}")
    assert done.returncode != OK and f"{draft}:{line}: " in done.stderr and words in done.stderr
