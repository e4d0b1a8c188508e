/* Each person's list is that person's: who asks is never told what was fetched for anybody else, and nobody's
 * asking keeps anybody else waiting. */
#include "webfront/calls/list-cache.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"
#include "tests/unit/web-fixture.h"

enum { PLACES = 80, PERSONS_PLACES = 27 };

static const struct rpc_client_caller NOBODY = { 0 }, ANNA = { .ticket = "anna" },
                                      BERT = { .ticket = "bert" };

/* What one who asked was told. */
struct told {
    unsigned times;
    int fault; /* 0: it was a list */
    char unit[64];
};

static void on_ready(struct list_snapshot *snapshot, _unused_ struct http_request *request, void *userdata)
{
    struct told *told = userdata;

    told->times++;
    told->fault = snapshot->problem.message ? snapshot->fault : 0;
    if (!snapshot->problem.message)
        (void)snprintf(told->unit, sizeof(told->unit), "%s", snapshot->answer.list.instances[0].unit);
}

/* Somebody whose ticket is good. (What it is like with those that are made up is test-web-made-up.c.) */
static int ask(struct web *web, const struct rpc_client_caller *caller, struct told *told)
{
    calls_note_admitted(webfront_parts(web->front)->calls, caller);
    return list_cache_get(webfront_parts(web->front)->list, caller, NULL, on_ready, NULL, told);
}

static int ask_part(struct web *web, const struct rpc_client_caller *caller, int offset, struct told *told)
{
    const struct wire_list_options part = { .offset = offset };

    calls_note_admitted(webfront_parts(web->front)->calls, caller);
    return list_cache_get(webfront_parts(web->front)->list, caller, &part, on_ready, NULL, told);
}

static void wait_until_told(struct web *web, const struct told *told)
{
    for (int i = 0; i < 4000 && told->times == 0; i++)
        web_run(web, 1);
    assert_int_equal(told->times, 1);
}

/* Asks, waits, and expects the list with that unit. */
static void assert_told(struct web *web, const struct rpc_client_caller *caller, const char *unit)
{
    struct told told = { 0 };

    assert_int_equal(ask(web, caller, &told), 0);
    wait_until_told(web, &told);
    assert_int_equal(told.fault, 0);
    assert_string_equal(told.unit, unit);
}

static void wait_for_flights(struct web *web, unsigned lists)
{
    for (int i = 0; i < 4000 && web->lists < lists; i++)
        web_run(web, 1);
    assert_int_equal(web->lists, lists);
}

static void grow_stale(void)
{
    clock_advance(LIST_FRESH_USEC);
}

static void test_two_people_at_once(void **state)
{
    struct web *web = *state;
    struct told told[6] = { 0 };
    const struct rpc_client_caller *callers[] = { &ANNA, &BERT, &NOBODY };
    static const char *const UNITS[] = { "example@anna.service", "example@bert.service",
                                         "example@1234.service" };

    web->hold_lists = true;
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(ask(web, callers[i % 3], &told[i]), 0);
    wait_for_flights(web, 3);
    web->hold_lists = false;
    web_release_lists(web);
    for (size_t i = 0; i < 6; i++) {
        wait_until_told(web, &told[i]);
        assert_string_equal(told[i].unit, UNITS[i % 3]);
    }
    /* And from what was kept of them. */
    for (size_t i = 0; i < 9; i++)
        assert_told(web, callers[(i + i / 3) % 3], UNITS[(i + i / 3) % 3]);
    assert_int_equal(web->lists, 3);
}

/* A name is no ticket, groups matter, and nothing can be moved from one to the other. */
static void test_who_is_who(void **state)
{
    static const struct rpc_client_caller ALL[] = {
        { .ticket = "anna" },
        { .ticket = "Anna" },
        { .ticket = "annab" },
        { .user = "anna" },
        { .user = "annab" },
        { .user = "anna", .groups = "b" },
        { .user = "anna", .groups = "b,c" },
        { .user = "anna", .groups = "" },
        { .ticket = "anna", .user = "b" },
        { .ticket = "annab", .user = "" },
        { .ticket = "" },
        { .ticket = NULL },
    };
    struct web *web = *state;
    struct told told[sizeof(ALL) / sizeof(*ALL)] = { 0 };

    for (size_t i = 0; i < sizeof(ALL) / sizeof(*ALL); i++) {
        assert_int_equal(ask(web, &ALL[i], &told[i]), 0);
        assert_int_equal(told[i].times, 0);
    }
    for (size_t i = 0; i < sizeof(ALL) / sizeof(*ALL); i++)
        wait_until_told(web, &told[i]);
    assert_int_equal(web->lists, sizeof(ALL) / sizeof(*ALL));
}

