/* GET /events beside those who open one list after the other: who was there before is not kept waiting by who
 * comes, and all lists together take a bounded room. */
#include "webfront/live/live.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "tests/unit/live-page.h"
#include "tests/unit/test.h"
#include "webfront/live/group.h"

static struct live_page *open_and_read(struct web *web)
{
    struct live_page *page = live_page_open(web, "");

    live_page_wait(web, page, "event: whole");
    live_page_wait(web, page, "data: </ul>");
    return page;
}

static struct live_page *open_other(struct web *web, unsigned number)
{
    char query[32];

    (void)snprintf(query, sizeof(query), "?q=%u", number);
    return live_page_open_part(web, query, "");
}

static void settle(struct web *web)
{
    uint64_t until = clock_usec() + UINT64_C(3) * GROUP_PAUSE_USEC;

    while (clock_usec() < until || web->watch.n == 0)
        web_run(web, 1);
}

static void wait_for_held(struct web *web, size_t n)
{
    for (int i = 0; i < 8000 && web->n_held < n; i++)
        web_run(web, 1);
    assert_int_equal(web->n_held, n);
}

/* However many come, each with a list that nobody else looks at. */
static void test_who_comes_waits_behind_who_is_there(void **state)
{
    struct live_page *page, *others[2 * LIVE_FLIGHTS_MAX];
    struct web *web = *state;

    page = open_and_read(web);
    settle(web);
    live_page_forget(page);
    web->hold_lists = true;
    for (unsigned i = 0; i < LIVE_FLIGHTS_MAX; i++)
        others[i] = open_other(web, i);
    wait_for_held(web, LIVE_FLIGHTS_MAX);
    web->description = "dead";
    web_watch_change(&web->watch);
    for (unsigned i = LIVE_FLIGHTS_MAX; i < 2 * LIVE_FLIGHTS_MAX; i++) {
        others[i] = open_other(web, i);
        live_page_wait(web, others[i], "\r\n\r\n");
    }
    settle(web);
    web_release_lists(web);
    wait_for_held(web, LIVE_FLIGHTS_MAX);
    web_release_lists(web);
    live_page_wait(web, page, "<span>dead");
    live_page_close(page);
    for (unsigned i = 0; i < 2 * LIVE_FLIGHTS_MAX; i++)
        live_page_close(others[i]);
    web->hold_lists = false;
    web_forget_held(web);
}

/* At each turn of the loop somebody comes, and somebody goes. */
static void test_who_comes_and_goes_puts_nothing_off(void **state)
{
    enum { COMERS = 4000 };
    struct web *web = *state;
    struct live_page *page = open_and_read(web), *last = NULL;

    settle(web);
    live_page_forget(page);
    web->description = "dead";
    web_watch_change(&web->watch);
    for (unsigned i = 0; i < COMERS && !strstr(page->text, "<span>dead"); i++) {
        live_page_close(last);
        last = open_other(web, i);
        live_page_read(web, page, 2);
    }
    assert_non_null(strstr(page->text, "<span>dead"));
    live_page_close(last);
    live_page_close(page);
}

/* They are read: who does not is cut, and leaves room. */
static void test_room_for_all_lists_together(void **state)
{
    enum { OTHERS = 400 };
    struct live_page *page, *others[OTHERS];
    struct web *web = *state;
    unsigned n = 0;

    web->neighbours = 100;
    page = open_and_read(web);
    for (; n < OTHERS; n++) {
        others[n] = open_other(web, n);
        live_page_wait(web, others[n], "\r\n\r\n");
        if (strstr(others[n]->text, " 429 "))
            break;
        live_page_wait(web, others[n], "data: </ul>");
    }
    assert_in_range(n, 8, OTHERS - 1);
    assert_in_range(http_pieces_bytes(), 1, LIVE_BYTES_MAX + (LIVE_BYTES_MAX / 8));
    for (unsigned i = 0; i <= n; i++)
        live_page_close(others[i]);
    live_page_close(page);
    for (int i = 0; i < 8000 && http_pieces_bytes() > 100; i++)
        web_run(web, 1);
    assert_in_range(http_pieces_bytes(), 1, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_who_comes_waits_behind_who_is_there, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_who_comes_and_goes_puts_nothing_off, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_room_for_all_lists_together, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
