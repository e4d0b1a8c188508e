/* The last good policy is kept for the next broker, and no policy older than that one ever. */
#include "policy/last-policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "policy/load.h"
#include "tests/unit/test.h"

struct place {
    char directory[64], policy[128], kept[128], fresh[128];
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    assert_non_null(p);
    strcpy(p->directory, "/tmp/test-last-policy.XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    (void)snprintf(p->policy, sizeof(p->policy), "%s/policy.conf", p->directory);
    (void)snprintf(p->kept, sizeof(p->kept), "%s/policy", p->directory);
    (void)snprintf(p->fresh, sizeof(p->fresh), "%s/policy.new", p->directory);
    assert_int_equal(setenv("RUNTIME_DIRECTORY", p->directory, 1), 0);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    (void)unlink(p->policy);
    (void)unlink(p->kept);
    (void)rmdir(p->fresh);
    assert_int_equal(rmdir(p->directory), 0);
    free(p);
    return 0;
}

static void keep(const struct place *p, const char *template_name)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    struct policy *policy = NULL;
    FILE *out = fopen(p->policy, "w");

    assert_non_null(out);
    (void)fprintf(out, "[Grant]\nUnit=%s@.service\nInstances=[0-9]{4}\nVerbs=restart\n", template_name);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(policy_load_owned(p->policy, POLICY_ANY_OWNER, &policy, &error), 0);
    last_policy_keep(policy);
    policy_free(policy);
}

static void assert_recalled(const char *unit)
{
    struct policy *policy = NULL;

    assert_int_equal(last_policy_recall(&policy), 0);
    assert_int_equal(!policy, !unit);
    if (policy && unit)
        assert_string_equal(policy->grants[0].unit, unit);
    policy_free(policy);
}

static void test_kept(void **state)
{
    assert_recalled(NULL);
    keep(*state, "first");
    assert_recalled("first@.service");
    keep(*state, "second");
    assert_recalled("second@.service");
    last_policy_forget();
    assert_recalled(NULL);
}

/* What was in force before, and may have granted more, does not come back. */
static void test_cannot_be_kept(void **state)
{
    const struct place *p = *state;

    keep(p, "first");
    assert_int_equal(mkdir(p->fresh, 0700), 0);
    keep(p, "second");
    assert_recalled(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cannot_be_kept, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
