"""HAProxy to HAProxy over TLS, for machines.conf's Via=socket: this machine's end and the one of another machine, with the
configurations of docs/examples, installed as their heads say; and certificates that are not as they should be."""
import contextlib
import pathlib
import shutil
import ssl

from . import front, rpc
from .machines import HERE as ADDRESS
from .system import forget_failed, run, systemctl, wait_for

HERE, THERE = "page.example.org", "web1.example.org"
SOCKET = "/run/restarter/far/web1.sock"
PORT = 8443
KEYS = pathlib.Path("/run/restarter-tests/far-keys")
ETC = pathlib.Path("/etc/haproxy")
AUTHORITY = ETC / "machines-ca.pem"
UNREACHED = "web1 cannot be reached: nothing was done there."


def openssl(*arguments):
    run("openssl", *arguments, cwd=KEYS)


def make_authority(name="machines-ca"):
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip


def make(file, *names, authority="machines-ca", days=2):
    """A certificate for the names, of which the first is its subject's, with its key behind it; its path."""
    openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key", "-out",
        f"{file}.csr", "-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(f"DNS:{n}" for n in names),
    )  # fmt: skip
    openssl(
        "x509", "-req", "-in", f"{file}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial",
        "-copy_extensions", "copy", "-days", days, "-out", f"{file}.crt",
    )  # fmt: skip
    (KEYS / f"{file}.pem").write_text((KEYS / f"{file}.crt").read_text() + (KEYS / f"{file}.key").read_text())
    return KEYS / f"{file}.pem"


def make_all():
    """One authority and its two ends; and what does not do: each in a file NAME.pem."""
    KEYS.mkdir(parents=True, exist_ok=True)
    make_authority()
    make_authority("others-ca")
    for end, name in (("here", HERE), ("there", THERE)):
        make(end, name)
        make(f"{end}-expired", name, days=0)
        make(f"{end}-of-others", name, authority="others-ca")
        make(f"{end}-misnamed", f"other-{name}")


class Ends:
    """Both of them, and who is at the far one."""

    def __init__(self, machine):
        self.machine = machine

    def put(self, path, to):
        self.machine.put(to, pathlib.Path(path).read_text(), "600")

    def use(self, here="here", there="there"):
        """These certificates, from now on."""
        shutil.copy(KEYS / f"{here}.pem", ETC / f"{HERE}.pem")
        self.put(KEYS / f"{there}.pem", f"/etc/haproxy/{THERE}.pem")
        self.start("restart")

    def start(self, how="start"):
        """As often as a test likes."""
        for there in (systemctl, self.machine.systemctl):
            there("reset-failed", "haproxy.service", check=False)
            there(how, "haproxy.service")

    def up(self):
        """Until the near end knows that the far one is there."""
        wait_for(lambda: self.status() == 200, "calls come through", 60)

    def unreached(self):
        """Until the near end knows that it is not, or not the one that is meant."""
        wait_for(lambda: self.status() == 503, "the near end knows", 60)

    def status(self):
        """HTTP's, of a call that reads; 0 when nobody answered at all."""
        with contextlib.suppress(OSError, rpc.http.client.HTTPException):
            return self.call("system.listMethods").status
        return 0

    def call(self, method, *parameters, headers=None):
        return rpc.post(SOCKET, rpc.call(method, *parameters), headers)

    def over_tls(self, certificate=None, version=ssl.TLSVersion.TLSv1_3):
        """A client of the far end, as anybody on the wire could be; takes any certificate for the far end's."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        if certificate:
            context.load_cert_chain(KEYS / f"{certificate}.pem")
        connection = rpc.http.client.HTTPSConnection(self.machine.address, PORT, timeout=60, context=context)
        return connection


def _install_there(machine):
    """As the head of its configuration says, with an account of its own."""
    machine.run("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--groups", "restarter-clients", "front")
    machine.put("/etc/haproxy/machines-ca.pem", AUTHORITY.read_text())
    machine.put(f"/etc/haproxy/{THERE}.pem", (KEYS / "there.pem").read_text(), "600")
    for line in front.commands("haproxy-far-there.cfg"):
        machine.run("bash", "-c", line)


def _install_here():
    front.run_all(front.commands("haproxy-far-here.cfg"))


@contextlib.contextmanager
def installed(machine):
    """Both ends, until the end."""
    hosts, config = front.HOSTS.read_text(), (ETC / "haproxy.cfg").read_text()
    front.HOSTS.write_text(f"{hosts}{machine.address} {THERE}\n")
    make_all()
    shutil.copy(KEYS / "machines-ca.pem", AUTHORITY)
    shutil.copy(KEYS / "here.pem", ETC / f"{HERE}.pem")
    try:
        _install_there(machine)
        _install_here()
        yield Ends(machine)
    finally:
        systemctl("stop", "haproxy.service")
        forget_failed("haproxy.service")
        front.HOSTS.write_text(hosts)
        (ETC / "haproxy.cfg").write_text(config)
        for name in (AUTHORITY, ETC / f"{HERE}.pem"):
            name.unlink()
        machine.systemctl("stop", "haproxy.service")
        machine.run("userdel", "front")
