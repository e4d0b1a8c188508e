/* The second parameter of restarter.restart. */
#include "broker/restart-options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "broker/job.h"
#include "common/cleanup.h"
#include "common/rpc.h"

#define CALL(options)                                                                                        \
    "<?xml version=\"1.0\"?><methodCall><methodName>m</methodName><params>"                                  \
    "<param><value><string>1</string></value></param>" options "</params></methodCall>"
#define STRUCT(members) CALL("<param><value><struct>" members "</struct></value></param>")
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define INT(n) "<int>" n "</int>"
#define STRING(s) "<string>" s "</string>"

static bool read_call(const char *xml, struct restart_options *ret)
{
    _cleanup_(rpc_call_done) struct rpc_call call = { 0 };
    const char *reason = NULL;

    assert_int_equal(rpc_call_parse(xml, strlen(xml), &call, &reason), 0);
    return restart_options_read(call.params, ret);
}

static void test_good(_unused_ void **state)
{
    const struct {
        const char *xml;
        uint64_t settle_usec;
        const char *press;
    } cases[] = {
        { CALL(""), JOB_SETTLE_OWN, "" },
        { STRUCT(""), JOB_SETTLE_OWN, "" },
        { STRUCT(MEMBER("settle", INT("0"))), 0, "" },
        { STRUCT(MEMBER("settle", INT("60"))), 60000000, "" },
        { STRUCT(MEMBER("press", STRING("abcd-_19"))), JOB_SETTLE_OWN, "abcd-_19" },
        { STRUCT(MEMBER("press", STRING("abcd-_19")) MEMBER("settle", INT("2"))), 2000000, "abcd-_19" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct restart_options options;

        assert_true(read_call(cases[i].xml, &options));
        assert_true(options.settle_usec == cases[i].settle_usec);
        assert_string_equal(options.press, cases[i].press);
    }
}

static void test_bad(_unused_ void **state)
{
    const char *const cases[] = {
        CALL("<param><value>" STRING("settle") "</value></param>"),
        CALL("<param><value><array><data></data></array></value></param>"),
        STRUCT(MEMBER("settle", INT("-1"))),
        STRUCT(MEMBER("settle", INT("61"))),
        STRUCT(MEMBER("settle", STRING("5"))),
        STRUCT(MEMBER("settle", "<boolean>1</boolean>")),
        STRUCT(MEMBER("press", INT("12345678"))),
        STRUCT(MEMBER("press", STRING("short"))),
        STRUCT(MEMBER("press", STRING("with spaces"))),
        STRUCT(MEMBER("press", STRING("abcdefgh&#10;"))),
        STRUCT(MEMBER("verb", STRING("reload"))),
        STRUCT(MEMBER("settle", INT("1")) MEMBER("Settle", INT("1"))),
        STRUCT(MEMBER("settle", INT("1")) MEMBER("press", STRING("abcdefgh")) MEMBER("x", INT("1"))),
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct restart_options options;

        if (read_call(cases[i], &options))
            fail_msg("taken: %s", cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_good), cmocka_unit_test(test_bad) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
