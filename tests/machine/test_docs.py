"""What the man pages and README.md tell people to type is typed here, and what they show for it is compared.

In the man pages a block whose lines begin with "# " is what root sees on the terminal: commands, and their output.
"..." stands for anything, a line of its own for any lines; a number stands for any number. Blocks of another kind are
commands when they begin with the name of a program, and otherwise pieces of files.
"""

import gzip
import pathlib
import re
import shutil
import subprocess

import pytest

from helpers.policy import POLICY, kept, policy
from helpers.system import dropins, reload_manager, stop_daemons, systemctl

TREE = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted((TREE / "docs").glob("*.scd"))
# What it tells people to type is for several machines: test_far_docs.py.
MACHINES = "restarter-machines.7.scd"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)

# The services that the examples are about, beside the demonstration.
WORKER = "[Service]\nExecStart=/bin/sleep infinity\n"


@pytest.fixture
def worker():
    template = pathlib.Path("/etc/systemd/system/worker@.service")
    template.write_text(WORKER)
    plain = pathlib.Path("/etc/systemd/system/nginx.service")
    plain.write_text(WORKER)
    reload_manager()
    systemctl("start", "worker@blue.service", "worker@green.service")
    try:
        with kept():
            yield
    finally:
        systemctl("stop", "worker@blue.service", "worker@green.service")
        systemctl("disable", "--now", "restarter-login.socket", "restarter-login-pam.socket")
        pathlib.Path("/root/draft.conf").unlink(missing_ok=True)
        template.unlink()
        plain.unlink()
        reload_manager()


def blocks(path):
    """As the reader sees them: in the sources of the man pages a backslash is written twice."""
    found = [(language, text) for language, text in FENCE.findall(path.read_text())]
    if path.suffix == ".scd":
        found = [(language, re.sub(r"\\(.)", r"\1", text)) for language, text in found]
    return found


def printed(page):
    """The lines of the installed page, with roff's own escapes undone."""
    section = page.name.split(".")[-2]
    with gzip.open(f"/usr/share/man/man{section}/{page.stem}.gz", "rt", encoding="utf-8") as file:
        text = file.read()
    for escape, character in (("\\&", ""), ("\\-", "-"), ("\\e", "\\"), ("\\\\", "\\")):
        text = text.replace(escape, character)
    return text.splitlines()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_man_page_shows_what_is_run(page):
    """To the letter: what is copied out of the page is what the tests below have typed."""
    lines = printed(page)
    for _, text in blocks(page):
        for line in text.splitlines():
            assert line in lines, line


def test_backslashes_are_seen():
    """The page of policy.conf has a command with some in it."""
    assert any("\\n" in line for line in printed(TREE / "docs" / "policy.conf.5.scd"))


def steps(text):
    """The (command, output) pairs of a terminal's block. A here-document belongs to its command."""
    found, lines = [], text.splitlines()
    while lines:
        line = lines.pop(0)
        if not line.startswith("# "):
            found[-1][1].append(line)
            continue
        command = line[2:]
        if end := re.search(r"<<'?(\w+)", command):
            while not command.endswith(f"\n{end[1]}"):
                command += "\n" + lines.pop(0)
        found.append((command, []))
    return found


# What asks polkitd thousands of questions: all of it does so elsewhere (in test_policy_table.py and test_check.py), and here
# one of them when it is typed for the first time. Otherwise it is asked about one verb.
MANY_QUESTIONS = re.compile(r"^restartctl (check|policy check|policy table)\b")
IN_FULL = "restartctl policy check"
typed = set()


def as_typed(command):
    if command == IN_FULL and command not in typed:
        typed.add(command)
        return command
    return MANY_QUESTIONS.sub(r"\g<0> --verb=restart", command)


