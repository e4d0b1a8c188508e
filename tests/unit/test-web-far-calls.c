/* POST /RPC2 with the option machine: a call goes to the machine that it names and to no other one, by the
 * way that a form goes; what names none is a fault, and nothing is done anywhere. */
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "tests/unit/far-world.h"
#include "tests/unit/test.h"

#define STRING(text) "<param><value><string>" text "</string></value></param>"
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define STRUCT(members) "<param><value><struct>" members "</struct></value></param>"
#define ON(machine) STRUCT(MEMBER("machine", machine))
#define PART(method, params)                                                                                 \
    "<value><struct>" MEMBER("methodName", method)                                                           \
        MEMBER("params", "<array><data>" params "</data></array>") "</struct></value>"
#define PART_ON(machine) "<value><struct>" MEMBER("machine", machine) "</struct></value>"
#define PARTS(parts) "<param><value><array><data>" parts "</data></array></value></param>"

/* Not by the units of this machine's broker, which has nothing to do with it. */
#define WHO_CAN_SEE_WHY " Whoever looks after the machine of this page can see why with: restartctl check"

static int setup(void **state)
{
    return far_world_set_up(state, 2);
}

static unsigned asked(const struct web *broker)
{
    return broker->restarts + broker->lists + broker->others;
}

static void assert_asked(const struct far_world *world, unsigned here, unsigned first, unsigned second)
{
    assert_int_equal(asked(world->web), here);
    assert_int_equal(asked(&world->far[0]), first);
    assert_int_equal(asked(&world->far[1]), second);
}

static void test_each_verb(void **state)
{
    static const char *const METHODS[] = { "restarter.restart", "restarter.reload", "restarter.try_restart",
                                           "restarter.reload_or_restart" };
    struct far_world *world = *state;

    for (unsigned i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++) {
        assert_answer(web_call(world->web, METHODS[i], STRING("1234") ON("web2")), 200, "It was restarted.");
        assert_asked(world, 0, 0, i + 1);
    }
    assert_answer(web_call(world->web, "restarter.restart",
                           STRING("1234") STRUCT(MEMBER("machine", "web1") MEMBER("press", "abcdefgh"))),
                  200, "It was restarted.");
    assert_string_equal(world->far[0].press, "abcdefgh");
    assert_string_equal(world->far[0].user, "");
    assert_asked(world, 0, 1, 4);
    assert_answer(web_call(world->web, "restarter.restart", STRING("1234") ON("")), 200, "It was restarted.");
    assert_asked(world, 1, 1, 4);
}

/* What only reads takes an options struct as a restart does. */
static void test_each_question(void **state)
{
    struct far_world *world = *state;

    world->far[1].neighbours = 1;
    assert_answer(web_call(world->web, "restarter.status", STRING("1234") ON("web1")), 200, "other");
    assert_answer(web_call(world->web, "restarter.list", ON("web2")), 200, "example@2000.service");
    assert_answer(web_call(world->web, "restarter.list",
                           STRUCT(MEMBER("machine", "web2") MEMBER("limit", "<int>2</int>"))),
                  200, "<name>machine</name>\r\n<value><string>web2</string>");
    assert_asked(world, 0, 1, 2);
    assert_answer(web_call(world->web, "restarter.list", ON("")), 200, "policy_ok");
    assert_asked(world, 1, 1, 2);
    (void)web_call(world->web, "restarter.history", STRING("1234") ON("web1"));
    (void)web_call(world->web, "restarter.logs", STRING("1234") ON("web1"));
    (void)web_call(world->web, "restarter.day", STRING("") ON("web1"));
    (void)web_call(world->web, "restarter.outcome", STRING("abcdefgh") ON("web1"));
    assert_asked(world, 1, 5, 2);
}

/* Never ignored silently: no call that names a machine is carried out at another one. */
static void test_no_such_machine(void **state)
{
    static const struct {
        const char *method, *params, *fault;
    } CASES[] = {
        { "restarter.restart", STRING("1234") ON("web9"), "/etc/restarter/machines.conf" },
        { "restarter.status", STRING("1234") ON("web9"), "/etc/restarter/machines.conf" },
        { "restarter.list", ON("web9"), "/etc/restarter/machines.conf" },
        { "restarter.list", ON("WEB1"), "/etc/restarter/machines.conf" },
        { "restarter.restart", STRING("1234") ON("-web1"), "takes one string" },
        { "restarter.restart", STRING("1234") ON("../web1"), "takes one string" },
        { "restarter.restart", STRING("1234") ON("<int>1</int>"), "takes one string" },
        { "restarter.list", ON("web1 "), "takes nothing" },
        { "restarter.status", STRING("1234") STRUCT(MEMBER("settle", "<int>1</int>")), "takes one string" },
        { "restart_unit", STRING("1234") ON("web1"), "takes one string" },
        { "restarter.allowed", ON("web1"), "no parameters" },
        { "restarter.metrics", ON("web1"), "no parameters" },
        { "restarter.sign_out", ON("web1"), "no parameters" },
    };
    struct far_world *world = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *answer = web_call(world->web, CASES[i].method, CASES[i].params);

        assert_answer(answer, 200, CASES[i].fault);
        assert_non_null(strstr(answer, "-32602"));
        assert_asked(world, 0, 0, 0);
    }
}

