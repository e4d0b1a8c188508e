"""Each verb that a policy can grant, asked for in each way there is, of units that run, are stopped, have failed, or
cannot be reloaded; and each of the locks for each of them."""
import concurrent.futures
import json
import pathlib
import re
import time

import pytest

from helpers import bus, journal, rpc, web
from helpers.people import broker_does
from helpers.policy import POLICY, applied, busctl_as_broker, kept, locks, policy
from helpers.system import (
    BROKER,
    dropins,
    forget_failed,
    invocation,
    reload_manager,
    run,
    show,
    stop_daemons,
    systemctl,
    wait_for,
    wait_until,
)

VERBS = ("restart", "try-restart", "reload", "reload-or-restart")
MEMBERS = {
    "restart": "RestartUnit",
    "try-restart": "TryRestartUnit",
    "reload": "ReloadUnit",
    "reload-or-restart": "ReloadOrRestartUnit",
}
STATES = ("running", "stopped", "failed", "plain")
UNITS = {
    "verbs@.service": "[Service]\nExecStart=/bin/sleep infinity\n"
    "ExecReload=/bin/sh -c 'echo reloaded >>/run/restarter-tests/reloads-%i'\n",
    "plain@.service": "[Service]\nExecStart=/bin/sleep infinity\n",
    "frail@.service": "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/kill -HUP $MAINPID\n",
    "stuck@.service": "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/false\n",
    "slow@.service": "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/sleep 3\n",
}
ALL = " ".join(VERBS)
NO_LIMIT = "[Unit]\nStartLimitIntervalSec=0\n"


def grant(template, verbs=ALL, more="Settle=0\n"):
    return f"[Grant]\nUnit={template}\nInstances=[a-z]+\nVerbs={verbs}\n{more}"


@pytest.fixture(scope="module", autouse=True)
def granted():
    for name, text in UNITS.items():
        pathlib.Path("/etc/systemd/system", name).write_text(NO_LIMIT + text)
    reload_manager()
    with applied("".join(grant(name) for name in UNITS if name != "frail@.service") + grant("frail@.service", more="")):
        yield
    for name in UNITS:
        systemctl("stop", name.replace("@", "@*"), check=False)
        pathlib.Path("/etc/systemd/system", name).unlink()
    forget_failed(*UNITS)
    reload_manager()


def in_state(state):
    """The name of a unit that is so."""
    name = "plain@x.service" if state == "plain" else f"verbs@{state}.service"
    systemctl("restart", name)
    if state == "stopped":
        systemctl("stop", name)
    elif state == "failed":
        systemctl("kill", "--signal=KILL", name)
        wait_until(name, "failed")
    return name


def reloads(state):
    file = pathlib.Path("/run/restarter-tests", f"reloads-{state}")
    return len(file.read_text().splitlines()) if file.exists() else 0


def method(verb):
    return getattr(rpc.over_unix().restarter, verb.replace("-", "_"))


# What becomes of it: the verdict and what the job did, or the code of a refusal.
RESTARTED, RELOADED, NOTHING = ("up", "restart"), ("up", "reload"), ("not-running", "")
STOPPED, CANNOT, NO_GRANT = 3, 14, 2
TABLE = {
    "restart": {"running": RESTARTED, "stopped": STOPPED, "failed": RESTARTED, "plain": RESTARTED},
    "try-restart": {"running": RESTARTED, "stopped": NOTHING, "failed": NOTHING, "plain": RESTARTED},
    "reload": {"running": RELOADED, "stopped": STOPPED, "failed": STOPPED, "plain": CANNOT},
    "reload-or-restart": {"running": RELOADED, "stopped": STOPPED, "failed": RESTARTED, "plain": RESTARTED},
}
DONE = {
    "restart": "restarted",
    "try-restart": "restarted",
    "reload": "reloaded",
    "reload-or-restart": "reloaded or restarted",
}
CASES = [(verb, state) for verb in VERBS for state in STATES]


def by_rpc(verb, name):
    """What it says, and the verdict with what was done, or the code of the refusal."""
    try:
        answer = method(verb)(name)
    except rpc.xmlrpc.client.Fault as fault:
        return fault.faultString, fault.faultCode
    assert answer["verb"] == verb and answer["unit"] == name and answer["success"] is True, answer
    return answer["message"], (answer["verdict"], answer["done"])


