/* The rendered rule, run in the engine that polkitd has: whom it answers, what it answers, and what it does
 * when an admin's hand has broken it. */
#include "policy/load.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/rules/rule.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
                             "[Grant]\nUnit=web@.service\nInstances=a|bc .-x\nVerbs=reload try-restart\n";

static duk_context *engine_from(const char *policy_text)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(policy_text);
    _cleanup_(freep) char *rule = rule_text(policy);

    return engine_new(rule);
}

static void test_answers(_unused_ void **state)
{
    static const struct {
        const char *user, *action, *unit, *verb, *answer;
    } CASES[] = {
        { "restarter", MANAGE_UNITS, "example@0001.service", "restart", "yes" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "start", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "stop", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "try-restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "reload-or-restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "reset-failed", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "kill", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", "", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service", NULL, "no" },
        { "restarter", MANAGE_UNITS, NULL, "restart", "no" },
        { "restarter", MANAGE_UNITS, NULL, NULL, "no" },
        { "restarter", MANAGE_UNITS, "", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@00001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service\n", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001\n.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "\nexample@0001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "xexample@0001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "exanple@0001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "Example@0001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.service.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001.socket", "restart", "no" },
        { "restarter", MANAGE_UNITS, "example@0001xservice", "restart", "no" },
        { "restarter", MANAGE_UNITS, "ssh.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "web@0001.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "web@a.service", "reload", "yes" },
        { "restarter", MANAGE_UNITS, "web@bc.service", "try-restart", "yes" },
        { "restarter", MANAGE_UNITS, "web@bc.service", "restart", "no" },
        { "restarter", MANAGE_UNITS, "web@bc.service", "reset-failed", "no" },
        { "restarter", MANAGE_UNITS, "web@ac.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "web@abc.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "web@y-x.service", "reload", "yes" },
        { "restarter", MANAGE_UNITS, "web@--x.service", "reload", "yes" },
        { "restarter", MANAGE_UNITS, "web@@-x.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "web@\\-x.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "web@ -x.service", "reload", "no" },
        { "restarter", MANAGE_UNITS, "web@\xc3\xa9-x.service", "reload", "no" },
        { "restarter", MANAGE_UNITS ".x", "example@0001.service", "restart", "no" },
        { "restarter", "org.freedesktop.systemd1.manage-unit-files", "example@0001.service", "restart",
          "no" },
        { "restarter", "org.freedesktop.systemd1.reload-daemon", NULL, NULL, "no" },
        { "restarter", "org.freedesktop.login1.reboot", NULL, NULL, "no" },
        { "restarter", "", "", "", "no" },
        { "root", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "restarter2", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "Restarter", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "restarter-webfront", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "bob", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "", MANAGE_UNITS, "example@0001.service", "restart", "not handled" },
        { "bob", "org.freedesktop.login1.reboot", NULL, NULL, "not handled" },
    };
    duk_context *engine = engine_from(POLICY);

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *answer = engine_ask(engine, CASES[i].user, CASES[i].action, CASES[i].unit, CASES[i].verb);

        if (strcmp(answer, CASES[i].answer) != 0)
            fail_msg("%s: %s %s %s %s", answer, CASES[i].user, CASES[i].action, CASES[i].verb, CASES[i].unit);
    }
    duk_destroy_heap(engine);
}

static void test_nothing_granted(_unused_ void **state)
{
    duk_context *engine = engine_from("# nothing\n");

    assert_string_equal(engine_ask(engine, "restarter", MANAGE_UNITS, "example@0001.service", "restart"),
                        "no");
    assert_string_equal(engine_ask(engine, "restarter", "org.freedesktop.login1.reboot", NULL, NULL), "no");
    assert_string_equal(engine_ask(engine, "bob", MANAGE_UNITS, "example@0001.service", "restart"),
                        "not handled");
    duk_destroy_heap(engine);
}