def shell(command):
    done = subprocess.run(
        ["bash", "-c", as_typed(command)],
        cwd="/root",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def line_pattern(line):
    """Numbers, also as they are in columns, and "..." stand for others."""
    parts = re.split(r"(\.\.\.|\d+(?:\.\d+)?|\s+)", line.strip())
    made = []
    for part in parts:
        if part == "...":
            made.append(".*")
        elif re.fullmatch(r"\d+(\.\d+)?", part):
            made.append(r"\d+(\.\d+)?")
        elif part.isspace():
            made.append(r"\s+")
        else:
            made.append(re.escape(part))
    return "".join(made)


def matches(expected, output):
    """Expected lines against the output's."""
    pattern = ""
    for line in expected:
        pattern += "(.*\n)*?" if line.strip() == "..." else line_pattern(line) + r"\s*\n"
    return re.fullmatch(pattern, "\n".join(line.strip() for line in output.splitlines()) + "\n") is not None


def test_comparing():
    """What would pass anything would show nothing."""
    assert matches(["a  12 b", "...", "c"], "a 7 b\nx\ny\nc\n")
    assert matches(["...", "c ... d"], "c x d\n")
    assert not matches(["a"], "b\n")
    assert not matches(["a"], "a\nb\n")
    assert not matches(["a 1"], "a x\n")
    assert steps("# cat <<END\n# x\nEND\nout\n# b\n") == [("cat <<END\n# x\nEND", ["out"]), ("b", [])]


# What is typed on several machines is typed in test_far_*.py.
ON_ONE_MACHINE = [page for page in PAGES if page.name not in (MACHINES, "restarter-far.8.scd")]


@pytest.mark.parametrize("page", ON_ONE_MACHINE, ids=[page.name for page in ON_ONE_MACHINE])
@pytest.mark.once
def test_man_page(page, worker):
    ran = 0
    for _, text in blocks(page):
        if text.startswith("# ") and shutil.which(text[2:].split()[0]):
            for command, expected in steps(text):
                _, output = shell(command)
                if expected or output:
                    assert matches(
                        expected, output
                    ), f"{command}\n--- shown:\n{expected}\n--- seen:\n{output}"
                ran += 1
        elif shutil.which(text.split()[0]):
            code, output = shell(text)
            assert code == 0, f"{text}{output}"
            ran += 1
    assert ran > 0 or "```" not in page.read_text() or page.name.startswith(("restarter-webfront", "machines.conf"))


def test_guide_takes_ten_lines():
    """From nothing to a proven rule."""
    _, first = blocks(TREE / "docs" / "restarter-policy.7.scd")[0]
    typed = [command for command, _ in steps(first) if "--dry-run" not in command]
    assert sum(len(command.splitlines()) for command in typed) <= 10


@pytest.fixture
def timer_that_checks_nothing():
    """The daily check comes at once where it is enabled for the first time; test_check.py shows it."""
    with dropins({"restarter-check.service": "[Service]\nExecStart=\nExecStart=/bin/true\n"}):
        yield


@pytest.mark.once
def test_readme(worker, timer_that_checks_nothing):
    """The grant that it shows, and the commands around it."""
    ran = []
    for language, text in blocks(TREE / "README.md"):
        # A grant for people is for a page that knows them: beside Login=none, as here, check finds it.
        if language == "ini" and "Groups=" not in text:
            POLICY.write_text(POLICY.read_text().rstrip() + "\n\n" + text)
        elif language == "sh":
            for command in text.splitlines():
                code, output = shell(command)
                assert code == 0, f"{command}\n{output}"
                ran.append(command)
    assert any("curl" in command for command in ran) and any("policy apply" in command for command in ran)
    systemctl("disable", "--now", "restarter-check.timer")
    stop_daemons()


def test_every_grant_shown_is_valid(tmp_path):
    """Sections in the pages and in README.md are taken by the parser."""
    seen, draft = 0, tmp_path / "draft.conf"
    for path in (*PAGES, TREE / "README.md"):
        for _, text in blocks(path):
            if text.startswith("[Grant]"):
                draft.write_text(text)
                assert policy("render", f"--policy={draft}").returncode == 0, text
                seen += 1
    assert seen >= 2


def test_help_and_pages_name_the_same_verbs_and_options():
    """What --help lists is in restartctl(1)."""
    text = subprocess.run(["restartctl", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    page = (TREE / "docs" / "restartctl.1.scd").read_text().replace("\\", "")
    for verb in re.findall(r"^  ((?:policy )?[a-z-]+)", text, re.M):
        assert f"*{verb}*" in page, verb
    for option in re.findall(r"--[a-z-]+", text):
        assert option in page, option


def refusals_in_the_source():
    """{number: (name, status)} of common/refusal.[ch]."""
    numbers = dict(re.findall(r"(REFUSAL_\w+) = (\d+),", (TREE / "common/refusal.h").read_text()))
    rows = re.findall(r'\[(REFUSAL_\w+)\] = \{ "([a-z-]+)", (\d+), ', (TREE / "common/refusal.c").read_text())
    return {int(numbers[word]): (name, int(status)) for word, name, status in rows}


def test_refusals_are_listed():
    """Every code that a caller can meet is in README.md and in the manual page, and no other."""
    source = refusals_in_the_source()
    assert len(source) >= 17
    readme = re.findall(r"^\| (\d+) \| ([a-z-]+) \| (\d+) \|", (TREE / "README.md").read_text(), re.M)
    page = re.findall(
        r"^\|  (\d+)\n:  ([a-z-]+)\n:  (\d+)$", (TREE / "docs/restarter-broker.8.scd").read_text(), re.M
    )
    for listed in (readme, page):
        assert {int(number): (name, int(status)) for number, name, status in listed} == source
