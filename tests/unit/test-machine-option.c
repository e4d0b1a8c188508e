/* The option machine at the broker's own sockets: there is no other machine than its own, and a call for
 * another one is a fault, of which nothing is done, by itself or among others. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/host-name.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/multicall-values.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

enum { WEB, CLIENTS, PROXY };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]*\nVerbs=restart\n";

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static xmlrpc_value *params_on(const char *first, const char *machine)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *params = rpc_array_new();

    rpc_struct_string(&s, "machine", machine);
    if (first)
        assert_true(rpc_array_append(params, rpc_string_new(first)));
    assert_true(rpc_array_append(params, rpc_struct_end(&s)));
    return params;
}

static struct call *ask_on(struct broker_world *w, size_t gate, const char *method, const char *first,
                           const char *machine)
{
    struct call *call = begin_with(w, gate, 0, method, params_on(first, machine));

    wait_for(w, call);
    return call;
}

static void test_another_one(void **state)
{
    static const struct {
        const char *method, *first;
    } SENT[] = {
        { "restarter.restart", "1" },        { "restarter.reload", "1" },
        { "restarter.try_restart", "1" },    { "restarter.reload_or_restart", "1" },
        { "restarter.status", "1" },         { "restarter.history", "1" },
        { "restarter.logs", "1" },           { "restarter.day", "" },
        { "restarter.outcome", "abcdefgh" }, { "restarter.list", NULL },
    };
    struct broker_world *w = *state;

    for (size_t gate = WEB; gate <= PROXY; gate++)
        for (size_t i = 0; i < sizeof(SENT) / sizeof(*SENT); i++) {
            struct call *call = ask_on(w, gate, SENT[i].method, SENT[i].first, "another-one");

            assert_int_equal(call->response.fault_code, RPC_FAULT_PARAMS);
            assert_non_null(strstr(call->response.fault_string, "Nothing was done"));
            assert_non_null(strstr(call->response.fault_string, "POST /RPC2"));
        }
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets + w->fake.n_lists, 0);
}

/* "" is this one, and so is what it calls itself. */
static void test_this_one(void **state)
{
    struct broker_world *w = *state;
    char host[HOST_NAME_SIZE];

    assert_non_null(ask_on(w, CLIENTS, "restarter.list", NULL, "")->response.value);
    host_name(host);
    if (machine_name_valid(host))
        assert_non_null(ask_on(w, CLIENTS, "restarter.list", NULL, host)->response.value);
}

static void assert_no_unit_says(xmlrpc_value *list)
{
    xmlrpc_value *instances = rpc_get(list, "instances");
    unsigned n = rpc_array_size(instances);

    assert_true(n > 0);
    for (unsigned i = 0; i < n; i++) {
        xmlrpc_value *item = rpc_array_item(instances, i);

        assert_null(rpc_get(item, "machine"));
        xmlrpc_DECREF(item);
    }
    xmlrpc_DECREF(instances);
}

/* A list says whose it is, at each door; its units do not, as the broker knows no others. */
static void test_what_it_calls_itself(void **state)
{
    struct broker_world *w = *state;
    char host[HOST_NAME_SIZE];

    host_name(host);
    for (size_t gate = WEB; gate <= PROXY; gate++) {
        _cleanup_(freep) char *name = NULL;
        xmlrpc_value *list = ask_on(w, gate, "restarter.list", NULL, "")->response.value;

        assert_true(rpc_get_string(list, "machine", &name) == (*host != '\0'));
        assert_string_equal(name ? name : "", host);
        assert_no_unit_says(list);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_another_one), TEST(test_this_one),
                                        TEST(test_what_it_calls_itself) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