/* The longest name there is, and one character more. */
static void test_length(_unused_ void **state)
{
    duk_context *engine = engine_from("[Grant]\nUnit=a@.service\nInstances=x+\nVerbs=restart\n");
    char unit[300];

    for (int length = 11; length <= 290; length++) {
        memset(unit, 'x', (size_t)length);
        unit[0] = 'a';
        unit[1] = '@';
        strcpy(unit + length - strlen(".service"), ".service");
        assert_int_equal(strlen(unit), length);
        assert_int_equal(engine_says_yes(engine, unit, "restart"), length <= 255);
    }
    duk_destroy_heap(engine);
}

/* The rule leaves nothing behind that another rule could use, or trip over, and is one rule. */
static void test_no_globals(_unused_ void **state)
{
    static const char names[] = "Object.getOwnPropertyNames(this).join(' ')";
    duk_context *before = engine_new(""), *after = engine_from(POLICY);

    duk_eval_string(before, names);
    duk_eval_string(after, names);
    assert_string_equal(duk_get_string(after, -1), duk_get_string(before, -1));
    duk_eval_string(after, "polkit.rules.length + polkit.logged");
    assert_string_equal(duk_get_string(after, -1), "1");
    duk_destroy_heap(before);
    duk_destroy_heap(after);
}

/* Two programs render the same text, and places do not matter. */
static void test_deterministic(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *a = policy_from(POLICY);
    _cleanup_(policy_freep) struct policy *b = NULL;
    _cleanup_(freep) char *moved = NULL, *text_a = NULL, *text_b = NULL;
    struct policy_error error;

    assert_true(asprintf(&moved, "# moved\n\n%sStartStopped=yes\nCooldown=5s\n", POLICY) > 0);
    assert_int_equal(policy_load_text("/elsewhere", moved, strlen(moved), &b, &error), 0);
    text_a = rule_text(a);
    text_b = rule_text(b);
    assert_string_equal(text_a, text_b);
    for (const char *p = text_a; *p; p++)
        assert_true(*p == '\n' || (*p >= ' ' && *p <= '~'));
    assert_null(strcasestr(text_a, "_keep"));
    assert_null(strcasestr(text_a, "polkit.Result.AUTH"));
}

/* What throws inside of the rule is a no to our user, and nothing to anybody else. */
static void test_exceptions(_unused_ void **state)
{
    static const char *const ACTIONS[] = {
        "{ id: '" MANAGE_UNITS "', lookup: function () { throw new Error('x'); } }",
        "{ id: '" MANAGE_UNITS "' }",
        "{ get id() { throw new Error('x'); } }",
        "{ id: '" MANAGE_UNITS "', lookup: function () { return {}; } }",
        "{ id: '" MANAGE_UNITS "', lookup: function () { return ['example@0001.service']; } }",
        "{ id: '" MANAGE_UNITS "', lookup: function () { return null; } }",
        "{ id: '" MANAGE_UNITS "', lookup: function (n) { return n === 'verb' ? 'restart' : "
        "new String('example@0001.service'); } }",
        "{ id: '" MANAGE_UNITS "', lookup: function (n) { return n === 'verb' ? ['restart'] : "
        "'example@0001.service'; } }",
        "{}",
        "null",
        "undefined",
    };
    duk_context *engine = engine_from(POLICY);

    for (size_t i = 0; i < sizeof(ACTIONS) / sizeof(*ACTIONS); i++) {
        char text[512];

        snprintf(text, sizeof(text), "polkit.rules[0](%s, { user: 'restarter' })", ACTIONS[i]);
        if (duk_peval_string(engine, text) != 0 || strcmp(duk_safe_to_string(engine, -1), "no") != 0)
            fail_msg("%s: %s", text, duk_safe_to_string(engine, -1));
        snprintf(text, sizeof(text), "polkit.rules[0](%s, { user: 'bob' })", ACTIONS[i]);
        if (duk_peval_string(engine, text) != 0 || !duk_is_null(engine, -1))
            fail_msg("%s: %s", text, duk_safe_to_string(engine, -1));
    }
    duk_destroy_heap(engine);
}

