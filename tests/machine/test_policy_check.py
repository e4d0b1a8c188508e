"""restartctl policy check: each way in which policy file, polkit, bus and systemd can fail to fit is found, with the place
to mend, and a system on which they fit is clean."""

import pathlib
import re

import pytest

from helpers import bus
from helpers.once import sampled
from helpers.policy import (
    BUS,
    OK,
    POLICY,
    RULE,
    RULES,
    SHIPPED_GRANT,
    VERBS,
    findings,
    kept,
    policy,
    reread,
)
from helpers.system import dropins, reload_manager, replaced, run, systemctl, unit_files

UNITS = pathlib.Path("/etc/systemd/system")
TWO_GRANTS = SHIPPED_GRANT + "\n[Grant]\nUnit=victim@.service\nInstances=a|b\nVerbs=restart\n"


@pytest.fixture(autouse=True)
def put_back():
    """Every test begins with the shipped grant, in line 1."""
    with kept():
        POLICY.write_text(SHIPPED_GRANT)
        yield


def found(place, *words, level="finding", all_findings=None):
    """The one finding at that place with those words in it."""
    listed = findings() if all_findings is None else all_findings
    matching = [m for lv, p, m in listed if lv == level and p == place and all(w in m for w in words)]
    assert len(matching) == 1, listed
    return matching[0]


def rule_line(what):
    lines = RULE.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if what in line)


def test_clean():
    done = policy("check", "--verb=restart", check=OK)
    assert done.stdout.startswith("Clean: ") and len(done.stdout.splitlines()) == 1 and done.stderr == ""


# --- the two kinds ---


def test_dead_button(others):
    """Granted in the policy file, not in the rule: the grant's line, and how to mend it."""
    POLICY.write_text(TWO_GRANTS)
    listed = findings()
    message = found(f"{POLICY}:6", "dead button", all_findings=listed)
    assert "restart of victim@" in message and "restartctl policy apply" in message
    found(str(RULE), "not rendered from", all_findings=listed)
    policy("apply", check=OK)
    assert [(level, place) for level, place, _ in findings()] == [("note", f"{POLICY}:6")]


def test_excess_privilege():
    """In the rule, not in the policy file: the rule's line."""
    POLICY.write_text(SHIPPED_GRANT.replace("[0-9]{4}", "[0-8]{4}"))
    message = found(f"{RULE}:{rule_line('unit: ')}", "excess privilege", "restartctl policy apply")
    assert "example@" in message


@pytest.mark.once
def test_hand_tuned_rule_that_fits_is_clean():
    """With a note, which does not make it fail."""
    RULE.write_text(RULE.read_text().replace('"[0-9]{4}"', '"[0-9][0-9][0-9][0-9]"'))
    reread()
    done = policy("check", "--verb=restart", check=OK)
    assert "note: tuned by hand" in done.stdout and "Clean" in done.stdout


@pytest.mark.once
@pytest.mark.parametrize("tuned", sampled({t: (t,) for t in ("[0-9]{4}.*", "[0-9]+", ".*[0-9]{4}", "[0-9]{3,4}")}))
def test_rule_that_matches_too_much(tuned):
    RULE.write_text(RULE.read_text().replace('"[0-9]{4}"', f'"{tuned}"'))
    reread()
    found(f"{RULE}:{rule_line('unit: ')}", "excess privilege", "take it out here")


@pytest.mark.once
def test_rule_that_matches_too_little():
    RULE.write_text(RULE.read_text().replace('"[0-9]{4}"', '"[0-9]{5}"'))
    reread()
    listed = findings()
    found(f"{POLICY}:1", "dead button", f"{RULE}:{rule_line('unit: ')}", all_findings=listed)
    found(f"{RULE}:{rule_line('unit: ')}", "excess privilege", all_findings=listed)


@pytest.mark.once
def test_wrong_verb_word():
    """polkit says "restart", not "RestartUnit"."""
    RULE.write_text(RULE.read_text().replace('verbs: ["restart"]', 'verbs: ["RestartUnit"]'))
    reread()
    found(f"{POLICY}:1", "dead button")


HAND_MADE = """polkit.addRule(function (action, subject) {
    if (subject.user == "restarter" && action.id == "org.freedesktop.systemd1.manage-units" &&
        %s)
        return polkit.Result.YES;
});
"""


FAILURES = {
    "no verb": ('/^example@\\d{4}\\.service/.test(action.lookup("unit"))', "reload"),
    "no anchor": ('action.lookup("verb") == "restart" && /^example@\\d{4}/.test(action.lookup("unit"))', "restart"),
    "a prefix": ('action.lookup("verb") == "restart" && action.lookup("unit").indexOf("example@") == 0', "restart"),
    "every unit": ('action.lookup("verb") == "restart"', "restart"),
    "everything": ("true", "restart"),
}


