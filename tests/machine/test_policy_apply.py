"""restartctl policy render and apply: one policy file, and the rule that polkitd answers by."""

import hashlib
import os
import re
import signal
import threading

import pytest

from helpers import rpc, web
from helpers.once import sampled
from helpers.people import as_user
from helpers.policy import (
    CHANGES,
    DROPINS,
    FINDINGS,
    OK,
    POLICY,
    REFUSED,
    RULE,
    RULES,
    SHIPPED_GRANT,
    UNAVAILABLE,
    USAGE,
    VERBS,
    as_after_a_boot,
    busctl_as_broker,
    kept,
    policy,
    restart_is_permitted,
)
from helpers.system import (
    WELL,
    invocation,
    main_pid,
    send_signal,
    systemctl,
    unit,
    wait_for,
)

WORKER = "\n[Grant]\nUnit=worker@.service\nInstances=blue|green\nVerbs=restart\n"


@pytest.fixture(autouse=True)
def put_back():
    with kept():
        yield


def state_of(path):
    """Changes when anything was written there, even the same bytes."""
    stat = os.lstat(path)
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


# --- render ---


@pytest.mark.core
def test_render_prints_what_is_installed():
    """The shipped rule is what the shipped policy renders to."""
    assert policy("render", check=OK).stdout == RULE.read_text()


def test_render_prints_the_bus_policy_if_verbs_ask_for_it():
    assert policy("render", "bus", check=OK).stdout == ""
    POLICY.write_text(SHIPPED_GRANT.replace("restart", "restart reload"))
    text = policy("render", check=OK).stdout
    assert f"==> {RULE} <==" in text and f"==> {VERBS} <==" in text
    assert 'send_member="ReloadUnit"' in policy("render", "bus", check=OK).stdout
    assert policy("render", "rule", check=OK).stdout in text
    policy("render", "nonsense", check=USAGE)


@pytest.mark.once
def test_render_of_a_draft_needs_no_root(tmp_path):
    draft = tmp_path / "draft.conf"
    draft.write_text(WORKER)
    for path in (draft, *draft.parents):
        path.chmod(path.stat().st_mode | 0o055)
    done = as_user("nobody", policy, "render", f"--policy={draft}")
    assert done.returncode == OK and "worker@.service" in done.stdout and str(draft) in done.stdout
    for verb in ("apply", "table", "check"):
        assert as_user("nobody", policy, verb).returncode == UNAVAILABLE
    assert as_user("nobody", policy, "explain", WELL).returncode == UNAVAILABLE


# --- apply ---


@pytest.mark.core
def test_shipped_rule_counts_as_unedited():
    before = state_of(RULE)
    assert "is what the policy file asks for" in policy("apply", check=OK).stdout
    assert state_of(RULE) == before


def test_apply_installs_and_polkitd_answers_at_once():
    """When it reports success, the very next question is answered by the new rule. Narrow and wide, many times."""
    wide, narrow = SHIPPED_GRANT, SHIPPED_GRANT.replace("[0-9]{4}", "[0-9]{3}5")
    for number in range(6):
        POLICY.write_text(narrow if number % 2 == 0 else wide)
        done = policy("apply", check=OK)
        assert "polkitd answers by it" in done.stdout and "Installed" in done.stdout
        assert restart_is_permitted(unit(WELL)) == (number % 2 == 1)


@pytest.mark.once
def test_installed_file():
    """Root's, readable for polkitd, with its sources and a checksum in front."""
    DROPINS.mkdir()
    (DROPINS / "10-worker.conf").write_text(WORKER)
    done = policy("apply", check=OK)
    assert f"+++ {RULE}" in done.stdout and '+            unit: "worker@.service"' in done.stdout
    stat = RULE.stat()
    assert (stat.st_mode & 0o7777, stat.st_uid, stat.st_gid) == (0o644, 0, 0)
    lines = RULE.read_text().splitlines(keepends=True)
    (checksum,) = [line for line in lines if "sha256 of all other lines" in line]
    rest = "".join(line for line in lines if line != checksum)
    assert checksum.split()[-1] == hashlib.sha256(rest.encode()).hexdigest()
    assert lines[1:3] == [f"//   {POLICY}\n", f"//   {DROPINS / '10-worker.conf'}\n"]
    assert [p.name for p in RULES.iterdir() if "restarter" in p.name] == [RULE.name]