def by_restartctl(verb, name):
    done = run("restartctl", "--json=short", verb, name, check=False)
    if done.returncode == 3:
        assert json.loads(done.stdout)["error"]["message"] == done.stderr.strip()
        return done.stderr.strip(), next(
            code for code, words in ((STOPPED, ("does not run", "is stopped")), (CANNOT, ("cannot be reloaded",)))
            if any(word in done.stderr for word in words)
        )
    assert done.returncode == 0, done
    answer = json.loads(done.stdout)
    assert answer["verb"] == verb and answer["success"] is True
    return answer["message"], (answer["verdict"], answer["done"])


def by_http(verb, name):
    answer = web.click(name, body=f"{web.form(name)}&verb={verb}")
    if answer.status != 200:
        assert answer.json["success"] is False
        return answer.json["message"], answer.json["code"]
    assert answer.json["verb"] == verb and answer.json["success"] is True
    return answer.json["message"], (answer.json["verdict"], answer.json["done"])


def asked(way, verb, name):
    """Whoever asks for units that do not run more often than they are looked up is told to come again, and does."""
    for _ in range(30):
        mark = journal.Mark()
        message, outcome = way(verb, name)
        if "asked for too often" not in message:
            break
        time.sleep(1)
    return mark, message, outcome


WAYS = {"rpc": by_rpc, "restartctl": by_restartctl, "http": by_http}


# What leads to the broker is no bus, and the same on both releases: of the three ways, one is asked everywhere.
WAYS_AND_MARKS = [
    pytest.param(w, id=k, marks=pytest.mark.core if k == "rpc" else pytest.mark.once) for k, w in WAYS.items()
]


@pytest.mark.parametrize("way", WAYS_AND_MARKS)
@pytest.mark.parametrize("verb, state", CASES)
def test_each_verb_in_each_state(way, verb, state):
    name, expected = in_state(state), TABLE[verb][state]
    before, reloaded = invocation(name), reloads(state)
    mark, message, outcome = asked(way, verb, name)
    assert outcome == expected, message
    if expected == RESTARTED:
        assert f"{name} was restarted in " in message and invocation(name) != before
        assert reloads(state) == reloaded
    elif expected == RELOADED:
        assert f"{name} was reloaded in " in message and invocation(name) == before
        assert reloads(state) == reloaded + 1
    elif expected == NOTHING:
        assert "a try-restart starts nothing: nothing was done" in message
    else:
        assert message.startswith(f"Nothing was {DONE[verb]}: {name} ")
    if expected not in (RESTARTED, RELOADED):
        assert show(name, "ActiveState") == {"stopped": "inactive", "plain": "active"}.get(state, state)
        assert reloads(state) == reloaded
    (entry,) = mark.decisions()
    assert entry["RESTARTER_VERB"] == verb and entry["MESSAGE"].startswith(message)
    # What would open it is told to root and the journal, and not to whoever comes by the page.
    more = " StartStopped=yes at /" if way is by_http and expected == STOPPED and verb != "reload" else ""
    assert entry["MESSAGE"][len(message) :].startswith(more) and bool(more) == (entry["MESSAGE"] != message)
    assert f"{verb} " in mark.text("--catalog") and "@RESTARTER" not in mark.text("--catalog")


@pytest.mark.once
@pytest.mark.parametrize("verb, state", CASES)
def test_explain_says_what_the_broker_says(verb, state):
    """Which lock it is, and in the broker's very words; in both ways to name the verb."""
    name, expected = in_state(state), TABLE[verb][state]
    stop_daemons()  # a new broker has not been asked yet about one that does not run, of which it looks at four a moment
    told = locks(name, verb)
    assert told == locks(name, f"--verb={verb}")
    assert told["verb"] == verb and told["permitted"] is isinstance(expected, tuple), told
    if not told["permitted"]:
        assert told["stopped_by"] == 3
        assert told["locks"][2]["message"] == rpc.fault_of(method(verb), name).faultString


