/* The list's page: how all of them are in one line, what is searched for, its pages, and what a row says. */
#include "webfront/pages/page-list.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/verb.h"
#include "tests/unit/test.h"

static const struct page_site SITE = { .machine = "host1" };
static const struct page_site SITE_DE = { .machine = "host1", .language = LANGUAGE_DE };

static struct wire_instance instance(const char *unit, const char *active_state, const char *sub_state)
{
    return (struct wire_instance){
        .unit = unit,
        .description = "Worker",
        .load_state = "loaded",
        .active_state = active_state,
        .sub_state = sub_state,
        .verbs = VERB_RESTART,
        .service_result = "",
        .restarted_by = "",
        .restarted_verdict = "",
    };
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("%s in %s", part, text);
}

static char *page_in(const struct page_site *site, const struct page_list *list)
{
    size_t size = 0;
    char *text = page_list(site, list, &size);

    assert_non_null(text);
    return text;
}

static char *row_in(const struct page_site *site, const struct wire_instance *item)
{
    size_t size = 0;
    char *text = page_list_row(site, item, &size);

    assert_non_null(text);
    return text;
}

static void test_counts(_unused_ void **state)
{
    struct wire_list listing = {
        .policy_ok = true, .failed = 2, .restarting = 1, .running = 2406, .matching = 2409
    };
    struct page_list list = { .listing = &listing };
    _cleanup_(freep) char *text = page_in(&SITE, &list), *german = page_in(&SITE_DE, &list);

    assert_has(text, "<a class=\"failed\" href=\"/?state=failed\">2 failed</a>\n"
                     "<a class=\"restarting\" href=\"/?state=restarting\">1 restarting</a>\n"
                     "<a class=\"running\" href=\"/?state=running\">2,406 running</a>\n</nav>");
    assert_has(text, "<title>(2 failed) Restart a service \xc2\xb7 host1</title>");
    assert_has(text, "data-title=\"(2 failed) Restart a service\"");
    assert_has(text, "href=\"/icon-failed-");
    assert_has(german, "2.406 in Betrieb</a>");
    listing.exited = 1;
    freep(&text);
    text = page_in(&SITE, &list);
    assert_has(text, "\">2,406 active</a>");
    assert_has(german, "<title>(2 fehlgeschlagen) ");
    listing.failed = 0;
    freep(&text);
    text = page_in(&SITE, &list);
    assert_has(text, "<title>Restart a service \xc2\xb7 host1</title>");
    assert_lacks(text, "icon-failed");
    assert_lacks(text, "state=failed");
}

/* Which part is shown is said, and the way back to all of them is there. */
static void test_filter(_unused_ void **state)
{
    struct wire_list listing = { .policy_ok = true, .running = 7 };
    struct page_list list = { .listing = &listing, .part = { .state = UNIT_GROUP_FAILED } };
    _cleanup_(freep) char *text = page_in(&SITE, &list);

    assert_has(text, "href=\"/?state=failed\" aria-current=\"true\">0 failed</a>");
    assert_has(text, "<a class=\"\" href=\"/\">7 in all</a>");
    assert_has(text, "<p>There is none like that just now.</p>");
    assert_has(text, "<input type=\"hidden\" name=\"state\" value=\"failed\">");
    assert_has(text, "<a id=\"refresh\" href=\"/?state=failed\">");
    assert_lacks(text, "class=\"other\"");
}

