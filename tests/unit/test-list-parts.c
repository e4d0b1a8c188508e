/* The list in parts: what is to be looked at comes first, whoever asks for a part is told how much there is
 * of the whole, and of nothing that is not that person's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/table/instance.h"
#include "common/rpc/wire.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/test.h"

#define ALL "[Grant]\nUnit=a@.service\nInstances=u[0-9]{4}\nVerbs=restart\nUsers=zoe\n"
#define SOME "[Grant]\nUnit=a@.service\nInstances=u000[0-9]\nVerbs=restart\nUsers=yves\n"

enum { PROXY = 2, CROWD = 2409 };

/* Of two thousand and some: one that was killed, one on its way, two that are stopped. */
static const char *listed_as(const char *unit)
{
    if (strcmp(unit, "a@u2222.service") == 0)
        return "failed";
    if (strcmp(unit, "a@u1111.service") == 0)
        return "activating";
    return strcmp(unit, "a@u0003.service") == 0 || strcmp(unit, "a@u2000.service") == 0 ? "inactive"
                                                                                        : "active";
}

static int set_up(void **state)
{
    int r = broker_set_up(state, ALL SOME, NULL);
    struct broker_world *w = *state;

    w->fake.n_crowd = CROWD;
    w->fake.listed_as = listed_as;
    w->fake.file_state = "enabled";
    return r;
}

static struct call *begin_part(struct broker_world *w, size_t i, const char *user,
                               const struct wire_list_options *options)
{
    xmlrpc_value *params = rpc_array_new();

    assert_true(rpc_array_append(params, wire_list_options_value(options)));
    w->callers[PROXY].user = user;
    return begin_with(w, PROXY, i, "restarter.list", params);
}

static struct wire_list *read_list(const struct call *call, struct wire_answer *ret)
{
    xmlrpc_mem_block *block;

    assert_non_null(call->response.value);
    block = rpc_response_serialize(call->response.value);
    assert_int_equal(wire_answer_parse(WIRE_LIST, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), ret),
                     0);
    rpc_block_free(block);
    return &ret->list;
}

static struct wire_list *list(struct broker_world *w, const char *user,
                              const struct wire_list_options *options, struct wire_answer *ret)
{
    struct call *call = begin_part(w, 0, user, options);

    wait_for(w, call);
    return read_list(call, ret);
}

static void assert_counts(const struct wire_list *list, unsigned failed, unsigned restarting,
                          unsigned running, unsigned stopped)
{
    assert_int_equal(list->failed, failed);
    assert_int_equal(list->restarting, restarting);
    assert_int_equal(list->running, running);
    assert_int_equal(list->stopped, stopped);
}

static void assert_row(const struct wire_list *list, size_t i, const char *unit, const char *group)
{
    assert_true(i < list->n_instances);
    assert_string_equal(list->instances[i].unit, unit);
    assert_string_equal(list->instances[i].group, group);
}

/* However far behind it stands by its name. */
static void test_what_was_killed_comes_first(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    const struct wire_list *all = list(*state, "zoe", &(struct wire_list_options){ .filter = "" }, &answer);

    assert_row(all, 0, "a@u2222.service", "failed");
    assert_row(all, 1, "a@u1111.service", "restarting");
    assert_row(all, 2, "a@u0000.service", "running");
    assert_row(all, 5, "a@u0003.service", "stopped");
    assert_row(all, 499, "a@u0497.service", "running");
    assert_int_equal(all->n_instances, INSTANCES_SHOWN);
    assert_true(all->truncated);
    assert_counts(all, 1, 1, CROWD - 4, 2);
    assert_int_equal(all->matching, CROWD);
    assert_int_equal(all->offset, 0);
}