/* The address is no part of it, nor where the words are. */
static void test_one_person_twice(void **state)
{
    struct web *web = *state;
    char again[] = "anna";
    const struct rpc_client_caller elsewhere = { .ticket = again, .client = "192.0.2.7:1" };

    assert_told(web, &ANNA, "example@anna.service");
    assert_told(web, &elsewhere, "example@anna.service");
    assert_int_equal(web->lists, 1);
}

/* What was fetched is hers no more, with the drop that a sign-out here is, and without it when she signed out
 * elsewhere: then a moment later, however crowded it is. */
static void test_signed_out(void **state)
{
    struct web *web = *state;
    struct told told = { 0 };

    assert_told(web, &ANNA, "example@anna.service");
    assert_told(web, &BERT, "example@bert.service");
    web->signed_out = "anna";
    list_cache_drop(webfront_parts(web->front)->list);
    assert_int_equal(ask(web, &ANNA, &told), 0);
    wait_until_told(web, &told);
    assert_int_equal(told.fault, 19);
    assert_told(web, &BERT, "example@bert.service");
}

static void test_signed_out_elsewhere(void **state)
{
    struct web *web = *state;
    struct told told = { 0 }, crowd[PLACES] = { 0 };

    assert_told(web, &ANNA, "example@anna.service");
    grow_stale();
    web->signed_out = "anna";
    web->hold_lists = true;
    for (size_t i = 0; i < PLACES; i++)
        assert_int_equal(ask(web, &NOBODY, &crowd[i]), 0);
    assert_int_equal(ask(web, &ANNA, &told), LIST_E_FULL);
    wait_for_flights(web, 2);
    web_release_lists(web);
    wait_until_told(web, &crowd[PLACES - 1]);
    assert_int_equal(ask(web, &ANNA, &told), 0);
    wait_until_told(web, &told);
    assert_int_equal(told.fault, 19);
}

/* What was dropped while it was on its way is told to those who had asked before, and to nobody else. */
static void test_dropped_on_its_way(void **state)
{
    struct web *web = *state;
    struct told before = { 0 }, after = { 0 };

    web->hold_lists = true;
    assert_int_equal(ask(web, &ANNA, &before), 0);
    wait_for_flights(web, 1);
    list_cache_drop(webfront_parts(web->front)->list);
    assert_int_equal(ask(web, &ANNA, &after), 0);
    web_release_lists(web);
    wait_until_told(web, &before);
    assert_int_equal(after.times, 0);
    wait_for_flights(web, 2);
    web_release_lists(web);
    wait_until_told(web, &after);
}

/* One person's pages leave places for others, who are not kept waiting by her flight either. */
static void test_a_crowd_of_one(void **state)
{
    struct web *web = *state;
    struct told annas[PERSONS_PLACES + 1] = { 0 };

    web->hold_lists = true;
    for (size_t i = 0; i < PERSONS_PLACES; i++)
        assert_int_equal(ask(web, &ANNA, &annas[i]), 0);
    assert_int_equal(ask(web, &ANNA, &annas[PERSONS_PLACES]), LIST_E_FULL);
    wait_for_flights(web, 1);
    web->hold_lists = false;
    assert_told(web, &BERT, "example@bert.service");
    assert_told(web, &NOBODY, "example@1234.service");
    web_release_lists(web);
    for (size_t i = 0; i < PERSONS_PLACES; i++)
        wait_until_told(web, &annas[i]);
}

/* However many parts of the list they are of. */
static void test_a_crowd_of_ones_parts(void **state)
{
    struct web *web = *state;
    struct told annas[PERSONS_PLACES + 1] = { 0 };

    web->hold_lists = true;
    for (int i = 0; i < PERSONS_PLACES; i++)
        assert_int_equal(ask_part(web, &ANNA, i, &annas[i]), 0);
    assert_int_equal(ask_part(web, &ANNA, PERSONS_PLACES, &annas[PERSONS_PLACES]), LIST_E_FULL);
    wait_for_flights(web, LIST_FLIGHTS_MAX);
    web->hold_lists = false;
    web_release_lists(web);
    assert_told(web, &BERT, "example@bert.service");
    for (size_t i = 0; i < PERSONS_PLACES; i++)
        wait_until_told(web, &annas[i]);
}

/* One part is not another one, nobody's as little as anybody's; who asks for the same again is told what was
 * fetched. */
static void test_parts_apart(void **state)
{
    const struct rpc_client_caller *callers[] = { &ANNA, &NOBODY };
    struct web *web = *state;

    for (int i = 0; i < 8; i++) {
        struct told told = { 0 };

        assert_int_equal(ask_part(web, callers[i % 2], (i / 2) % 2, &told), 0);
        wait_until_told(web, &told);
        assert_int_equal(told.fault, 0);
    }
    assert_int_equal(web->lists, 4);
}

