/* The broker's doors: at each of them, who it is that asks, and which headers say so. What a door does not
 * take, what is said twice and what is malformed is 400, and nothing is done. */
#include <stdio.h>
#include <string.h>

#include "common/person.h"
#include "tests/unit/door-calls.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=anna\n"
                             "[Grant]\nUnit=team.service\nVerbs=restart\nGroups=ops\n"
                             "[Grant]\nUnit=all.service\nVerbs=restart\nUsers=*\n";

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static int set_up_without_proxy(void **state)
{
    return broker_set_up_without_proxy(state, POLICY);
}

static void test_proxy_says_who(void **state)
{
    struct broker_world *w = *state;

    assert_asker_is(w, PROXY, "anna");
    assert_asker_may(w, PROXY, "a@1.service", true);
    assert_asker_may(w, PROXY, "all.service", true);
    assert_asker_may(w, PROXY, "team.service", false);
    w->callers[PROXY].user = "bob";
    w->callers[PROXY].groups = "dev,ops";
    assert_asker_is(w, PROXY, "bob");
    assert_asker_may(w, PROXY, "a@1.service", false);
    assert_asker_may(w, PROXY, "team.service", true);
    /* A name is no uid. */
    w->callers[PROXY] = (struct rpc_client_caller){ .user = "root" };
    assert_asker_is(w, PROXY, "root");
    assert_asker_may(w, PROXY, "a@1.service", false);
}

static void test_web_says_nobody(void **state)
{
    struct broker_world *w = *state;

    assert_asker_is(w, WEB, "");
    assert_asker_may(w, WEB, "a@1.service", false);
    assert_asker_may(w, WEB, "all.service", false);
}

static void test_without_the_proxys_door(void **state)
{
    struct broker_world *w = *state;

    assert_asker_is(w, WEB, "");
    assert_described(w, "0 jobs running");
}

#define USER "Restarter-User: anna\r\n"
#define GROUPS "Restarter-Groups: ops\r\n"
#define CLIENT "Restarter-Client: 192.0.2.7:1234\r\n"
#define TICKET "Restarter-Ticket: 1.a.b\r\n"

static void test_headers_that_are_refused(void **state)
{
    static const struct {
        size_t gate;
        const char *lines;
    } CASES[] = {
        /* not for this door */
        { WEB, USER },
        { WEB, GROUPS },
        { WEB, "restarter-user: anna\r\n" },
        { WEB, "Restarter-User:\r\n" },
        { CLIENTS, USER },
        { CLIENTS, GROUPS },
        { CLIENTS, CLIENT },
        { CLIENTS, TICKET },
        { PROXY, USER TICKET },
        /* twice */
        { WEB, CLIENT CLIENT },
        { WEB, TICKET TICKET },
        { PROXY, USER USER },
        { PROXY, USER "RESTARTER-USER: bob\r\n" },
        { PROXY, USER GROUPS GROUPS },
        /* nobody */
        { PROXY, "" },
        { PROXY, CLIENT },
        { PROXY, GROUPS },
        /* malformed */
        { WEB, "Restarter-Client: <b>\r\n" },
        { WEB, "Restarter-Client:\r\n" },
        { PROXY, "Restarter-User:\r\n" },
        { PROXY, "Restarter-User: an na\r\n" },
        { PROXY, "Restarter-User: anna,bob\r\n" },
        { PROXY, "Restarter-User: -anna\r\n" },
        { PROXY, "Restarter-User: a:b\r\n" },
        { PROXY, "Restarter-User: \xc3\xa9\r\n" },
        { PROXY, "Restarter-User: " NAME_OF_64 "a\r\n" },
        { PROXY, USER "Restarter-Groups:\r\n" },
        { PROXY, USER "Restarter-Groups: ,\r\n" },
        { PROXY, USER "Restarter-Groups: ops,\r\n" },
        { PROXY, USER "Restarter-Groups: ,ops\r\n" },
        { PROXY, USER "Restarter-Groups: ops, dev\r\n" },
        { PROXY, USER "Restarter-Groups: " NAME_OF_64 "a\r\n" },
    };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (status_with(w, CASES[i].gate, CASES[i].lines) != 400)
            fail_msg("case %zu is taken", i);
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets, 0);
}

static void test_too_many_groups(void **state)
{
    struct broker_world *w = *state;
    char lines[2048] = USER "Restarter-Groups: g0";

    for (unsigned i = 1; i < PERSON_GROUPS_MAX; i++)
        (void)snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), ",g%u", i);
    (void)strcat(lines, ",more\r\n");
    assert_int_equal(status_with(w, PROXY, lines), 400);
    (void)strcpy(strrchr(lines, ','), ",ops\r\n");
    assert_int_equal(status_with(w, PROXY, lines), 400);
    *strrchr(lines, ',') = '\0';
    (void)strcat(lines, "\r\n");
    *strstr(lines, "anna") = 'b';
    assert_int_equal(status_with(w, PROXY, lines), 200);
}

static void test_header_of_64_kb(void **state)
{
    struct broker_world *w = *state;
    char lines[12000] = "Restarter-Ticket: ";

    memset(lines + strlen(lines), 'a', 10000);
    (void)strcat(lines, "\r\n");
    assert_int_equal(status_with(w, WEB, lines), 431);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_proxy_says_who),
        TEST(test_web_says_nobody),
        cmocka_unit_test_setup_teardown(test_without_the_proxys_door, set_up_without_proxy, broker_tear_down),
        TEST(test_headers_that_are_refused),
        TEST(test_too_many_groups),
        TEST(test_header_of_64_kb),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
