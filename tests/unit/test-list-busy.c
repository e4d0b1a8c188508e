/* Callers who never let the broker rest keep nobody from his answer: a list's turn comes after a moment,
 * until which they come first, and who calls at another door is answered between them. */
#include "broker/calls/list.h"

#include "common/clock.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

#define POLICY "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\n"
enum {
    WEB,
    CLIENTS,
    OTHERS = CALLS - 1,
    TURN_USEC = 50 * 1000,
    TURNS = 3, /* PID 1 is asked for the units, then about them, then it is told */
    AT_LEAST_USEC = TURNS * TURN_USEC,
    AT_MOST_USEC = (TURNS + 1) * TURN_USEC,
    DISPATCHED_MAX = 100,
    BUSY_USEC = 200, /* what a turn takes, with all that is done in it */
};

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static void begin_all(struct broker_world *w)
{
    for (size_t i = 1; i <= OTHERS; i++)
        (void)begin_at(w, CLIENTS, i, "system.listMethods", NULL);
}

/* Whoever was answered asks again at once. */
static void hammer(struct broker_world *w)
{
    while (sd_event_run(w->client_event, 0) > 0)
        ;
    for (size_t i = 1; i <= OTHERS; i++)
        if (w->calls[i].done) {
            assert_non_null(w->calls[i].response.value);
            (void)begin_at(w, CLIENTS, i, "system.listMethods", NULL);
        }
}

/* There is always something else to do. */
static void turn_busily(struct broker_world *w)
{
    assert_int_equal(sd_event_run(w->fake.event, 0), 1);
    clock_advance(BUSY_USEC);
    hammer(w);
}

static void test_a_list(void **state)
{
    struct broker_world *w = *state;
    const struct call *list;
    uint64_t began_usec, passed_usec;

    begin_all(w);
    list = begin_at(w, CLIENTS, 0, "restarter.list", NULL);
    began_usec = clock_usec();
    while (!list->done && clock_usec() - began_usec < AT_MOST_USEC)
        turn_busily(w);
    passed_usec = clock_usec() - began_usec;
    assert_true(list->done);
    assert_non_null(list->response.value);
    assert_int_equal(w->fake.n_lists, 1);
    /* And others came first. */
    assert_true(passed_usec >= AT_LEAST_USEC);
}

static void test_another_door(void **state)
{
    struct broker_world *w = *state;
    const struct call *call;

    begin_all(w);
    for (int round = 0; round < 20; round++) {
        int n = 0;

        call = begin_at(w, WEB, 0, "system.listMethods", NULL);
        for (; !call->done && n < DISPATCHED_MAX; n++)
            turn_busily(w);
        assert_true(call->done);
        assert_non_null(call->response.value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_list, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_another_door, set_up, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