/* Whoever asks, as each polkitd describes him: where it knows services, the broker's own alone is heard. */
static void test_service(_unused_ void **state)
{
    static const struct {
        const char *subject, *answer;
    } CASES[] = {
        { "{}", "yes" }, /* 122: it does not know */
        { "{ session: null, seat: null, local: false, active: false }", "yes" },
        { "{ system_unit: undefined }", "yes" },
        { "{ system_unit: 'restarter-broker.service', no_new_privileges: true }", "yes" },
        { "{ system_unit: 'restarter-broker.service' }", "yes" },
        { "{ system_unit: null }", "no" }, /* 126: it knows, and there is none */
        { "{ system_unit: null, no_new_privileges: true }", "no" },
        { "{ system_unit: '' }", "no" },
        { "{ system_unit: ' restarter-broker.service' }", "no" },
        { "{ system_unit: 'restarter-broker.service\\n' }", "no" },
        { "{ system_unit: 'restarter-broker.service\\u0000' }", "no" },
        { "{ system_unit: 'Restarter-Broker.service' }", "no" },
        { "{ system_unit: 'restarter-broker' }", "no" },
        { "{ system_unit: 'restarter-broker.scope' }", "no" },
        { "{ system_unit: 'restarter-broker@.service' }", "no" },
        { "{ system_unit: 'restarter-broker@1.service' }", "no" },
        { "{ system_unit: 'restarter-broker-x.service' }", "no" },
        { "{ system_unit: 'x-restarter-broker.service' }", "no" },
        { "{ system_unit: 'user@998.service' }", "no" },
        { "{ system_unit: 'restarter-webfront.service' }", "no" },
        { "{ system_unit: 'session-1.scope' }", "no" },
        { "{ system_unit: '/system.slice/restarter-broker.service' }", "no" },
        { "{ system_unit: true }", "no" },
        { "{ system_unit: false }", "no" },
        { "{ system_unit: 0 }", "no" },
        { "{ system_unit: NaN }", "no" },
        { "{ system_unit: {} }", "no" },
        { "{ system_unit: ['restarter-broker.service'] }", "no" },
        { "{ system_unit: new String('restarter-broker.service') }", "no" },
        { "{ system_unit: { toString: function () { return 'restarter-broker.service'; } } }", "no" },
        { "{ get system_unit() { throw new Error('x'); } }", "no" },
    };
    duk_context *engine = engine_from(POLICY);

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        engine_subject(engine, CASES[i].subject);
        if (strcmp(engine_ask(engine, RULE_USER, MANAGE_UNITS, "example@0001.service", "restart"),
                   CASES[i].answer) != 0)
            fail_msg("%s is not told %s", CASES[i].subject, CASES[i].answer);
        /* Whichever service it is, it gets no more than that, and nobody else gets an answer. */
        assert_string_equal(engine_ask(engine, RULE_USER, MANAGE_UNITS, "example@0001.service", "stop"),
                            "no");
        assert_string_equal(engine_ask(engine, "bob", MANAGE_UNITS, "example@0001.service", "restart"),
                            "not handled");
    }
    duk_destroy_heap(engine);
}

/* A table tuned by hand: the changed text in place of what was rendered. */
static char *replaced(const char *text, const char *what, const char *with)
{
    const char *at = strstr(text, what);
    char *result;

    if (!at)
        fail_msg("no %s in the rule", what);
    assert_true(asprintf(&result, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what)) > 0);
    return result;
}

