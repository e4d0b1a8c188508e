/* A failure is sentences, cleaned, and one object; what a later sentence does not say stays as it was. */
#include "cli/shared/fail.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

static void assert_json(const struct failure *failure, const char *expected)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = failure_value(failure);
    _cleanup_(freep) char *json = NULL;

    assert_non_null(value);
    json = rpc_value_to_json(value, JSON_SHORT);
    assert_string_equal(json, expected);
}

static void test_sentences(_unused_ void **state)
{
    _cleanup_(failure_done) struct failure failure = { 0 };

    assert_int_equal(failure_say(&failure, CLI_EXIT_REFUSED, 2, "No to %s.", "a\nb\033[2J"),
                     CLI_EXIT_REFUSED);
    assert_string_equal(failure.text, "No to a b?[2J.");
    assert_int_equal(failure_say(&failure, CLI_EXIT_REFUSED, 0, "Ask."), CLI_EXIT_REFUSED);
    assert_string_equal(failure.text, "No to a b?[2J.\nAsk.");
    assert_json(&failure,
                "{\"kind\":\"refused\",\"code\":2,\"message\":\"No to a b?[2J. Ask.\",\"exit_status\":3}");
    failure_done(&failure);
    assert_null(failure.text);
}

static void test_each_kind(_unused_ void **state)
{
    static const struct {
        int status;
        const char *kind;
    } KINDS[] = {
        { CLI_EXIT_FAILED, "failed" },   { CLI_EXIT_USAGE, "usage" },
        { CLI_EXIT_REFUSED, "refused" }, { CLI_EXIT_UNAVAILABLE, "unavailable" },
        { CLI_EXIT_UNKNOWN, "unknown" }, { 130, "unknown" },
    };

    for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++) {
        const struct failure failure = { .exit_status = KINDS[i].status };
        _cleanup_(freep) char *expected = NULL;

        assert_true(asprintf(&expected, "{\"kind\":\"%s\",\"code\":0,\"message\":\"\",\"exit_status\":%d}",
                             KINDS[i].kind, KINDS[i].status) > 0);
        assert_json(&failure, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_each_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
