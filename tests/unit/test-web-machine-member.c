/* The member machine of a body at /api: a press goes to the machine that it names and to no other one, and a
 * body that another site's page could send without being asked about it presses nothing, whatever it says. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/far-world.h"
#include "tests/unit/test.h"

#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define PRESS "/api/instances/example%401234.service/restart"

static int setup(void **state)
{
    return far_world_set_up(state, 2);
}

static char *post(struct far_world *world, const char *path, const char *headers, const char *body)
{
    static char request[1024];

    (void)snprintf(request, sizeof(request),
                   "POST %s HTTP/1.1\r\n" WEB_HOST "%sContent-Length: %zu\r\n\r\n%s", path, headers,
                   strlen(body), body);
    return web_ask(world->web, request);
}

static void assert_restarts(const struct far_world *world, unsigned here, unsigned first, unsigned second)
{
    assert_int_equal(world->web->restarts, here);
    assert_int_equal(world->far[0].restarts, first);
    assert_int_equal(world->far[1].restarts, second);
}

static void test_it_goes_where_it_says(void **state)
{
    struct far_world *world = *state;

    assert_answer(post(world, PRESS, JSON, "{\"machine\": \"web1\", \"press\": \"abcdefgh\"}"), 200,
                  "\"success\": true");
    assert_restarts(world, 0, 1, 0);
    assert_string_equal(world->far[0].press, "abcdefgh");
    assert_string_equal(world->far[0].id, "example@1234.service");
    assert_answer(post(world, PRESS, JSON, "{\"settle\": 7, \"m\\u0061chine\": \"web2\"}"), 200, "true");
    assert_restarts(world, 0, 1, 1);
    assert_int_equal(world->far[1].settle, 7);
    assert_answer(post(world, PRESS, FORM, "reason=stuck&machine=web2"), 200, "true");
    assert_restarts(world, 0, 1, 2);
    assert_answer(post(world, "/api/instances/1234/reload", JSON, "{\"machine\": \"web2\"}"), 200, "true");
    assert_string_equal(world->far[1].method, "restarter.reload");
    assert_restarts(world, 0, 1, 3);
}

/* "" is this one, as is nothing; and an address that names a machine may be said again. */
static void test_this_one(void **state)
{
    struct far_world *world = *state;

    assert_answer(post(world, PRESS, JSON, "{\"machine\": \"\"}"), 200, "true");
    assert_answer(post(world, PRESS, FORM, "machine="), 200, "true");
    assert_answer(post(world, PRESS, "", ""), 200, "true");
    assert_restarts(world, 3, 0, 0);
    assert_answer(post(world, "/machines/web1" PRESS, JSON, "{\"machine\": \"web1\"}"), 200, "true");
    assert_answer(post(world, "/machines/web1" PRESS, JSON, "{\"machine\": \"\"}"), 200, "true");
    assert_restarts(world, 3, 2, 0);
}

/* Who does not wait is told where the outcome will be: over there. */
static void test_who_does_not_wait(void **state)
{
    struct far_world *world = *state;

    world->far[0].mode = BROKER_HOLDS;
    assert_answer(post(world, PRESS, JSON "Prefer: respond-async\r\nIdempotency-Key: abcdefgh\r\n",
                       "{\"machine\": \"web1\"}"),
                  202, "\r\nLocation: /machines/web1/api/restarts/abcdefgh\r\n");
    assert_restarts(world, 0, 1, 0);
    web_forget_held(&world->far[0]);
}

/* Whatever does not say clearly which one it means, or could come from another site's form, restarts nothing
 * anywhere. */
static void test_it_goes_nowhere(void **state)
{
    static const struct {
        const char *path, *headers, *body;
        unsigned status;
        const char *part;
    } CASES[] = {
        { PRESS, JSON, "{\"machine\": \"web9\"}", 404, "no machine of that name" },
        { PRESS, FORM, "machine=web9", 404, "no machine of that name" },
        { PRESS, JSON, "{\"machine\": \"WEB1\"}", 404, "no machine of that name" },
        { PRESS, JSON, "{\"machine\": \"-web1\"}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": \"../web1\"}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": \"web1 \"}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": 1}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": null}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": [\"web1\"]}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": {\"machine\": \"web1\"}}", 400, "a machine is named" },
        { PRESS, JSON, "{\"machine\": \"web1\", \"machine\": \"web2\"}", 400, "more than once" },
        { PRESS, JSON, "{\"machine\": \"web1\", \"machine\": \"\"}", 400, "more than once" },
        { PRESS, JSON, "{\"machine\": \"web1\"} {\"machine\": \"web2\"}", 400, "no JSON object" },
        { PRESS, JSON, "{\"machine\": \"web1\", \"settle\": 61}", 400, "settle is" },
        { PRESS, JSON, "{\"machine\": \"web1\", \"unit\": \"b\"}", 400, "another member" },
        { PRESS, JSON, "{\"Machine\": \"web1\"}", 400, "another member" },
        { PRESS, FORM, "machine=web1&machine=web2", 400, "more than once" },
        { PRESS, FORM, "machine=web%31", 400, "a machine is named" },
        { PRESS, FORM, "m%61chine=web1", 400, "another member" },
        { PRESS "?machine=web1", JSON, "{}", 400, "question mark" },
        { "/machines/web1" PRESS, JSON, "{\"machine\": \"web2\"}", 400, "a machine is named" },
        { "/machines/web1" PRESS, FORM, "machine=web2", 400, "a machine is named" },
        /* What a form or a script of any page sends without a preflight, whatever is in it. */
        { PRESS, "Content-Type: text/plain\r\n", "{\"machine\": \"web1\"}", 415, "Nothing was done" },
        { PRESS, "Content-Type: text/plain; application/json\r\n", "{\"machine\": \"web1\"}", 415, "" },
        { PRESS, "Content-Type: multipart/form-data\r\n", "{\"machine\": \"web1\"}", 415, "" },
        { PRESS, "", "{\"machine\": \"web1\"}", 415, "Nothing was done" },
        { PRESS, JSON "Content-Type: text/plain\r\n", "{\"machine\": \"web1\"}", 415, "" },
        { PRESS, JSON "Origin: http://evil.example\r\n", "{\"machine\": \"web1\"}", 403, "" },
        { PRESS, JSON "Origin: null\r\n", "{\"machine\": \"web1\"}", 403, "" },
        { PRESS, JSON "Sec-Fetch-Site: cross-site\r\n", "{\"machine\": \"web1\"}", 403, "" },
        { "/restart", JSON, "{\"service_id\": \"1234\", \"machine\": \"web1\"}", 415, "/api/instances/" },
    };
    struct far_world *world = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *answer = post(world, CASES[i].path, CASES[i].headers, CASES[i].body);

        assert_answer(answer, CASES[i].status, CASES[i].part);
        assert_restarts(world, 0, 0, 0);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, far_world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_it_goes_where_it_says),
        TEST(test_this_one),
        TEST(test_who_does_not_wait),
        TEST(test_it_goes_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