@pytest.mark.parametrize("condition, excess", sampled(FAILURES))
def test_hand_made_rules_as_they_fail_in_the_field(condition, excess):
    """No verb, no anchor, a prefix, everything: each is found, and that other actions are left unanswered is said."""
    RULE.write_text(HAND_MADE % condition)
    reread()
    listed = findings("--verb=reload" if excess == "reload" else "--verb=restart")
    assert any(
        "excess privilege" in m and excess in m and p.startswith(str(RULE)) for _, p, m in listed
    ), listed
    assert any(level == "note" and "no rule answers no" in m for level, _, m in listed), listed


def test_actions_without_a_unit():
    """A rule that leaves other actions to their defaults: some of those say yes to everybody."""
    RULE.write_text(
        HAND_MADE
        % 'action.lookup("verb") == "restart" && /^example@[0-9]{4}.service$/.test(action.lookup("unit"))'
    )
    reread()
    assert any("excess privilege" in m and "org.freedesktop.login1." in m for _, _, m in findings())


# --- rule files ---


@pytest.mark.parametrize("name", sampled({name: (name,) for name in ("50-restarter.rule", "restarter")}))
def test_wrong_suffix(name):
    RULE.rename(RULES / name)
    reread()
    listed = findings()
    found(str(RULES / name), "does not load", ".rules", all_findings=listed)
    found(f"{POLICY}:1", "dead button", all_findings=listed)


@pytest.mark.once
def test_files_that_are_nothing_to_speak_of():
    """Backups, a rule that is asked after ours, and somebody else's broken one, which is a note."""
    for suffix in ("dpkg-old", "dpkg-dist", "bak", "orig"):
        (RULES / f"{RULE.name}.{suffix}").write_text(RULE.read_text())
    (RULES / f"{RULE.name}~").write_text(RULE.read_text())
    (RULES / f".{RULE.name}.swp").write_text(RULE.read_text())
    (RULES / "60-later.rules").write_text(HAND_MADE % "true")
    (RULES / "60-other.rules").write_text("polkit.addRule(function(")
    reread()
    listed = findings()
    found(str(RULES / "60-other.rules"), "does not load", level="note", all_findings=listed)
    assert len(listed) == 1, listed


def test_file_that_polkitd_may_not_read():
    RULE.chmod(0o600)
    reread()
    listed = findings()
    found(str(RULE), "does not load", "polkitd", "chmod 644", all_findings=listed)
    found(f"{POLICY}:1", "dead button", "does not load", all_findings=listed)


def test_syntax_error():
    """In polkitd's own words, with its line."""
    RULE.write_text(RULE.read_text().replace("    ];", "    ;", 1))
    reread()
    listed = findings()
    found(str(RULE), "does not load", "SyntaxError", "line ", all_findings=listed)
    found(f"{POLICY}:1", "dead button", "does not load", all_findings=listed)


def test_error_when_it_is_run():
    RULE.write_text("throw new Error('boo');\n" + RULE.read_text())
    reread()
    found(str(RULE), "does not load", "boo")


@pytest.mark.parametrize("answer", sampled({answer: (answer,) for answer in ("YES", "NO", "AUTH_ADMIN")}))
def test_earlier_rule_that_answers_for_our_user(answer):
    file = RULES / "10-first.rules"
    file.write_text(
        "// a comment\npolkit.addRule(function (action, subject) {\n"
        f'    if (subject.user == "restarter") return polkit.Result.{answer};\n}});\n'
    )
    reread()
    listed = findings()
    found(f"{file}:3", "this rule names user", all_findings=listed)
    if answer == "YES":
        assert any("excess privilege" in m and "restart of" in m for _, p, m in listed if p == f"{file}:3")
        assert any("org.freedesktop.login1." in m for _, p, m in listed if p == f"{file}:3")
    else:
        assert str(file) in found(f"{POLICY}:1", "dead button", all_findings=listed)


def test_earlier_rule_that_answers_for_everybody():
    """It does not name our user: found by its answers alone."""
    file = RULES / "00-everybody.rules"
    file.write_text("polkit.addRule(function (action, subject) { return polkit.Result.YES; });\n")
    reread()
    assert any(p == str(file) and "excess privilege" in m for _, p, m in findings())


def test_earlier_rule_that_throws():
    """It denies everything, to everybody."""
    file = RULES / "10-throws.rules"
    file.write_text("polkit.addRule(function () { throw new Error('boo'); });\n")
    reread()
    message = found(f"{POLICY}:1", "dead button")
    assert "boo" in message and str(file) in message


@pytest.mark.once
def test_rule_is_missing():
    RULE.unlink()
    reread()
    listed = findings()
    found(f"{POLICY}:1", "dead button", "restartctl policy apply", all_findings=listed)
    found(str(RULE), "no such file", all_findings=listed, level="note")


# --- units ---


@pytest.mark.parametrize("name, user", sampled({"a unit": ("thief.service", "restarter"), "a template": ("thief@.service", "uid")}))
def test_other_unit_with_the_brokers_user(name, user):
    uid = run("id", "-u", "restarter").stdout.strip()
    (UNITS / name).write_text(f"[Service]\nExecStart=/bin/true\nUser={user if user != 'uid' else uid}\n")
    reload_manager()
    try:
        found(f"{UNITS / name}:3", name, "runs as user restarter")
    finally:
        (UNITS / name).unlink()
        reload_manager()


