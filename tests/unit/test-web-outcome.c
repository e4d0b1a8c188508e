/* From whatever the broker sent, or did not send, to what is said about it. Above all: "nothing was
 * restarted" only when that is certain. */
#include "webfront/pages/outcome.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc/rpc.h"
#include "common/verb.h"
#include "tests/unit/test.h"

static struct outcome of_block(xmlrpc_mem_block *block, unsigned retry_after)
{
    struct rpc_client_answer answer = {
        .result = RPC_CLIENT_ANSWERED,
        .status = 200,
        .retry_after = retry_after,
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, block),
        .size = XMLRPC_MEMBLOCK_SIZE(char, block),
    };
    struct outcome outcome = outcome_of_restart(&answer);

    rpc_block_free(block);
    return outcome;
}

static struct outcome of_bytes(const char *bytes)
{
    struct rpc_client_answer answer = {
        .result = RPC_CLIENT_ANSWERED, .status = 200, .body = bytes, .size = strlen(bytes)
    };

    return outcome_of_restart(&answer);
}

static struct outcome of_value(bool success)
{
    struct rpc_struct s = rpc_struct_begin();
    struct outcome outcome;
    xmlrpc_value *value;

    rpc_struct_bool(&s, "success", success);
    rpc_struct_string(&s, "message", success ? "It was." : "It was not.");
    rpc_struct_string(&s, "unit", "example@1234.service");
    rpc_struct_int(&s, "milliseconds", 12);
    value = rpc_struct_end(&s);
    outcome = of_block(rpc_response_serialize(value), 0);
    xmlrpc_DECREF(value);
    return outcome;
}

static void assert_json_has(const struct outcome *outcome, const char *key, const char *value)
{
    const struct wire_answer answer = outcome_to_wire(outcome);
    _cleanup_(freep) char *json = wire_answer_to_json(&answer, JSON_PRETTY);
    const char *at = strstr(json, key);

    if (!at || strncmp(at + strlen(key), ": ", 2) != 0 ||
        strncmp(at + strlen(key) + 2, value, strlen(value)) != 0)
        fail_msg("no %s: %s in %s", key, value, json);
}

static void test_success(_unused_ void **state)
{
    _cleanup_(outcome_done) struct outcome outcome = of_value(true);

    assert_int_equal(outcome.kind, OUTCOME_SUCCEEDED);
    assert_int_equal(outcome.status, 200);
    assert_string_equal(outcome.message, "It was.");
    assert_json_has(&outcome, "\"success\"", "true");
    assert_json_has(&outcome, "\"message\"", "\"It was.\"");
    assert_json_has(&outcome, "\"milliseconds\"", "12");
}

static void test_failure(_unused_ void **state)
{
    _cleanup_(outcome_done) struct outcome outcome = of_value(false);

    assert_int_equal(outcome.kind, OUTCOME_FAILED);
    assert_int_equal(outcome.status, 200);
    assert_json_has(&outcome, "\"success\"", "false");
    assert_json_has(&outcome, "\"unit\"", "\"example@1234.service\"");
}

static void test_refusals(_unused_ void **state)
{
    static const struct {
        int code;
        unsigned status;
        enum outcome_kind kind;
        const char *name;
    } CASES[] = {
        { REFUSAL_NAME, 400, OUTCOME_REFUSED, "\"name\"" },
        { REFUSAL_NO_GRANT, 403, OUTCOME_REFUSED, "\"no-grant\"" },
        { REFUSAL_NO_UNIT, 404, OUTCOME_REFUSED, "\"no-unit\"" },
        { REFUSAL_START_LIMIT, 429, OUTCOME_REFUSED, "\"start-limit\"" },
        { REFUSAL_POLKIT, 403, OUTCOME_REFUSED, "\"polkit\"" },
        { REFUSAL_UNAVAILABLE, 503, OUTCOME_REFUSED, "\"unavailable\"" },
        { REFUSAL_UNKNOWN, 503, OUTCOME_UNKNOWN, "\"unknown\"" },
        { RPC_FAULT_PARAMS, 503, OUTCOME_REFUSED, "\"broker\"" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(outcome_done) struct outcome outcome =
            of_block(rpc_fault_serialize(CASES[i].code, "No & why."), 7);

        assert_int_equal(outcome.kind, CASES[i].kind);
        assert_int_equal(outcome.status, CASES[i].status);
        assert_int_equal(outcome.retry_after, 7);
        assert_string_equal(outcome.message, "No & why.");
        assert_json_has(&outcome, "\"refusal\"", CASES[i].name);
        assert_json_has(&outcome, "\"message\"", "\"No & why.\"");
        assert_json_has(&outcome, "\"retry_after\"", "7");
    }
}

/* A broker that broke in the middle, or talks nonsense, may have done it. */
static void test_unknown(_unused_ void **state)
{
    static const char *const ANSWERS[] = {
        "",
        "junk",
        "<methodResponse></methodResponse>",
        "<!DOCTYPE a><methodResponse/>",
        "<methodResponse><params><param><value><int>1</int></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><struct></struct></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><struct><member><name>success</name><value><int>1</int></"
        "value>"
        "</member></struct></value></param></params></methodResponse>",
        "<methodResponse><params><param><value><struct><member><name>success</name><value><boolean>1</"
        "boolean>"
        "</value></member></struct></value></param></params></methodResponse>",
    };

    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(*ANSWERS); i++) {
        _cleanup_(outcome_done) struct outcome outcome = of_bytes(ANSWERS[i]);

        assert_int_equal(outcome.kind, OUTCOME_UNKNOWN);
        assert_int_equal(outcome.status, 503);
        assert_int_equal(outcome.code, REFUSAL_UNKNOWN);
        assert_non_null(strstr(outcome.message, OUTCOME_LOOK_FIRST));
        assert_json_has(&outcome, "\"success\"", "false");
    }
}

