"""Debian's own nginx and HAProxy in front of the page, each with a configuration of docs/examples, installed as its head says."""
import contextlib
import pathlib
import re
import ssl
import subprocess
import xmlrpc.client

from . import web
from .system import forget_failed, run, stop_daemons, systemctl, wait_for
from .web_settings import forget_last_good

NAME = "button.example.org"
EXAMPLES = pathlib.Path("/usr/share/doc/restarter/examples")
KEYS = pathlib.Path("/run/restarter-tests/keys")
HOSTS = pathlib.Path("/etc/hosts")
PROXYS = ("restarter-webfront-proxy.socket", "restarter-webfront-proxy.service")
CERTIFICATE = pathlib.Path(f"/etc/ssl/certs/{NAME}.pem")

# What an example's commands change, and what its certificates are.
CHANGED = [
    pathlib.Path(name)
    for name in (
        "/etc/restarter/webfront.conf",
        "/etc/nginx/conf.d/restarter.conf",
        "/etc/haproxy/haproxy.cfg",
        f"/etc/haproxy/{NAME}.pem",
        "/etc/haproxy/people.pem",
        "/etc/ssl/certs/people.pem",
        f"/etc/ssl/private/{NAME}.key",
        str(CERTIFICATE),
        str(HOSTS),
        "/etc/group",
        "/etc/gshadow",
    )
]


def openssl(*arguments):
    run("openssl", *arguments, cwd=KEYS)


def _new_key(name, subject, *options):
    openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
        "-out", f"{name}.csr", "-utf8", "-subj", subject, *options,
    )  # fmt: skip


def make_own():
    """A certificate of its own for the page, and one that signs people's; where the examples look for them."""
    KEYS.mkdir(parents=True, exist_ok=True)
    for name, subject, more in ((NAME, f"/CN={NAME}", ("-addext", f"subjectAltName=DNS:{NAME}")), ("people", "/CN=People", ())):
        openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", subject, *more,
        )  # fmt: skip
    both = (KEYS / f"{NAME}.pem").read_bytes() + (KEYS / f"{NAME}.key").read_bytes()
    for path, data in (
        (CERTIFICATE, (KEYS / f"{NAME}.pem").read_bytes()),
        (f"/etc/ssl/private/{NAME}.key", (KEYS / f"{NAME}.key").read_bytes()),
        ("/etc/ssl/certs/people.pem", (KEYS / "people.pem").read_bytes()),
        ("/etc/haproxy/people.pem", (KEYS / "people.pem").read_bytes()),
        (f"/etc/haproxy/{NAME}.pem", both),
    ):
        pathlib.Path(path).write_bytes(data)


def make_person(name, subject=None):
    """A client certificate, signed; the name of its files."""
    _new_key(name, subject or f"/O=Team/CN={name}")
    openssl(
        "x509", "-req", "-in", f"{name}.csr", "-CA", "people.pem", "-CAkey", "people.key", "-CAcreateserial", "-days", "2",
        "-out", f"{name}.pem",
    )  # fmt: skip
    return name


def commands(example):
    """Those in its head, which begin after three blanks."""
    return re.findall(r"^#   (.*)$", (EXAMPLES / example).read_text(), re.M)


def run_all(lines):
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}"


@contextlib.contextmanager
def restored(server):
    """The name leads here, and whatever is installed is taken away again."""
    before = {path: path.read_bytes() if path.exists() else None for path in CHANGED}
    HOSTS.write_text(f"{HOSTS.read_text()}127.0.0.1 {NAME}\n")
    try:
        yield
    finally:
        systemctl("stop", server, *PROXYS)
        systemctl("disable", "--quiet", PROXYS[0])
        for path, data in before.items():
            path.unlink(missing_ok=True) if data is None else path.write_bytes(data)
        stop_daemons()
        forget_last_good()
        forget_failed(server)


@contextlib.contextmanager
def installed(example):
    """As its head says."""
    with restored("haproxy.service" if example.startswith("haproxy") else "nginx.service"):
        make_own()
        assert len(commands(example)) > 3
        run_all(commands(example))
        wait_for(lambda: ":443" in run("ss", "-Hltn").stdout, "it listens")
        yield


def curl(path, *options, person=None, port=443):
    """As a browser that knows the certificate would ask; from another address of this machine than the proxy's own."""
    if person:
        options = ("--cert", KEYS / f"{person}.pem", "--key", KEYS / f"{person}.key", *options)
    done = run(
        "curl", "--silent", "--show-error", "--max-time", "60", "--cacert", CERTIFICATE, "--interface", "127.0.0.5",
        "--write-out", "\n%{http_code}", *options, f"https://{NAME}:{port}{path}" if port != 443 else f"https://{NAME}{path}",
        check=False,
    )  # fmt: skip
    body, _, status = done.stdout.rpartition("\n")
    return web.Answer(int(status or 0), {}, body.encode())


def click(unit, *options, origin=f"https://{NAME}", **more):
    """The button of the page, pressed in a browser."""
    return curl(
        "/restart", "--header", f"Origin: {origin}", "--header", "Sec-Fetch-Site: same-origin", "--header",
        f"Accept: {web.JSON}", "--data", web.form(unit), *options, **more,
    )  # fmt: skip


def listed(*options, **more):
    """The units that whoever asks may press."""
    answer = curl("/api/instances", *options, **more)
    assert answer.status == 200, answer
    return {row["unit"] for row in answer.json["instances"] if "restart" in row["verbs"]}


def rpc(person=None, user_info=""):
    """Python's own client, over https."""
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    if person:
        context.load_cert_chain(KEYS / f"{person}.pem", KEYS / f"{person}.key")
    return xmlrpc.client.ServerProxy(f"https://{user_info}{NAME}/RPC2", context=context)
