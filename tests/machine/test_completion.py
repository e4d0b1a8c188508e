"""Shell completion for restartctl: bash's by what it completes; zsh's is read by a zsh where there is one."""

import pathlib
import shutil
import subprocess

import pytest

from helpers.system import WELL, run, unit

BASH = "/usr/share/bash-completion/completions/restartctl"
VERBS = ("restart", "try-restart", "reload", "reload-or-restart")
RESTART_OPTIONS = {"--json", "--max-failures", "--no-block", "--no-settle", "--pause", "--press", "--quiet", "--reason"}
RESTART_OPTIONS |= {"--resume", "--rolling", "--settle", "--timeout"}
ZSH = "/usr/share/zsh/vendor-completions/_restartctl"


def complete(*words):
    """What bash offers for the last of the words."""
    script = f'. {BASH}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _restartctl; printf "%s\\n" "${{COMPREPLY[@]}}"'
    return set(run("bash", "-c", script, "bash", "restartctl", *words).stdout.split())


@pytest.mark.parametrize(
    "words, offered",
    [
        (("",), {"list", "allowed", "status", *VERBS, "check", "policy", "passwd", "log", "bridge", "watch"}),
        (("log", "--"), {"--json", "--lines", "--no-pager", "--since", "--unit", "--user"}),
        (("log", "--since", "t"), {"today"}),
        (("list", "--"), {"--json", "--no-legend", "--state"}),
        (("list", "--state", "=", ""), {"failed", "restarting", "running", "stopped"}),
        (("list", "--state", "=", "failed", "web", "--j"), {"--json"}),
        (("lo",), {"log"}),
        (("check", "--"), {"--json", "--policy", "--quiet", "--skip-polkit", "--verb"}),
        (("re",), {"restart", "reload", "reload-or-restart"}),
        (("try",), {"try-restart"}),
        (("--json", "res"), {"restart"}),
        (("--socket", "/x", "po"), {"policy"}),
        (("--socket", "/x", "p"), {"policy", "passwd"}),
        (("passwd", "--"), {"--delete", "--list"}),
        (("watch", "--"), {"--json"}),
        (("bridge", "--"), {"--authorized-key"}),
        (("-H", "web1", "li"), {"list"}),
        (("--h",), {"--help", "--host"}),
        (("policy", ""), {"render", "apply", "table", "check", "explain", "wait"}),
        (("policy", "e"), {"explain"}),
        (("policy", "apply", "--"), {"--dry-run", "--force", "--offline", "--policy"}),
        *(((verb, "--"), RESTART_OPTIONS) for verb in VERBS),
        (("restart", "--resume", "="), {"again", "skip"}),
        (("restart", "--resume", "=", "s"), {"skip"}),
        (("restart", "--rolling", "--pause", "=", "2", "--resume", "=", "again", "--q"), {"--quiet"}),
        (("policy", "render", ""), {"rule", "bus"}),
        (("policy", "explain", "x@1.service", "reload"), {"reload", "reload-or-restart"}),
        (("policy", "check", "--verb", "re"), {"restart", "reload", "reload-or-restart"}),
        (("--p",), {"--policy"}),
        (("--json", "="), {"pretty", "short", "off"}),
        (("--json", "=", "p"), {"pretty"}),
        (("restart", "--json", "=", "s"), {"short"}),
        (("--json", "=", "short", "po"), {"policy"}),
        (("--policy", "=", "/x", "po"), {"policy"}),
        (("nonsense", ""), set()),
    ],
)
def test_words(words, offered):
    assert complete(*words) == offered


@pytest.mark.parametrize("verb", [*((verb,) for verb in VERBS), ("status",), ("watch",), ("policy", "explain"), ("policy", "table")])
def test_units(verb):
    """Those that the broker tells of."""
    assert complete(*verb, unit(WELL)[:-8]) == {unit(WELL)}
    assert len(complete(*verb, "")) > 3
    if verb[0] in VERBS:
        assert complete(*verb, unit(WELL), unit(WELL)[:-8]) == {unit(WELL)}


def test_machines():
    """Those of machines.conf, and its groups."""
    conf = pathlib.Path("/etc/restarter/machines.conf")
    conf.write_text("[Machine web1]\nVia=ssh\n[ Machine x]\n[Machine  web2 ]\nVia=ssh\n[Group web]\nMachines=web1 web2\n")
    try:
        assert complete("-H", "") == complete("--host", "=", "") == {"web1", "web2", "web"}
        assert complete("--host", "=", "web1", "all") == {"allowed"}
    finally:
        conf.unlink()


def test_users():
    """Who has a password, and nothing of what stands behind the name."""
    users = pathlib.Path("/etc/restarter/users")
    users.write_text("# who\nanna:$y$x\n#bert:$y$x\ncarl@example.org:$y$x\n")
    try:
        assert complete("passwd", "") == {"anna", "carl@example.org"}
        assert complete("passwd", "--delete", "a") == {"anna"}
    finally:
        users.unlink()


def test_zsh_is_installed_and_complete():
    """Every verb and option of --help is in it, and a zsh takes it, where there is one."""
    text = open(ZSH, encoding="ascii").read()
    assert text.startswith("#compdef restartctl\n")
    for word in (
        "list",
        "allowed",
        "status",
        *VERBS,
        "render",
        "apply",
        "table",
        "check",
        "explain",
        "wait",
        "passwd",
        "bridge",
        "watch",
        "--authorized-key",
        "--delete",
        "--offline",
        "--dry-run",
        "--force",
        "--state",
        "(pretty short off)",
    ):
        assert word in text
    if shutil.which("zsh"):
        subprocess.run(["zsh", "-n", ZSH], check=True)
