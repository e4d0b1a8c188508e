/* Which units that have a file and are not loaded are in the list. */
#include "broker/table/instance.h"

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_meant(_unused_ void **state)
{
    static const struct {
        const char *file_state;
        bool instance, plain;
    } CASES[] = {
        { "enabled", true, true },    { "enabled-runtime", true, true },  { "disabled", false, true },
        { "static", false, true },    { "indirect", false, true },        { "linked", false, true },
        { "generated", false, true }, { "transient", false, true },       { "alias", false, false },
        { "masked", false, false },   { "masked-runtime", false, false }, { "bad", false, false },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(instance_is_meant("worker@blue.service", CASES[i].file_state), CASES[i].instance);
        assert_int_equal(instance_is_meant("nginx.service", CASES[i].file_state), CASES[i].plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_meant) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