static void test_search(_unused_ void **state)
{
    static const struct {
        const char *filter, *unit; /* the row that is found */
        bool other;
    } CASES[] = {
        { "0042", NULL, true },
        { "0042", "example@00421.service", true },
        { "0042", "example@0042.service", false },
        { "example@0042", "example@0042.service", false },
        { "example@0042.service", "example@0042.service", false },
        { "nginx", "nginx.service", false },
        { "ngin", "nginx.service", true },
        { "two words", NULL, false },
        { "", NULL, false },
        { "\"<b>&", NULL, true },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_instance item = instance(CASES[i].unit ? CASES[i].unit : "", "active", "running");
        struct wire_list listing = { .policy_ok = true,
                                     .instances = &item,
                                     .n_instances = CASES[i].unit != NULL };
        struct page_list list = { .listing = &listing };
        _cleanup_(freep) char *text = NULL;

        (void)stpcpy(list.part.filter, CASES[i].filter);
        text = page_in(&SITE, &list);
        if ((strstr(text, "<section class=\"other\">") != NULL) != CASES[i].other)
            fail_msg("%s: %s", CASES[i].filter, text);
        assert_lacks(text, "<b>&");
    }
}

/* What is not listed has a button for just that, with a press of its own. */
static void test_other(_unused_ void **state)
{
    struct wire_list listing = { .policy_ok = true };
    struct page_list list = { .listing = &listing, .part = { .filter = "0042" } };
    _cleanup_(freep) char *text = page_in(&SITE, &list);

    assert_has(text, "Nothing that is listed matches \xe2\x80\x9c"
                     "0042\xe2\x80\x9d.");
    assert_has(text, PAGE_PRESS_FIELD "<button name=\"service_id\" value=\"0042\" formmethod=\"get\" "
                                      "formaction=\"/confirm\"><span>Restart 0042</span></button>");
    assert_has(text, "<input id=\"q\" type=\"search\" name=\"q\" value=\"0042\"");
}

static void test_pages(_unused_ void **state)
{
    struct wire_instance items[PAGE_LIST_ROWS];
    struct wire_list listing = { .policy_ok = true,
                                 .truncated = true,
                                 .running = 2409,
                                 .matching = 2409,
                                 .offset = 50,
                                 .instances = items,
                                 .n_instances = PAGE_LIST_ROWS };
    struct page_list list = { .listing = &listing, .part = { .filter = "a b", .offset = 50 } };
    _cleanup_(freep) char *text = NULL;

    for (size_t i = 0; i < PAGE_LIST_ROWS; i++)
        items[i] = instance("example@1234.service", "active", "running");
    text = page_in(&SITE, &list);
    assert_has(text, "<p>51 to 100 of 2,409</p>\n<a href=\"/?q=a%20b\" rel=\"prev\">Before</a>\n"
                     "<a href=\"/?q=a%20b&amp;page=3\" rel=\"next\">Next</a>");
    listing.truncated = false;
    listing.matching = PAGE_LIST_ROWS;
    list.part.offset = 0;
    freep(&text);
    text = page_in(&SITE, &list);
    assert_lacks(text, "rel=\"next");
    assert_lacks(text, "rel=\"prev");
}

/* One has a card, a few have room, many a line each; and what is searched is above those. */
static void test_sizes(_unused_ void **state)
{
    static const struct {
        uint64_t running;
        const char *size;
        bool search_first;
    } CASES[] = {
        { 0, "few", false },  { 1, "one", false },  { 5, "few", false },
        { 12, "few", false }, { 13, "many", true }, { 2409, "many", true },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_list listing = { .policy_ok = true, .running = CASES[i].running };
        struct page_list list = { .listing = &listing };
        _cleanup_(freep) char *text = page_in(&SITE, &list);
        char size[32];

        (void)stpcpy(stpcpy(stpcpy(size, "data-size=\""), CASES[i].size), "\"");
        assert_has(text, size);
        assert_int_equal(strstr(text, "id=\"search\"") < strstr(text, "id=\"presses\""),
                         CASES[i].search_first);
    }
}

/* For who may see it. */
static void test_day(_unused_ void **state)
{
    struct wire_list listing = { .policy_ok = true, .running = 2 };
    struct page_list list = { .listing = &listing };
    const struct page_site site = { .machine = "host1", .person = "anna" };
    _cleanup_(freep) char *text = page_in(&site, &list), *admins = NULL;

    assert_lacks(text, "href=\"/day\"");
    listing.admin = true;
    admins = page_in(&site, &list);
    assert_has(admins, "<a id=\"day\" href=\"/day\">What was done from here</a>");
}

