/* Whoever makes tickets up, as many as he likes, takes no more of the places than one person does: who has
 * logged in finds one of each kind. */
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/login-world.h"
#include "tests/unit/test.h"

enum {
    PLACES_RESTART = 96,
    PLACES_READ = 16,
    PLACES_LIST = 80,
};

#define LIST WEB_GET_WITH("/", ACCEPT_HTML)
#define ONE WEB_GET_WITH("/api/instances/example@1234.service", "")

/* Those whom the test sends, with a ticket of his own each that could be a good one. */
struct crowd {
    struct web *web;
    int fds[PLACES_RESTART];
    unsigned n;
};

static void join(struct crowd *crowd, const char *request)
{
    char user[32], ticket[TICKET_SIZE], cookie[TICKET_SIZE + 32];

    (void)snprintf(user, sizeof(user), "mallory%u", crowd->n);
    login_world_ticket(user, ticket);
    (void)snprintf(cookie, sizeof(cookie), "Cookie: restarter=%s", ticket);
    crowd->fds[crowd->n++] = web_send(crowd->web, login_world_with(request, cookie));
    web_run(crowd->web, 5);
}

static void leave(struct crowd *crowd)
{
    while (crowd->n > 0)
        (void)close(crowd->fds[--crowd->n]);
    web_forget_held(crowd->web);
}

/* Anna, whom the broker lets in: each way in which that is seen is another test. */
static void assert_anna_is_let_in(struct login_world *world)
{
    assert_answer(login_world_ask_as(world, LIST, world->ticket), 200, "anna");
}

static void test_restarts(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    struct crowd crowd = { .web = web };

    assert_anna_is_let_in(world);
    web->mode = BROKER_HOLDS;
    while (crowd.n < PLACES_RESTART)
        join(&crowd, web_format_click(2000 + crowd.n));
    assert_int_equal(web->restarts, PLACES_RESTART / 3);
    web->mode = BROKER_RESTARTS;
    assert_answer(login_world_ask_as(world, WEB_POST(""), world->ticket), 200, "true");
    leave(&crowd);
}

static void test_reads(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    struct crowd crowd = { .web = web };

    assert_anna_is_let_in(world);
    web->hold_others = true;
    while (crowd.n < PLACES_READ)
        join(&crowd, ONE);
    assert_in_range(web->others, 1, PLACES_READ / 2);
    web->hold_others = false;
    assert_lacks(login_world_ask_as(world, ONE, world->ticket), "Too many");
    leave(&crowd);
}

/* Whoever has just logged in is not one of them either, although the broker was not asked about him yet. */
static void test_lists(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    struct crowd crowd = { .web = web };
    char cookie[TICKET_SIZE + 32];
    int fd;

    web->hold_lists = true;
    while (crowd.n < PLACES_LIST)
        join(&crowd, LIST);
    assert_answer(login_world_post(world, "", "user=anna&password=secret"), 303, world->ticket);
    (void)snprintf(cookie, sizeof(cookie), "Cookie: restarter=%s", world->ticket);
    fd = web_send(web, login_world_with(LIST, cookie));
    web_run(web, 20);
    web->hold_lists = false;
    web_release_lists(web);
    assert_answer(web_receive(web, fd), 200, "anna");
    leave(&crowd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_restarts),
        TEST(test_reads),
        TEST(test_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
