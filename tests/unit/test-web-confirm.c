/* The page that asks whether a press is meant: it presses nothing, and its form does what the list's would.
 */
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

static const struct wire_answer STATUS = { .kind = WIRE_STATUS,
                                           .status = { .unit = "example@1234.service",
                                                       .load_state = "loaded",
                                                       .active_state = "active",
                                                       .sub_state = "run<b>ning" } };

static char *get(struct web *web, const struct wire_answer *answer, const char *address)
{
    char request[512];

    web->answers[WIRE_METHOD_STATUS] = answer;
    (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "\r\n", address);
    return web_ask(web, request);
}

static void test_asks(void **state)
{
    struct web *web = *state;
    const char *answer = get(web, &STATUS, "/confirm?service_id=1234&press=page-0123456789012345678901");

    assert_answer(answer, 200, "<form class=\"confirm\" method=\"post\" action=\"/restart\">");
    assert_non_null(strstr(answer, "name=\"service_id\" value=\"example@1234.service\""));
    assert_non_null(strstr(answer, "name=\"verb\" value=\"restart\""));
    assert_non_null(strstr(answer, "name=\"press\" value=\"page-"));
    /* Each who loads it has a press of his own. */
    assert_null(strstr(answer, "page-0123456789012345678901"));
    assert_null(strstr(answer, "***"));
    assert_null(strstr(answer, "name=\"reason\""));
    assert_non_null(strstr(answer, "run&lt;b&gt;ning"));
    assert_answer(get(web, &STATUS, "/confirm?service_id=1234&verb=reload"), 200,
                  "name=\"verb\" value=\"reload\"");
    assert_string_equal(web->method, "restarter.status");
    assert_int_equal(web->restarts, 0);
}

static void test_asks_why(void **state)
{
    struct wire_answer status = STATUS;

    status.status.reason = "required";
    assert_answer(get(*state, &status, "/confirm?service_id=1234"), 200, "name=\"reason\" required");
}

static void test_refused(void **state)
{
    static const struct wire_answer NOT_GRANTED = { .kind = WIRE_FAULT,
                                                    .fault = { REFUSAL_NO_GRANT, "Not <granted>." } };
    static const char *const BAD[] = { "/confirm",
                                       "/confirm?verb=restart",
                                       "/confirm?service_id=1&verb=stop",
                                       "/confirm?service_id=1&service_id=2",
                                       "/confirm?service_id=a%20b",
                                       "/confirm?service_id=1&other=2",
                                       "/confirm?service_id=%00" };
    struct web *web = *state;

    assert_answer(get(web, &NOT_GRANTED, "/confirm?service_id=1234"), 403, "Not &lt;granted&gt;.");
    web->method[0] = '\0';
    for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++)
        assert_answer(get(web, &STATUS, BAD[i]), 400, "data-outcome=\"refused\"");
    assert_string_equal(web->method, "");
}

static void test_read_only(void **state)
{
    struct web *web = *state;

    assert_answer(
        web_ask(web, "POST /confirm?service_id=1234 HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 405,
        "GET");
    web_stop_broker(web);
    assert_answer(get(web, NULL, "/confirm?service_id=1234"), 503, "cannot be reached");
    web_start_broker(web);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_asks), TEST(test_asks_why), TEST(test_refused),
                                        TEST(test_read_only) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