/* What broke, or is a code that nobody of ours sends, may have been done before. */
static void test_odd_faults_are_unknown(_unused_ void **state)
{
    static const int CODES[] = { RPC_FAULT_INTERNAL, RPC_FAULT_TRANSPORT, 4711, 0, INT_MIN };

    for (size_t i = 0; i < sizeof(CODES) / sizeof(*CODES); i++) {
        _cleanup_(outcome_done) struct outcome outcome = of_block(rpc_fault_serialize(CODES[i], "x"), 0);

        assert_int_equal(outcome.kind, OUTCOME_UNKNOWN);
        assert_int_equal(outcome.code, REFUSAL_UNKNOWN);
        assert_non_null(strstr(outcome.message, OUTCOME_LOOK_FIRST));
        /* The broker did not say that, so that the web front writes it down. */
        assert_false(outcome_is_brokers(&outcome));
    }
}

static void test_transport(_unused_ void **state)
{
    static const struct {
        struct rpc_client_answer answer;
        enum outcome_kind kind;
        int code;
        const char *words;
    } CASES[] = {
        { { .result = RPC_CLIENT_NOT_SENT, .error = ENOENT },
          OUTCOME_REFUSED,
          REFUSAL_UNAVAILABLE,
          "Nothing was restarted" },
        { { .result = RPC_CLIENT_UNKNOWN, .error = ECONNRESET },
          OUTCOME_UNKNOWN,
          REFUSAL_UNKNOWN,
          OUTCOME_LOOK_FIRST },
        { { .result = RPC_CLIENT_UNKNOWN, .error = ECANCELED },
          OUTCOME_UNKNOWN,
          REFUSAL_UNKNOWN,
          OUTCOME_LOOK_FIRST },
        { { .result = RPC_CLIENT_TIMEOUT, .error = ETIMEDOUT },
          OUTCOME_UNKNOWN,
          REFUSAL_UNKNOWN,
          OUTCOME_LOOK_FIRST },
        { { .result = RPC_CLIENT_REFUSED, .status = 403, .body = "Not you.\nx" },
          OUTCOME_REFUSED,
          REFUSAL_PEER,
          "restarted nothing: Not you." },
        { { .result = RPC_CLIENT_REFUSED, .status = 429, .retry_after = 2, .body = "Full." },
          OUTCOME_REFUSED,
          REFUSAL_BUSY,
          "Full." },
        { { .result = RPC_CLIENT_REFUSED, .status = 503, .retry_after = 2, .body = "Ending." },
          OUTCOME_REFUSED,
          REFUSAL_UNAVAILABLE,
          "Ending." },
        { { .result = RPC_CLIENT_REFUSED, .status = 404, .body = "" },
          OUTCOME_REFUSED,
          REFUSAL_UNAVAILABLE,
          "restarted nothing" },
        { { .result = RPC_CLIENT_REFUSED, .status = 500, .body = "" },
          OUTCOME_UNKNOWN,
          REFUSAL_UNKNOWN,
          OUTCOME_LOOK_FIRST },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(outcome_done) struct outcome outcome = outcome_of_restart(&CASES[i].answer);
        _cleanup_(outcome_done) struct outcome reading = outcome_of_transport(&CASES[i].answer, true);

        assert_int_equal(outcome.kind, CASES[i].kind);
        assert_int_equal(outcome.code, CASES[i].code);
        assert_int_equal(outcome.retry_after, CASES[i].answer.retry_after);
        if (!strstr(outcome.message, CASES[i].words))
            fail_msg("%zu: %s", i, outcome.message);
        /* Who only reads is not told about restarts. */
        assert_int_equal(reading.kind, OUTCOME_REFUSED);
        assert_null(strstr(reading.message, "restarted"));
    }
}

static void test_odd_characters_in_json(_unused_ void **state)
{
    struct outcome outcome = outcome_refused(REFUSAL_SYSTEMD, "a\"b\\c\td<e>&'\xc3\xa9");

    assert_json_has(&outcome, "\"message\"", "\"a\\\"b\\\\c\\td<e>&'\xc3\xa9\"");
}

static void test_speaks_of_the_verb(_unused_ void **state)
{
    static const struct {
        unsigned verb;
        const char *message;
    } CASES[] = {
        { VERB_RESTART, "Nothing was restarted: wait." },
        { VERB_TRY_RESTART, "Nothing was restarted: wait." },
        { VERB_RELOAD, "Nothing was reloaded: wait." },
        { VERB_RELOAD_OR_RESTART, "Nothing was reloaded or restarted: wait." },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(outcome_done) struct outcome ours =
            outcome_refused(REFUSAL_BUSY, "Nothing was restarted: wait.");
        _cleanup_(outcome_done) struct outcome theirs = of_value(true);

        outcome_speak_of(&ours, CASES[i].verb);
        assert_string_equal(ours.message, CASES[i].message);
        assert_int_equal(ours.verb, CASES[i].verb);
        /* The broker's words are the broker's. */
        outcome_speak_of(&theirs, CASES[i].verb);
        assert_string_equal(theirs.message, "It was.");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),   cmocka_unit_test(test_speaks_of_the_verb),
        cmocka_unit_test(test_failure),   cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_unknown),   cmocka_unit_test(test_odd_faults_are_unknown),
        cmocka_unit_test(test_transport), cmocka_unit_test(test_odd_characters_in_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
