/* From the form to the broker: each page has a press of its own, which counts for each of its buttons;
 * programs name theirs. */
#include <string.h>

#include "webfront/requests/form.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define JSON "Accept: application/json\r\n"
#define FIELD "name=\"press\" value=\""
#define PRESS "abcdefgh-_123456"
#define PAGE_PRESS "page-0123456789012345678901"
#define NAMED "Nothing was done: a press is named by 8 to 64 of"
#define POST_KEY(key, length, body) WEB_POST_BODY("Idempotency-Key: " key "\r\n", length, body)

/* The page's presses: one in each of its forms, alike; also in that of a search for what is not listed. */
static void load(struct web *web, char ret_press[static FORM_PAGE_PRESS_LENGTH + 1])
{
    const char *answer = web_ask(web, WEB_GET("/?q=nowhere"));
    const char *first = strstr(answer, FIELD), *second = first ? strstr(first + 1, FIELD) : NULL;
    const char *third = second ? strstr(second + 1, FIELD) : NULL;

    assert_answer(answer, 200, "</html>\n");
    if (!third) {
        fail_msg("a page without three presses: %s", answer);
        return;
    }
    assert_null(strstr(third + 1, FIELD));
    assert_memory_equal(first, third, strlen(FIELD) + FORM_PAGE_PRESS_LENGTH + 2);
    assert_memory_equal(first, second, strlen(FIELD) + FORM_PAGE_PRESS_LENGTH + 2);
    memcpy(ret_press, first + strlen(FIELD), FORM_PAGE_PRESS_LENGTH);
    ret_press[FORM_PAGE_PRESS_LENGTH] = '\0';
    assert_true(wire_press_valid(ret_press));
    assert_null(strchr(ret_press, '*'));
}

/* Short pages are copied, long ones sent in pieces. */
enum { MANY = 100 };

static void test_each_page_its_own(void **state)
{
    struct web *web = *state;
    char seen[32][FORM_PAGE_PRESS_LENGTH + 1];

    for (size_t i = 0; i < 32; i++) {
        load(web, seen[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(seen[i], seen[k]);
    }
    /* Rendered once for all of them, or a few times on a slow machine. */
    assert_true(web->lists < 32);
}

static void test_each_long_page_its_own(void **state)
{
    struct web *web = *state;

    web->neighbours = MANY;
    test_each_page_its_own(state);
    assert_non_null(strstr(web_ask(web, WEB_GET("/")), "example@<b>2099</b>.service"));
}

/* Readers that stop in the middle of a page that is rendered anew meanwhile. */
static void test_page_outlives_its_snapshot(void **state)
{
    struct web *web = *state;
    int fd[8];

    web->neighbours = MANY;
    for (size_t i = 0; i < 8; i++)
        fd[i] = web_send(web, WEB_GET("/"));
    web_run(web, 50);
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "</html>");
    for (size_t i = 0; i < 8; i++)
        assert_answer(web_receive(web, fd[i]), 200, "</html>\n");
}

static void test_head(void **state)
{
    assert_answer(web_ask(*state, "HEAD / HTTP/1.1\r\n" WEB_HOST "\r\n"), 200, "Content-Length: ");
}

static void test_passed_on(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_int_equal(web->settle, -1);
    assert_string_equal(web->press, "");
    assert_answer(web_ask(web, WEB_POST_BODY("", "24", "service_id=1234&settle=0")), 200, "true");
    assert_int_equal(web->settle, 0);
    assert_answer(web_ask(web, WEB_POST_BODY("", "38", "press=" PRESS "&service_id=1234")), 200, "true");
    assert_string_equal(web->press, PRESS);
    assert_answer(web_ask(web, POST_KEY(PRESS, "15", "service_id=1234")), 200, "true");
    assert_string_equal(web->press, PRESS);
    assert_answer(web_ask(web, POST_KEY("\"" PRESS "\"", "38", "press=" PRESS "&service_id=1234")), 200,
                  "true");
    assert_string_equal(web->press, PRESS);
    assert_int_equal(web->restarts, 5);
}

/* A page's press is another one for each of its buttons, and the same for the same. */
static void test_button_of_a_page(void **state)
{
    struct web *web = *state;
    char first[128];

    assert_answer(web_ask(web, WEB_POST_BODY("", "49", "press=" PAGE_PRESS "&service_id=1234")), 200, "true");
    (void)stpcpy(first, web->press);
    assert_memory_equal(first, PAGE_PRESS "-", FORM_PAGE_PRESS_LENGTH + 1);
    assert_true(wire_press_valid(first));
    assert_answer(web_ask(web, WEB_POST_BODY("", "49", "press=" PAGE_PRESS "&service_id=1234")), 200, "true");
    assert_string_equal(web->press, first);
    assert_answer(web_ask(web, WEB_POST_BODY("", "49", "press=" PAGE_PRESS "&service_id=1235")), 200, "true");
    assert_string_not_equal(web->press, first);
}

static void test_refused(void **state)
{
    static const struct {
        const char *request, *part;
    } CASES[] = {
        { WEB_POST_BODY("", "25", "service_id=1234&settle=61"),
          "Nothing was done: settle is a number of seconds from 0 to 60" },
        { WEB_POST_BODY("", "29", "service_id=1234&press=1234567"), NAMED },
        { POST_KEY("", "15", "service_id=1234"), NAMED },
        { POST_KEY("\"\"", "15", "service_id=1234"), NAMED },
        { POST_KEY("\"", "15", "service_id=1234"), NAMED },
        { POST_KEY("12345678;x=1", "15", "service_id=1234"), NAMED },
        { POST_KEY("\"" PRESS, "15", "service_id=1234"), NAMED },
        { POST_KEY(PRESS PRESS PRESS PRESS "x", "15", "service_id=1234"), NAMED },
        { POST_KEY(PRESS "\r\nIdempotency-Key: " PRESS, "15", "service_id=1234"),
          "Nothing was done: the request has two Idempotency-Key" },
        { POST_KEY(PRESS "x", "38", "press=" PRESS "&service_id=1234"),
          "Nothing was done: press and Idempotency-Key are not the same" },
    };
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_answer(web_ask(web, CASES[i].request), 400, CASES[i].part);
    assert_int_equal(web->restarts, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_page_its_own),
        TEST(test_each_long_page_its_own),
        TEST(test_page_outlives_its_snapshot),
        TEST(test_head),
        TEST(test_passed_on),
        TEST(test_button_of_a_page),
        TEST(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
