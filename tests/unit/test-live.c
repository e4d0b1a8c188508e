/* GET /events: an open page is told what changed and nothing else, once for all pages that show the same, and
 * a page that lost its connection misses nothing. */
#include "webfront/live/live.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/unit/live-page.h"
#include "tests/unit/test.h"
#include "webfront/live/group.h"

#define ROW(unit) "data: <li data-unit=\"" unit "\""

static struct live_page *open_and_read(struct web *web, const char *headers)
{
    struct live_page *page = live_page_open(web, headers);

    live_page_wait(web, page, "event: whole");
    live_page_wait(web, page, "data: </ul>");
    return page;
}

/* Until it is told so, and the question for the list that the first answer of the watch leads to is over. */
static void settle(struct web *web)
{
    uint64_t until = clock_usec() + UINT64_C(3) * GROUP_PAUSE_USEC;

    while (clock_usec() < until || web->watch.n == 0)
        web_run(web, 1);
}

static void change(struct web *web, const char *description)
{
    web->description = description;
    web_watch_change(&web->watch);
}

static void test_the_whole_list_first(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");

    assert_answer(page->text, 200, "Content-Type: text/event-stream");
    assert_non_null(strstr(page->text, "Cache-Control: no-store"));
    assert_non_null(strstr(page->text, "X-Accel-Buffering: no"));
    assert_non_null(strstr(page->text, ROW("example@1234.service")));
    assert_non_null(strstr(live_page_id(page), "-0"));
    live_page_close(page);
}

static void test_only_what_changed(void **state)
{
    struct web *web = *state;
    struct live_page *page;

    web->neighbours = 3;
    page = open_and_read(web, "");
    live_page_forget(page);
    change(web, "dead");
    live_page_wait(web, page, "event: rows");
    live_page_wait(web, page, "data: </ul>");
    assert_non_null(strstr(page->text, ROW("example@1234.service")));
    assert_non_null(strstr(page->text, "dead"));
    assert_null(strstr(page->text, "example@2000.service"));
    assert_null(strstr(page->text, "data-order"));
    assert_non_null(strstr(live_page_id(page), "-1"));
    live_page_close(page);
}

/* Who was told that something changed, and asks for the page, is not shown one from before. */
static void test_nothing_older_after_it(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");

    settle(web);
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "example@1234.service");
    live_page_forget(page);
    change(web, "dead");
    live_page_wait(web, page, "event: rows");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "dead");
    live_page_close(page);
}

static void test_nothing_when_nothing_changed(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");
    unsigned lists;

    settle(web);
    lists = web->lists;
    live_page_forget(page);
    web_watch_change(&web->watch);
    for (int i = 0; i < 8000 && web->lists == lists; i++)
        web_run(web, 1);
    live_page_read(web, page, 50);
    assert_string_equal(page->text, "");
    live_page_close(page);
}

static void test_rows_that_come_and_go(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");

    live_page_forget(page);
    web->neighbours = 1;
    web_watch_change(&web->watch);
    live_page_wait(web, page, "data: </ol>");
    assert_non_null(strstr(page->text, ROW("example@2000.service")));
    assert_null(strstr(page->text, ROW("example@1234.service")));
    assert_non_null(strstr(page->text, "data: <ol hidden data-order>\ndata: <li>example@1234.service</li>\n"
                                       "data: <li>example@2000.service</li>\n"));
    live_page_forget(page);
    web->neighbours = 0;
    web_watch_change(&web->watch);
    live_page_wait(web, page, "data: </ol>");
    assert_null(strstr(page->text, "example@2000.service"));
    live_page_close(page);
}

/* One watch, and one question for the list, for all who look at it. */
static void test_many_pages_cost_the_broker_what_one_costs(void **state)
{
    enum { PAGES = 30 };
    struct live_page *pages[PAGES];
    struct web *web = *state;
    unsigned lists, calls;

    for (int i = 0; i < PAGES; i++)
        pages[i] = open_and_read(web, "");
    settle(web);
    lists = web->lists;
    calls = web->watch.calls;
    assert_int_equal(web->watch.n, 1);
    change(web, "dead");
    for (int i = 0; i < PAGES; i++)
        live_page_wait(web, pages[i], "event: rows");
    assert_int_equal(web->lists, lists + 1);
    assert_in_range(web->watch.calls, calls, calls + 1);
    for (int i = 0; i < PAGES; i++)
        live_page_close(pages[i]);
}

/* However often something changes. */
static void test_no_more_often_than_it_may(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");
    uint64_t since = clock_usec();
    unsigned lists = web->lists;

    for (int i = 0; i < 500; i++) {
        web_watch_change(&web->watch);
        live_page_read(web, page, 1);
    }
    assert_in_range(web->lists - lists, 0, 2 + (clock_usec() - since) / GROUP_PAUSE_USEC);
    live_page_close(page);
}