@pytest.mark.once
def test_dropin_that_gives_a_unit_the_brokers_user():
    with dropins({"victim.service": "[Service]\nUser=restarter\n"}):
        (UNITS / "victim.service").write_text("[Service]\nExecStart=/bin/sleep infinity\n")
        reload_manager()
        try:
            found("/run/systemd/system/victim.service.d/70-test.conf:2", "runs as user restarter")
        finally:
            (UNITS / "victim.service").unlink()
    reload_manager()


@pytest.mark.once
def test_template_that_does_not_exist():
    POLICY.write_text(SHIPPED_GRANT + "\n[Grant]\nUnit=nowhere@.service\nInstances=a\nVerbs=restart\n")
    policy("apply", check=OK)
    assert [p for _, p, _ in findings()] == [f"{POLICY}:6"]
    found(f"{POLICY}:6", "no template nowhere@.service")


@pytest.mark.once
def test_grant_that_covers_no_instance_is_a_note():
    """Loaded or enabled, that is; what another grant of the template covers does not count for it."""
    POLICY.write_text(SHIPPED_GRANT + SHIPPED_GRANT.replace("[0-9]{4}", "never|seen"))
    policy("apply", check=OK)
    done = policy("check", "--verb=restart", check=OK)
    assert f"{POLICY}:5: note: this grant covers no instance of example@.service" in done.stdout
    assert f"{POLICY}:1:" not in done.stdout and "Clean" in done.stdout


# --- the bus ---


@pytest.mark.core
def test_bus_policy_is_missing():
    BUS.unlink()
    bus.reload_config()
    found(str(BUS), "is missing")


@pytest.mark.core
def test_bus_policy_is_not_loaded():
    """What happens when the bus reads its configuration before there is a user of that name."""
    passwd = pathlib.Path("/etc/passwd")
    with replaced(passwd, re.sub("^restarter:.*\n", "", passwd.read_text(), flags=re.M)):
        bus.reload_config()
    found(f"{BUS}:{line_in(BUS, 'policy user=')}", "not loaded", "ReloadConfig")
    bus.reload_config()
    assert findings() == []


@pytest.mark.once
def test_bus_policy_for_somebody_else():
    BUS.write_text(BUS.read_text().replace('user="restarter"', 'user="nobody"'))
    bus.reload_config()
    assert any(p.startswith(str(BUS)) and "not loaded" in m for _, p, m in findings())


@pytest.mark.once
def test_another_bus_policy_allows_more():
    extra = VERBS.parent / "zz-more.conf"
    extra.write_text(
        '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"\n'
        ' "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n<busconfig><policy user="restarter">'
        '<allow send_destination="org.freedesktop.systemd1" '
        'send_interface="org.freedesktop.systemd1.Manager" send_member="StopUnit"/></policy></busconfig>\n'
    )
    bus.reload_config()
    assert "StopUnit" in found(f"{BUS}:{line_in(BUS, 'policy user=')}", "excess privilege")


@pytest.mark.once
def test_bus_policy_lacks_what_the_broker_needs():
    BUS.write_text(
        BUS.read_text().replace('send_member="RestartUnit"', 'send_member="X"').replace('"Subscribe"', '"Y"')
    )
    bus.reload_config()
    listed = findings()
    found(f"{POLICY}:1", "dead button", "RestartUnit", all_findings=listed)
    found(f"{BUS}:{line_in(BUS, 'policy user=')}", "cannot work", "Subscribe", all_findings=listed)


def test_bus_policy_for_other_verbs():
    """Missing while a grant asks for the verb; still there when none does any more."""
    POLICY.write_text(SHIPPED_GRANT.replace("=restart", "=restart reload"))
    policy("apply", check=OK)
    assert findings() == []
    VERBS.unlink()
    bus.reload_config()
    assert "ReloadUnit" in found(f"{POLICY}:1", "dead button", "restartctl policy apply")
    policy("apply", check=OK)
    POLICY.write_text(SHIPPED_GRANT)
    found(f"{VERBS}:{line_in(VERBS, 'policy user=')}", "excess privilege", "ReloadUnit")


def line_in(path, what):
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if what in line)


# --- how it ends ---


@pytest.mark.once
def test_fit_for_a_unit_and_for_ci():
    """A service with the check in front of it starts only while all fits."""
    text = "[Service]\nType=oneshot\nExecStartPre=restartctl policy check --verb=restart\nExecStart=/bin/true\n"
    with unit_files({"guarded.service": text}):
        assert systemctl("start", "guarded.service", check=False).returncode == 0
        POLICY.write_text(TWO_GRANTS)
        assert systemctl("start", "guarded.service", check=False).returncode != 0


@pytest.mark.once
def test_no_polkitd():
    systemctl("mask", "--runtime", "polkit.service")
    systemctl("stop", "polkit.service")
    try:
        done = policy("check")
        assert done.returncode == 4 and "polkitd cannot be asked" in done.stderr
    finally:
        systemctl("unmask", "--runtime", "polkit.service")
