/* The line with which a bridge begins: one is ready, one says why not, and whatever else comes is none, in
 * whichever pieces. */
#include "common/ssh/greeting.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_written_and_read(_unused_ void **state)
{
    char line[GREETING_SIZE_MAX + 1], why[GREETING_SENTENCE_MAX + 1], x[2 * GREETING_SIZE_MAX];

    assert_string_equal(greeting_format(NULL, line), "restarter-bridge 1\n");
    assert_int_equal(greeting_read(line, strlen(line), why), GREETING_READY);
    assert_string_equal(greeting_format("It is\nnot.", line), "restarter-bridge 1 It is not.\n");
    assert_int_equal(greeting_read(line, strlen(line), why), GREETING_E_NOT_REACHED);
    assert_string_equal(why, "It is not.");

    (void)memset(x, 'x', sizeof(x) - 1);
    x[sizeof(x) - 1] = '\0';
    (void)greeting_format(x, line);
    assert_int_equal(greeting_read(line, strlen(line), why), GREETING_E_NOT_REACHED);
    assert_int_equal(strlen(why), GREETING_SENTENCE_MAX);
}

static void test_whatever_comes(_unused_ void **state)
{
#define LINE(text, outcome, why)                                                                             \
    {                                                                                                        \
        text, sizeof(text) - 1, outcome, why                                                                 \
    }
    static const struct {
        const char *text;
        size_t size;
        int outcome;
        const char *why;
    } CASES[] = {
        LINE("restarter-bridge 1\n", GREETING_READY, ""),
        LINE("restarter-bridge 1\nH", GREETING_E_MORE, ""),
        LINE("restarter-bridge 1\n\n", GREETING_E_MORE, ""),
        LINE("restarter-bridge 1\nrestarter-bridge 1\n", GREETING_E_MORE, ""),
        LINE("restarter-bridge 1 No.\nmore", GREETING_E_NOT_REACHED, "No."),
        LINE("restarter-bridge 1 \n", GREETING_E_NOT_REACHED, ""),
        LINE("restarter-bridge 1 \033[2J\200\n", GREETING_E_NOT_REACHED, "?[2J?"),
        LINE("restarter-bridge 2\n", GREETING_E_VERSION, "2"),
        LINE("restarter-bridge 11\n", GREETING_E_VERSION, "11"),
        LINE("restarter-bridge 1\r\n", GREETING_E_VERSION, "1?"),
        LINE("restarter-bridge \n", GREETING_E_VERSION, ""),
        LINE("restarter-bridge 1\0\n", GREETING_E_VERSION, "1?"),
        LINE("Restarter-bridge 1\n", GREETING_E_NONE, "Restarter-bridge 1"),
        LINE(" restarter-bridge 1\n", GREETING_E_NONE, " restarter-bridge 1"),
        LINE("\n", GREETING_E_NONE, ""),
        LINE("\0\n", GREETING_E_NONE, "?"),
        LINE("\200\n", GREETING_E_NONE, "?"),
        LINE("Welcome to web1!\nrestarter-bridge 1\n", GREETING_E_NONE, "Welcome to web1!"),
        LINE("HTTP/1.1 200 OK\r\n", GREETING_E_NONE, "HTTP/1.1 200 OK?"),
        LINE("", GREETING_NOT_WHOLE, ""),
        LINE("restarter-bridge 1", GREETING_NOT_WHOLE, ""),
        LINE("x", GREETING_NOT_WHOLE, ""),
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        char why[GREETING_SENTENCE_MAX + 1] = "untouched";

        if (greeting_read(CASES[i].text, CASES[i].size, why) != CASES[i].outcome)
            fail_msg("%s", CASES[i].text);
        assert_string_equal(why, CASES[i].why);
    }
}

/* No piece of it is taken for another line; nothing but the whole of it is ready. */
static void test_pieces(_unused_ void **state)
{
    static const char LINE_READY[] = "restarter-bridge 1\n";
    char why[GREETING_SENTENCE_MAX + 1];

    for (size_t size = 0; size < strlen(LINE_READY); size++)
        assert_int_equal(greeting_read(LINE_READY, size, why), GREETING_NOT_WHOLE);
}

static void test_without_end(_unused_ void **state)
{
    char data[2 * GREETING_SIZE_MAX], why[GREETING_SENTENCE_MAX + 1];

    (void)memset(data, 0x80, sizeof(data));
    data[GREETING_SIZE_MAX] = '\n';
    assert_int_equal(greeting_read(data, GREETING_SIZE_MAX - 1, why), GREETING_NOT_WHOLE);
    assert_int_equal(greeting_read(data, GREETING_SIZE_MAX, why), GREETING_E_NONE);
    assert_int_equal(greeting_read(data, sizeof(data), why), GREETING_E_NONE);
    data[GREETING_SIZE_MAX - 1] = '\n';
    assert_int_equal(greeting_read(data, sizeof(data), why), GREETING_E_NONE);
    assert_int_equal(strlen(why), GREETING_SENTENCE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_whatever_comes),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