/* Of the parts that nobody in particular asks for, few are kept as well. */
static void test_few_parts_are_kept(void **state)
{
    struct web *web = *state;

    for (int i = 0; i < 2; i++)
        for (int offset = 1; offset < 3 * LIST_KEPT_MAX; offset++) {
            struct told told = { 0 };

            assert_int_equal(ask_part(web, &NOBODY, offset, &told), 0);
            wait_until_told(web, &told);
        }
    assert_true(web->lists >= 5 * LIST_KEPT_MAX - 2);
}

static struct rpc_client_caller person(unsigned i, char name[static 16])
{
    (void)snprintf(name, 16, "person%u", i);
    return (struct rpc_client_caller){ .ticket = name };
}

/* Many at once: so many calls are under way, and the others follow. */
static void test_many_people(void **state)
{
    struct web *web = *state;
    struct told told[3 * LIST_FLIGHTS_MAX] = { 0 };
    char name[16], unit[64];

    web->hold_lists = true;
    for (unsigned i = 0; i < 3 * LIST_FLIGHTS_MAX; i++) {
        const struct rpc_client_caller caller = person(i, name);

        assert_int_equal(ask(web, &caller, &told[i]), 0);
    }
    web_run(web, 200);
    assert_int_equal(web->lists, LIST_FLIGHTS_MAX);
    web->hold_lists = false;
    web_release_lists(web);
    for (unsigned i = 0; i < 3 * LIST_FLIGHTS_MAX; i++) {
        wait_until_told(web, &told[i]);
        (void)snprintf(unit, sizeof(unit), "example@person%u.service", i);
        assert_string_equal(told[i].unit, unit);
    }
    assert_int_equal(web->lists, 3 * LIST_FLIGHTS_MAX);
}

/* However many come by, few of their lists are kept, and none of those who were refused. */
static void test_few_are_kept(void **state)
{
    struct web *web = *state;
    char name[16], unit[64];
    struct told told;

    for (unsigned i = 0; i < 200; i++) {
        const struct rpc_client_caller caller = person(i, name);

        (void)snprintf(unit, sizeof(unit), "example@person%u.service", i);
        assert_told(web, &caller, unit);
        told = (struct told){ 0 };
        web->signed_out = "nobody-known";
        assert_int_equal(ask(web, &(struct rpc_client_caller){ .ticket = "nobody-known" }, &told), 0);
        assert_int_equal(told.times, 0);
        wait_until_told(web, &told);
        assert_int_equal(told.fault, 19);
    }
    assert_int_equal(web->lists, 400);
}

/* Whoever waits for the end of the broker is told, and so is who waits for a place in the air. */
static void test_broker_ends(void **state)
{
    struct web *web = *state;
    struct told told[LIST_FLIGHTS_MAX + 4] = { 0 };
    char name[16];

    web->hold_lists = true;
    for (unsigned i = 0; i < LIST_FLIGHTS_MAX + 4; i++) {
        const struct rpc_client_caller caller = person(i, name);

        assert_int_equal(ask(web, &caller, &told[i]), 0);
    }
    web_run(web, 100);
    web_stop_broker(web);
    for (unsigned i = 0; i < LIST_FLIGHTS_MAX + 4; i++) {
        wait_until_told(web, &told[i]);
        assert_int_equal(told[i].fault, -32300);
    }
}

/* Whoever waits when the web front ends is told as well. */
static void test_end(void **state)
{
    struct web *web = *state;
    struct told told[LIST_FLIGHTS_MAX + 4] = { 0 };
    char name[16];

    web->hold_lists = true;
    for (unsigned i = 0; i < LIST_FLIGHTS_MAX + 4; i++) {
        const struct rpc_client_caller caller = person(i, name);

        assert_int_equal(ask(web, &caller, &told[i]), 0);
    }
    web_run(web, 100);
    list_cache_stop(webfront_parts(web->front)->list);
    for (unsigned i = 0; i < LIST_FLIGHTS_MAX + 4; i++)
        assert_int_equal(told[i].times, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_people_at_once),   TEST(test_who_is_who),
        TEST(test_one_person_twice),     TEST(test_signed_out),
        TEST(test_signed_out_elsewhere), TEST(test_dropped_on_its_way),
        TEST(test_a_crowd_of_one),       TEST(test_a_crowd_of_ones_parts),
        TEST(test_parts_apart),          TEST(test_few_parts_are_kept),
        TEST(test_many_people),          TEST(test_few_are_kept),
        TEST(test_broker_ends),          TEST(test_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
