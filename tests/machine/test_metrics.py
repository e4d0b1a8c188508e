"""/metrics: what is counted, that it is counted on, who may read it, and that it is what Prometheus takes."""
import json
import pathlib
import re

import pytest

from helpers import far, login, rpc, web
from helpers.policy import applied, kept
from helpers.system import (
    BROKER,
    FAILING,
    OTHER,
    WEBFRONT,
    WELL,
    ready,
    run,
    stop_daemons,
    systemctl,
    unit,
)
from helpers.web_settings import web_settings

SOCKET = "restarter-webfront-metrics.socket"
PORT = 9180
SOURCE = pathlib.Path(__file__).parents[2]
EXAMPLES = pathlib.Path("/usr/share/doc/restarter/examples")
LINE = re.compile(r'(?P<name>[a-z_]+)(?:\{(?P<labels>(?:[a-z]+="[^"\\\n]*",?)*)\})? (?P<value>[0-9.]+)')


def scrape(text=None):
    """{(name, labels): value}; every line is one, or a comment."""
    text = web.get("/metrics").text if text is None else text
    found = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            match = LINE.fullmatch(line)
            assert match, line
            key = (match["name"], frozenset(re.findall(r'([a-z]+)="([^"]*)"', match["labels"] or "")))
            assert key not in found, line
            found[key] = float(match["value"])
    return found


def value(found, name, **labels):
    return sum(v for (n, l), v in found.items() if n == f"restarter_{name}" and set(labels.items()) <= l)


def test_restarts_are_counted_once():
    ready(WELL)
    before = scrape()
    assert web.click(WELL).json["success"]
    web.click(FAILING)
    after = scrape()

    def more(name, **labels):
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("restarts_total") == 2 and more("restarts_total", template="example@.service", verb="restart") == 2
    assert more("restarts_total", result="up") >= 1
    assert more("restart_duration_seconds_count") == 2 == more("restart_duration_seconds_bucket", le="+Inf")
    assert 0 < more("restart_duration_seconds_sum") < 60
    assert not [labels for _, labels in after if any(WELL in word for _, word in labels)], "no instance has a name here"


def test_who_shares_a_job_is_not_counted_again():
    (instance,) = ready(WELL)
    instance.slow(1)
    before = scrape()
    assert all(answer.status == 200 for answer in web.at_once([lambda: web.click(WELL)] * 4))
    instance.quick()
    assert value(scrape(), "restarts_total") - value(before, "restarts_total") == len(instance.starts())


def test_refusals_by_lock():
    before = scrape()
    web.click("ssh.service")
    web.click("a/b")
    web.request("POST", "/restart", "service_id=1", {"Content-Type": web.FORM, "Origin": "http://evil.example"})
    run("runuser", "-u", "nobody", "--", "curl", "-s", "--unix-socket", rpc.CLIENTS, "http://a/RPC2", check=False)
    after = scrape()
    for labels in (
        {"by": "broker", "lock": "policy file", "refusal": "no-grant"},
        {"by": "webfront", "lock": "name grammar", "refusal": "name"},
        {"by": "webfront", "lock": "web front", "refusal": "cross-site"},
    ):
        assert value(after, "refusals_total", **labels) == value(before, "refusals_total", **labels) + 1, labels


def test_no_stranger_makes_a_series():
    web.get("/metrics")
    before = set(scrape())
    for i in range(50):
        web.click(f"stranger-{i}.service")
        web.click(f"example@stranger{i}.service")
        web.get(f"/stranger{i}?stranger={i}", accept=f"stranger/{i}")
    new = {(name, labels) for name, labels in set(scrape()) - before if name != "restarter_refusals_total"}
    assert not new


def test_counted_on_by_the_next_broker():
    ready(WELL)
    assert web.click(WELL).json["success"]
    before = scrape()
    stop_daemons()
    after = scrape()
    for name in ("restarts_total", "restart_duration_seconds_count"):
        assert value(after, name) == value(before, name) > 0
    assert value(after, "refusals_total", by="broker") >= value(before, "refusals_total", by="broker")


@pytest.mark.once
def test_without_a_broker():
    systemctl("stop", "restarter-broker-web.socket", BROKER)
    answer = web.get("/metrics")
    assert answer.status == 200 and value(scrape(answer.text), "broker_up") == 0


