/* GET /events where people log in: whoever has many tickets, or makes them up, leaves room for the others. */
#include "webfront/live/live.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/unit/live-page.h"
#include "tests/unit/login-world.h"
#include "tests/unit/test.h"

enum { PLACES = 9, SHARE = 5 };

static struct live_page *open_as(struct web *web, const char *ticket)
{
    char header[TICKET_SIZE + 32];

    (void)snprintf(header, sizeof(header), "Cookie: restarter=%s\r\n", ticket);
    return live_page_open(web, header);
}

/* Of another login each time. */
static struct live_page *open_again_as(struct web *web, const char *name, unsigned login)
{
    uint64_t now = (uint64_t)time(NULL);
    char ticket[TICKET_SIZE];

    login_world_ticket_at(name, now - login, now + 7200, ticket);
    return open_as(web, ticket);
}

static bool is_let_in(struct web *web, struct live_page *page)
{
    live_page_wait(web, page, "\r\n\r\n");
    return !strstr(page->text, " 429 ");
}

static void few_places(struct web *web)
{
    struct parts *parts = webfront_parts(web->front);

    parts->live = live_free(parts->live);
    assert_int_equal(live_new(web->event, parts->calls, PLACES, &parts->live), 0);
}

static void close_all(struct live_page *pages[static PLACES])
{
    for (int i = 0; i < PLACES; i++)
        live_page_close(pages[i]);
}

static void test_many_tickets_of_one_person(void **state)
{
    struct login_world *world = *state;
    struct live_page *pages[PLACES] = { 0 }, *other;
    struct web *web = world->web;
    unsigned n = 0;

    few_places(web);
    for (; n < PLACES; n++) {
        pages[n] = open_again_as(web, "anna", n);
        if (!is_let_in(web, pages[n]))
            break;
        live_page_wait(web, pages[n], "event: whole");
    }
    assert_in_range(n, 2, SHARE);
    other = open_again_as(web, "bert", 0);
    assert_true(is_let_in(web, other));
    live_page_close(other);
    close_all(pages);
}

/* They are all one crowd, whatever names are in them, and nobody of whom the broker knows is in it. */
static void test_tickets_that_nobody_has_looked_at(void **state)
{
    struct login_world *world = *state;
    struct live_page *pages[PLACES] = { 0 }, *anna, *annas_next;
    struct web *web = world->web;
    unsigned n = 0;
    char name[16];

    few_places(web);
    anna = open_as(web, world->ticket);
    live_page_wait(web, anna, "event: whole");
    web->hold_lists = true;
    for (; n < PLACES; n++) {
        (void)snprintf(name, sizeof(name), n % 2 ? "anna" : "x%u", n);
        pages[n] = open_again_as(web, name, n + 1);
        if (!is_let_in(web, pages[n]))
            break;
    }
    assert_in_range(n, 2, SHARE);
    annas_next = open_as(web, world->ticket);
    assert_true(is_let_in(web, annas_next));
    web->hold_lists = false;
    web_release_lists(web);
    live_page_close(annas_next);
    live_page_close(anna);
    close_all(pages);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_many_tickets_of_one_person),
        TEST(test_tickets_that_nobody_has_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
