/* Other machines beside this one: each has a section, a click goes to the machine that it names and to no
 * other one, and one that is gone, slow or lies keeps nothing from anybody but itself. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/far-world.h"
#include "tests/unit/test.h"

#define HTML "Accept: text/html\r\n"
#define GET_PAGE(path) "GET " path " HTTP/1.1\r\n" WEB_HOST HTML "\r\n"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\r\n"

static int setup(void **state)
{
    return far_world_set_up(state, 3);
}

static char *post(struct far_world *world, const char *path, const char *body)
{
    static char request[1024];

    (void)snprintf(request, sizeof(request),
                   "POST %s HTTP/1.1\r\n" WEB_HOST HTML FORM_TYPE "Content-Length: %zu\r\n\r\n%s", path,
                   strlen(body), body);
    return web_ask(world->web, request);
}

static void test_a_section_for_each(void **state)
{
    struct far_world *world = *state;
    const char *page, *first, *second;

    world->far[0].description = "<b>far";
    world->far[1].neighbours = 2;
    page = web_ask(world->web, GET_PAGE("/"));
    assert_answer(page, 200, "<h2 class=\"machine-name\" id=\"here\">");
    assert_answer(page, 200, "<a href=\"/instances/example@1234.service\">");
    first = strstr(page, "<section class=\"far\" data-machine=\"web1\"");
    second = strstr(page, "<section class=\"far\" data-machine=\"web2\"");
    assert_true(first && second && first < second);
    assert_non_null(strstr(first, "&lt;b&gt;far"));
    assert_non_null(strstr(first, "<a href=\"/machines/web1/instances/example@1234.service\">"));
    assert_non_null(strstr(first, "<input type=\"hidden\" name=\"machine\" value=\"web1\">"));
    assert_non_null(strstr(second, "data-unit=\"example@2001.service\" data-machine=\"web2\""));
    assert_null(strstr(page, "***"));
    assert_string_equal(world->far[0].user, "");
    assert_string_equal(world->far[0].client, "");
}

/* Without machines.conf it is the page that it was. */
static void test_none(_unused_ void **state)
{
    void *web = NULL;
    const char *page;

    far_world_prepare(0);
    assert_int_equal(web_setup(&web), 0);
    page = web_ask(web, GET_PAGE("/"));
    assert_answer(page, 200, "example@1234.service");
    assert_null(strstr(page, "machine-name"));
    assert_null(strstr(page, "name=\"machine\""));
    assert_answer(web_ask(web, GET_PAGE("/machines/web1/")), 404, "no machine of that name");
    (void)web_teardown(&web);
}

static void assert_restarts(const struct far_world *world, unsigned here, unsigned first, unsigned second)
{
    assert_int_equal(world->web->restarts, here);
    assert_int_equal(world->far[0].restarts, first);
    assert_int_equal(world->far[1].restarts, second);
}

static void test_a_click_goes_where_it_says(void **state)
{
    struct far_world *world = *state;
    const char *answer;

    answer = post(world, "/restart", "service_id=1234&machine=web1&press=abcdefgh");
    assert_answer(answer, 303, "\r\nLocation: /machines/web1/restarts/abcdefgh\r\n");
    assert_restarts(world, 0, 1, 0);
    assert_string_equal(world->far[0].press, "abcdefgh");
    assert_answer(post(world, "/machines/web2/restart", "service_id=1234"), 200, "It was restarted.");
    assert_restarts(world, 0, 1, 1);
    assert_answer(post(world, "/restart", "service_id=1234&machine="), 200, "It was restarted.");
    assert_restarts(world, 1, 1, 1);
    assert_answer(post(world, "/machines/web2/restart", "service_id=1234&machine=web2"), 200, "");
    assert_restarts(world, 1, 1, 2);
}

/* Whatever does not say clearly which one it means, restarts nothing anywhere. */
static void test_a_click_that_goes_nowhere(void **state)
{
    static const struct {
        const char *path, *body;
        unsigned status;
    } CASES[] = {
        { "/restart", "service_id=1234&machine=web9", 404 },
        { "/restart", "service_id=1234&machine=web%31", 400 },
        { "/restart", "service_id=1234&m%61chine=web1", 400 },
        { "/restart", "service_id=1234&machine=web1&machine=web2", 400 },
        { "/restart", "service_id=1234&machine=web1&machine=", 400 },
        { "/restart", "service_id=1234&machine=-web1", 400 },
        { "/restart", "service_id=1234&machine=../web1", 400 },
        { "/restart", "service_id=1234&machine=web1%00", 400 },
        { "/machines/web1/restart", "service_id=1234&machine=web2", 400 },
        { "/machines/web9/restart", "service_id=1234", 404 },
        { "/machines/web%31/restart", "service_id=1234", 404 },
        { "/machines/../restart", "service_id=1234", 404 },
        { "/machines//restart", "service_id=1234", 404 },
        { "/machines/web1/machines/web2/restart", "service_id=1234", 404 },
        { "/machines/web1/logout", "", 404 },
        { "/machines/web1/login", "", 404 },
    };
    struct far_world *world = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        char status[32];

        (void)snprintf(status, sizeof(status), "HTTP/1.1 %u ", CASES[i].status);
        if (strncmp(post(world, CASES[i].path, CASES[i].body), status, strlen(status)) != 0)
            fail_msg("case %zu is not answered %u", i, CASES[i].status);
        assert_restarts(world, 0, 0, 0);
    }
}

