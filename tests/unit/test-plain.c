/* Plain units: one name is granted, exactly, by the policy and by the rule that is rendered from it; patterns
 * are for templates, and each mixture of the two is an error that says what to do. */
#include <string.h>

#include "common/cleanup.h"
#include "common/unit-name.h"
#include "policy/load.h"
#include "policy/resolve.h"
#include "polkit/ask/sample.h"
#include "polkit/rules/rule.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

#define NGINX "[Grant]\nUnit=nginx.service\nVerbs=restart reload\n"
#define WORKER "[Grant]\nUnit=worker@.service\nInstances=blue|green\nVerbs=restart\n"
#define NGINX_TEMPLATE "[Grant]\nUnit=nginx@.service\nInstances=x\nVerbs=restart\n"

/* Names that are not nginx.service, though they look like it. */
static const char *const NEIGHBOURS[] = {
    "nginx2.service",
    "xnginx.service",
    "Nginx.service",
    "NGINX.service",
    "ngin.service",
    "nginx.service.service",
    "nginx@.service",
    "nginx@x.service",
    "nginx@nginx.service",
    "@nginx.service",
    "nginx.socket",
    "nginx.Service",
    "nginx",
    "nginx.",
    "nginx.service ",
    " nginx.service",
    "nginx.service\n",
    "nginxXservice",
    "nginx-.service",
    "nginx_.service",
    ".nginx.service",
    "nginx..service",
    "nginx\\x2e.service",
    "a/nginx.service",
    "",
};
enum { N_NEIGHBOURS = sizeof(NEIGHBOURS) / sizeof(*NEIGHBOURS) };

static bool is_granted(const struct policy *policy, const char *unit, unsigned verb)
{
    struct unit_name name;

    return unit_name_parse(unit, &name) == 0 && policy_match(policy, &name, verb, NULL) == 0;
}

static void test_exactly_one_name(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(NGINX);
    _cleanup_(freep) char *rule = rule_text(policy);
    duk_context *engine = engine_new(rule);

    assert_true(grant_is_plain(&policy->grants[0]));
    assert_null(policy->grants[0].instances);
    assert_true(is_granted(policy, "nginx.service", VERB_RESTART));
    assert_true(is_granted(policy, "nginx.service", VERB_RELOAD));
    assert_false(is_granted(policy, "nginx.service", VERB_TRY_RESTART));
    assert_true(engine_says_yes(engine, "nginx.service", "restart"));
    assert_true(engine_says_yes(engine, "nginx.service", "reload"));
    assert_false(engine_says_yes(engine, "nginx.service", "try-restart"));
    assert_false(engine_says_yes(engine, "nginx.service", "start"));
    assert_false(engine_says_yes(engine, "nginx.service", "stop"));
    for (size_t i = 0; i < N_NEIGHBOURS; i++) {
        if (is_granted(policy, NEIGHBOURS[i], VERB_RESTART))
            fail_msg("the policy grants %s", NEIGHBOURS[i]);
        if (engine_says_yes(engine, NEIGHBOURS[i], "restart"))
            fail_msg("the rule grants %s", NEIGHBOURS[i]);
    }
    duk_destroy_heap(engine);
}

/* A template beside the unit of the same prefix: each is what it is. */
static void test_beside_its_template(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(NGINX_TEMPLATE NGINX);
    _cleanup_(freep) char *rule = rule_text(policy);
    duk_context *engine = engine_new(rule);

    assert_true(is_granted(policy, "nginx@x.service", VERB_RESTART));
    assert_false(is_granted(policy, "nginx@x.service", VERB_RELOAD));
    assert_true(is_granted(policy, "nginx.service", VERB_RELOAD));
    assert_true(engine_says_yes(engine, "nginx@x.service", "restart"));
    assert_false(engine_says_yes(engine, "nginx@x.service", "reload"));
    assert_true(engine_says_yes(engine, "nginx.service", "reload"));
    assert_false(engine_says_yes(engine, "nginx@.service", "restart"));
    duk_destroy_heap(engine);
}

static void test_the_rule_reads_back(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(NGINX WORKER), *again = NULL;
    _cleanup_(freep) char *rule = rule_text(policy), *second = NULL;

    assert_int_equal(rule_read(rule, &again), 0);
    assert_int_equal(again->n_grants, 2);
    second = rule_text(again);
    assert_string_equal(rule, second);
}

