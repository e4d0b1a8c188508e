/* One setting, and who waits how long by it. */
#include "common/patience.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_setting(_unused_ void **state)
{
    const struct {
        const char *text;
        uint64_t usec;
    } cases[] = {
        { "", 120000000 },     { "120", 120000000 }, { "131", 131000000 },   { "2.5", 2500000 },
        { "1", 1000000 },      { "0", 1000000 },     { "3600", 3600000000 }, { "3601", 3600000000 },
        { "soon", 120000000 }, { "-1", 120000000 },  { "1e9", 3600000000 },  { "nan", 120000000 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(setenv("JOB_TIMEOUT_SEC", cases[i].text, 1), 0);
        assert_true(patience_job_usec() == cases[i].usec);
        assert_true(patience_call_usec(cases[i].usec) == cases[i].usec + 70000000);
        assert_true(patience_call_usec(patience_job_usec()) <= PATIENCE_CALL_MAX_SEC * UINT64_C(1000000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_setting) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