def test_a_reload_that_kills():
    """Done is not well: it died of the signal, and was watched long enough to see it."""
    systemctl("restart", "frail@x.service")
    answer = method("reload")("frail@x.service")
    assert answer["success"] is False and answer["verdict"] in ("failed", "ended") and answer["done"] == "reload"
    assert "frail@x.service was reloaded in " in answer["message"] and ", but " in answer["message"]


def test_a_reload_that_fails():
    systemctl("restart", "stuck@x.service")
    done = run("restartctl", "reload", "stuck@x.service", check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("stuck@x.service was not reloaded: its job ended with 'failed'. It is active (running)")
    assert show("stuck@x.service", "ActiveState") == "active"


def test_another_verb_meanwhile():
    """The job is not shared: what runs is told, and nothing was done."""
    systemctl("restart", "slow@x.service")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        first = pool.submit(method("reload"), "slow@x.service")
        wait_for(lambda: show("slow@x.service", "ActiveState") == "reloading", "it reloads")
        fault = rpc.fault_of(method("restart"), "slow@x.service")
        assert fault.faultCode == 9 and "slow@x.service is just being reloaded" in fault.faultString
        same = method("reload")("slow@x.service")
        assert first.result()["done"] == same["done"] == "reload" and same["callers"] == 2


def test_a_press_is_of_a_verb():
    systemctl("restart", "verbs@running.service")
    before = reloads("running")
    for repeated in (False, True):
        answer = method("reload")("verbs@running.service", {"press": "one-press-of-a-verb"})
        assert answer["repeated"] is repeated and answer["done"] == "reload"
    fault = rpc.fault_of(method("restart"), "verbs@running.service", {"press": "one-press-of-a-verb"})
    assert fault.faultCode == 18 and "another verb" in fault.faultString
    assert reloads("running") == before + 1


def test_status_counts_them():
    stop_daemons()
    method("reload")(in_state("running"))
    wait_for(lambda: " 0 restarts, 1 reload, 0 refused" in show(BROKER, "StatusText"), "it says so", 10)


@pytest.mark.once
@pytest.mark.parametrize("verb", ["start", "stop", "reset-failed", "", "Reload", "try_restart"])
def test_no_such_verb_over_http(verb):
    """In a clear sentence, before the broker is asked."""
    answer = web.click("verbs@running.service", body=f"{web.form('verbs@running.service')}&verb={verb}")
    assert answer.status == 400 and answer.json["refusal"] == "http"
    assert answer.json["message"] == (
        "Nothing was done: the verb is one of restart, try-restart, reload and reload-or-restart."
    )


def test_restart_is_what_is_meant_without_a_verb():
    answer = web.click(in_state("running"))
    assert answer.json["verb"] == answer.json["done"] == "restart"


def listed(*names):
    """As the broker and the page tell it: the web front keeps what it was told for a moment, and what the journal has of
    a unit comes to the list when it comes."""

    def told():
        instances = rpc.over_unix().restarter.list()["instances"]
        shown = web.get("/api/instances").json["instances"]
        return shown == [{**item, "machine": ""} for item in instances] and {item["unit"]: item for item in instances}

    instances = wait_for(told, "the page's list is the broker's")
    return [(instances[name]["verbs"], instances[name]["can_reload"]) for name in names]


@pytest.mark.core
def test_list_tells_what_can_be_pressed():
    """By the grants, and by the unit; and it hears of a unit that can something else now."""
    in_state("plain")
    in_state("failed")
    in_state("running")
    units = ("verbs@running.service", "verbs@failed.service", "plain@x.service", "example@1234.service")
    assert listed(*units) == [(ALL, True), (ALL, False), (ALL, False), ("restart", False)]
    page = web.get("/", accept=web.HTML).text
    assert page.count('form="reloads"') == page.count("<span>Reload</span>")
    assert buttons(page, "verbs@running.service") == ["Restart", "Reload"] and buttons(page, "plain@x.service") == ["Restart"]
    assert 'form="reloads" name="service_id" value="verbs@running.service"' in page
    assert 'form="reloads" name="service_id" value="plain@x.service"' not in page
    with dropins({"plain@.service": "[Service]\nExecReload=/bin/true\n"}):
        assert listed("plain@x.service") == [(ALL, True)]
    assert listed("plain@x.service") == [(ALL, False)]


def buttons(page, name):
    """What they say, those that say it for that unit."""
    return re.findall(rf'<button [^>]*\bvalue="{re.escape(name)}"[^>]*><span>(\w+)</span>', page)


def test_a_unit_that_may_only_be_reloaded():
    """It is listed, and its one button is the one that works."""
    with kept():
        pathlib.Path("/etc/restarter/policy.conf.d/applied.conf").unlink()
        POLICY.write_text(grant("verbs@.service", "reload"))
        policy("apply", check=0)
        name = in_state("running")
        assert listed(name) == [("reload", True)]
        assert buttons(web.get("/", accept=web.HTML).text, name) == ["Reload"]
        assert json.loads(run("restartctl", "--json", "status", name).stdout)["unit"] == name
        assert by_http("reload", name)[1] == RELOADED


def test_a_page_without_its_script():
    """One press of the page is another for each of its buttons, also for the two of one unit."""
    name = in_state("running")
    press = re.search(r'name="press" value="([^"]+)"', web.get("/", accept=web.HTML).text).group(1)
    for verb, done in (("reload", "reload"), ("restart", "restart")):
        for repeated in (False, True):
            answer = web.click(name, body=f"{web.form(name)}&verb={verb}&press={press}").json
            assert answer["done"] == done and answer["repeated"] is repeated
    html = web.click(name, accept=web.HTML, body=f"{web.form(name)}&verb=reload").text
    assert '<p class="verdict">Reloaded in ' in html and "<title>Reload" in html


@pytest.mark.parametrize(
    "only", [pytest.param(v, marks=pytest.mark.core if v in ("restart", "reload") else pytest.mark.once) for v in VERBS]
)
def test_a_grant_opens_just_what_it_names(only):
    """By the broker, by the bus and by polkit alike: with restart not granted, RestartUnit does not pass either."""
    name = in_state("running")
    with kept():
        pathlib.Path("/etc/restarter/policy.conf.d/applied.conf").unlink()
        POLICY.write_text(grant("verbs@.service", only))
        policy("apply", check=0)
        for verb in VERBS:
            before = (invocation(name), reloads("running"))
            if verb != only:
                assert by_rpc(verb, name)[1] == NO_GRANT
                done = busctl_as_broker(MEMBERS[verb], "ss", name, "replace")
                assert done.returncode != 0, verb
                assert ("ccess denied" in done.stderr or "nteractive" in done.stderr), done.stderr
                assert (invocation(name), reloads("running")) == before
            else:
                assert by_rpc(verb, name)[1] in (RESTARTED, RELOADED)
        # Every verb once, and on one release; of the other ones all but the button was asked of the bus just now.
        assert policy("check", *([] if only == "try-restart" else [f"--verb={only}"])).returncode == 0


@pytest.mark.once
def test_a_retired_verb_is_no_mistake():
    """Files that have it were sound once. The button goes on, and the check says what to do."""
    with kept():
        pathlib.Path("/etc/restarter/policy.conf.d/applied.conf").unlink()
        POLICY.write_text(grant("verbs@.service", "restart reset-failed"))
        policy("apply", check=0)
        assert by_rpc("restart", in_state("running"))[1] == RESTARTED
        assert busctl_as_broker("ResetFailedUnit", "s", "verbs@running.service").returncode != 0
        done = policy("check", "--verb=restart")
        assert f"{POLICY}:4: note: " in done.stdout and "reset-failed" in done.stdout and done.returncode == 0


@pytest.mark.core
def test_nobody_may_read_everything():
    """GetAll, which the broker does not send; Get, which it does."""
    for member, arguments, passes in (
        ("GetAll", ("s", "org.freedesktop.systemd1.Manager"), False),
        ("Get", ("ss", "org.freedesktop.systemd1.Manager", "Version"), True),
    ):
        done = broker_does(
            "busctl", "call", bus.SYSTEMD, bus.SYSTEMD_PATH, "org.freedesktop.DBus.Properties", member, *arguments
        )
        assert (done.returncode == 0) is passes, done.stderr