@pytest.mark.once
def test_by_rpc_for_root_alone():
    told = rpc.over_unix().restarter.metrics()
    assert {"counters", "refusals", "results", "bounds", "policy_ok", "policy_in_force", "jobs"} == set(told)
    assert rpc.over_tcp().restarter.metrics()["results"] == told["results"], "and whoever reaches the page, as it has no login"


def test_as_prometheus_wants_it():
    text = web.get("/metrics").text
    done = run("promtool", "check", "metrics", input=text, stdin=None)
    assert done.stdout + done.stderr == ""
    done = run("promtool", "check", "rules", EXAMPLES / "prometheus-alerts.yml")
    assert "SUCCESS" in done.stdout


NAME = re.compile(r"\brestarter_[a-z_]+")


@pytest.mark.once
def test_examples_name_what_there_is():
    with far.named("web1"), far.at("web1"):
        web.click(WELL)
        ready(OTHER)
        assert web.request("POST", f"/machines/web1/api/instances/{unit(OTHER)}/restart", "").status == 200
        text = web.get("/metrics").text
    done = run("promtool", "check", "metrics", input=text, stdin=None)
    assert done.stdout + done.stderr == ""
    assert 'restarter_machine_restarts_total{machine="web1",outcome="up"} 1' in text.splitlines()
    assert 'restarter_machine_silent_seconds{machine="web1"} 0' in text.splitlines()
    assert not re.search(r'^(?!restarter_machine_).*machine=', text, re.M), "the series of this machine are as they were"
    there = set(NAME.findall(text))
    told = set(re.findall(r"^# TYPE (\S+)", text, re.M))
    for file in ("prometheus-alerts.yml", "grafana-dashboard.json"):
        named = set(NAME.findall((EXAMPLES / file).read_text()))
        assert named and named <= there, (file, named - there)
    board = json.loads((EXAMPLES / "grafana-dashboard.json").read_text())
    shown = {re.sub("_(bucket|sum|count)$", "", n) for n in NAME.findall(json.dumps(board["panels"]))}
    assert shown == told, "and the dashboard shows all of it"
    manual = (SOURCE / "docs/restarter-webfront.8.scd").read_text()
    assert not told - set(NAME.findall(manual)), "and so does the manual"


@pytest.fixture
def own_socket():
    systemctl("stop", WEBFRONT)
    systemctl("start", SOCKET)
    yield
    systemctl("stop", SOCKET, WEBFRONT)


def at_own(path, *options):
    done = run("curl", "-s", "-w", "%{http_code}", *options, f"http://127.0.0.1:{PORT}{path}", check=False)
    return int(done.stdout[-3:]), done.stdout[:-3]


@pytest.mark.once
def test_a_socket_of_its_own(own_socket):
    status, text = at_own("/metrics")
    assert status == 200 and value(scrape(text), "broker_up") == 1
    for path in ("/", "/api/instances", "/login", "/healthz", "/style.css", "/metrics/"):
        assert at_own(path)[0] == 404, path
    assert at_own("/restart", "-d", f"service_id={WELL}")[0] == 404
    assert at_own("/metrics", "-H", "Host: evil.example")[0] == 421
    assert web.get("/").status == 200, "and the page is where it was, served by the same process"
    web.get("/nothing")
    assert value(scrape(at_own("/metrics")[1]), "http_requests_total", code="4xx") >= 1


@pytest.fixture
def people():
    login.as_it_should_be()
    with kept(), applied("[Policy]\nAdmins=anna\n", check=None), web_settings("[Web]\nLogin=password\n"):
        yield
    login.leave_nothing()


@pytest.mark.once
def test_where_people_log_in(people):
    """At the page, whom Admins= names; at the socket of its own whoever reaches it."""

    def by(user):
        done = run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-u", user, f"http://{web.HOST}:{web.PORT}/metrics")
        return int(done.stdout)

    assert web.get("/metrics").status == 401
    assert by("anna:secret") == 200 and by("bert:geheim") == 403 and by("anna:wrong") == 401
    found = scrape(run("curl", "-s", "-u", "anna:secret", f"http://{web.HOST}:{web.PORT}/metrics").stdout)
    assert value(found, "logins_total", outcome="wrong") == 1 and value(found, "logins_total", outcome="passed") >= 2
    systemctl("stop", WEBFRONT)
    systemctl("start", SOCKET)
    try:
        status, text = at_own("/metrics")
        assert status == 200 and value(scrape(text), "broker_up") == 1
        assert web.get("/").status == 401 or web.get("/").status == 303
    finally:
        systemctl("stop", SOCKET, WEBFRONT)
