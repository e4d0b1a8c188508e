/* A unit has other names than the one that was asked for: nothing is restarted by an alias, and nothing by
 * any name that is one of what carries us. */
#include <string.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

/* systemd tells of changes of the unit itself, which the policy may not cover. */
static void test_alias_is_refused(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.id = "b@1.service";
    for (int i = 0; i < 2; i++) {
        c = click(w, (unsigned)i, UNIT);
        settle(w);
        assert_refused(c, REFUSAL_NAME);
        assert_non_null(strstr(c->outcome.sentence, "b@1.service"));
    }
    assert_int_equal(w->fake.n_restarts, 0);
}

/* Whatever the policy says of the unit, it is another name of what carries us. */
static void test_carrier_is_refused(void **state)
{
    static const char *const STATES[] = { "active", "inactive", "failed" };
    struct world *w = *state;
    struct caller *c;

    w->fake.also = "dbus.service";
    for (unsigned i = 0; i < 3; i++) {
        w->fake.active_state = STATES[i];
        c = click(w, i, UNIT);
        settle(w);
        assert_refused(c, REFUSAL_NO_GRANT);
        assert_non_null(strstr(c->outcome.sentence, UNIT " is the same unit as dbus.service"));
        assert_non_null(strstr(c->outcome.sentence, "carries every question"));
    }
    assert_int_equal(w->fake.n_restarts, 0);
}

/* The other way round it is refused as what it is. */
static void test_alias_of_a_carrier_is_refused(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.id = w->fake.also = "polkit.service";
    c = click(w, 0, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_NO_GRANT);
    assert_non_null(strstr(c->outcome.sentence, "polkit.service"));
    assert_int_equal(w->fake.n_restarts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alias_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carrier_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_alias_of_a_carrier_is_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
