/* The interop fault codes at the broker's own socket: the same mistakes have the same ones at POST /RPC2
 * (test-fault-codes-web.c). */
#include <stdio.h>

#include "common/cleanup.h"
#include "common/rpc/rpc.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/fault-rows.h"
#include "tests/unit/no-memory.h"
#include "tests/unit/test.h"

enum { CLIENTS = 1 };

static int set_up_broker(void **state)
{
    return broker_set_up(state, "[Grant]\nUnit=a@.service\nInstances=[a-z0-9]*\nVerbs=restart\n", NULL);
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    char **text = userdata;

    assert_true(asprintf(text, "%.*s", (int)answer->size, answer->body ? answer->body : "") >= 0);
}

static void bring_about(struct broker_world *w, enum fault_when when)
{
    w->fake.n_crowd = when == FAULT_LONG_LIST ? FAULT_CROWD : 0;
    no_memory_for_answers(when == FAULT_NO_MEMORY);
}

static void test_broker(void **state)
{
    struct broker_world *w = *state;

    assert_fault_rows_are_whole();
    for (size_t i = 0; i < N_FAULT_ROWS; i++) {
        struct rpc_client_call *call = NULL;
        _cleanup_(freep) char *text = NULL;
        char body[1024];
        struct rpc_client_request request = { .socket_path = w->paths[CLIENTS],
                                              .body = body,
                                              .timeout_usec = UINT64_C(60000000) };

        bring_about(w, FAULT_ROWS[i].when);
        request.size = (size_t)snprintf(body, sizeof(body),
                                        "<?xml version=\"1.0\"?><methodCall><methodName>%s</methodName>"
                                        "<params>%s</params></methodCall>",
                                        FAULT_ROWS[i].method, FAULT_ROWS[i].params);
        assert_int_equal(rpc_client_call(w->client_event, &request, on_answer, &text, &call), 0);
        while (!text)
            turn(w);
        if (!has_fault_code(text, FAULT_ROWS[i].code))
            fail_msg("row %zu at the broker: %s", i, text);
        /* A mistake is found before anybody is asked. */
        if (FAULT_ROWS[i].when == FAULT_ALWAYS)
            assert_int_equal(w->fake.n_lists + w->fake.n_gets, 0);
    }
    no_memory_for_answers(false);
    assert_int_equal(w->fake.n_restarts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_broker, set_up_broker, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