/* Gone: the socket is not there. Its section says so; the others are whole, and the page does not wait. */
static void test_one_is_gone(void **state)
{
    struct far_world *world = *state;
    const char *page;

    web_stop_broker(&world->far[0]);
    page = web_ask(world->web, GET_PAGE("/"));
    assert_answer(page, 200, "<a href=\"/machines/web2/instances/example@1234.service\">");
    assert_non_null(strstr(page, "data-machine=\"web1\" data-silent=\"1\""));
    assert_non_null(strstr(page, "no answer for 1 s"));
    assert_null(strstr(page, "/machines/web1/instances"));
    assert_answer(post(world, "/restart", "service_id=1234&machine=web1"), 503,
                  "web1: Nothing was restarted");
    web_start_broker(&world->far[0]);
    page = web_ask(world->web, GET_PAGE("/"));
    for (int i = 0; i < 10 && strstr(page, "data-silent"); i++)
        page = web_ask(world->web, GET_PAGE("/"));
    assert_answer(page, 200, "<a href=\"/machines/web1/instances/example@1234.service\">");
}

/* Silent: it takes the question. The page goes out without it, and the next one waits for nothing. */
static void test_one_is_silent(void **state)
{
    struct far_world *world = *state;
    const char *page;

    world->far[0].hold_lists = true;
    page = web_ask(world->web, GET_PAGE("/"));
    assert_answer(page, 200, "<a href=\"/machines/web2/instances/example@1234.service\">");
    assert_non_null(strstr(page, "no answer yet"));
    web_run(world->web, 3000);
    page = web_ask(world->web, GET_PAGE("/"));
    assert_non_null(strstr(page, "data-machine=\"web1\" data-silent="));
    assert_non_null(strstr(page, "<a href=\"/machines/web3/instances/example@1234.service\">"));
    web_forget_held(&world->far[0]);
}

/* What another machine says of itself is text, and nobody is sent to a login for it. */
static void test_one_lies(void **state)
{
    static const struct wire_answer LOG_IN = { .kind = WIRE_FAULT,
                                               .fault = { REFUSAL_LOGIN, "Go <b>away</b>." } };
    struct far_world *world = *state;
    const char *page;

    world->far[0].answers[WIRE_METHOD_LIST] = &LOG_IN;
    world->far[1].refuse_lists = true;
    page = web_ask(world->web, GET_PAGE("/"));
    assert_answer(page, 200, "Fronts=ACCOUNT");
    assert_non_null(strstr(page, "No bus."));
    assert_answer(web_ask(world->web, GET_PAGE("/machines/web1/")), 503, "Fronts=ACCOUNT");
    world->far[0].mode = BROKER_BABBLES;
    assert_answer(post(world, "/restart", "service_id=1234&machine=web1"), 503, "no answer came back");
    assert_answer(web_ask(world->web,
                          "POST /restart HTTP/1.1\r\n" WEB_HOST FORM_TYPE "Content-Length: 43\r\n\r\n"
                          "service_id=1234&machine=web1&press=abcdefgh"),
                  503, "/machines/web1/restarts/abcdefgh");
    assert_int_equal(world->far[0].restarts, 2);
}

/* What ends early is unknown, and is not repeated. */
static void test_it_ends_while_it_restarts(void **state)
{
    struct far_world *world = *state;
    int fd = far_world_press_held(world);

    web_forget_held(&world->far[0]);
    assert_answer(web_receive(world->web, fd), 503, "look at its state before you try again");
    assert_int_equal(world->far[0].restarts, 1);
}