@pytest.mark.once
def test_replacement_is_atomic():
    """Whoever reads meanwhile sees one whole rule or the other."""
    texts = {}
    for name, text in (("a", SHIPPED_GRANT), ("b", SHIPPED_GRANT + WORKER)):
        POLICY.write_text(text)
        texts[name] = policy("render", check=OK).stdout
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add(RULE.read_text())

    reader = threading.Thread(target=read)
    policy("apply", "--offline", check=OK)
    reader.start()
    try:
        for number in range(20):
            POLICY.write_text(SHIPPED_GRANT + (WORKER if number % 2 else ""))
            policy("apply", "--offline", check=OK)
    finally:
        stop.set()
        reader.join()
    assert seen == set(texts.values())


@pytest.mark.once
def test_two_at_the_same_time():
    """Neither breaks the other's file."""
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    threads = [threading.Thread(target=policy, args=("apply",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RULE.read_text() == policy("render").stdout
    assert [p.name for p in RULES.iterdir() if "restarter" in p.name] == [RULE.name]
    policy("apply", check=OK)


def edit(text):
    return text.replace('"[0-9]{4}"', '"[0-9]+"')


HANDS = {
    "table": edit,
    "header": lambda text: "// mine\n" + text,
    "end": lambda text: text + "// mine\n",
    "foreign": lambda text: "polkit.addRule(function () {});\n",
    "empty": lambda text: "",
}


@pytest.mark.once
@pytest.mark.parametrize("hand", sampled({name: (hand,) for name, hand in HANDS.items()}))
def test_hand_edited_rule_is_not_overwritten(hand):
    text = RULE.read_text()
    RULE.write_text(hand(text))
    assert RULE.read_text() != text
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    before = state_of(RULE)
    done = policy("apply")
    assert done.returncode == REFUSED and state_of(RULE) == before
    assert str(RULE) in done.stderr and "--force" in done.stderr
    assert f"--- {RULE}" in done.stdout and "worker@.service" in done.stdout
    done = policy("apply", "--force", check=OK)
    assert RULE.read_text() == policy("render").stdout


@pytest.mark.once
def test_symbolic_link_is_not_replaced(tmp_path):
    target = tmp_path / "rule"
    target.write_text(RULE.read_text())
    RULE.unlink()
    RULE.symlink_to(target)
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    done = policy("apply", check=REFUSED)
    assert "symbolic link" in done.stderr and RULE.is_symlink()
    policy("apply", "--force", check=OK)
    assert not RULE.is_symlink() and "worker@" not in target.read_text()


@pytest.mark.once
def test_missing_rule_is_made():
    RULE.unlink()
    policy("apply", check=OK)
    assert RULE.read_text() == policy("render").stdout
    assert restart_is_permitted(unit(WELL))


@pytest.mark.once
def test_dry_run_changes_nothing():
    POLICY.write_text(SHIPPED_GRANT.replace("restart", "restart reload") + WORKER)
    before = state_of(RULE)
    done = policy("apply", "--dry-run", check=CHANGES)
    assert f"+++ {RULE}" in done.stdout and f"+++ {VERBS}" in done.stdout
    assert state_of(RULE) == before and not VERBS.exists()


@pytest.mark.core
def test_other_verbs_pass_the_bus_while_they_are_granted():
    """The message, and what it does, come and go with the grant."""
    assert "Access denied" in busctl_as_broker("TryRestartUnit", "ss", unit(WELL), "replace").stderr
    POLICY.write_text(SHIPPED_GRANT.replace("restart", "restart try-restart"))
    assert VERBS.name in policy("apply", check=OK).stdout
    before = invocation(unit(WELL))
    assert busctl_as_broker("TryRestartUnit", "ss", unit(WELL), "replace").returncode == 0
    wait_for(lambda: invocation(unit(WELL)) != before, "try-restart did it")
    for member, arguments in (
        ("ReloadUnit", ("ss", unit(WELL), "replace")),
        ("ResetFailedUnit", ("s", unit(WELL))),
        ("StopUnit", ("ss", unit(WELL), "replace")),
        ("ReloadOrRestartUnit", ("ss", unit(WELL), "replace")),
        ("StartUnit", ("ss", unit(WELL), "replace")),
    ):
        assert busctl_as_broker(member, *arguments).returncode != 0
    POLICY.write_text(SHIPPED_GRANT)
    assert f"Removed {VERBS}" in policy("apply", check=OK).stdout
    assert not VERBS.exists()
    assert busctl_as_broker("TryRestartUnit", "ss", unit(WELL), "replace").returncode != 0


@pytest.mark.once
def test_hand_edited_bus_policy_is_not_overwritten():
    POLICY.write_text(SHIPPED_GRANT.replace("restart", "restart reload"))
    policy("apply", check=OK)
    VERBS.write_text(VERBS.read_text() + "<!-- mine -->\n")
    POLICY.write_text(SHIPPED_GRANT)
    rule, verbs = state_of(RULE), state_of(VERBS)
    done = policy("apply", check=REFUSED)
    assert str(VERBS) in done.stderr and (state_of(RULE), state_of(VERBS)) == (rule, verbs)
    policy("apply", "--force", check=OK)
    assert not VERBS.exists()


def test_rule_that_another_one_overrules_is_no_success():
    """polkitd has read it, and yet does not answer by it: that is said, and soon."""
    (RULES / "10-first.rules").write_text("polkit.addRule(function (a, s) { return polkit.Result.NO; });\n")
    wait_for(lambda: not restart_is_permitted(unit(WELL)), "the other rule is in force")
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    took, done = web.seconds(policy, "apply")
    assert (
        done.returncode == FINDINGS
        and "does not answer by the new rule" in done.stderr
        and "check" in done.stderr
    )
    assert took < 60


def test_polkitd_that_does_not_answer():
    """Nothing is touched, and it does not hang for ever."""
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    systemctl("start", "polkit.service")
    before = state_of(RULE)
    pid = send_signal("polkit.service", signal.SIGSTOP)
    try:
        took, done = web.seconds(policy, "apply")
        assert done.returncode == UNAVAILABLE and "polkitd does not answer" in done.stderr
        assert took < 60 and state_of(RULE) == before
    finally:
        os.kill(pid, signal.SIGCONT)
    policy("apply", check=OK)


def test_polkitd_that_does_not_run():
    """The question that apply asks starts it."""
    systemctl("stop", "polkit.service")
    POLICY.write_text(SHIPPED_GRANT + WORKER)
    policy("apply", check=OK)
    assert main_pid("polkit.service") > 0


def test_running_broker_goes_by_the_new_policy():
    """One command: no request in between is lost, and no second command is needed."""
    assert rpc.over_unix().restart_unit(WELL)["success"] is True
    pid = main_pid("restarter-broker.service")
    POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[5-9]{4}"))
    assert "restarter-broker.service" in policy("apply", check=OK).stdout
    assert "covers" in rpc.over_unix().restart_unit(WELL)["message"]
    assert main_pid("restarter-broker.service") == pid


# --- a broken policy file ---

GRANT = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
BROKEN = {
    "unknown key": (GRANT + "Colour=red\n", 5, "unknown key"),
    "unknown section": ("[Grants]\n" + GRANT, 1, "section"),
    "bad pattern": (GRANT.replace("]{4}", "{4}"), 3, "closing ']'"),
    "backslash": (GRANT.replace("[0-9]{4}", "\\d{4}"), 3, "backslash"),
    "anchors": (GRANT.replace("[0-9]{4}", "^[0-9]{4}$"), 3, "matched whole"),
    "runaway pattern": (GRANT.replace("[0-9]{4}", "(a*)*"), 3, ""),
    "duplicate grant": (GRANT + GRANT, 5, ""),
    "pattern for one unit": (GRANT.replace("example@.service", "example.service"), 3, "is one unit and has no instances"),
    "no service": (GRANT.replace("@.service", "@.socket"), 2, ".service"),
    "start": (GRANT.replace("=restart", "=restart start"), 4, "StartTransientUnit"),
    "stop": (GRANT.replace("=restart", "=stop"), 4, "stop"),
    "unknown verb": (GRANT.replace("=restart", "=kill"), 4, "unknown verb"),
    "key before any section": ("Unit=example@.service\n", 1, ""),
    "missing key": ("[Grant]\nUnit=example@.service\nVerbs=restart\n", 1, "Instances="),
    "1 MB of junk": ("x" * 2**20, 0, "larger than 64 KiB"),
    "60 kB of junk": (("junk " * 30 + "\n") * 400, 1, ""),
    "NUL": (GRANT + "\0\n", 5, ""),
    "bytes beyond ASCII": (GRANT + "# é\n", 5, ""),
    "a grant for everything": (GRANT.replace("[0-9]{4}", ""), 3, ""),
}

# The command that asks a hundred questions besides is run for some of them.
CHECKED = [BROKEN[name][0] for name in ("unknown key", "start", "NUL")]


def assert_refused_everywhere(place, words, check=True):
    """The same sentence from render, apply and check, in the broker's refusals and in its list. Nothing is touched."""
    rule = state_of(RULE)
    texts = []
    for verb in ("render", "apply"):
        done = policy(verb, check=FINDINGS)
        assert done.stdout == "" and done.stderr.startswith(place) and words in done.stderr, done.stderr
        texts.append(done.stderr.strip())
    if check:
        done = policy("check", "--verb=restart", check=FINDINGS)
        assert done.stdout.startswith(texts[0]), done.stdout
        assert texts[0] in policy("explain", WELL, check=REFUSED).stdout
    as_after_a_boot()
    listed = rpc.over_unix().restarter.list()
    assert listed["policy_ok"] is False and listed["policy_error"] == texts[0] == texts[1]
    assert texts[0] in rpc.fault_of(rpc.over_unix().restarter.restart, WELL).faultString
    assert state_of(RULE) == rule and not VERBS.exists()


@pytest.mark.once
@pytest.mark.parametrize("text, line, words", sampled(BROKEN))
def test_broken_policy_file_touches_nothing(text, line, words):
    POLICY.write_bytes(text.encode())
    assert_refused_everywhere(f"{POLICY}:{line}:" if line else f"{POLICY}: ", words, check=text in CHECKED)


@pytest.mark.once
def test_broken_dropin_touches_nothing():
    DROPINS.mkdir()
    (DROPINS / "20-broken.conf").write_text("\n\n[Grant]\nUnit=x\n")
    assert_refused_everywhere(f"{DROPINS}/20-broken.conf:4:", "x")


@pytest.mark.once
def test_policy_file_that_is_a_symbolic_link(tmp_path):
    target = tmp_path / "policy.conf"
    target.write_text(SHIPPED_GRANT)
    POLICY.unlink()
    POLICY.symlink_to(target)
    assert_refused_everywhere(f"{POLICY}: ", "symbolic link")


@pytest.mark.once
@pytest.mark.parametrize("mode", [0o666, 0o664, 0o646])
def test_policy_file_that_others_may_write(mode):
    POLICY.chmod(mode)
    assert_refused_everywhere(f"{POLICY}: ", "chmod go-w")


@pytest.mark.once
def test_policy_file_of_somebody_else():
    os.chown(POLICY, 65534, -1)
    assert_refused_everywhere(f"{POLICY}: ", "must belong to root")


@pytest.mark.once
def test_policy_file_that_is_a_pipe():
    POLICY.unlink()
    os.mkfifo(POLICY)
    try:
        assert_refused_everywhere(f"{POLICY}: ", "not a regular file")
    finally:
        POLICY.unlink()


@pytest.mark.once
def test_policy_file_that_is_not_there():
    POLICY.unlink()
    assert_refused_everywhere(f"{POLICY}: ", "no such file")


# --- drop-ins ---


@pytest.mark.once
def test_dropins_as_admins_expect():
    """By name, added to the main file; a link to /dev/null masks one; other names do not count."""
    DROPINS.mkdir()
    (DROPINS / "10-worker.conf").write_text(WORKER)
    (DROPINS / "20-masked.conf").symlink_to("/dev/null")
    (DROPINS / "30-other.conf.disabled").write_text("nonsense")
    (DROPINS / ".hidden.conf").write_text("nonsense")
    (DROPINS / "README").write_text("nonsense")
    policy("apply", check=OK)
    text = RULE.read_text()
    assert text.index("example@.service") < text.index("worker@.service")
    (DROPINS / "10-worker.conf").unlink()
    (DROPINS / "10-worker.conf").symlink_to("/dev/null")
    policy("apply", check=OK)
    assert "worker@.service" not in RULE.read_text()
    assert re.search(r"^--- ", policy("apply", check=OK).stdout, re.M) is None


@pytest.mark.once
def test_usage():
    for arguments in (
        (),
        ("nonsense",),
        ("apply", "x"),
        ("check", "x"),
        ("apply", "--nonsense"),
        ("explain",),
        ("explain", "a", "restart", "c"),
        ("table", "--verb=nonsense"),
    ):
        assert policy(*arguments).returncode == USAGE, arguments
