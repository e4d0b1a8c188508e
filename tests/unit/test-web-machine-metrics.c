/* What /metrics tells of other machines: each press that was sent there once, by what became of it and by
 * whichever way it came, and for how long a machine has not answered; this machine's series are as they are
 * without others. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/far-world.h"
#include "tests/unit/test.h"
#include "webfront/calls/fars.h"

#define METRICS WEB_GET("/metrics")
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define ENDED(outcome, n) "restarter_machine_restarts_total{machine=\"web1\",outcome=\"" outcome "\"} " n "\n"
#define RESTART_THERE                                                                                        \
    "<param><value><string>1234</string></value></param><param><value><struct><member><name>machine</name>"  \
    "<value>web1</value></member></struct></value></param>"

static int setup(void **state)
{
    return far_world_set_up(state, 2);
}

static const char *press(struct far_world *world, const char *machine)
{
    static char request[512];
    char body[64];

    (void)snprintf(body, sizeof(body), "service_id=1234&machine=%s", machine);
    (void)snprintf(request, sizeof(request),
                   "POST /restart HTTP/1.1\r\n" WEB_HOST FORM "Content-Length: %zu\r\n\r\n%s", strlen(body),
                   body);
    return web_ask(world->web, request);
}

static void assert_told(struct far_world *world, const char *line)
{
    assert_answer(web_ask(world->web, METRICS), 200, line);
}

static void test_what_became_of_them(void **state)
{
    struct far_world *world = *state;

    (void)press(world, "web1");
    assert_told(world, ENDED("up", "1"));
    (void)web_call(world->web, "restarter.restart", RESTART_THERE);
    (void)web_call(world->web, "restarter.reload", RESTART_THERE);
    assert_told(world, ENDED("up", "3"));
    world->far[0].mode = BROKER_FAILS;
    (void)press(world, "web1");
    assert_told(world, ENDED("failed", "1"));
    world->far[0].mode = BROKER_REFUSES;
    (void)press(world, "web1");
    (void)web_call(world->web, "restarter.restart", RESTART_THERE);
    assert_told(world, ENDED("refused", "2"));
    world->far[0].mode = BROKER_BABBLES;
    (void)press(world, "web1");
    assert_told(world, ENDED("unknown", "1"));
    assert_told(world, ENDED("up", "3"));
    assert_told(world, ENDED("left", "0"));
    assert_told(world, "{machine=\"web2\",outcome=\"up\"} 0\n");
}

static unsigned under_way(const struct far_world *world)
{
    return calls_under_way(fars_find(webfront_parts(world->web->front)->fars, "web1")->calls);
}

/* Who hangs up hears nothing of it, and neither does this web front. */
static void test_who_has_left(void **state)
{
    struct far_world *world = *state;
    int fd = far_world_press_held(world);

    (void)close(fd);
    for (int i = 0; i < 20000 && under_way(world) > 0; i++)
        web_run(world->web, 1);
    web_forget_held(&world->far[0]);
    assert_told(world, ENDED("left", "1"));
    assert_told(world, ENDED("unknown", "0"));
}

static void test_silence(void **state)
{
    struct far_world *world = *state;

    assert_null(strstr(web_ask(world->web, METRICS), "silent_seconds{"));
    (void)press(world, "web1");
    assert_told(world, "restarter_machine_silent_seconds{machine=\"web1\"} 0\n");
    assert_null(strstr(web_ask(world->web, METRICS), "silent_seconds{machine=\"web2\"}"));
    web_stop_broker(&world->far[0]);
    (void)press(world, "web1");
    assert_told(world, "restarter_machine_silent_seconds{machine=\"web1\"} 1\n");
    assert_told(world, ENDED("refused", "1"));
    web_start_broker(&world->far[0]);
    (void)press(world, "web1");
    assert_told(world, "restarter_machine_silent_seconds{machine=\"web1\"} 0\n");
    assert_told(world, ENDED("up", "2"));
}

/* A scrape asks no other machine anything; and what is done here is counted by the broker of this one. */
static void test_this_machine(void **state)
{
    struct far_world *world = *state;
    const char *text;

    (void)press(world, "");
    text = web_ask(world->web, METRICS);
    assert_answer(
        text, 200,
        "restarter_restarts_total{template=\"example@.service\",verb=\"restart\",result=\"up\"} 7\n");
    assert_answer(text, 200, ENDED("up", "0"));
    assert_int_equal(world->far[0].restarts + world->far[0].lists + world->far[0].others, 0);
    assert_answer(web_ask(world->web, WEB_GET("/machines/web1/metrics")), 404, "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, far_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_became_of_them),
        TEST(test_who_has_left),
        TEST(test_silence),
        TEST(test_this_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
