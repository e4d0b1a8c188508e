/* GET /events while the broker is away: it is said, once, and what has changed meanwhile is told when it is
 * back. */
#include "webfront/live/live.h"

#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/live-page.h"
#include "tests/unit/test.h"
#include "webfront/live/event.h"
#include "webfront/live/watch.h"

static struct live_page *open_and_read(struct web *web)
{
    struct live_page *page = live_page_open(web, "");

    live_page_wait(web, page, "event: whole");
    live_page_wait(web, page, "data: </ul>");
    return page;
}

static unsigned count(const char *text, const char *part)
{
    unsigned n = 0;

    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

static void wait_for_calls(struct web *web, unsigned calls)
{
    for (int i = 0; i < 20000 && web->watch.calls < calls; i++)
        web_run(web, 1);
    assert_in_range(web->watch.calls, calls, calls + 1);
}

/* An idle exit, an upgrade. */
static void test_a_broker_that_is_started_anew(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web);

    live_page_forget(page);
    web_stop_broker(web);
    web->description = "dead";
    web_start_broker(web);
    live_page_wait(web, page, "<span>dead");
    live_page_close(page);
}

static void test_a_broker_that_is_gone(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web), *late;

    live_page_forget(page);
    web_stop_broker(web);
    live_page_wait(web, page, "event: lost");
    live_page_wait(web, page, "\ndata: ");
    live_page_read(web, page, 1500);
    assert_int_equal(count(page->text, "event: "), 1);
    /* Who comes meanwhile is told so, and no list. */
    late = live_page_open(web, "");
    live_page_wait(web, late, "event: lost");
    live_page_forget(page);
    live_page_forget(late);
    web->description = "dead";
    web_start_broker(web);
    live_page_wait(web, page, "event: whole");
    live_page_wait(web, page, "<span>dead");
    live_page_wait(web, late, "event: whole");
    assert_int_equal(count(page->text, "event: "), 1);
    live_page_close(page);
    live_page_close(late);
}

/* Nor is one asked without end that only refuses. */
static void test_a_broker_that_refuses(void **state)
{
    struct web *web = *state;
    struct live_page *page;

    web->watch.refuses = web->refuse_lists = true;
    page = live_page_open(web, "");
    live_page_wait(web, page, "event: lost");
    live_page_read(web, page, 1500);
    assert_int_equal(count(page->text, "event: "), 1);
    assert_in_range(web->watch.calls, WATCH_FAILURES, 6);
    web->watch.refuses = web->refuse_lists = false;
    live_page_wait(web, page, "event: whole");
    wait_for_calls(web, web->watch.calls);
    live_page_close(page);
}

static void test_a_list_that_does_not_come(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web);

    web->hold_lists = true;
    web_watch_change(&web->watch);
    live_page_wait(web, page, "event: lost");
    web->hold_lists = false;
    live_page_forget(page);
    live_page_wait(web, page, "event: whole");
    live_page_close(page);
}

/* By a broker that is killed, or is just about to end: the next one has it. */
static void test_a_list_that_is_cut_off(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web);

    live_page_forget(page);
    web->hold_lists = true;
    web->description = "dead";
    web_watch_change(&web->watch);
    for (int i = 0; i < 20000 && web->n_held == 0; i++)
        web_run(web, 1);
    web->hold_lists = false;
    web_forget_held(web);
    live_page_wait(web, page, "<span>dead");
    assert_null(strstr(page->text, "event: lost"));
    live_page_close(page);
}

static void assert_event(const char *data, const char *expected)
{
    struct http_piece *piece = event_new("rows", "e-1", data, strlen(data));

    assert_non_null(piece);
    assert_int_equal(http_piece_size(piece), strlen(expected));
    assert_memory_equal(http_piece_bytes(piece), expected, strlen(expected));
    http_piece_unref(piece);
}

/* Whatever a unit calls itself, it ends no event and begins none. */
static void test_no_line_is_but_data(_unused_ void **state)
{
#define HEAD "event: rows\nretry: 1000\nid: e-1\n"

    assert_event("", HEAD "data: \n\n");
    assert_event("a", HEAD "data: a\n\n");
    assert_event("a\nb\n", HEAD "data: a\ndata: b\n\n");
    assert_event("a\n\nevent: ended\n\n", HEAD "data: a\ndata: \ndata: event: ended\ndata: \n\n");
    assert_event("a\revent: ended\r\rid: x", HEAD "data: a\ndata: event: ended\ndata: \ndata: id: x\n\n");
    assert_event("a\r\nid: x", HEAD "data: a\ndata: \ndata: id: x\n\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_broker_that_is_started_anew), TEST(test_a_broker_that_is_gone),
        TEST(test_a_broker_that_refuses),         TEST(test_a_list_that_does_not_come),
        TEST(test_a_list_that_is_cut_off),        cmocka_unit_test(test_no_line_is_but_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
