/* Small tables of the broker: its methods, the instances it lists, the names it believes. */
#include <stdio.h>
#include <string.h>

#include "broker/table/instance.h"
#include "broker/calls/methods.h"
#include "broker/calls/peer.h"
#include "common/cleanup.h"
#include "common/rpc/rpc.h"
#include "tests/unit/test.h"

static void test_methods(_unused_ void **state)
{
    static const char *const THERE[] = { "restarter.allowed",
                                         "restart_unit",
                                         "restarter.list",
                                         "restarter.restart",
                                         "restarter.try_restart",
                                         "restarter.reload",
                                         "restarter.reload_or_restart",
                                         "restarter.status",
                                         "system.listMethods",
                                         "restarter.renew",
                                         "restarter.sign_out",
                                         "restarter.sign_out_everywhere",
                                         "restarter.outcome",
                                         "restarter.changes",
                                         "restarter.metrics",
                                         "restarter.history",
                                         "restarter.day",
                                         "restarter.logs",
                                         "system.getCapabilities",
                                         "system.methodHelp",
                                         "system.methodSignature",
                                         "system.multicall" };
    static const char *const NOT_THERE[] = { "",
                                             "restart",
                                             "Restart_unit",
                                             "restart_unit ",
                                             "restarter.stop",
                                             "restarter.start",
                                             "restarter.try-restart",
                                             "restarter.reset_failed",
                                             "system.shutdown",
                                             "restarter.restart.x" };

    for (size_t i = 0; i < sizeof(THERE) / sizeof(*THERE); i++) {
        const struct wire_method *method = wire_method_find(THERE[i]);

        assert_non_null(method);
        assert_string_equal(method->name, THERE[i]);
        assert_non_null(method_find(method)->handle);
        /* Who calls it wrongly is told how, by its name. */
        assert_ptr_equal(strstr(method->usage, THERE[i]), method->usage);
    }
    for (size_t i = 0; i < sizeof(NOT_THERE) / sizeof(*NOT_THERE); i++)
        assert_null(wire_method_find(NOT_THERE[i]));
    assert_int_equal(WIRE_METHODS_COUNT, sizeof(THERE) / sizeof(*THERE));
}

static void test_instances(_unused_ void **state)
{
    struct instances instances = { 0 };
    struct instance *loaded;
    const struct instance *found;

    assert_null(instances_find(&instances, "a@1.service"));
    instances_settle(&instances);
    assert_non_null(instances_add(&instances, "b@2.service"));
    assert_non_null(instances_add(&instances, "a@1.service"));
    loaded = instances_add(&instances, "b@2.service");
    assert_non_null(loaded);
    loaded->description = strdup("two");
    instances_settle(&instances);
    assert_int_equal(instances.n, 2);
    assert_false(instances.truncated);
    assert_string_equal(instances.items[0].unit, "a@1.service");
    found = instances_find(&instances, "b@2.service");
    assert_non_null(found);
    assert_string_equal(found->description, "two");
    assert_null(instances_find(&instances, "b@1.service"));
    instances_done(&instances);
}

static void test_many_instances(_unused_ void **state)
{
    struct instances instances = { 0 };
    char unit[64];

    for (int i = INSTANCES_MAX + 10; i > 0; i--) {
        struct instance *instance;

        (void)snprintf(unit, sizeof(unit), "a@%06d.service", i);
        instance = instances_add(&instances, unit);
        if (instance)
            instance->description = strdup(unit);
        assert_true((instance != NULL) == (i > 10));
    }
    instances_settle(&instances);
    assert_true(instances.truncated);
    assert_int_equal(instances.n, INSTANCES_MAX);
    assert_string_equal(instances.items[0].unit, "a@000011.service");
    assert_non_null(instances_find(&instances, "a@000510.service"));
    assert_null(instances_find(&instances, "a@000010.service"));
    instances_done(&instances);
}

#define LONG_NAME "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void test_people(_unused_ void **state)
{
    static const char *const USERS[] = { "alice", "www-data", "a",      "bob+x@example.org",
                                         "_apt",  "1000",     LONG_NAME };
    static const char *const NO_USERS[] = {
        "",        " alice",   "al ice", "alice\n",
        "-rf",     "a/b",      "a=b",    "a,b",
        "\x01",    "\xc3\xa9", "a:b",    "sixty-four-letters-are-enough-for-everybody-and-this-name-has-more",
        "<alice>", "\"a\"",    "a\\b",   "alice\r\nX: y"
    };
    static const char *const CLIENTS[] = { "127.0.0.1:40312", "[::1]:8080", "[fe80::1%eth0]:1", "unix" };
    static const char *const NO_CLIENTS[] = {
        "", "127.0.0.1 1", "a,b", "\x7f", "sixty-four-letters-are-enough-for-everybody-and-this-name-has-more"
    };

    for (size_t i = 0; i < sizeof(USERS) / sizeof(*USERS); i++)
        assert_true(peer_user_valid(USERS[i]));
    for (size_t i = 0; i < sizeof(NO_USERS) / sizeof(*NO_USERS); i++)
        assert_false(peer_user_valid(NO_USERS[i]));
    for (size_t i = 0; i < sizeof(CLIENTS) / sizeof(*CLIENTS); i++)
        assert_true(peer_client_valid(CLIENTS[i]));
    for (size_t i = 0; i < sizeof(NO_CLIENTS) / sizeof(*NO_CLIENTS); i++)
        assert_false(peer_client_valid(NO_CLIENTS[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_instances),
        cmocka_unit_test(test_many_instances),
        cmocka_unit_test(test_people),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
