/* What apply installs: headers that tell an edited file from one that may be overwritten, a bus policy for
 * just the verbs that are granted, and the way back from a rule to its grants. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/rules/rendered.h"
#include "polkit/rules/rule.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4} x\nVerbs=restart\n"
                             "[Grant]\nUnit=web@.service\nInstances=a|b\nVerbs=reload try-restart\n";
static const char RESTART_ONLY[] = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n";

static char *render(const char *policy_text, const char *source)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(policy_text);
    char *text = NULL;

    assert_int_equal(rendered_rule(policy, source, &text), 0);
    return text;
}

/* As an admin can check it: grep -v 'sha256 of all other lines' FILE | sha256sum. */
static void test_checksum_is_sha256(_unused_ void **state)
{
    static const char TEXT[] = "// sha256 of all other lines: "
                               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nabc";

    assert_int_equal(rendered_judge(TEXT), RENDERED_AS_IS);
}

static void test_judges_what_it_rendered(_unused_ void **state)
{
    _cleanup_(freep) char *text = render(POLICY, POLICY_PATH);
    size_t length = strlen(text);

    assert_int_equal(rendered_judge(text), RENDERED_AS_IS);
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        text[i] = c == 'x' ? 'y' : 'x';
        if (rendered_judge(text) == RENDERED_AS_IS)
            fail_msg("a change of byte %zu is not seen", i);
        text[i] = c;
    }
    text[length - 1] = '\0';
    assert_int_equal(rendered_judge(text), RENDERED_EDITED);
}

/* Code in front of the header, or behind the checksum, is an edit like any other. */
static void test_sees_what_was_added(_unused_ void **state)
{
    static const char CODE[] = "polkit.addRule(x);";
    _cleanup_(freep) char *text = render(POLICY, POLICY_PATH), *before = NULL, *behind = NULL;
    const char *end = strchr(strstr(text, "other lines: "), '\n');

    assert_true(asprintf(&before, "%s\n%s", CODE, text) > 0);
    assert_int_equal(rendered_judge(before), RENDERED_EDITED);
    assert_true(asprintf(&behind, "%.*s %s%s", (int)(end - text), text, CODE, end) > 0);
    assert_int_equal(rendered_judge(behind), RENDERED_EDITED);
}

static void test_knows_what_is_not_its_own(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(POLICY);
    _cleanup_(freep) char *bare = rule_text(policy);

    assert_int_equal(rendered_judge(bare), RENDERED_FOREIGN);
    assert_int_equal(rendered_judge(""), RENDERED_FOREIGN);
    assert_int_equal(rendered_judge("polkit.addRule(function () {});\n"), RENDERED_FOREIGN);
    assert_int_equal(rendered_judge("// sha256 of all other lines: "), RENDERED_FOREIGN);
    assert_int_equal(rendered_judge("// sha256 of all other lines: \n"), RENDERED_EDITED);
    assert_int_equal(rendered_judge("// sha256 of all other lines: abc\nx"), RENDERED_EDITED);
}

static void test_header_names_its_source(_unused_ void **state)
{
    _cleanup_(freep) char *text = render(POLICY, "/etc/restarter/policy.conf");

    assert_non_null(strstr(text, "\n//   /etc/restarter/policy.conf\n"));
    assert_ptr_equal(strstr(text, "// Rendered by"), text);
}

static void test_same_grants_same_body(_unused_ void **state)
{
    _cleanup_(freep) char *a = render(POLICY, "/a"), *b = render(POLICY, "/b"),
                          *c = render(RESTART_ONLY, "/a");

    assert_string_not_equal(a, b);
    assert_true(rendered_same_body(a, b));
    assert_false(rendered_same_body(a, c));
    assert_false(rendered_same_body(a, ""));
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    while ((text = strstr(text, what))) {
        text++;
        n++;
    }
    return n;
}

/* A file's name is the one thing in a header that an admin makes up: it never gets out of its comment. */
static void test_no_name_ends_a_comment(_unused_ void **state)
{
    static const char *const NAMES[] = {
        "/x\npolkit.addRule(function () { return 'yes'; });\n//",
        "/x\r\n y",
        "/x --> <allow/> <!--",
        "/x\xe2\x80\xa8y",
        "/x\x01",
        "*/ x /*",
        "/x--",
        "/x-",
    };
    static const struct policy EMPTY = { 0 };

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(POLICY);
        _cleanup_(freep) char *rule = NULL, *bus = NULL, *plain = NULL;
        duk_context *engine;

        assert_int_equal(rendered_rule(&EMPTY, NAMES[i], &rule), 0);
        engine = engine_new(rule);
        assert_string_equal(engine_ask(engine, RULE_USER, MANAGE_UNITS, "example@1234.service", "restart"),
                            "no");
        assert_string_equal(engine_ask(engine, "root", MANAGE_UNITS, "example@1234.service", "restart"),
                            "not handled");
        duk_destroy_heap(engine);
        assert_int_equal(rendered_judge(rule), RENDERED_AS_IS);

        assert_int_equal(rendered_bus(policy, POLICY_PATH, &plain), 0);
        assert_int_equal(rendered_bus(policy, NAMES[i], &bus), 0);
        assert_int_equal(count(bus, "<!--"), count(plain, "<!--"));
        assert_int_equal(count(bus, "-->"), count(plain, "-->"));
        assert_null(strstr(bus, "---"));
        assert_int_equal(rendered_judge(bus), RENDERED_AS_IS);
    }
}

