"""HAProxy in front of two whole machines, with the configurations of docs/examples, installed as their heads say: by name and by
path, and what is told when one of them goes while both are busy."""
import json
import pathlib
import ssl
import threading
import xmlrpc.client

import pytest

from helpers import far_ends, front, rpc, web
from helpers.far_ends import ETC, KEYS
from helpers.system import forget_failed, systemctl, wait_for

OUT = pathlib.Path("/var/tmp/out")
BUTTON, SPREAD = "button.example.org", "spread.example.org"
NAMES = ("web1", "web2")
THREADS = 4
# What was started is written where a machine that loses its power still has it.
LOAD = """[Unit]
StartLimitIntervalSec=0
[Service]
ExecStartPre=sh -c 'echo started >>/var/tmp/load-%i'
ExecStart=sleep infinity
"""
GRANT = "[Grant]\nUnit=load@.service\nInstances=[a-z0-9]+\nVerbs=restart\n"


def put(machine, file, to):
    machine.put(to, (KEYS / file).read_text(), "600")


def install_machine(machine):
    name = f"{machine.name}.example.org"
    machine.put("/etc/systemd/system/load@.service", LOAD)
    machine.put("/etc/restarter/policy.conf.d/load.conf", GRANT)
    machine.systemctl("daemon-reload")
    machine.run("restartctl", "policy", "apply")
    put(machine, "machines-ca.pem", "/etc/haproxy/machines-ca.pem")
    put(machine, f"{machine.name}.pem", f"/etc/haproxy/{name}.pem")
    for line in front.commands("haproxy-spread-machine.cfg"):
        machine.run("bash", "-c", line)
        # The one thing that differs.
        machine.run("sed", "-i", f"s/web1.example.org/{name}/", "/etc/restarter/webfront.conf", "/etc/haproxy/haproxy.cfg", check=False)
    machine.systemctl("restart", "haproxy.service")
    machine.systemctl("enable", "haproxy.service")
    start(machine)


def start(machine):
    machine.systemctl("start", *[f"load@{n}.service" for n in (machine.name, *range(THREADS))])


def make_certificates():
    KEYS.mkdir(parents=True, exist_ok=True)
    for name in ("machines-ca", "people"):
        far_ends.make_authority(name)
    far_ends.make("spread", SPREAD)
    far_ends.make("button", BUTTON, *[f"{n}.example.org" for n in NAMES])
    for name in NAMES:
        far_ends.make(name, f"{name}.example.org")
    far_ends.make("anna", "anna", authority="people")


@pytest.fixture(scope="module")
def installed(machines_there):
    both = [machines_there[name] for name in NAMES]
    hosts, config = front.HOSTS.read_text(), (ETC / "haproxy.cfg").read_text()
    front.HOSTS.write_text(hosts + "".join(f"{m.address} {m.name}.example.org\n" for m in both))
    make_certificates()
    for file, to in (("machines-ca", "machines-ca"), ("people", "people"), ("spread", SPREAD), ("button", BUTTON)):
        (ETC / f"{to}.pem").write_text((KEYS / f"{file}.pem").read_text())
    try:
        for machine in both:
            install_machine(machine)
        front.run_all(front.commands("haproxy-spread.cfg"))
        yield machines_there
        for machine in both:
            machine.run("rm", "/etc/restarter/policy.conf.d/load.conf")
            machine.run("restartctl", "policy", "apply")
            machine.systemctl("disable", "--quiet", "--now", "haproxy.service")
    finally:
        systemctl("stop", "haproxy.service")
        forget_failed("haproxy.service")
        front.HOSTS.write_text(hosts)
        (ETC / "haproxy.cfg").write_text(config)


@pytest.fixture
def spread(installed, machines):
    """All of it is there, whatever the last test did."""
    wait_for(lambda: {ask("GET", f"/{name}/api/instances").status for name in NAMES} == {200}, "both are there", 60)
    return installed


