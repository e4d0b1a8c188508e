/* Fronts=: an account that the policy names may say at broker.sock whom it asks for, and nobody else may; who
 * is named so is let do what that name is, and is never the account, nor root. */
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/door-calls.h"
#include "tests/unit/test.h"

#define GRANTS                                                                                               \
    "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=zoe\n"                                  \
    "[Grant]\nUnit=team.service\nVerbs=restart\nGroups=ops\n"

static const char *own_account(void)
{
    const struct passwd *entry = getpwuid(getuid());

    return entry ? entry->pw_name : "";
}

static int set_up(void **state)
{
    char policy[512];

    (void)snprintf(policy, sizeof(policy), GRANTS "[Policy]\nFronts=other %s\n", own_account());
    return broker_set_up(state, policy, NULL);
}

static int set_up_others(void **state)
{
    return broker_set_up(state, GRANTS "[Policy]\nFronts=other\nAdmins=root\n", NULL);
}

static void test_it_says_who(void **state)
{
    struct broker_world *w = *state;

    w->callers[CLIENTS] = (struct rpc_client_caller){ .user = "zoe", .client = "192.0.2.7:1234" };
    assert_asker_is(w, CLIENTS, "zoe");
    assert_asker_may(w, CLIENTS, "a@1.service", true);
    assert_asker_may(w, CLIENTS, "team.service", false);
    w->callers[CLIENTS] = (struct rpc_client_caller){ .user = "bob", .groups = "dev,ops" };
    assert_asker_is(w, CLIENTS, "bob");
    assert_asker_may(w, CLIENTS, "a@1.service", false);
    assert_asker_may(w, CLIENTS, "team.service", true);
    /* A name is no uid, whoever gives it. */
    w->callers[CLIENTS] = (struct rpc_client_caller){ .user = "root" };
    assert_asker_is(w, CLIENTS, "root");
    assert_asker_may(w, CLIENTS, "a@1.service", false);
}

/* And by itself it is the account. */
static void test_it_is_itself(void **state)
{
    struct broker_world *w = *state;

    assert_asker_is(w, CLIENTS, own_account());
    w->callers[CLIENTS].client = "192.0.2.7:1234";
    assert_asker_is(w, CLIENTS, own_account());
}

/* The same word of two people is two presses, and neither is the account's own. */
static void test_presses_are_each_ones_own(void **state)
{
    struct broker_world *w = *state;
    struct call *call;

    w->callers[CLIENTS].user = "zoe";
    call = begin_press(w, CLIENTS, 0, "a@1.service", "press-of-zoe");
    wait_for(w, call);
    call = begin_at(w, CLIENTS, 0, "restarter.outcome", "press-of-zoe");
    wait_for(w, call);
    assert_member(call, "unit", "a@1.service");
    w->callers[CLIENTS].user = "bob";
    call = begin_at(w, CLIENTS, 0, "restarter.outcome", "press-of-zoe");
    wait_for(w, call);
    assert_fault(call, REFUSAL_NO_PRESS);
}

#define USER "Restarter-User: zoe\r\n"
#define GROUPS "Restarter-Groups: ops\r\n"
#define CLIENT "Restarter-Client: 192.0.2.7:1234\r\n"

static void assert_refused(struct broker_world *w, const char *const *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (status_with(w, CLIENTS, cases[i]) != 400)
            fail_msg("%s", cases[i]);
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets, 0);
}

static void test_what_it_may_not_say(void **state)
{
    static const char *const CASES[] = {
        "Restarter-Ticket: 1.a.b\r\n",
        USER "Restarter-Ticket: 1.a.b\r\n",
        USER USER,
        USER "restarter-user: bob\r\n",
        USER GROUPS GROUPS,
        USER CLIENT CLIENT,
        GROUPS,
        "Restarter-User:\r\n",
        "Restarter-User: zo e\r\n",
        "Restarter-User: zoe,bob\r\n",
        "Restarter-User: -zoe\r\n",
        "Restarter-User: a:b\r\n",
        "Restarter-User: \xc3\xa9\r\n",
        "Restarter-User: " NAME_OF_64 "a\r\n",
        USER "Restarter-Groups:\r\n",
        USER "Restarter-Groups: ops,\r\n",
        USER "Restarter-Groups: ,ops\r\n",
        USER "Restarter-Groups: ops, dev\r\n",
        USER "Restarter-Groups: " NAME_OF_64 "a\r\n",
        USER "Restarter-Client: <b>\r\n",
    };

    assert_refused(*state, CASES, sizeof(CASES) / sizeof(*CASES));
}

static void test_too_many_groups(void **state)
{
    char lines[2048] = "Restarter-User: zoe\r\nRestarter-Groups: g0";

    for (unsigned i = 0; i < 64; i++)
        (void)snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), ",h%u", i);
    (void)strcat(lines, "\r\n");
    assert_int_equal(status_with(*state, CLIENTS, lines), 400);
}

/* Not named: root and administrators say nothing there, either. */
static void test_others_name_nobody(void **state)
{
    static const char *const CASES[] = { USER, GROUPS, CLIENT, USER GROUPS CLIENT };

    assert_refused(*state, CASES, sizeof(CASES) / sizeof(*CASES));
}

/* As long as the policy says so, and no longer. */
static void test_until_the_policy_says_no(void **state)
{
    struct broker_world *w = *state;

    w->callers[CLIENTS].user = "zoe";
    assert_asker_is(w, CLIENTS, "zoe");
    write_policy(w, GRANTS);
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&w->fake, 10);
    w->callers[CLIENTS].user = NULL;
    assert_asker_is(w, CLIENTS, own_account());
    assert_int_equal(status_with(w, CLIENTS, USER), 400);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_says_who),
        TEST(test_it_is_itself),
        TEST(test_presses_are_each_ones_own),
        TEST(test_what_it_may_not_say),
        TEST(test_too_many_groups),
        TEST(test_until_the_policy_says_no),
        cmocka_unit_test_setup_teardown(test_others_name_nobody, set_up_others, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