static void test_rule_with_header_runs(_unused_ void **state)
{
    _cleanup_(freep) char *text = render(POLICY, POLICY_PATH);
    duk_context *engine = engine_new(text);

    assert_true(engine_says_yes(engine, "example@0001.service", "restart"));
    assert_true(engine_says_yes(engine, "web@a.service", "reload"));
    assert_false(engine_says_yes(engine, "web@a.service", "restart"));
    duk_destroy_heap(engine);
}

static void test_bus_policy_is_for_other_verbs_only(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *some = policy_from(POLICY), *none = policy_from(RESTART_ONLY);
    _cleanup_(freep) char *text = NULL, *nothing = NULL;

    assert_int_equal(rendered_bus(none, POLICY_PATH, &nothing), 0);
    assert_null(nothing);
    assert_int_equal(rendered_bus(some, POLICY_PATH, &text), 0);
    assert_non_null(strstr(text, "send_member=\"ReloadUnit\""));
    assert_non_null(strstr(text, "send_member=\"TryRestartUnit\""));
    assert_null(strstr(text, "send_member=\"RestartUnit\""));
    assert_null(strstr(text, "send_member=\"ReloadOrRestartUnit\""));
    assert_null(strstr(text, "StartUnit"));
    assert_null(strstr(text, "StopUnit"));
    assert_non_null(strstr(text, "<policy user=\"restarter\">"));
    for (const char *p = text; (p = strstr(p, "user=\"")); p++)
        assert_int_equal(strncmp(p, "user=\"restarter\"", 16), 0);
}

/* The shipped policy lets restart's message pass: here it is taken back while no grant names it. */
static void test_bus_policy_opens_just_what_is_granted(_unused_ void **state)
{
    static const char *const TEXTS[] = { "", "[Grant]\nUnit=web@.service\nInstances=a\nVerbs=reload\n" };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(TEXTS[i]);
        _cleanup_(freep) char *text = NULL;
        const char *deny, *allow;

        assert_int_equal(rendered_bus(policy, POLICY_PATH, &text), 0);
        assert_non_null(text);
        deny = strstr(text, "<deny ");
        allow = strstr(text, "<allow ");
        assert_non_null(deny);
        assert_non_null(strstr(deny, "send_member=\"RestartUnit\""));
        assert_int_equal(allow != NULL, i == 1);
        assert_int_equal(strstr(text, "send_member=\"ReloadUnit\"") != NULL, i == 1);
    }
}

static void test_every_verb_has_its_member(_unused_ void **state)
{
    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1)
        assert_non_null(verb_bus_member(verb));
    assert_null(verb_bus_member(VERB_ALL));
    assert_null(verb_bus_member(0));
}

static void assert_reads_back(const char *policy_text)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(policy_text), *back = NULL;
    _cleanup_(freep) char *rule = rule_text(policy), *again = NULL;

    assert_int_equal(rule_read(rule, &back), 0);
    again = rule_text(back);
    assert_string_equal(rule, again);
}

static void test_rule_reads_back(_unused_ void **state)
{
    assert_reads_back(POLICY);
    assert_reads_back(RESTART_ONLY);
    assert_reads_back("");
    assert_reads_back("[Grant]\nUnit=a@.service\nInstances=a b c{1,3} [x.]\nVerbs=restart try-restart reload "
                      "reload-or-restart\n");
}

static void test_other_texts_are_no_rule(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "            unit: \"x\"\n",
        "            unit: \"example@.service\",\n            instances: [\"[0-9\"],\n            verbs: "
        "[\"restart\"]\n",
        "            unit: \"example@.service\",\n            instances: [\"1\"],\n            verbs: "
        "[\"start\"]\n",
        "            unit: \"example@.service",
        "            unit: \"example@.service\\n[Grant]\",\n",
    };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        struct policy *policy = NULL;

        assert_int_equal(rule_read(TEXTS[i], &policy), POLICY_E_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksum_is_sha256),
        cmocka_unit_test(test_judges_what_it_rendered),
        cmocka_unit_test(test_sees_what_was_added),
        cmocka_unit_test(test_knows_what_is_not_its_own),
        cmocka_unit_test(test_header_names_its_source),
        cmocka_unit_test(test_same_grants_same_body),
        cmocka_unit_test(test_no_name_ends_a_comment),
        cmocka_unit_test(test_rule_with_header_runs),
        cmocka_unit_test(test_bus_policy_is_for_other_verbs_only),
        cmocka_unit_test(test_bus_policy_opens_just_what_is_granted),
        cmocka_unit_test(test_every_verb_has_its_member),
        cmocka_unit_test(test_rule_reads_back),
        cmocka_unit_test(test_other_texts_are_no_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