static void test_pages_of_its_own(void **state)
{
    static const struct wire_answer STATUS = { .kind = WIRE_STATUS,
                                               .status = { .unit = "example@1234.service",
                                                           .description = "far",
                                                           .load_state = "loaded",
                                                           .active_state = "active",
                                                           .sub_state = "running",
                                                           .verbs = VERB_RESTART,
                                                           .confirm = true } };
    struct far_world *world = *state;
    const char *page;

    world->far[0].answers[WIRE_METHOD_STATUS] = &STATUS;
    page = web_ask(world->web, GET_PAGE("/machines/web1/"));
    assert_answer(page, 200, "<a href=\"/machines/web1/instances/example@1234.service\">");
    assert_non_null(strstr(page, "<span class=\"unseen\">on the machine </span>web1"));
    assert_non_null(strstr(page, "action=\"/machines/web1/\""));
    assert_null(strstr(page, "class=\"machine-name\""));
    page = web_ask(world->web, GET_PAGE("/machines/web1/instances/example@1234.service"));
    assert_answer(page, 200, "name=\"machine\" value=\"web1\"");
    page = web_ask(world->web, GET_PAGE("/confirm?machine=web1&service_id=1234&verb=restart"));
    assert_answer(page, 200, "name=\"machine\" value=\"web1\"");
    assert_int_equal(world->web->others + world->web->lists, 0);
}

static void test_programs(void **state)
{
    struct far_world *world = *state;

    world->far[1].neighbours = 1;
    assert_answer(web_ask(world->web, WEB_GET("/api/instances?machine=web2")), 200, "example@2000.service");
    assert_answer(web_ask(world->web, WEB_GET("/api/instances?machine=web2")), 200, "\"machine\": \"web2\"");
    assert_int_equal(world->web->lists, 0);
    assert_null(strstr(web_ask(world->web, WEB_GET("/api/instances")), "example@2000.service"));
    assert_answer(web_ask(world->web, WEB_GET("/api/instances")), 200, "\"machine\": \"\"");
    assert_answer(web_ask(world->web, WEB_GET("/api/instances?machine=web9")), 404, "no machine");
    assert_answer(web_ask(world->web, WEB_GET("/api/instances?machine=web%32")), 400, "machine is a name");
    assert_answer(web_ask(world->web, WEB_GET("/machines/web2/api/instances")), 200, "example@2000.service");
}

static const struct wire_answer *list_that_says(const char *machine, const char *units)
{
    static struct wire_instance instance = { .unit = "example@1234.service",
                                             .description = "",
                                             .load_state = "loaded",
                                             .active_state = "active",
                                             .sub_state = "running" };
    static struct wire_answer answer = { .kind = WIRE_LIST,
                                         .list = { .policy_ok = true, .instances = &instance } };

    instance.machine = units;
    answer.list.machine = machine;
    answer.list.n_instances = 1;
    return &answer;
}

#define IN_XML(value) "<name>machine</name>\r\n<value><string>" value "</string></value>"

/* Of this machine the broker says the host name, and its units are of the one that was asked; another one is
 * called what it is called here, whatever it says of itself. */
static void test_what_they_call_themselves(void **state)
{
    struct far_world *world = *state;
    const char *answer;

    world->web->answers[WIRE_METHOD_LIST] = list_that_says("host-1", "web2");
    answer = web_ask(world->web, WEB_GET("/api/instances"));
    assert_answer(answer, 200, "\"machine\": \"host-1\"");
    assert_answer(answer, 200, "\"machine\": \"\"");
    assert_null(strstr(answer, "web2"));
    answer = web_call(world->web, "restarter.list", "");
    assert_answer(answer, 200, IN_XML("host-1"));
    assert_answer(answer, 200, IN_XML(""));
    world->far[0].answers[WIRE_METHOD_LIST] = list_that_says("web2", "web2");
    for (int i = 0; i < 2; i++) {
        answer = web_ask(world->web, WEB_GET("/api/instances?machine=web1"));
        assert_answer(answer, 200, "\"machine\": \"web1\"");
        assert_null(strstr(answer, "web2"));
        assert_null(strstr(answer, "\"machine\": \"\""));
        world->far[0].answers[WIRE_METHOD_LIST] = list_that_says(NULL, NULL);
        web_run(world->web, 300);
    }
}

/* One that is older says nothing of it. */
static void test_a_broker_that_does_not_say(void **state)
{
    struct far_world *world = *state;
    const char *answer;

    world->web->answers[WIRE_METHOD_LIST] = list_that_says(NULL, NULL);
    answer = web_ask(world->web, WEB_GET("/api/instances"));
    assert_answer(answer, 200, "\"machine\": \"\"");
    answer = strstr(answer, "\"machine\"");
    assert_null(strstr(answer + 1, "\"machine\""));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, far_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_section_for_each),
        cmocka_unit_test(test_none),
        TEST(test_a_click_goes_where_it_says),
        TEST(test_a_click_that_goes_nowhere),
        TEST(test_one_is_gone),
        TEST(test_one_is_silent),
        TEST(test_one_lies),
        TEST(test_it_ends_while_it_restarts),
        TEST(test_pages_of_its_own),
        TEST(test_programs),
        TEST(test_what_they_call_themselves),
        TEST(test_a_broker_that_does_not_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
