/* Which part of the list an address means, and the address of a part; and that strangers' searches, however
 * many, leave everybody's list alone. */
#include "webfront/requests/page-query.h"

#include <stdio.h>
#include <string.h>

#include "webfront/pages/list-address.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

enum { ROWS = 50, STRANGERS = 200 };

#define HUNDRED                                                                                              \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void test_reading(_unused_ void **state)
{
    static const struct {
        const char *query, *filter;
        enum unit_group group;
        int offset;
    } CASES[] = {
        { "", "", UNIT_GROUP_NONE, 0 },
        { "q=web", "web", UNIT_GROUP_NONE, 0 },
        { "q=", "", UNIT_GROUP_NONE, 0 },
        { "q=+web++eu+", "web eu", UNIT_GROUP_NONE, 0 },
        { "q=a%26b%3Dc%25", "a&b=c%", UNIT_GROUP_NONE, 0 },
        { "q=%C3%BC", "\xc3\xbc", UNIT_GROUP_NONE, 0 },
        { "state=failed", "", UNIT_GROUP_FAILED, 0 },
        { "state=odd", "", UNIT_GROUP_NONE, 0 },
        { "page=1", "", UNIT_GROUP_NONE, 0 },
        { "page=3", "", UNIT_GROUP_NONE, 100 },
        { "page=0", "", UNIT_GROUP_NONE, 0 },
        { "page=-1", "", UNIT_GROUP_NONE, 0 },
        { "page=99999999999999999999", "", UNIT_GROUP_NONE, 0 },
        { "page=2x", "", UNIT_GROUP_NONE, 0 },
        { "q=web&state=running&page=2", "web", UNIT_GROUP_RUNNING, 50 },
        { "utm=1&q=web&&x", "web", UNIT_GROUP_NONE, 0 },
        { "q=%zz&state=stopped", "", UNIT_GROUP_STOPPED, 0 },
        { "q=%00", "", UNIT_GROUP_NONE, 0 },
        { "q=" HUNDRED, HUNDRED, UNIT_GROUP_NONE, 0 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_list_options part;

        assert_int_equal(page_query_read(CASES[i].query, ROWS, &part), 0);
        if (strcmp(part.filter, CASES[i].filter) != 0 || part.state != CASES[i].group ||
            part.offset != CASES[i].offset || part.limit != ROWS)
            fail_msg("%s: %s, %d, %d", CASES[i].query, part.filter, (int)part.state, part.offset);
    }
}

static void test_too_long(void **state)
{
    struct wire_list_options part;
    char request[8000];

    assert_int_equal(page_query_read("q=" HUNDRED "a", ROWS, &part), PAGE_QUERY_E_TOO_LONG);
    assert_int_equal(page_query_read("page=2&q=" HUNDRED "a&state=failed", ROWS, &part),
                     PAGE_QUERY_E_TOO_LONG);
    assert_answer(web_ask(*state, WEB_GET("/?q=" HUNDRED "a")), 400, "at most 100 bytes");
    snprintf(request, sizeof(request), "GET /?q=%06000d HTTP/1.1\r\n" WEB_HOST "\r\n", 0);
    assert_answer(web_ask(*state, request), 400, "at most 100 bytes");
    assert_answer(web_ask(*state, WEB_GET("/?")), 200, "<li data-unit");
    assert_answer(web_ask(*state, WEB_GET("/?a=b")), 200, "<li data-unit");
}

/* There and back. */
static void test_address(_unused_ void **state)
{
    static const struct {
        const char *filter;
        enum unit_group group;
        unsigned page;
        const char *address;
    } CASES[] = {
        { "", UNIT_GROUP_NONE, 1, "/" },
        { "", UNIT_GROUP_FAILED, 1, "/?state=failed" },
        { "", UNIT_GROUP_NONE, 2, "/?page=2" },
        { "web eu", UNIT_GROUP_NONE, 1, "/?q=web%20eu" },
        { "a&b=\"<", UNIT_GROUP_RUNNING, 7, "/?q=a%26b%3D%22%3C&state=running&page=7" },
        { "\xc3\xbc", UNIT_GROUP_STOPPED, 1, "/?q=%C3%BC&state=stopped" },
        { HUNDRED, UNIT_GROUP_RESTARTING, 100000, "/?q=" HUNDRED "&state=restarting&page=100000" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        char address[LIST_ADDRESS_SIZE];
        struct wire_list_options part;

        assert_string_equal(list_address(NULL, CASES[i].filter, CASES[i].group, CASES[i].page, address),
                            CASES[i].address);
        assert_int_equal(page_query_read(address + 1 + (address[1] == '?'), ROWS, &part), 0);
        assert_string_equal(part.filter, CASES[i].filter);
        assert_int_equal(part.state, CASES[i].group);
        assert_int_equal(part.offset, (CASES[i].page - 1) * ROWS);
    }
}

/* Nobody in particular asks for two hundred things, and then somebody for the list. */
static void test_strangers(void **state)
{
    struct web *web = *state;
    int fds[STRANGERS], page;
    char request[128];

    web->hold_lists = true;
    for (int i = 0; i < STRANGERS; i++) {
        snprintf(request, sizeof(request), "GET /?q=%d HTTP/1.1\r\n" WEB_HOST "Connection: close\r\n\r\n", i);
        fds[i] = web_send(web, request);
    }
    web_run(web, 200);
    page = web_send(web, WEB_GET("/"));
    web_run(web, 50);
    web->hold_lists = false;
    web_release_lists(web);
    assert_answer(web_receive(web, page), 200, "example@1234.service");
    for (int i = 0; i < STRANGERS; i++)
        assert_non_null(strstr(web_receive(web, fds[i]), "\r\n\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test_setup_teardown(test_too_long, web_setup, web_teardown),
        cmocka_unit_test(test_address),
        cmocka_unit_test_setup_teardown(test_strangers, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
