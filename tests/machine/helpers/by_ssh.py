"""The way by ssh from this machine to others: an account there, its key here, and restarter-far's socket."""
import contextlib
import http.client
import pathlib
import xmlrpc.client

from . import rpc, system

ACCOUNT = "restarter-page"
CONF = pathlib.Path("/etc/restarter/machines.conf")
KEYS = pathlib.Path("/etc/restarter/far")
GREETING = "restarter-bridge 1"


def socket_of(name):
    return f"/run/restarter/far/{name}.sock"


def socket_unit(name):
    return f"restarter-far@{name}.socket"


def service(name):
    return f"restarter-far@{name}.service"


def own_key(name):
    """A key of this machine's for that one; returns its public half."""
    key = KEYS / f"{name}.key"
    if not key.exists():
        system.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    return key.with_suffix(".key.pub").read_text()


def pin(name, machine):
    """The host key that the machine has, as its admin would tell it."""
    key = machine.run("cat", "/etc/ssh/ssh_host_ed25519_key.pub").stdout.split()
    (KEYS / f"{name}.known_hosts").write_text(f"{machine.name} {key[0]} {key[1]}\n")


def account(machine, public, command="/usr/bin/restartctl bridge"):
    """Whoever has the key is let in there, and runs that and nothing else."""
    machine.run("sh", "-c", f"id {ACCOUNT} >/dev/null 2>&1 || useradd --system --create-home --shell /bin/sh {ACCOUNT}")
    machine.run("gpasswd", "--add", ACCOUNT, "restarter-clients")
    line = machine.run("restartctl", "bridge", "--authorized-key", input=public).stdout
    assert 'command="/usr/bin/restartctl bridge"' in line, line
    home = f"/home/{ACCOUNT}/.ssh"
    machine.run("install", "-d", "-m", "700", "-o", ACCOUNT, home)
    machine.put(f"{home}/authorized_keys", line.replace("/usr/bin/restartctl bridge", command), "644")


def name_machines(machines):
    """{name: Host=} to machines.conf."""
    CONF.write_text("".join(f"[Machine {name}]\nVia=ssh\nHost={host}\n" for name, host in machines.items()))


@contextlib.contextmanager
def reached(*machines):
    """restarter-far to each of them, at a socket that is open."""
    name_machines({machine.name: f"{ACCOUNT}@{machine.name}" for machine in machines})
    for machine in machines:
        account(machine, own_key(machine.name))
        pin(machine.name, machine)
    system.systemctl("enable", "--now", "--quiet", *[socket_unit(m.name) for m in machines])
    try:
        yield
    finally:
        forget(*[machine.name for machine in machines])


def forget(*names):
    for name in names:
        system.systemctl("disable", "--now", "--quiet", socket_unit(name), check=False)
        system.systemctl("stop", service(name), check=False)
        system.systemctl("reset-failed", service(name), socket_unit(name), check=False)
    CONF.unlink(missing_ok=True)
    for file in KEYS.iterdir():
        file.unlink()


def anew(name):
    """What it is told from outside is read when it starts."""
    system.systemctl("stop", service(name))


def call(name, method, *arguments):
    """One call over a connection of its own; an answer as helpers.web has them."""
    return rpc.post(socket_of(name), rpc.call(method, *arguments))


def value(name, method, *arguments):
    return rpc.value_of(call(name, method, *arguments))


class Kept:
    """A connection on which one call comes after the other."""

    def __init__(self, name):
        self.connection = rpc.UnixConnection(socket_of(name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def value(self, method, *arguments):
        self.connection.request("POST", "/RPC2", rpc.call(method, *arguments), {"Content-Type": "text/xml"})
        answer = self.connection.getresponse()
        assert answer.status == 200, answer
        (value,), _ = xmlrpc.client.loads(answer.read())
        return value


def turned_away(name, method="restarter.list", *arguments):
    """The sentence of one whose call did not leave this machine."""
    answer = call(name, method, *arguments)
    assert answer.status == 503, answer
    return answer.body.decode()


def ended_early(function, *arguments):
    """True when the connection ended before there was an answer: nobody knows what became of the call."""
    try:
        answer = function(*arguments)
    except (http.client.HTTPException, ConnectionError):
        return True
    raise AssertionError(f"an answer came: {answer}")


def logins(machine):
    """How often ssh was let in there, since it booted."""
    return machine.journal("--boot", "-t", "sshd", "-t", "sshd-session", "--grep", "Accepted publickey").count("Accepted")