static void test_row(_unused_ void **state)
{
    struct wire_instance item = instance("example@1234.service", "failed", "failed");
    _cleanup_(freep) char *text = NULL, *german = NULL;

    item.since = 1700000000;
    item.service_result = "exit-code";
    item.restarted_at = 1700000060;
    item.restarted_by = "<anna>";
    item.restarted_verdict = "failed";
    text = row_in(&SITE, &item);
    assert_lacks(text, "data-usual");
    item.usual_milliseconds = 2140;
    freep(&text);
    text = row_in(&SITE, &item);
    german = row_in(&SITE_DE, &item);
    assert_has(text, "data-group=\"failed\" data-usual=\"2.1 s\">");
    assert_has(german, "data-usual=\"2,1 s\">");
    assert_has(text, "<span>failed</span> <small>(exit-code)</small> <small>since "
                     "<time datetime=\"2023-11-14T22:13:20Z\">2023-11-14 22:13 UTC</time></small></p>");
    assert_has(text,
               "<p class=\"last\">Last restarted <time datetime=\"2023-11-14T22:14:20Z\">2023-11-14 22:14 UTC"
               "</time> by <bdi>&lt;anna&gt;</bdi> \xc2\xb7 it failed</p>");
    assert_has(german, "<span>fehlgeschlagen</span> <small>(exit-code)</small> <small>seit <time");
    assert_has(german, "<p class=\"last\">Zuletzt neu gestartet <time");
}

static void test_words_of_states(_unused_ void **state)
{
    static const struct {
        const char *active_state, *sub_state, *shown;
    } CASES[] = {
        { "active", "running", "good\" id=\"state-a\"><span>running</span></p>" },
        { "active", "exited", "good\" id=\"state-a\"><span>active</span> <small>(exited)</small></p>" },
        { "inactive", "dead", "off\" id=\"state-a\"><span>stopped</span></p>" },
        { "activating", "auto-restart", "busy\" id=\"state-a\"><span>restarting</span></p>" },
        { "activating", "start-pre",
          "busy\" id=\"state-a\"><span>starting</span> <small>(start-pre)</small></p>" },
        { "deactivating", "stop-sigterm",
          "busy\" id=\"state-a\"><span>stopping</span> <small>(stop-sigterm)</small></p>" },
        { "failed", "failed", "bad\" id=\"state-a\"><span>failed</span></p>" },
        { "<odd>", "<new>", "off\" id=\"state-a\"><span>stopped</span> <small>(&lt;new&gt;)</small></p>" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_instance item = instance("a", CASES[i].active_state, CASES[i].sub_state);
        _cleanup_(freep) char *text = row_in(&SITE, &item);

        assert_has(text, CASES[i].shown);
        assert_has(text, "aria-describedby=\"state-a\"");
    }
}

/* A row is the same bytes alone and in the page; what goes around the rows is, too. */
static void test_parts_are_the_pages(_unused_ void **state)
{
    struct wire_instance item = instance("example@1234.service", "active", "running");
    struct wire_list listing = { .policy_ok = true, .running = 1, .instances = &item, .n_instances = 1 };
    struct page_list list = { .listing = &listing };
    size_t size = 0;
    _cleanup_(freep) char *text = page_in(&SITE, &list), *row = row_in(&SITE, &item),
                          *frame = page_list_frame(&SITE, &list, &size);
    static const char *const IDS[] = { "<div id=\"banners\">", "<nav id=\"counts\"", "<div id=\"empty\">",
                                       "<nav id=\"pages\"" };

    assert_has(text, row);
    for (size_t i = 0; i < sizeof(IDS) / sizeof(*IDS); i++) {
        assert_has(frame, IDS[i]);
        assert_has(text, IDS[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_other),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_day),
        cmocka_unit_test(test_row),
        cmocka_unit_test(test_words_of_states),
        cmocka_unit_test(test_parts_are_the_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