def ask(method, path, body=None, headers=None, host=BUTTON, address="127.0.0.1", port=443, person="anna"):
    """One request, as a browser or a script with anna's certificate would make it."""
    context = ssl.create_default_context(cafile=str(KEYS / "machines-ca.pem"))
    context.check_hostname = False
    context.load_cert_chain(KEYS / f"{person}.pem")
    connection = rpc.http.client.HTTPSConnection(address, port, timeout=150, context=context)
    try:
        return web.converse(connection, method, path, body, {"Host": host, "Accept": web.JSON, **(headers or {})})
    finally:
        connection.close()


def press(path, unit, host=BUTTON):
    headers = {"Origin": f"https://{host}", "Sec-Fetch-Site": "same-origin", "Content-Type": web.FORM}
    return ask("POST", path, web.form(unit), headers, host)


def own(answer):
    """The units that only one of the machines has."""
    assert answer.status == 200, answer
    return {row["unit"] for row in answer.json["instances"]} & {f"load@{name}.service" for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_by_name_and_by_path(spread, name):
    at_name = {"host": f"{name}.example.org"}
    assert own(ask("GET", "/api/instances", **at_name)) == {f"load@{name}.service"}
    assert own(ask("GET", f"/{name}/api/instances")) == {f"load@{name}.service"}
    page = ask("GET", "/", headers={"Accept": web.HTML}, **at_name)
    assert page.status == 200 and f"load@{name}" in page.text and "anna" in page.text
    assert ask("GET", "/style.css", **at_name).status == 200
    to_page = ask("GET", f"/{name}/")
    assert (to_page.status, to_page.headers["Location"]) == (302, f"https://{name}.example.org/")


@pytest.mark.parametrize("name", NAMES)
def test_a_press_is_one_of_that_machine(spread, name):
    unit = f"load@{name}.service"
    for path, host in (("/restart", f"{name}.example.org"), (f"/{name}/restart", BUTTON)):
        before = spread[name].show(unit, "InvocationID")
        answer = press(path, unit, host)
        assert answer.status == 200 and answer.json["success"] is True, answer
        assert spread[name].show(unit, "InvocationID") != before
    call = xmlrpc.client.dumps((unit,), "restarter.restart")
    for path, host in (("/RPC2", f"{name}.example.org"), (f"/{name}/RPC2", BUTTON)):
        answer = ask("POST", path, call, {"Content-Type": "text/xml"}, host)
        assert rpc.value_of(answer)["success"] is True
    (entry,) = spread[name].journal(f"RESTARTER_UNIT={unit}", "--lines=1", "--output=json").splitlines()
    assert json.loads(entry)["RESTARTER_USER"] == "anna" and json.loads(entry)["RESTARTER_PEER"].endswith("for 127.0.0.1")


NOWHERE = (
    ("/", BUTTON), ("/RPC2", BUTTON), ("/web3/RPC2", BUTTON), ("//web1/RPC2", BUTTON), ("/%77eb1/RPC2", BUTTON),
    ("/web1.example.org/RPC2", BUTTON), ("/RPC2", "web3.example.org"), ("/RPC2", "web1.example.org.evil.example"),
    ("/RPC2", "evil-web1.example.org"), ("/web1/RPC2", "evil.example"), ("/RPC2", ""),
)  # fmt: skip


@pytest.mark.parametrize("path, host", NOWHERE)
def test_nowhere(spread, path, host):
    assert ask("POST", path, "", {"Content-Type": "text/xml"}, host).status in (400, 404)


@pytest.mark.parametrize("path", ("/web1/../web2/api/instances", "/web1//web2/api/instances", "/web1/web2/api/instances"))
def test_no_way_from_one_to_the_other(spread, path):
    assert ask("GET", path).status in (400, 404)


FORGED = (
    {"Remote-User": "root"}, {"remote_user": "root"}, {"Remote-Groups": "staff"}, {"Remote_Groups": "staff"},
    {"REMOTE-USER": "root", "Remote_User": "root"}, {"Restarter-User": "root"},
)  # fmt: skip


@pytest.mark.parametrize("headers", FORGED, ids=[" ".join(h) for h in FORGED])
def test_nothing_forged_passes(spread, headers):
    page = ask("GET", "/", headers={"Accept": web.HTML, **headers}, host="web1.example.org")
    assert page.status == 200 and "anna" in page.text and "root" not in page.text


@pytest.mark.parametrize("certificate", ("anna", "web2"))
def test_nobody_else_is_believed_by_a_machine(spread, certificate):
    """It is the certificate for spread.example.org that is, and no other that the same authority signed."""
    try:
        answer = ask("GET", "/", {}, {"Remote-User": "root"}, address=spread["web1"].address, port=8444, person=certificate)
    except OSError:
        return
    assert certificate == "web2" and answer.status == 403


def test_a_page_that_is_ill_is_not_asked(spread):
    web1 = spread["web1"]
    web1.systemctl("stop", "restarter-webfront-proxy.socket", "restarter-webfront-proxy.service")
    try:
        # First its own HAProxy says so, and then this one, which does not ask it any more.
        here = "This machine cannot be reached: nothing was done there."
        wait_for(lambda: press("/web1/restart", "load@web1.service").text == here, "HAProxy has seen it", 60)
        refused = press("/web1/restart", "load@web1.service")
        assert refused.status == 503 and refused.retry_after > 0
        assert press("/web2/restart", "load@web2.service").json["success"] is True
    finally:
        web1.systemctl("start", "restarter-webfront-proxy.socket")


class Presser(threading.Thread):
    """Presses one button of one machine again and again, and keeps what it was told."""

    def __init__(self, machine, number):
        super().__init__(daemon=True)
        self.machine, self.unit = machine, f"load@{number}.service"
        self.told = {"success": 0, "nothing done": 0, "unknown": 0}
        self.over = threading.Event()
        self.wrong = None
        self.before = self._starts()
        self.start()

    def run(self):
        while not self.over.is_set():
            word = self._press()
            self.told[word] += 1
            if word == "nothing done":
                self.over.wait(0.05)

    def _press(self):
        try:
            answer = press(f"/{self.machine.name}/restart", self.unit)
        except (OSError, rpc.http.client.HTTPException):
            return "unknown"
        if answer.status == 503:
            return "nothing done"
        if answer.status in (502, 504):
            return "unknown"
        if answer.status != 200 or answer.json["success"] is not True:
            self.wrong = answer
        return "success"

    def done(self):
        """How often it was restarted meanwhile, as the unit itself has it."""
        return self._starts() - self.before

    def _starts(self):
        return self.machine.run("cat", f"/var/tmp/load-{self.unit[5:-8]}").stdout.count("\n")


def pressed(pressers, word, more, than):
    """Each of them was told it that much oftener."""
    return all(p.told[word] >= than[p] + more for p in pressers)


def test_one_dies_while_both_are_busy(spread):
    web1, web2 = (spread[name] for name in NAMES)
    dying, living = ([Presser(m, n) for n in range(THREADS)] for m in (web1, web2))
    everybody = dying + living
    try:
        nothing = dict.fromkeys(everybody, 0)
        wait_for(lambda: pressed(everybody, "success", 5, nothing), "all are busy", 120)
        web1.kill()
        now = {p: p.told["success"] for p in living}
        wait_for(lambda: pressed(dying, "nothing done", 3, nothing), "HAProxy has seen it", 120)
        wait_for(lambda: pressed(living, "success", 5, now), "the other one goes on", 120)
    finally:
        for presser in everybody:
            presser.over.set()
        for presser in everybody:
            presser.join(200)
    report(dying, living)
    assert [p.wrong for p in everybody] == [None] * len(everybody)
    web1.up()
    for presser in living:
        assert presser.told["unknown"] == presser.told["nothing done"] == 0
    for presser in everybody:
        told = presser.told
        assert told["success"] <= presser.done() <= told["success"] + told["unknown"]
    start(web1)


def report(dying, living):
    lines = []
    for name, pressers in (("the one that died", dying), ("the other one", living)):
        sums = {word: sum(p.told[word] for p in pressers) for word in pressers[0].told}
        lines.append(f"{name}: " + ", ".join(f"{n} {word}" for word, n in sums.items()))
    print("\n".join(lines))
    if OUT.is_dir():
        (OUT / "spread.txt").write_text("\n".join(lines) + "\n")
