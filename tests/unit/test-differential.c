/* The broker's matcher and the rendered rule in a JavaScript engine are asked about the same names, verbs and
 * policies: they must never disagree. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/unit-name.h"
#include "policy/load.h"
#include "tests/unit/policy-names.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

#define GRANT(unit, instances, verbs)                                                                        \
    "[Grant]\nUnit=" unit "@.service\nInstances=" instances "\nVerbs=" verbs "\n"

#define PLAIN(unit, verbs) "[Grant]\nUnit=" unit ".service\nVerbs=" verbs "\n"

static const char *const POLICIES[] = {
    PLAIN("nginx", "restart"),
    PLAIN("a", "restart reload") PLAIN("aa", "try-restart restart") PLAIN("A", "restart"),
    PLAIN("a.service", "restart") PLAIN("a.b-c:d_e", "reload-or-restart restart"),
    PLAIN("a", "restart") GRANT("a", "a .service [0-9]+", "restart") PLAIN("b", "reload restart"),
    PLAIN("constructor", "restart") PLAIN("__proto__", "restart") PLAIN("length", "restart"),
    GRANT("example", "[0-9]{4}", "restart"),
    GRANT("a", ".*", "restart"),
    GRANT("a", ".+-.+", "restart"),
    GRANT("a", ".", "restart reload"),
    GRANT("a", "a|b|cd", "restart"),
    GRANT("a", "a|ab|abc|b", "restart"),
    GRANT("a", "(a|ab)(c|bcd)(d*)", "restart"),
    GRANT("a", "(a|ab)(bc|c)?x", "restart"),
    GRANT("a", "x y-[0-9]+ (z|zz){1,3}", "restart try-restart"),
    GRANT("web", "[a-z][a-z0-9-]{0,62}", "restart"),
    GRANT("web", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "restart"),
    GRANT("w", "(eu|us)-(west|north)-[0-9]{1,2}[.](prod|test)", "restart"),
    GRANT("ip", "([0-9]{1,3}[.]){3}[0-9]{1,3}", "restart"),
    GRANT("mac", "([A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}", "restart"),
    GRANT("uuid", "[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}", "restart"),
    GRANT("tty", "tty[0-9]{1,2} console ttyS[0-3]", "restart reload-or-restart"),
    GRANT("a", "[.]", "restart"),
    GRANT("a", "[.:_-]+", "restart"),
    GRANT("a", "[-a]{2,} [b-]{3}", "restart"),
    GRANT("a", "a-z A-Z", "restart"),
    GRANT("a", "a{255} b{245} c{244,}", "restart"),
    GRANT("a", "((a{2}|b{3}){2}c){1,2}", "restart"),
    GRANT("a", "(a?b?c)*d?", "restart"),
    GRANT("a", "(a*b){1,4}", "restart"),
    GRANT("a", "service .service x.service", "restart"),
    GRANT("service", "(.service)+", "restart"),
    GRANT("a.b-c:d_e", "0|1", "reload-or-restart"),
    GRANT("_", "_+", "restart"),
    GRANT("a", "[0-9]+", "restart") GRANT("a", "[a-z]+", "reload")
        GRANT("ab", "[A-Z]{1,3}", "try-restart restart") GRANT("aa", "x.?", "restart"),
    GRANT("a", "[0-9]{2}", "restart") GRANT("a", "[0-9]{1,3}", "restart reload"),
    GRANT("constructor", "constructor __proto__ length", "restart"),
    "# nothing at all\n",
};

/* The broker's way from a name that was sent to a decision. */
static bool broker_says_yes(const struct policy *policy, const char *unit, const char *verb)
{
    struct unit_name name;

    return unit_name_parse(unit, &name) == 0 &&
           policy_match(policy, &name, verb_from_string(verb), NULL) == 0;
}

static void test_no_disagreement(_unused_ void **state)
{
    const size_t n_policies = sizeof(POLICIES) / sizeof(*POLICIES);
    unsigned long n_names = differential_setting();
    unsigned long n_yes = 0, n_asked = 0;
    struct random random = random_new(5);

    for (size_t i = 0; i < n_policies; i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(POLICIES[i]);
        _cleanup_(freep) char *rule = rule_text(policy);
        duk_context *engine = engine_new(rule);
        struct name name;

        for (unsigned long j = 0; j < n_names / n_policies + 1; j++) {
            const char *verb = random_below(&random, 4) == 0 ? random_verb(&random) : "restart";
            bool yes;

            make_name(policy, &random, &name);
            yes = broker_says_yes(policy, name.text, verb);
            if (engine_says_yes(engine, name.text, verb) != yes)
                fail_msg("the broker says %s, the rule the opposite: %s of \"%s\" by\n%s", yes ? "yes" : "no",
                         verb, name.text, POLICIES[i]);
            n_asked++;
            n_yes += yes;
        }
        duk_destroy_heap(engine);
    }
    print_message("%lu names, %lu of them granted: no disagreement\n", n_asked, n_yes);
    assert_in_range(n_yes, n_asked / 8, n_asked - n_asked / 8);
}

/* Patterns that nobody thought of are read alike, too. */
static void test_any_pattern(_unused_ void **state)
{
    unsigned long n_patterns = differential_policies(), n_taken = 0, n_yes = 0;
    struct random random = random_new(7);

    for (unsigned long i = 0; i < n_patterns; i++) {
        char pattern[64], text[128];
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        struct name name;

        random_pattern(&random, pattern, sizeof(pattern));
        snprintf(text, sizeof(text), GRANT("a", "%s", "restart"), pattern);
        if (policy_load_text("f", text, strlen(text), &policy, &error) != 0)
            continue;
        _cleanup_(freep) char *rule = rule_text(policy);
        duk_context *engine = engine_new(rule);

        n_taken++;
        for (unsigned j = 0; j < 20; j++) {
            bool yes;

            make_name(policy, &random, &name);
            yes = broker_says_yes(policy, name.text, "restart");
            if (engine_says_yes(engine, name.text, "restart") != yes)
                fail_msg("the broker says %d, the rule the opposite: %s by %s", yes, name.text, pattern);
            n_yes += yes;
        }
        duk_destroy_heap(engine);
    }
    print_message("%lu patterns, %lu names granted\n", n_taken, n_yes);
    assert_in_range(n_yes, n_taken, 20 * n_taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_disagreement),
        cmocka_unit_test(test_any_pattern),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
