"""restarter-machines(7): what it tells people to type on two machines is typed there, from its first line to its last, and what
it shows is compared; restartctl check finds nothing then."""
import pathlib
import re

import pytest

import test_docs
from helpers import far_ends, front
from helpers.check import assert_clean
from helpers.system import forget_failed, run, systemctl, wait_for

PAGE = test_docs.TREE / "docs" / "restarter-machines.7.scd"
PROMPT = re.compile(r"^(here|web1)# ", re.M)


def steps():
    """(where, command, output) of all blocks."""
    for _, text in test_docs.blocks(PAGE):
        for where, command, expected in _of_block(text):
            yield where, command, expected


def _of_block(text):
    """A command may go on: behind a backslash, or as a here-document."""
    places = PROMPT.findall(text)
    for where, (command, expected) in zip(places, test_docs.steps(PROMPT.sub("# ", text)), strict=True):
        while command.endswith("\\") and "<<" not in command:
            command += "\n" + expected.pop(0)
        yield where, command, expected


@pytest.fixture
def far(machines):
    """Root may go there by ssh, as an admin may."""
    web1 = machines["web3"]
    hosts, config = front.HOSTS.read_text(), (far_ends.ETC / "haproxy.cfg").read_text()
    policy = web1.run("cat", "/etc/restarter/policy.conf").stdout
    front.HOSTS.write_text(f"{hosts}{web1.address} {far_ends.THERE}\n")
    ssh = pathlib.Path("/root/.ssh")
    ssh.mkdir(mode=0o700, exist_ok=True)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh / "id_ed25519")
    web1.put("/root/.ssh/authorized_keys", (ssh / "id_ed25519.pub").read_text(), "600")
    (ssh / "known_hosts").write_text(f"{far_ends.THERE} {web1.run('cat', '/etc/ssh/ssh_host_ed25519_key.pub').stdout}")
    yield web1
    web1.put("/etc/restarter/policy.conf", policy)
    web1.systemctl("disable", "--quiet", "--now", "haproxy.service")
    web1.run("userdel", "front", check=False)
    systemctl("disable", "--quiet", "--now", "haproxy.service")
    forget_failed("haproxy.service")
    front.HOSTS.write_text(hosts)
    (far_ends.ETC / "haproxy.cfg").write_text(config)
    run("rm", "-rf", ssh, "/root/machines")


def typed(far, where, command):
    """What root sees."""
    if where == "here":
        return test_docs.shell(command)
    done = far.run("bash", "-c", f"cd /root; {command}", check=False)
    return done.returncode, done.stdout + done.stderr


def test_as_it_is_written(far):
    seen = set()
    for where, command, expected in steps():
        if "restartctl --socket=" in command:
            # HAProxy has just been started.
            wait_for(lambda: run("restartctl", "--socket", far_ends.SOCKET, "list", check=False).returncode == 0, "it is reached", 60)
        code, output = typed(far, where, command)
        assert code == 0, f"{where}# {command}\n{output}"
        if expected or output:
            assert test_docs.matches(expected, output), f"{where}# {command}\n--- shown:\n{expected}\n--- seen:\n{output}"
        seen.add(where)
    assert seen == {"here", "web1"}
    assert_clean()
