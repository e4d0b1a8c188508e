/* What a header Prefer says, and that nothing else is made of it. */
#include "webfront/requests/prefer.h"

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_values(_unused_ void **state)
{
    static const struct {
        const char *value;
        bool respond_async;
        int wait;
    } CASES[] = {
        { "", false, -1 },
        { "respond-async", true, -1 },
        { "Respond-Async", true, -1 },
        { " respond-async ", true, -1 },
        { "respond-async, wait=5", true, 5 },
        { "wait=\"7\",respond-async", true, 7 },
        { "respond-async; a=b, wait=5; c", true, 5 },
        { "return=minimal, respond-async", true, -1 },
        { "wait=5", false, 5 },
        { "wait=0, respond-async", true, 0 },
        { "wait=61", false, 60 },
        { "wait=99999999999999999999", false, 60 },
        { "wait=5, wait=6", false, 5 },
        { "wait=", false, -1 },
        { "wait=-1", false, -1 },
        { "wait=5s", false, -1 },
        { "wait=\"", false, -1 },
        { "wait=\"\"", false, -1 },
        { "wait", false, -1 },
        { "respond-async=1", false, -1 },
        { "respond-asynchronously", false, -1 },
        { "xrespond-async", false, -1 },
        { ",,;;,=", false, -1 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct prefer prefer = { .wait = PREFER_WAIT_UNKNOWN };

        prefer_parse(CASES[i].value, &prefer);
        if (prefer.respond_async != CASES[i].respond_async || prefer.wait != CASES[i].wait)
            fail_msg("%s: %d %d", CASES[i].value, prefer.respond_async, prefer.wait);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_values) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