/* An id alone means an instance, whatever plain units are granted beside it. */
static void test_id_alone(_unused_ void **state)
{
    static const struct {
        const char *policy, *id;
        int outcome;
        const char *unit;
    } CASES[] = {
        { NGINX WORKER, "blue", 0, "worker@blue.service" },
        { WORKER NGINX, "blue", 0, "worker@blue.service" },
        { NGINX WORKER, "nginx", RESOLVE_E_NO_GRANT, "worker@nginx.service" },
        { NGINX WORKER, "nginx.service", 0, "nginx.service" },
        { NGINX WORKER, "nginx@", RESOLVE_E_NAME, "" },
        { NGINX WORKER, "nginx@.service", RESOLVE_E_NAME, "" },
        { NGINX WORKER, "nginx.socket", RESOLVE_E_NO_GRANT, "worker@nginx.socket.service" },
        { NGINX, "nginx", RESOLVE_E_NO_DEFAULT, "" },
        { NGINX, "nginx.service", 0, "nginx.service" },
        { NGINX, "nginx2.service", RESOLVE_E_NO_GRANT, "nginx2.service" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].policy);
        struct resolution resolution;
        int r = policy_resolve(policy, &(struct person){ 0 }, CASES[i].id, VERB_RESTART, &resolution);

        if (r != CASES[i].outcome || strcmp(resolution.name.unit, CASES[i].unit) != 0)
            fail_msg("%s: %d, %s", CASES[i].id, r, resolution.name.unit);
    }
}

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text, *error; /* its beginning */
    } CASES[] = {
        { "[Grant]\nUnit=nginx.service\nInstances=x\nVerbs=restart\n",
          "f:3: Unit=nginx.service is one unit and has no instances: take Instances= away, or name a "
          "template" },
        { "[Grant]\nInstances=x\n\nUnit=nginx.service\nVerbs=restart\n",
          "f:2: Unit=nginx.service is one unit and has no instances" },
        { "[Grant]\nUnit=nginx@.service\nVerbs=restart\n",
          "f:1: this [Grant] has no Instances=, to say which instances of the template nginx@.service" },
        { "[Grant]\nUnit=nginx.service\nVerbs=restart\nDefault=yes\n",
          "f:4: Default=yes is for templates: an id alone means an instance, and Unit=nginx.service has "
          "none" },
        { "[Grant]\nUnit=nginx.service\n", "f:1: this [Grant] has no Verbs=" },
        { "[Grant]\nUnit=nginx\nVerbs=restart\n", "f:2: Unit=nginx does not end in .service" },
        { "[Grant]\nUnit=nginx.socket\nVerbs=restart\n", "f:2: Unit=nginx.socket does not end in .service" },
        { "[Grant]\nUnit=nginx@x.service\nVerbs=restart\n",
          "f:2: Unit=nginx@x.service is an instance; write Unit=nginx@.service and Instances=x" },
        { "[Grant]\nUnit=.service\nVerbs=restart\n", "f:2: Unit=.service is neither a unit's name" },
        { "[Grant]\nUnit=-.service\nVerbs=restart\n", "f:2: Unit=-.service is neither a unit's name" },
        { NGINX "[Grant]\nUnit=nginx.service\nVerbs=reload\n",
          "f:4: nginx.service is granted already in f:1" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        _cleanup_(freep) char *text = NULL;

        assert_int_equal(policy_load_text("f", CASES[i].text, strlen(CASES[i].text), &policy, &error),
                         POLICY_E_INVALID);
        text = policy_error_format(&error);
        if (strncmp(text, CASES[i].error, strlen(CASES[i].error)) != 0)
            fail_msg("%s", text);
    }
}

/* What is no mistake. */
static void test_odd_but_right(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        NGINX "Default=no\n",
        NGINX "StartStopped=yes\nCooldown=5\nSettle=3\n",
        NGINX "[Grant]\nUnit=nginx.service\nVerbs=try-restart\n",
        "[Grant]\nUnit=a.service.service\nVerbs=restart\n",
        "[Grant]\nUnit=nginx.service\nVerbs=restart\n[Grant]\nUnit=Nginx.service\nVerbs=restart\n",
    };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++)
        policy_free(policy_from(TEXTS[i]));
}

static void test_pattern_for_systemd(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(NGINX WORKER);
    char pattern[GRANT_PATTERN_SIZE];

    grant_unit_pattern(&policy->grants[0], pattern);
    assert_string_equal(pattern, "nginx.service");
    grant_unit_pattern(&policy->grants[1], pattern);
    assert_string_equal(pattern, "worker@*.service");
}

struct seen {
    const struct policy *policy;
    duk_context *engine;
    size_t n, n_expected;
};

static int on_near_miss(const char *name, void *userdata)
{
    static const char *const EXPECTED[] = { "nginx2.service",    "Nginx.service",  "nginx.service.service",
                                            "nginx@x.service",   "nginx@.service", "nginx.socket",
                                            "xnginx.service",    "ngin.service",   "nginx",
                                            "nginx\\x2f.service" };
    struct seen *seen = userdata;

    if (is_granted(seen->policy, name, VERB_RESTART) || engine_says_yes(seen->engine, name, "restart"))
        fail_msg("%s is granted, so it is no near miss", name);
    for (size_t i = 0; i < sizeof(EXPECTED) / sizeof(*EXPECTED); i++)
        seen->n_expected += strcmp(EXPECTED[i], name) == 0;
    seen->n++;
    return 0;
}

static void test_near_misses(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy = policy_from(NGINX);
    _cleanup_(freep) char *rule = rule_text(policy);
    struct seen seen = { .policy = policy, .engine = engine_new(rule) };
    struct unit_name name;

    assert_int_equal(unit_name_parse("nginx.service", &name), 0);
    assert_int_equal(sample_near_misses(policy, &name, on_near_miss, &seen), 0);
    assert_true(seen.n >= 20);
    assert_int_equal(seen.n_expected, 10);
    duk_destroy_heap(seen.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exactly_one_name),
        cmocka_unit_test(test_beside_its_template),
        cmocka_unit_test(test_the_rule_reads_back),
        cmocka_unit_test(test_id_alone),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_odd_but_right),
        cmocka_unit_test(test_pattern_for_systemd),
        cmocka_unit_test(test_near_misses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
