/* A list has in it whatever PID 1 had told anybody before it was asked for, though its signals may be on
 * their way yet: it is asked for one thing more, and what it told before comes before its answer. */
#include "broker/calls/list.h"

#include "broker/systemd/echo.h"
#include "common/clock.h"
#include "common/rpc/wire.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/test.h"

#define POLICY "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\n"

static int set_up(void **state)
{
    int r = broker_set_up(state, POLICY, NULL);
    struct broker_world *w = *state;

    w->fake.file_state = "enabled";
    /* From here on it has the units, and is told of changes. */
    (void)ask(w, "restarter.list", NULL);
    fake_settle(&w->fake, 10);
    (void)ask(w, "restarter.list", NULL);
    w->fake.n_echoes = 0;
    return r;
}

static void assert_state(const struct call *call, const char *unit, const char *expected)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    xmlrpc_mem_block *block;

    assert_non_null(call->response.value);
    block = rpc_response_serialize(call->response.value);
    assert_int_equal(wire_answer_parse(WIRE_LIST, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), &answer),
                     0);
    rpc_block_free(block);
    for (size_t i = 0; i < answer.list.n_instances; i++)
        if (strcmp(answer.list.instances[i].unit, unit) == 0) {
            assert_string_equal(answer.list.instances[i].active_state, expected);
            return;
        }
    fail_msg("%s is not listed", unit);
}

static void test_what_was_told_before(void **state)
{
    struct broker_world *w = *state;
    const struct call *call;

    w->fake.hold_gets = true;
    call = begin(w, 0, "restarter.list", NULL);
    wait_for_pending(w, 1, 1);
    fake_moved_by(&w->fake, FAKE_PID1, "a@2.service", "failed", "failed", 0);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    wait_for(w, call);
    assert_state(call, "a@2.service", "failed");
    assert_int_equal(w->fake.n_lists, 1);
    assert_int_equal(w->fake.n_echoes, 1);
}

/* Those who come together share one. */
static void test_many(void **state)
{
    struct broker_world *w = *state;

    for (size_t i = 0; i < CALLS; i++)
        (void)begin(w, i, "restarter.list", NULL);
    for (size_t i = 0; i < CALLS; i++)
        wait_for(w, &w->calls[i]);
    assert_in_range(w->fake.n_echoes, 1, 2);
    assert_int_equal(w->fake.n_lists, 1);
}

/* However many come one after the other, PID 1 is asked so often at most. */
static void test_not_too_often(void **state)
{
    struct broker_world *w = *state;
    uint64_t began_usec = clock_usec(), passed_msec;

    for (size_t i = 0; i < 20; i++)
        (void)ask(w, "restarter.list", NULL);
    passed_msec = (clock_usec() - began_usec) / USEC_PER_MSEC;
    assert_true(w->fake.n_echoes <= 1 + passed_msec / ECHO_APART_MSEC);
}

/* What is known is told after a moment, and who asks for something else does not wait at all. */
static void test_no_answer(void **state)
{
    struct broker_world *w = *state;
    uint64_t began_usec = clock_usec();

    w->fake.hold_gets = true;
    assert_state(ask(w, "restarter.list", NULL), "a@2.service", "active");
    assert_true(clock_usec() - began_usec >= ECHO_PATIENCE_MSEC * USEC_PER_MSEC);
    assert_state(ask(w, "restarter.list", NULL), "a@2.service", "active");
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    assert_state(ask(w, "restarter.list", NULL), "a@2.service", "active");
}

/* Who waits is told something, and once there is a connection again, it is read anew. */
static void test_connection_lost(void **state)
{
    struct broker_world *w = *state;
    const struct call *call;

    w->fake.hold_gets = true;
    call = begin(w, 0, "restarter.list", NULL);
    wait_for_pending(w, 1, 1);
    w->fake.hold_gets = false;
    fake_hang_up(&w->fake);
    wait_for(w, call);
    for (unsigned i = 0; i < 100 && !call->response.value; i++)
        call = ask(w, "restarter.list", NULL);
    assert_state(call, "a@2.service", "active");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_told_before, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_not_too_often, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_no_answer, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_connection_lost, set_up, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
