/* The interop fault codes at POST /RPC2: those that the broker's own socket has, and what only a web front
 * has to tell. */
#include "common/rpc/rpc.h"
#include "tests/unit/fault-rows.h"
#include "tests/unit/no-memory.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

/* What the broker has no memory for it says itself, and that is handed on; for the answer of a multicall the
 * web front itself has none. */
static void bring_about(struct web *web, enum fault_when when)
{
    static const struct wire_answer NO_MEMORY = { .kind = WIRE_FAULT,
                                                  .fault = { RPC_FAULT_INTERNAL, "No memory." } };

    web->neighbours = when == FAULT_LONG_LIST ? FAULT_CROWD : 0;
    web->answers[WIRE_METHOD_STATUS] = when == FAULT_NO_MEMORY ? &NO_MEMORY : NULL;
    no_memory_for_answers(when == FAULT_NO_MEMORY);
}

static void test_web_front(void **state)
{
    struct web *web = *state;

    assert_fault_rows_are_whole();
    for (size_t i = 0; i < N_FAULT_ROWS; i++) {
        bring_about(web, FAULT_ROWS[i].when);
        const char *answer = web_call(web, FAULT_ROWS[i].method, FAULT_ROWS[i].params);

        assert_answer(answer, 200, "faultCode");
        if (!has_fault_code(answer, FAULT_ROWS[i].code))
            fail_msg("row %zu at the web front: %s", i, answer);
        if (FAULT_ROWS[i].when == FAULT_ALWAYS)
            assert_int_equal(web->lists + web->others, 0);
    }
    no_memory_for_answers(false);
    assert_int_equal(web->restarts + web->others, 0);
}

/* What waits is no method of the web front's. A broker that does not answer what only reads is its alone to
 * tell. */
static void test_web_front_alone(void **state)
{
    struct web *web = *state;

    assert_true(has_fault_code(
        web_call(web, "restarter.changes", FAULT_PARAM("") FAULT_PARAM("<int>0</int>")), RPC_FAULT_METHOD));
    web_stop_broker(web);
    assert_true(has_fault_code(web_call(web, "restarter.status", FAULT_PARAM("1234")), RPC_FAULT_TRANSPORT));
    assert_true(has_fault_code(web_call(web, "restarter.list", ""), RPC_FAULT_TRANSPORT));
    assert_true(
        has_fault_code(web_call(web, "system.multicall", FAULT_PARTS(FAULT_PART("restarter.list", ""))),
                       RPC_FAULT_TRANSPORT));
    assert_false(
        has_fault_code(web_call(web, "restarter.restart", FAULT_PARAM("1234")), RPC_FAULT_TRANSPORT));
    web_start_broker(web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_web_front, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_web_front_alone, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
