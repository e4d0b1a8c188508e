/* What a login is asked: two netstrings to the end of the stream, in bounds and in time. */
#include "login/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/random.h"
#include "tests/unit/test.h"

/* Sends the bytes, closes that side, and has them read. */
static int ask(const void *data, size_t size, struct question *ret)
{
    int pair[2], r;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(write(pair[0], data, size), size);
    (void)close(pair[0]);
    r = question_read(pair[1], ret);
    (void)close(pair[1]);
    return r;
}

static void test_good(_unused_ void **state)
{
    static const struct {
        const char *text, *user, *password;
    } CASES[] = {
        { "4:anna,6:secret,", "anna", "secret" },
        { "4:anna,0:,", "anna", "" },
        { "4:a:,b,3:,:\n,", "a:,b", ",:\n" },
        { "1:\xff,3:\xe2\x80\xae,", "\xff", "\xe2\x80\xae" },
    };
    struct question question;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(ask(CASES[i].text, strlen(CASES[i].text), &question), QUESTION_READ);
        assert_string_equal(question.user, CASES[i].user);
        assert_string_equal(question.password, CASES[i].password);
    }
}

static int ask_lengths(unsigned user, unsigned password)
{
    static char text[4096];
    struct question question;
    int length =
        snprintf(text, sizeof(text), "%u:%0*d,%u:%0*d,", user, (int)user, 1, password, (int)password, 1);

    return ask(text, (size_t)length, &question);
}

static void test_bounds(_unused_ void **state)
{
    assert_int_equal(ask_lengths(255, 511), QUESTION_READ);
    assert_int_equal(ask_lengths(256, 511), QUESTION_MALFORMED);
    assert_int_equal(ask_lengths(255, 512), QUESTION_MALFORMED);
    assert_int_equal(ask_lengths(300, 10), QUESTION_MALFORMED);
    assert_int_equal(ask_lengths(999, 999), QUESTION_MALFORMED);
    assert_int_equal(ask_lengths(1000, 10), QUESTION_MALFORMED);
}

static void test_malformed(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        "4:anna,",
        "4:anna,6:secret",
        "4:anna,6:secret,x",
        "4:anna,6:secret,\n",
        "4:anna,6:secret,4:anna,6:secret,",
        "4:anna;6:secret,",
        "3:anna,6:secret,",
        "5:anna,6:secret,",
        "04:anna,6:secret,",
        "+4:anna,6:secret,",
        " 4:anna,6:secret,",
        "-1:anna,6:secret,",
        ":anna,6:secret,",
        "0:,6:secret,",
        "4anna,6:secret,",
        "4:anna,7:secret,",
        "4:anna,99999999999999999999:secret,",
        "4:anna,18446744073709551622:secret,",
        "GET / HTTP/1.1\r\n\r\n",
        "anna\nsecret\n",
    };
    struct question question = { "untouched", "untouched" };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++)
        if (ask(TEXTS[i], strlen(TEXTS[i]), &question) != QUESTION_MALFORMED)
            fail_msg("\"%s\" is taken", TEXTS[i]);
    assert_int_equal(ask("4:an\0a,6:secret,", 16, &question), QUESTION_MALFORMED);
    assert_int_equal(ask("4:anna,6:sec\0et,", 16, &question), QUESTION_MALFORMED);
    assert_string_equal(question.user, "untouched");
    assert_string_equal(question.password, "untouched");
}

static void test_cut_and_grown(_unused_ void **state)
{
    static const char TEXT[] = "4:anna,6:secret,";
    struct question question;
    char text[64];

    for (size_t at = 0; at < strlen(TEXT); at++) {
        assert_int_equal(ask(TEXT, at, &question), QUESTION_MALFORMED);
        for (int byte = 0; byte < 256; byte++) {
            memcpy(text, TEXT, at);
            text[at] = (char)byte;
            (void)stpcpy(text + at + 1, TEXT + at);
            assert_int_equal(ask(text, strlen(TEXT) + 1, &question), QUESTION_MALFORMED);
        }
    }
}

static void test_flood(_unused_ void **state)
{
    static char flood[100000];
    struct question question;

    memset(flood, '4', sizeof(flood));
    assert_int_equal(ask(flood, sizeof(flood), &question), QUESTION_MALFORMED);
}

/* Whatever is taken is what was there, and would be written the same way. */
static void test_random(_unused_ void **state)
{
    struct random random = random_new(0);
    struct question question;
    char text[64], again[1024];

    for (unsigned i = 0; i < random_rounds(20000); i++) {
        size_t size = random_below(&random, 24);

        for (size_t at = 0; at < size; at++)
            text[at] = random_char(&random, "0123:,,::ab");
        if (ask(text, size, &question) != QUESTION_READ)
            continue;
        (void)snprintf(again, sizeof(again), "%zu:%s,%zu:%s,", strlen(question.user), question.user,
                       strlen(question.password), question.password);
        assert_int_equal(strlen(again), size);
        assert_memory_equal(again, text, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),          cmocka_unit_test(test_bounds), cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_cut_and_grown), cmocka_unit_test(test_flood),  cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
