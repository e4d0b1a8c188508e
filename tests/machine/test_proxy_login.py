"""README's way from `apt install` to a page for a team behind nginx, typed as it is printed; and what that page does then."""
import pathlib
import re
import subprocess

import pytest

from helpers import front, journal, login, team, web
from helpers.front import NAME, curl
from helpers.system import stop_daemons, systemctl

# Another release's package is not where README says.
pytestmark = pytest.mark.once

TREE = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"


def commands():
    (block,) = re.findall(r"^```bash\n(.*?)^```$", (TREE / "README.md").read_text(), re.M | re.S)
    return block.splitlines()


def typed(command):
    """By somebody at a terminal who answers what is asked for with the password."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=TREE,
        input=f"{PASSWORD}\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        start_new_session=True,
        check=False,
    )


@pytest.fixture(scope="module", autouse=True)
def answers():
    """What each command printed."""
    with team.at_work(), front.restored("nginx.service"):
        printed = {}
        try:
            for command in commands():
                done = typed(command)
                assert done.returncode == 0, f"{command}\n{done.stdout}"
                printed[command] = done.stdout
            yield printed
        finally:
            login.leave_nothing()
            systemctl("disable", "--quiet", login.SOCKET)
            stop_daemons()


def test_ten_commands(answers):
    assert len(commands()) <= 10 and commands()[0].startswith("apt install ")
    assert 'name="password"' in answers[commands()[-1]]


HEADERS = ["Remote-User: anna", "Remote_User: anna", "REMOTE-USER: anna", "Remote-Groups: staff", "X-Forwarded-For: 127.0.0.1"]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_logs_nobody_in(header):
    assert curl("/api/instances", "--header", header).status == 401
    assert curl("/", "--header", header, "--header", f"Accept: {web.HTML}").status == 303


OWN = ("--header", f"Origin: https://{NAME}", "--header", "Sec-Fetch-Site: same-origin")


def jar_at(path):
    """As a browser keeps its cookies, and asks for pages."""
    return ("--cookie", path / "jar", "--cookie-jar", path / "jar", "--header", f"Accept: {web.HTML}")


def log_in(jar, password=PASSWORD):
    fields = ("--data-urlencode", "user=anna", "--data-urlencode", f"password={password}", "--data", "next=/")
    return curl("/login", *jar, *OWN, *fields)


def test_people_log_in(tmp_path):
    """Sent to the login, and back with a cookie that only https carries; the record has who it was, and from where."""
    jar = jar_at(tmp_path)
    assert curl("/", *jar).status == 303 and curl("/login", *jar).status == 200
    assert log_in(jar, "wrong").status in (401, 403)
    assert curl("/", *jar).status == 303
    assert log_in(jar).status == 303
    assert re.search(r"\tTRUE\t\d+\t__Host-restarter\t", (tmp_path / "jar").read_text())
    page = curl("/", *jar)
    assert page.status == 200 and "team@anna" in page.text and "team@bob" not in page.text
    mark = journal.Mark()
    assert front.click("team@anna.service", *jar, "--header", "X-Forwarded-For: 192.0.2.99").status == 200
    assert front.click("team@bob.service", *jar).status == 403
    (entry,) = mark.entries("RESTARTER_UNIT=team@anna.service")
    assert (entry["RESTARTER_USER"], entry["RESTARTER_KNOWN"]) == ("anna", "password")
    assert entry["RESTARTER_PEER"].endswith("for 127.0.0.5")


def test_pages_of_others_cannot_log_in():
    answer = curl("/login", "--header", "Origin: https://evil.example", "--data", "user=anna&password=x&next=/")
    assert answer.status == 403 and "https://evil.example" in answer.text
