"""A changed policy file while the broker runs: no request is lost, a broken one never replaces a good one, and everybody
who asks is told."""

import re
import threading

import pytest

from helpers import journal, rpc, web
from helpers.policy import DROPINS, POLICY, SHIPPED_GRANT, as_after_a_boot, kept
from helpers.system import BROKER, OTHER, WELL, main_pid, replaced, run, show, stop_daemons, systemctl, unit, wait_for

BROKEN = SHIPPED_GRANT + "Colour=red\n"
WHERE = f"{POLICY}:5:"


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


def click_works(name=WELL):
    return rpc.over_unix().restart_unit(name)["success"] is True


def reload(check=True):
    return systemctl("reload", BROKER, check=check).returncode


@pytest.mark.core
def test_reload_loses_no_request():
    """Clicks on two instances, from several threads, while the policy is read again and again."""
    assert click_works()
    pid, stop, answers = main_pid(BROKER), threading.Event(), []

    def click(name):
        while not stop.is_set():
            answers.append(rpc.over_unix().restarter.status(name)["unit"])

    threads = [threading.Thread(target=click, args=(name,)) for name in (WELL, OTHER) * 2]
    for thread in threads:
        thread.start()
    for number in range(20):
        POLICY.write_text(SHIPPED_GRANT + f"# {number}\n")
        reload()
    stop.set()
    for thread in threads:
        thread.join()
    assert len(answers) > 20 and set(answers) == {unit(WELL), unit(OTHER)}
    assert main_pid(BROKER) == pid


def test_reload_in_the_middle_of_a_job(instance):
    """The job goes on, by the policy that it began with."""
    instance.hold()
    answer = []
    thread = threading.Thread(target=lambda: answer.append(rpc.over_unix().restart_unit(WELL)))
    thread.start()
    try:
        instance.wait_for_start()
        POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[5-9]{4}"))
        reload()
    finally:
        instance.quick()
    thread.join()
    assert answer[0]["success"] is True
    assert "It covers" in rpc.over_unix().restart_unit(WELL)["message"]


@pytest.mark.core
def test_broken_file_keeps_the_last_good_policy():
    """And says so: in the journal, in restartctl, in /healthz, on the page, and in systemctl status."""
    assert click_works()
    pid, mark = main_pid(BROKER), journal.Mark()
    POLICY.write_text(BROKEN)
    assert reload(check=False) != 0
    assert rpc.over_unix().restarter.list()["policy_error"].startswith(WHERE)
    assert click_works() and main_pid(BROKER) == pid
    (entry,) = mark.entries(f"MESSAGE_ID={journal.POLICY}")
    assert WHERE in entry["MESSAGE"]
    listed = run("restartctl", "list", check=False)
    assert listed.returncode == 1
    assert WHERE in listed.stderr and "last good" in listed.stderr and unit(WELL) in listed.stdout
    health = wait_for(lambda: (a := web.get("/healthz")).status == 503 and a, "the web front knows")
    assert "says where the mistake" in health.text and WHERE not in health.text
    page = web.get("/", accept=web.HTML)
    assert "says where the mistake" in page.text and WHERE not in page.text
    assert "stays in force" in page.text and unit(WELL) in page.text
    wait_for(lambda: "broken" in show(BROKER, "StatusText"), "systemctl status says so, too")

    POLICY.write_text(SHIPPED_GRANT)
    reload()
    wait_for(lambda: web.get("/healthz").status == 200, "all is well again")
    assert run("restartctl", "list").stderr == ""


def test_next_activation_reads_the_file():
    assert click_works()
    POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[5-9]{4}"))
    assert click_works(), "it goes by what it has read"
    stop_daemons()
    assert "covers" in rpc.over_unix().restart_unit(WELL)["message"]


def test_broken_at_activation_grants_nothing():
    POLICY.write_text(BROKEN)
    as_after_a_boot()
    assert WHERE in rpc.over_unix().restart_unit(WELL)["message"]
    page = web.get("/", accept=web.HTML)
    assert WHERE not in page.text and "says where the mistake" in page.text
    assert "nothing can be restarted" in page.text and "stays in force" not in page.text
    POLICY.write_text(SHIPPED_GRANT)
    reload()
    assert click_works(), "a reload mends it"


def test_dropin_comes_and_goes():
    POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[5-9]{4}"))
    stop_daemons()
    assert not click_works()
    DROPINS.mkdir()
    (DROPINS / "10-more.conf").write_text(SHIPPED_GRANT)
    reload()
    assert click_works(), "the drop-in counts"
    (DROPINS / "10-more.conf").unlink()
    reload()
    assert not click_works(), "and does not any more"


def test_file_that_is_being_written():
    """Half a file is a broken file, not half a policy."""
    assert click_works()
    for length in range(0, len(SHIPPED_GRANT), 7):
        POLICY.write_text(SHIPPED_GRANT[:length])
        reload(check=False)
        answer = rpc.over_unix().restart_unit("example@12345.service")
        assert answer["success"] is False


def refused_by_the_broker():
    """As it tells systemd, at most four times a second."""
    return int(re.search(r"(\d+) refused", show(BROKER, "StatusText"))[1])


def test_refusals_again_and_again_are_the_brokers_and_end_with_the_policy(instance):
    """Nobody in between remembers what the broker said: each one is in its count, and the last policy decides."""
    stop_daemons()
    with replaced(POLICY, SHIPPED_GRANT.replace("[0-9]{4}", "[0-3]{4}")):
        answers = [web.click(WELL) for _ in range(100)]
        assert {answer.status for answer in answers} == {403}
        wait_for(lambda: refused_by_the_broker() >= 100, "all of them are in its count")
        assert refused_by_the_broker() == 100
    systemctl("reload", BROKER)
    assert web.click(WELL).json["success"] is True
    assert len(instance.starts()) == 1
