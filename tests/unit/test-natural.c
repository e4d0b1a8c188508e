/* The order of a list that people read. */
#include "common/natural.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

/* As they are to stand. */
static const char *const UNITS[] = {
    "a.service",
    "a@1.service",
    "a@02.service",
    "a@2.service",
    "a@010.service",
    "a@10.service",
    "a@99999999999999999999999.service",
    "a@100000000000000000000000.service",
    "a@b.service",
    "a@b0.service",
    "a@b00.service",
    "a@b1.service",
    "a@b1x.service",
    "a@b2.service",
    "a-b@1.service",
    "web@eu-2.service",
    "web@eu-2-b1.service",
    "web@eu-2-b10.service",
    "web@eu-10.service",
    "web2.service",
    "web2@1.service",
    "web10@1.service",
};
enum { N = sizeof(UNITS) / sizeof(*UNITS) };

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

/* Each with each, there and back: an order, and no two are equal. */
static void test_order(_unused_ void **state)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            if (sign(natural_compare(UNITS[i], UNITS[j])) != sign(i - j))
                fail_msg("%s, %s", UNITS[i], UNITS[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_order) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
