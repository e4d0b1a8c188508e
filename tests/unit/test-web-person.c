/* The web front's places, and people: who is known by name holds no more of them than half of what the others
 * have left, be they for restarts of however many units or for reads; whoever else comes finds one. */
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

enum { PLACES_RESTART = 96, PLACES_READ = 16, MANY = 100 };

static const char *click_of(const char *user, unsigned id)
{
    static char request[512];
    char body[32];
    int length = snprintf(body, sizeof(body), "service_id=%u", id);

    (void)snprintf(request, sizeof(request),
                   "POST /restart HTTP/1.1\r\n" WEB_HOST "Remote-User: %s\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
                   user, length, body);
    return request;
}

static const char *status_of(const char *user)
{
    static char request[1024];
    static const char BODY[] =
        "<methodCall><methodName>restarter.status</methodName><params>" WEB_ID_PARAM "</params></methodCall>";

    (void)snprintf(request, sizeof(request),
                   "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Remote-User: %s\r\nContent-Type: text/xml\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   user, sizeof(BODY) - 1, BODY);
    return request;
}

/* How many of his clicks, each on another unit, come as far as the broker. */
static unsigned click_all(struct web *web, const char *user, unsigned first, int fds[static MANY])
{
    unsigned before = web->restarts;

    for (unsigned i = 0; i < MANY; i++) {
        fds[i] = web_send(web, click_of(user, first + i));
        web_run(web, 5);
    }
    return web->restarts - before;
}

static void hang_up(struct web *web, int fds[static MANY])
{
    for (unsigned i = 0; i < MANY; i++)
        (void)close(fds[i]);
    web_run(web, 100);
    web_forget_held(web);
}

static void test_restarts(void **state)
{
    struct web *web = *state;
    int fds[2][MANY];

    web->mode = BROKER_HOLDS;
    assert_int_equal(click_all(web, "anna", 1000, fds[0]), PLACES_RESTART / 3);
    assert_answer(web_ask(web, click_of("anna", 2000)), 429, "calls of yours wait already");
    assert_in_range(click_all(web, "bob", 3000, fds[1]), 1, PLACES_RESTART / 3);
    web->mode = BROKER_RESTARTS;
    assert_answer(web_ask(web, click_of("carl", 4000)), 200, "true");
    web->mode = BROKER_HOLDS;
    hang_up(web, fds[0]);
    hang_up(web, fds[1]);
}

static void test_reads(void **state)
{
    struct web *web = *state;
    int fds[MANY];

    web->hold_others = true;
    for (unsigned i = 0; i < MANY; i++) {
        fds[i] = web_send(web, status_of("anna"));
        web_run(web, 5);
    }
    assert_in_range(web->others, 1, PLACES_READ / 2);
    assert_answer(web_ask(web, status_of("anna")), 200, "calls of yours wait already");
    web->hold_others = false;
    assert_answer(web_ask(web, status_of("bob")), 200, "active_state");
    /* Reads are in nobody's way who clicks, his own neither. */
    assert_answer(web_ask(web, click_of("anna", 1234)), 200, "true");
    hang_up(web, fds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup_proxys, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_restarts), TEST(test_reads) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