static void test_tuned_by_hand(_unused_ void **state)
{
    static const struct {
        const char *what, *with;
        bool yes; /* to a restart of example@0001.service; other@0001.service is always denied */
        const char *logged;
    } CASES[] = {
        /* what an admin may want */
        { "[\"[0-9]{4}\"]", "[\"[0-9]{4}\", \"test\"]", true, "" },
        { "[\"[0-9]{4}\"]", "[\"000.\"]", true, "" },
        { "[\"[0-9]{4}\"]", "[]", false, "" },
        { "[\"restart\"]", "[]", false, "" },
        { "[\"restart\"]", "[\"restart\", \"reload\",]", true, "" },
        /* mistakes: nothing is granted by accident, and polkitd's journal has the reason */
        { "[\"[0-9]{4}\"]", "[\"[0-9]\"]", false, "" }, /* anchors cannot be forgotten */
        { "[\"[0-9]{4}\"]", "[\"x|[0-9]{3}|y\"]", false, "" },
        { "[\"[0-9]{4}\"]", "[\"x)|(?:.*\"]", false, "grants nothing" },
        { "[\"[0-9]{4}\"]", "[\"x)$|.*|^(?:y\"]", false, "grants nothing" },
        { "[\"[0-9]{4}\"]", "[\"\\\\d{4}\"]", false, "not a pattern" },
        { "[\"[0-9]{4}\"]", "[\"\\d{4}\"]", false, "" },
        { "[\"[0-9]{4}\"]", "[\"[0-9\"]", false, "grants nothing" },
        { "[\"[0-9]{4}\"]", "[\"\"]", false, "not a pattern" },
        { "[\"[0-9]{4}\"]", "[/[0-9]/]", false, "not a pattern" },
        { "[\"[0-9]{4}\"]", "[undefined]", false, "not a pattern" },
        { "[\"[0-9]{4}\"]", "\"[0-9]{4}\"", false, "must be a list" },
        { "[\"restart\"]", "\"restart try-restart\"", false, "must be a list" },
        { "[\"restart\"]", "undefined", false, "must be a list" },
        { "[\"restart\"]", "[\"start\", \"stop\", \"RESTART\"]", false, "" },
        { "\"example@.service\"", "\"example\"", false, "not a template" },
        { "\"example@.service\"", "\"example@0001.service\"", false, "not a template" },
        { "\"example@.service\"", "\"example@\"", false, "not a template" },
        { "\"example@.service\"", "\"@.service\"", false, "not a template" },
        { "\"example@.service\"", "\"\"", false, "not a template" },
        { "\"example@.service\"", "\".service\"", false, "not a template" },
        { "\"example@.service\"", "\".*@.service\"", false, "not a template" },
        { "\"example@.service\"", "\"example.service\"", false, "only a template has instances" },
        { "\"example@.service\"", "undefined", false, "grants nothing" },
        { "var VERBS = [", "var VERBS = [\"start\", ", true, "" }, /* both places would have to be wrong */
    };
    _cleanup_(policy_freep) struct policy *policy = policy_from(POLICY);
    _cleanup_(freep) char *rendered = rule_text(policy);

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(freep) char *text = replaced(rendered, CASES[i].what, CASES[i].with);
        duk_context *engine = engine_new(text);

        if (engine_says_yes(engine, "example@0001.service", "restart") != CASES[i].yes)
            fail_msg("%s: not %d", CASES[i].with, CASES[i].yes);
        assert_false(engine_says_yes(engine, "example@0001.service", "start"));
        assert_false(engine_says_yes(engine, "other@0001.service", "restart"));
        assert_string_equal(engine_ask(engine, "bob", MANAGE_UNITS, "x", "restart"), "not handled");
        duk_eval_string(engine, "polkit.logged");
        if (!strstr(duk_get_string(engine, -1), CASES[i].logged) ||
            (!*CASES[i].logged && *duk_get_string(engine, -1)))
            fail_msg("%s: logged \"%s\"", CASES[i].with, duk_get_string(engine, -1));
        duk_destroy_heap(engine);
    }
}

/* A full disk is not a rendered rule. */
static void test_write_error(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(POLICY);
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    assert_true(rule_render(policy, full) < 0);
    (void)fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_nothing_granted),
        cmocka_unit_test(test_length),        cmocka_unit_test(test_no_globals),
        cmocka_unit_test(test_deterministic), cmocka_unit_test(test_exceptions),
        cmocka_unit_test(test_tuned_by_hand), cmocka_unit_test(test_write_error),
        cmocka_unit_test(test_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