static void test_parts(void **state)
{
    static const struct {
        const char *user, *first, *last;
        unsigned matching, n;
        struct wire_list_options options;
        bool truncated;
    } CASES[] = {
        { "zoe", "a@u2222.service", "a@u2222.service", CROWD, 1, { .limit = 1 }, true },
        { "zoe", "a@u1111.service", "a@u0000.service", CROWD, 2, { .offset = 1, .limit = 2 }, true },
        { "zoe", "a@u2408.service", "a@u2408.service", CROWD, 1, { .offset = CROWD - 1 }, false },
        { "zoe", "a@u2407.service", "a@u2408.service", CROWD, 2, { .offset = CROWD - 2, .limit = 2 }, false },
        { "zoe", "a@u2407.service", "a@u2407.service", CROWD, 1, { .offset = CROWD - 2, .limit = 1 }, true },
        { "zoe", NULL, NULL, CROWD, 0, { .offset = CROWD }, false },
        { "zoe", NULL, NULL, CROWD, 0, { .offset = INT32_MAX, .limit = 500 }, false },
        { "zoe", "a@u2222.service", "a@u2222.service", 1, 1, { .state = UNIT_GROUP_FAILED }, false },
        { "zoe", "a@u1111.service", "a@u1111.service", 1, 1, { .state = UNIT_GROUP_RESTARTING }, false },
        { "zoe", "a@u0003.service", "a@u2000.service", 2, 2, { .state = UNIT_GROUP_STOPPED }, false },
        { "zoe", "a@u0240.service", "a@u2408.service", 12, 12, { .filter = "240" }, false },
        { "zoe", "a@u2408.service", "a@u2408.service", 1, 1, { .filter = "U240 8" }, false },
        { "zoe", "a@u2408.service", "a@u2408.service", 1, 1, { .filter = "fake u2408" }, false },
        { "zoe", "a@u2222.service", "a@u2222.service", CROWD, 1, { .filter = "FAKE", .limit = 1 }, true },
        { "zoe", NULL, NULL, 0, 0, { .filter = "2222", .state = UNIT_GROUP_RUNNING }, false },
        { "zoe", NULL, NULL, 0, 0, { .filter = "u....*" }, false },
        { "zoe", NULL, NULL, 0, 0, { .filter = "nowhere" }, false },
        /* What is not one's own is nothing that is there. */
        { "yves", "a@u0000.service", "a@u0009.service", 10, 10, { .filter = "" }, false },
        { "yves", NULL, NULL, 0, 0, { .filter = "u2222" }, false },
        { "yves", NULL, NULL, 0, 0, { .state = UNIT_GROUP_FAILED }, false },
        { "yves", "a@u0003.service", "a@u0003.service", 1, 1, { .state = UNIT_GROUP_STOPPED }, false },
        { "yves", "a@u0009.service", "a@u0009.service", 10, 1, { .offset = 9 }, false },
        { "xaver", NULL, NULL, 0, 0, { .filter = "" }, false },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
        const struct wire_list *part = list(*state, CASES[i].user, &CASES[i].options, &answer);

        assert_int_equal(part->matching, CASES[i].matching);
        assert_int_equal(part->n_instances, CASES[i].n);
        assert_int_equal(part->truncated, CASES[i].truncated);
        assert_int_equal(part->offset, CASES[i].options.offset);
        if (CASES[i].first)
            assert_string_equal(part->instances[0].unit, CASES[i].first);
        if (CASES[i].last)
            assert_string_equal(part->instances[part->n_instances - 1].unit, CASES[i].last);
        if (strcmp(CASES[i].user, "zoe") == 0)
            assert_counts(part, 1, 1, CROWD - 4, 2);
        else if (strcmp(CASES[i].user, "yves") == 0)
            assert_counts(part, 0, 0, 9, 1);
        else
            assert_counts(part, 0, 0, 0, 0);
    }
}

/* Several who ask at once for other parts: each is told the one that was asked for, and systemd is asked for
 * its units once or twice. */
static void test_several_at_once(void **state)
{
    static const char *const FILTERS[] = { "u0001", "u0002", "u0003", "u0004", "u0005", "u0006", "u0007" };
    struct broker_world *w = *state;

    for (size_t i = 0; i < 7; i++) {
        struct wire_list_options options = { .limit = 5 };

        (void)snprintf(options.filter, sizeof(options.filter), "%s", FILTERS[i]);
        (void)begin_part(w, i, i % 2 ? "zoe" : "yves", &options);
    }
    for (size_t i = 0; i < 7; i++) {
        _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
        const struct wire_list *part;

        wait_for(w, &w->calls[i]);
        part = read_list(&w->calls[i], &answer);
        assert_int_equal(part->n_instances, 1);
        assert_non_null(strstr(part->instances[0].unit, FILTERS[i]));
    }
    assert_true(w->fake.n_lists <= 2);
}

static void test_wrong_options(void **state)
{
    struct broker_world *w = *state;
    struct wire_list_options options = { .limit = 501 };
    struct call *call = begin_part(w, 0, "zoe", &options);

    wait_for(w, call);
    assert_fault(call, RPC_FAULT_PARAMS);
    assert_int_equal(w->fake.n_lists, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_killed_comes_first),
        TEST(test_parts),
        TEST(test_several_at_once),
        TEST(test_wrong_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
