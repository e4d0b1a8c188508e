/* GET /events where people log in: each is told of what is theirs and nothing else, no one of them has all
 * the places, and a login that has ended ends the stream. */
#include "webfront/live/live.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/unit/live-page.h"
#include "tests/unit/login-world.h"
#include "tests/unit/test.h"
#include "webfront/calls/list-cache.h"

static struct live_page *open_as(struct web *web, const char *ticket)
{
    char header[TICKET_SIZE + 32];

    (void)snprintf(header, sizeof(header), "Cookie: restarter=%s\r\n", ticket);
    return live_page_open(web, header);
}

static struct live_page *open_and_read_as(struct web *web, const char *ticket)
{
    struct live_page *page = open_as(web, ticket);

    live_page_wait(web, page, "event: whole");
    live_page_wait(web, page, "data: </ul>");
    return page;
}

static void test_nobody(void **state)
{
    struct login_world *world = *state;

    assert_answer(web_ask(world->web, WEB_GET("/events")), 401, "Nobody is logged in");
    assert_int_equal(world->web->watch.calls, 0);
}

static void test_each_their_own(void **state)
{
    struct login_world *world = *state;
    char bert[TICKET_SIZE], annas[64], berts[64];
    struct live_page *anna, *bertha;

    login_world_ticket("bert", bert);
    (void)snprintf(annas, sizeof(annas), "example@%.40s.service", world->ticket);
    (void)snprintf(berts, sizeof(berts), "example@%.40s.service", bert);
    anna = open_and_read_as(world->web, world->ticket);
    bertha = open_and_read_as(world->web, bert);
    assert_non_null(strstr(anna->text, annas));
    assert_null(strstr(anna->text, berts));
    assert_non_null(strstr(bertha->text, berts));
    assert_null(strstr(bertha->text, annas));
    /* One watch for both, and by nobody. */
    assert_int_equal(world->web->watch.calls, 1);
    live_page_close(anna);
    live_page_close(bertha);
}

static void test_signed_out_elsewhere(void **state)
{
    struct login_world *world = *state;
    struct live_page *page = open_and_read_as(world->web, world->ticket);

    world->web->signed_out = world->ticket;
    web_watch_change(&world->web->watch);
    live_page_wait(world->web, page, "event: ended");
    live_page_wait_end(world->web, page);
    live_page_close(page);
}

/* Or by this very web front: what it knows is out of date, and nobody waits for the next change. */
static void test_signed_out_here(void **state)
{
    struct login_world *world = *state;
    struct live_page *page = open_and_read_as(world->web, world->ticket);

    world->web->signed_out = world->ticket;
    list_cache_drop(webfront_parts(world->web->front)->list);
    live_page_wait(world->web, page, "event: ended");
    live_page_close(page);
}

static void test_a_ticket_that_never_was_good(void **state)
{
    struct login_world *world = *state;
    struct live_page *page;

    world->web->signed_out = world->ticket;
    page = open_as(world->web, world->ticket);
    live_page_wait(world->web, page, "event: ended");
    assert_null(strstr(page->text, "event: whole"));
    live_page_wait_end(world->web, page);
    live_page_close(page);
}

/* A page that is open, and one that reads itself again, may be one before which nobody sits. */
static void test_a_login_is_not_used_by_an_open_page(void **state)
{
    struct login_world *world = *state;
    uint64_t now = (uint64_t)time(NULL);
    struct live_page *page;

    login_world_ticket_at("anna", now - 3600, now + 3600, world->ticket);
    world->web->renewed = "x";
    page = open_and_read_as(world->web, world->ticket);
    assert_null(strstr(page->text, "Set-Cookie"));
    live_page_close(page);
    assert_lacks(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML "Restarter-Unattended: yes\r\n"),
                                    world->ticket),
                 "Set-Cookie");
    assert_int_equal(world->web->others, 0);
    (void)login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);
    assert_int_equal(world->web->others, 1);
}

static void test_no_one_has_all_the_places(void **state)
{
    enum { PLACES = 9, SHARE = 5 };
    struct login_world *world = *state;
    struct web *web = world->web;
    struct parts *parts = webfront_parts(web->front);
    struct live_page *pages[PLACES] = { 0 }, *other;
    char bert[TICKET_SIZE];
    int n = 0;

    parts->live = live_free(parts->live);
    assert_int_equal(live_new(web->event, parts->calls, PLACES, &parts->live), 0);
    for (; n < PLACES; n++) {
        pages[n] = open_as(web, world->ticket);
        live_page_wait(web, pages[n], "\r\n\r\n");
        if (strstr(pages[n]->text, " 429 "))
            break;
    }
    assert_in_range(n, 2, SHARE);
    login_world_ticket("bert", bert);
    other = open_and_read_as(web, bert);
    live_page_close(other);
    for (int i = 0; i < PLACES; i++)
        live_page_close(pages[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nobody),
        TEST(test_each_their_own),
        TEST(test_signed_out_elsewhere),
        TEST(test_signed_out_here),
        TEST(test_a_ticket_that_never_was_good),
        TEST(test_a_login_is_not_used_by_an_open_page),
        TEST(test_no_one_has_all_the_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
