/* What systemd's words come to, for people. */
#include "common/unit-group.h"

#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_states(_unused_ void **state)
{
    static const struct {
        const char *active, *sub, *word;
    } CASES[] = {
        { "active", "running", "running" },
        { "active", "exited", "running" },
        { "reloading", "reload", "running" },
        { "refreshing", "refresh", "running" },
        { "failed", "failed", "failed" },
        { "inactive", "dead", "stopped" },
        { "", "", "stopped" },
        { "maintenance", "cleaning", "stopped" },
        { "activating", "start-pre", "restarting" },
        { "activating", "auto-restart", "restarting" },
        { "activating", "auto-restart-queued", "restarting" },
        { "deactivating", "stop-sigterm", "restarting" },
        /* From systemd 254 on, for a moment. */
        { "inactive", "dead-before-auto-restart", "restarting" },
        { "failed", "failed-before-auto-restart", "restarting" },
        { "a word of tomorrow", "running", "stopped" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_string_equal(unit_group_to_string(unit_group_of(CASES[i].active, CASES[i].sub)),
                            CASES[i].word);
}

static void test_words(_unused_ void **state)
{
    for (unsigned group = 0; group < UNIT_GROUPS; group++)
        assert_int_equal(unit_group_from_string(unit_group_to_string(group)), group);
    assert_int_equal(unit_group_from_string("Failed"), UNIT_GROUP_NONE);
    assert_int_equal(unit_group_from_string("failed "), UNIT_GROUP_NONE);
    assert_string_equal(unit_group_to_string(UNIT_GROUPS), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_states), cmocka_unit_test(test_words) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