/* A machine that has the name of no socket says whose fault it is, and what became of the unit. */
static void test_one_is_gone(void **state)
{
    struct far_world *world = *state;

    web_stop_broker(&world->far[0]);
    assert_answer(web_call(world->web, "restarter.restart", STRING("1234") ON("web1")), 200,
                  "web1: Nothing was restarted: the broker cannot be reached." WHO_CAN_SEE_WHY);
    assert_answer(web_call(world->web, "restarter.status", STRING("1234") ON("web1")), 200,
                  "web1: The broker cannot be reached." WHO_CAN_SEE_WHY);
    assert_answer(web_call(world->web, "restarter.list", ON("web1")), 200,
                  "web1: The broker cannot be reached." WHO_CAN_SEE_WHY);
    assert_answer(web_call(world->web, "restarter.restart", STRING("1234") ON("web2")), 200,
                  "It was restarted.");
    assert_asked(world, 0, 0, 1);
    web_start_broker(&world->far[0]);
}

/* What ends early is unknown, is not repeated, and is looked up there. */
static void test_no_answer(void **state)
{
    struct far_world *world = *state;
    const char *answer;

    world->far[0].mode = BROKER_BABBLES;
    answer = web_call(world->web, "restarter.restart",
                      STRING("1234") STRUCT(MEMBER("machine", "web1") MEMBER("press", "abcdefgh")));
    assert_answer(answer, 200, "<i4>12</i4>");
    assert_non_null(strstr(answer, "web1: "));
    assert_non_null(strstr(answer, "/machines/web1/restarts/abcdefgh"));
    assert_int_equal(world->far[0].restarts, 1);
    world->far[0].mode = BROKER_REFUSES;
    assert_answer(web_call(world->web, "restarter.restart", STRING("1234") ON("web1")), 200, "web1: ");
    assert_asked(world, 0, 2, 0);
}

/* What another machine says of logins sends nobody to one. */
static void test_one_wants_a_login(void **state)
{
    static const struct wire_answer LOG_IN = { .kind = WIRE_FAULT, .fault = { REFUSAL_LOGIN, "Away." } };
    struct far_world *world = *state;

    world->far[0].answers[WIRE_METHOD_STATUS] = &LOG_IN;
    assert_answer(web_call(world->web, "restarter.status", STRING("1234") ON("web1")), 200, "Fronts=ACCOUNT");
}

/* Each call in a call goes where it says. */
static void test_several_in_one(void **state)
{
    struct far_world *world = *state;
    const char *answer;

    answer = web_call(world->web, "system.multicall",
                      PARTS(PART("restarter.list", PART_ON("web2"))
                                PART("restarter.restart", "<value>1234</value>" PART_ON("web1"))
                                    PART("restarter.restart", "<value>1234</value>")));
    assert_answer(answer, 200, "It was restarted.");
    assert_non_null(strstr(answer, "<string>web2</string>"));
    assert_null(strstr(answer, "faultCode"));
    assert_asked(world, 1, 1, 1);
    answer = web_call(world->web, "system.multicall",
                      PARTS(PART("restarter.restart", "<value>1234</value>" PART_ON("web9"))
                                PART("restarter.status", "<value>1234</value>" PART_ON("web2"))));
    assert_answer(answer, 200, "other");
    assert_non_null(strstr(answer, "/etc/restarter/machines.conf"));
    assert_asked(world, 1, 1, 2);
    web_stop_broker(&world->far[0]);
    answer = web_call(world->web, "system.multicall",
                      PARTS(PART("restarter.list", PART_ON("web1"))
                                PART("restarter.status", "<value>1234</value>" PART_ON("web2"))));
    assert_answer(answer, 200, "other");
    assert_non_null(strstr(answer, "<string>web1: "));
    web_start_broker(&world->far[0]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, far_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_verb),      TEST(test_each_question), TEST(test_no_such_machine),
        TEST(test_one_is_gone),    TEST(test_no_answer),     TEST(test_one_wants_a_login),
        TEST(test_several_in_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
