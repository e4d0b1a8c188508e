/* Every code, and every way in which no answer came: what may be said of the unit, to whoever asks. */
#include "common/rpc/meaning.h"

#include <errno.h>
#include <limits.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc/rpc.h"
#include "webfront/pages/outcome.h"
#include "tests/unit/test.h"

static void test_faults(_unused_ void **state)
{
    static const struct {
        int code;
        enum meaning meaning;
    } CASES[] = {
        { REFUSAL_NAME, MEANING_REFUSED },
        { REFUSAL_NO_GRANT, MEANING_REFUSED },
        { REFUSAL_STOPPED, MEANING_REFUSED },
        { REFUSAL_NO_UNIT, MEANING_REFUSED },
        { REFUSAL_START_LIMIT, MEANING_REFUSED },
        { REFUSAL_POLKIT, MEANING_REFUSED },
        { REFUSAL_BUS, MEANING_REFUSED },
        { REFUSAL_POLICY_FILE, MEANING_REFUSED },
        { REFUSAL_BUSY, MEANING_REFUSED },
        { REFUSAL_UNAVAILABLE, MEANING_NOT_DONE },
        { REFUSAL_STALLED, MEANING_REFUSED },
        { REFUSAL_UNKNOWN, MEANING_UNKNOWN },
        { REFUSAL_PEER, MEANING_REFUSED },
        { REFUSAL_SYSTEMD, MEANING_REFUSED },
        { REFUSAL_CROSS_SITE, MEANING_REFUSED },
        { REFUSAL_HTTP, MEANING_REFUSED },
        { REFUSAL_COOLDOWN, MEANING_REFUSED },
        { REFUSAL_PRESS, MEANING_REFUSED },
        { REFUSAL_LOGIN, MEANING_REFUSED },
        { REFUSAL_REASON, MEANING_REFUSED },
        { REFUSAL_NO_PRESS, MEANING_REFUSED },
        { RPC_FAULT_PARSE, MEANING_NOT_DONE },
        { RPC_FAULT_REQUEST, MEANING_NOT_DONE },
        { RPC_FAULT_METHOD, MEANING_NOT_DONE },
        { RPC_FAULT_PARAMS, MEANING_NOT_DONE },
        /* After a restart was passed on, memory ran out for the answer. */
        { RPC_FAULT_INTERNAL, MEANING_UNKNOWN },
        { RPC_FAULT_TRANSPORT, MEANING_UNKNOWN },
        /* Codes that nobody of ours sends. */
        { 0, MEANING_UNKNOWN },
        { -1, MEANING_UNKNOWN },
        { -32500, MEANING_UNKNOWN },
        { 4711, MEANING_UNKNOWN },
        { INT_MAX, MEANING_UNKNOWN },
        { INT_MIN, MEANING_UNKNOWN },
    };
    unsigned known = 0;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const enum meaning meaning = CASES[i].meaning;
        struct outcome outcome = outcome_refused(CASES[i].code, "No.");

        assert_int_equal(meaning_of_fault(CASES[i].code, true), meaning);
        assert_int_equal(meaning_of_fault(CASES[i].code, false),
                         meaning == MEANING_UNKNOWN ? MEANING_NOT_DONE : meaning);
        assert_int_equal(outcome.kind, meaning == MEANING_UNKNOWN ? OUTCOME_UNKNOWN : OUTCOME_REFUSED);
        known += refusal_to_string(CASES[i].code) != NULL;
    }
    /* A new refusal is a row here, too. */
    for (int code = 1; code < 100; code++)
        known -= refusal_to_string(code) != NULL;
    assert_int_equal(known, 0);
}

static void test_transports(_unused_ void **state)
{
    static const struct {
        struct rpc_client_answer answer;
        int code;         /* of what changes something */
        int reading_code; /* of what does not */
    } CASES[] = {
        { { .result = RPC_CLIENT_NOT_SENT, .error = ENOENT }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_NOT_SENT, .error = EACCES }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_NOT_SENT, .error = ETIMEDOUT }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_UNKNOWN, .error = ECONNRESET }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_UNKNOWN, .error = EMSGSIZE }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_UNKNOWN, .error = EBADMSG }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_UNKNOWN, .error = ECANCELED }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_TIMEOUT, .error = ETIMEDOUT }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        /* An answer whose body makes no sense. */
        { { .result = RPC_CLIENT_ANSWERED, .status = 200 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 400 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 403 }, REFUSAL_PEER, REFUSAL_PEER },
        { { .result = RPC_CLIENT_REFUSED, .status = 404 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 405 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 408 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 413 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 415 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 429, .retry_after = 1 }, REFUSAL_BUSY, REFUSAL_BUSY },
        { { .result = RPC_CLIENT_REFUSED, .status = 431 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 429, .retry_after = 2 }, REFUSAL_BUSY, REFUSAL_BUSY },
        { { .result = RPC_CLIENT_REFUSED, .status = 503 }, REFUSAL_UNAVAILABLE, REFUSAL_UNAVAILABLE },
        /* It may have happened before these. */
        { { .result = RPC_CLIENT_REFUSED, .status = 500 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 502 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 504 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 204 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 302 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
        { { .result = RPC_CLIENT_REFUSED, .status = 100 }, REFUSAL_UNKNOWN, REFUSAL_UNAVAILABLE },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(meaning_code_of_transport(&CASES[i].answer, true), CASES[i].code);
        assert_int_equal(meaning_code_of_transport(&CASES[i].answer, false), CASES[i].reading_code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_transports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
