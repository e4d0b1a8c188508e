/* The list has room for so many rows, and everybody's own come first: who may see few units of very many sees
 * these, is not told of the others, and is the only one for whose rows systemd is asked more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/table/instance.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

#define OWN "[Grant]\nUnit=a@.service\nInstances=%u\nVerbs=restart\nUsers=*\n"
#define ALL "[Grant]\nUnit=a@.service\nInstances=u[0-9]{4}\nVerbs=reload\nUsers=zoe\n"

enum {
    PROXY = 2,
    CROWD = INSTANCES_SHOWN + 100,
    QUESTIONS = 4, /* about each row: is it enabled, can it reload, since when is it so, its result */
};

static int set_up(void **state)
{
    int r = broker_set_up(state, OWN ALL, NULL);
    struct broker_world *w = *state;

    w->fake.n_crowd = CROWD;
    w->fake.file_state = "enabled";
    return r;
}

static struct call *begin_list(struct broker_world *w, size_t i, const char *user)
{
    w->callers[PROXY].user = user;
    return begin_at(w, PROXY, i, "restarter.list", NULL);
}

static struct call *list_of(struct broker_world *w, const char *user)
{
    struct call *call = begin_list(w, 0, user);

    wait_for(w, call);
    return call;
}

/* So many rows; the last one's unit, and whether it is enabled. */
static void assert_rows(const struct call *call, unsigned n, const char *last)
{
    xmlrpc_value *array, *item;
    char *unit = NULL;
    bool enabled = false;

    assert_non_null(call->response.value);
    array = rpc_get(call->response.value, "instances");
    assert_int_equal(rpc_array_size(array), n);
    if (n > 0) {
        item = rpc_array_item(array, n - 1);
        assert_true(rpc_get_string(item, "unit", &unit));
        assert_string_equal(unit, last);
        assert_true(rpc_get_bool(item, "enabled", &enabled));
        assert_true(enabled);
        free(unit);
        xmlrpc_DECREF(item);
    }
    xmlrpc_DECREF(array);
}

static void test_ones_own_behind_those_of_many(void **state)
{
    struct broker_world *w = *state;
    struct call *call = list_of(w, "u0599");

    assert_rows(call, 1, "a@u0599.service");
    assert_truth(call, "truncated", false);
    assert_int_equal(w->fake.n_gets, QUESTIONS);
    call = list_of(w, "nobody-there");
    assert_rows(call, 0, NULL);
    assert_truth(call, "truncated", false);
    assert_int_equal(w->fake.n_gets, QUESTIONS);
}

static void test_who_has_too_many(void **state)
{
    struct broker_world *w = *state;
    struct call *call = list_of(w, "zoe");

    assert_rows(call, INSTANCES_SHOWN, "a@u0499.service");
    assert_truth(call, "truncated", true);
}

/* Each is asked for, also for who comes when others' are being asked for. */
static void test_several_at_once(void **state)
{
    struct broker_world *w = *state;
    struct call *first, *second, *third;

    w->fake.hold_gets = true;
    first = begin_list(w, 0, "u0001");
    second = begin_list(w, 1, "u0599");
    wait_for_pending(w, 2, 1);
    third = begin_list(w, 2, "u0550");
    wait_for_pending(w, 3, 1);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    wait_for(w, first);
    wait_for(w, second);
    wait_for(w, third);
    assert_rows(first, 1, "a@u0001.service");
    assert_rows(second, 1, "a@u0599.service");
    assert_rows(third, 1, "a@u0550.service");
    assert_int_equal(w->fake.n_gets, 3 * QUESTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ones_own_behind_those_of_many, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_who_has_too_many, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_several_at_once, set_up, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
