/* What is shown of text that came from outside: nothing that a terminal obeys, turns around or hides. */
#include "common/text.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void assert_cleaned(const char *text, const char *cleaned)
{
    _cleanup_(freep) char *copy = text_clean_copy(text), *printed = NULL;
    char buffer[256];
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);

    text_print(out, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(copy, cleaned);
    assert_string_equal(printed, cleaned);
    assert_string_equal(text_clean(text, buffer, sizeof(buffer)), cleaned);
    (void)snprintf(buffer, sizeof(buffer), "%s", text ? text : "");
    assert_string_equal(text_clean(buffer, buffer, sizeof(buffer)), cleaned);
}

static void test_clean(_unused_ void **state)
{
    static const struct {
        const char *text, *cleaned;
    } CASES[] = {
        { NULL, "" },
        { "", "" },
        { "plain ~!", "plain ~!" },
        { "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
          "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "a\tb\nc", "a b c" },
        { "\x1b]0;title\x07", "?]0;title?" },
        { "\x1b[2J\r\x08\x7f", "?[2J???" },
        /* C1: the same in one character. */
        { "\xc2\x80\xc2\x9b"
          "2J\xc2\x9d\xc2\x9f",
          "??2J??" },
        /* A byte of C1 on its own is no UTF-8; some terminals obey it all the same. */
        { "\x9b"
          "2J\x80\xff\xfe",
          "?2J???" },
        /* The name of one unit, shown as another's. */
        { "a\xe2\x80\xae"
          "b\xe2\x81\xa6"
          "c\xe2\x80\x8f\xd8\x9c",
          "a?b?c??" },
        { "a\xe2\x80\xae\xe2\x82\xac\xf0\x9f\x98\x80", "a?\xe2\x82\xac\xf0\x9f\x98\x80" },
        /* What cannot be seen. */
        { "a\xe2\x80\x8b\xe2\x81\xa0\xef\xbb\xbf\xc2\xad"
          "b",
          "a????b" },
        { "\xf3\xa0\x81\x81\xe2\x80\xa8\xe2\x80\xa9", "???" },
        /* Too long forms, halves of pairs, beyond the end, and sequences that are cut off. */
        { "\xc0\xaf\xe0\x80\xaf", "?????" },
        { "\xed\xa0\x80", "???" },
        { "\xf4\x90\x80\x80", "????" },
        { "\xf8\x88", "??" },
        { "\xe2\x82", "??" },
        { "\xe2"
          "abc",
          "?abc" },
        { "\xf0\x9f\x98", "???" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_cleaned(CASES[i].text, CASES[i].cleaned);
}

static void test_cut_between_characters(_unused_ void **state)
{
    static const char TEXT[] = "a\xe2\x82\xac\xe2\x82\xac";
    char buffer[9];

    for (size_t size = 1; size <= sizeof(TEXT); size++) {
        const char *whole = size < 5 ? "a" : size < 8 ? "a\xe2\x82\xac" : TEXT;

        memset(buffer, 'x', sizeof(buffer));
        (void)text_clean(TEXT, buffer, size);
        assert_string_equal(buffer, size == 1 ? "" : whole);
        assert_int_equal(buffer[size], 'x');
    }
}

/* Each character that there is comes out as it went in, or as one question mark or blank. */
static void test_every_character(_unused_ void **state)
{
    char text[5], cleaned[8];

    for (uint32_t code = 1; code <= 0x10ffff; code++) {
        uint32_t read = 0;
        size_t n = 0;

        if (code < 0x80) {
            text[n++] = (char)code;
        } else if (code < 0x800) {
            text[n++] = (char)(0xc0 | code >> 6);
            text[n++] = (char)(0x80 | (code & 0x3f));
        } else if (code < 0x10000) {
            text[n++] = (char)(0xe0 | code >> 12);
            text[n++] = (char)(0x80 | (code >> 6 & 0x3f));
            text[n++] = (char)(0x80 | (code & 0x3f));
        } else {
            text[n++] = (char)(0xf0 | code >> 18);
            text[n++] = (char)(0x80 | (code >> 12 & 0x3f));
            text[n++] = (char)(0x80 | (code >> 6 & 0x3f));
            text[n++] = (char)(0x80 | (code & 0x3f));
        }
        text[n] = '\0';
        (void)text_clean(text, cleaned, sizeof(cleaned));
        if (code >= 0xd800 && code <= 0xdfff) {
            assert_int_equal(text_character(text, &read), 0);
            continue;
        }
        assert_int_equal(text_character(text, &read), n);
        assert_int_equal(read, code);
        if (text_is_printable(code))
            assert_string_equal(cleaned, text);
        else
            assert_string_equal(cleaned, code == '\t' || code == '\n' ? " " : "?");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_cut_between_characters),
        cmocka_unit_test(test_every_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