/* Another page keeps the list in mind meanwhile. */
static void test_a_reconnect_misses_nothing(void **state)
{
    struct web *web = *state;
    struct live_page *stays, *page;
    char header[128];

    web->neighbours = 8; /* or the whole list would be shorter than what was missed */
    stays = open_and_read(web, "");
    page = open_and_read(web, "");
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %s\r\n", live_page_id(page));
    live_page_close(page);
    change(web, "one");
    live_page_wait(web, stays, "<span>one");
    change(web, "two");
    live_page_wait(web, stays, "<span>two");
    page = live_page_open(web, header);
    live_page_wait(web, page, "<span>two");
    assert_non_null(strstr(page->text, "<span>one"));
    assert_null(strstr(page->text, "event: whole"));
    live_page_close(page);
    live_page_close(stays);
}

static void test_too_much_was_missed(void **state)
{
    struct web *web = *state;
    struct live_page *stays = open_and_read(web, "");
    char header[128], word[RING_EVENTS + 1][16], part[32];

    (void)snprintf(header, sizeof(header), "Last-Event-ID: %s\r\n", live_page_id(stays));
    for (int i = 0; i <= RING_EVENTS; i++) {
        (void)snprintf(word[i], sizeof(word[i]), "word-%d", i);
        (void)snprintf(part, sizeof(part), "<span>%s<", word[i]);
        change(web, word[i]);
        live_page_wait(web, stays, part);
        live_page_forget(stays);
    }
    live_page_close(open_and_read(web, header));
    live_page_close(stays);
}

static void test_ids_that_mean_nothing(void **state)
{
    static const char *const IDS[] = {
        "",
        "-",
        "x",
        "0",
        "-1",
        "18446744073709551616",
        "0123456789abcdef-0",
        "0123456789abcdef-18446744073709551615",
    };
    struct web *web = *state;
    struct live_page *stays = open_and_read(web, "");
    char header[4096], long_id[3000], id[64];

    for (size_t i = 0; i < sizeof(IDS) / sizeof(*IDS); i++) {
        (void)snprintf(header, sizeof(header), "Last-Event-ID: %s\r\n", IDS[i]);
        live_page_close(open_and_read(web, header));
    }
    memset(long_id, '9', sizeof(long_id));
    long_id[sizeof(long_id) - 1] = '\0';
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %s\r\n", long_id);
    live_page_close(open_and_read(web, header));
    /* Of this very epoch, and not yet. */
    (void)snprintf(id, sizeof(id), "%s", live_page_id(stays));
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %s1\r\n", id);
    live_page_close(open_and_read(web, header));
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %.16s-1\r\n", id);
    live_page_close(open_and_read(web, header));
    (void)snprintf(header, sizeof(header), "Last-Event-ID: %.16s--1\r\n", id);
    live_page_close(open_and_read(web, header));
    live_page_close(stays);
}

/* With nobody looking nobody is asked. */
static void test_the_last_page_ends_the_watch(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");

    settle(web);
    assert_int_equal(http_server_connections(web->broker), 1);
    live_page_close(page);
    for (int i = 0; i < 8000 && webfront_connections(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(webfront_connections(web->front), 0);
    web_watch_drop(&web->watch);
    for (int i = 0; i < 8000 && http_server_connections(web->broker) > 0; i++)
        web_run(web, 1);
    assert_int_equal(http_server_connections(web->broker), 0);
}

static void test_the_end(void **state)
{
    struct web *web = *state;
    struct live_page *page = open_and_read(web, "");

    webfront_stop(web->front);
    live_page_wait_end(web, page);
    live_page_close(page);
    for (int i = 0; i < 100 && webfront_connections(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(webfront_connections(web->front), 0);
}

static void test_as_many_as_there_may_be(void **state)
{
    enum { PAGES = 4 };
    struct web *web = *state;
    struct parts *parts = webfront_parts(web->front);
    struct live_page *pages[PAGES];

    parts->live = live_free(parts->live);
    assert_int_equal(live_new(web->event, parts->calls, PAGES, &parts->live), 0);
    for (int i = 0; i < PAGES; i++)
        pages[i] = open_and_read(web, "");
    assert_answer(web_ask(web, WEB_GET("/events")), 429, "Retry-After: ");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    live_page_close(pages[0]);
    web_run(web, 20);
    pages[0] = open_and_read(web, "");
    for (int i = 0; i < PAGES; i++)
        live_page_close(pages[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_whole_list_first),         TEST(test_only_what_changed),
        TEST(test_nothing_older_after_it),       TEST(test_nothing_when_nothing_changed),
        TEST(test_rows_that_come_and_go),        TEST(test_many_pages_cost_the_broker_what_one_costs),
        TEST(test_no_more_often_than_it_may),    TEST(test_a_reconnect_misses_nothing),
        TEST(test_too_much_was_missed),          TEST(test_ids_that_mean_nothing),
        TEST(test_the_last_page_ends_the_watch), TEST(test_the_end),
        TEST(test_as_many_as_there_may_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
