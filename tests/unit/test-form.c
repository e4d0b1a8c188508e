/* The form's reader: what it takes, and all that it does not. */
#include "webfront/requests/form.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define PRESS_64 "0123456789012345678901234567890123456789012345678901234567890123"
#define CASE(body, outcome, value)                                                                           \
    {                                                                                                        \
        (body), sizeof(body) - 1, (outcome), (value)                                                         \
    }

static const struct form_case {
    const char *body;
    size_t size;
    int outcome;
    const char *value;
} CASES[] = {
    CASE("service_id=1234", 0, "1234"),
    CASE("service_id=", 0, ""),
    CASE("service_id=example%401234.service", 0, "example@1234.service"),
    CASE("service_id=example@1234.service", 0, "example@1234.service"),
    CASE("service_id=a+b%20c%2Bd%2bd", 0, "a b c+d+d"),
    CASE("service_id=a=b==", 0, "a=b=="),
    /* For the grammar of names to refuse, in its own words. */
    CASE("service_id=%0A%7F%C3%A9%FF", 0, "\n\x7f\xc3\xa9\xff"),
    CASE("service_id=%01", 0, "\x01"),
    CASE("service_id=12 34", 0, "12 34"),
    CASE("", FORM_E_MISSING, NULL),
    CASE("service_id", FORM_E_FIELD, NULL),
    CASE("service_i", FORM_E_FIELD, NULL),
    CASE("=1234", FORM_E_FIELD, NULL),
    CASE("1234", FORM_E_FIELD, NULL),
    CASE("id=1234", FORM_E_FIELD, NULL),
    CASE("SERVICE_ID=1234", FORM_E_FIELD, NULL),
    CASE("service%5Fid=1234", FORM_E_FIELD, NULL),
    CASE("service_id[]=1234", FORM_E_FIELD, NULL),
    CASE(" service_id=1234", FORM_E_FIELD, NULL),
    CASE("service_id=1234&service_id=1235", FORM_E_DUPLICATE, NULL),
    CASE("service_id=1234&service_id=", FORM_E_DUPLICATE, NULL),
    CASE("service_id=1234&verb=stop", FORM_E_VERB, NULL),
    CASE("verb=stop&service_id=1234", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=start", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=reset-failed", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=Restart", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=restart+", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=try_restart", FORM_E_VERB, NULL),
    CASE("service_id=1234&verb=%00", FORM_E_ENCODING, NULL),
    CASE("service_id=1234&verb=restart&verb=reload", FORM_E_DUPLICATE, NULL),
    CASE("verb=reload", FORM_E_MISSING, NULL),
    CASE("service_id=1234&verb=reload", 0, "1234"),
    CASE("verb=reload-or-restart&service_id=1234", 0, "1234"),
    CASE("verb=try%2Drestart&service_id=1234", 0, "1234"),
    CASE("service_id=1234&", FORM_E_FIELD, NULL),
    CASE("&service_id=1234", FORM_E_FIELD, NULL),
    CASE("service_id=%", FORM_E_ENCODING, NULL),
    CASE("service_id=%1", FORM_E_ENCODING, NULL),
    CASE("service_id=12%3", FORM_E_ENCODING, NULL),
    CASE("service_id=%zz", FORM_E_ENCODING, NULL),
    CASE("service_id=%0g", FORM_E_ENCODING, NULL),
    CASE("service_id=%-1", FORM_E_ENCODING, NULL),
    CASE("service_id=%00", FORM_E_ENCODING, NULL),
    CASE("service_id=1234%00.service", FORM_E_ENCODING, NULL),
    CASE("service_id=12\0"
         "34",
         FORM_E_ENCODING, NULL),
    CASE("service_id=1234\n", FORM_E_ENCODING, NULL),
    CASE("service_id=1234\r\n", FORM_E_ENCODING, NULL),
    CASE("service_id=\xff", FORM_E_ENCODING, NULL),
    CASE("service_id=\xc3\xa9", FORM_E_ENCODING, NULL),
    CASE("service_id=\x7f", FORM_E_ENCODING, NULL),
};

static void test_cases(_unused_ void **state)
{
    struct form form;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const struct form_case *c = &CASES[i];
        int outcome = form_read(c->body, c->size, &form);

        if (outcome != c->outcome || (outcome == 0 && strcmp(form.service_id, c->value) != 0))
            fail_msg("'%s': outcome %d, value '%s'", c->body, outcome, outcome == 0 ? form.service_id : "");
        if (outcome == 0) {
            assert_int_equal(form.settle, -1);
            assert_string_equal(form.press, "");
        }
    }
}

/* The fields beside it: in any order, each at most once, and in no other spelling. */
static const struct fields_case {
    const char *body;
    int outcome, settle;
    const char *press;
} FIELDS[] = {
    { "service_id=1&settle=0", 0, 0, "" },
    { "settle=60&service_id=1", 0, 60, "" },
    { "service_id=1&settle=07&press=abcDEF-_", 0, 7, "abcDEF-_" },
    { "press=12345678&settle=%31%32&service_id=1", 0, 12, "12345678" },
    { "service_id=1&press=" PRESS_64, 0, -1, PRESS_64 },
    { "settle=0", FORM_E_MISSING, 0, NULL },
    { "press=12345678&settle=0", FORM_E_MISSING, 0, NULL },
    { "service_id=1&settle=0&settle=0", FORM_E_DUPLICATE, 0, NULL },
    { "press=12345678&service_id=1&press=12345678", FORM_E_DUPLICATE, 0, NULL },
    { "service_id=1&settle=", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=61", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=-1", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=+1", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=1.5", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=000", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=0x1", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=4294967296", FORM_E_SETTLE, 0, NULL },
    { "service_id=1&settle=%30%00", FORM_E_ENCODING, 0, NULL },
    { "service_id=1&press=", FORM_E_PRESS, 0, NULL },
    { "service_id=1&press=1234567", FORM_E_PRESS, 0, NULL },
    { "service_id=1&press=" PRESS_64 "x", FORM_E_PRESS, 0, NULL },
    { "service_id=1&press=12345678+", FORM_E_PRESS, 0, NULL },
    { "service_id=1&press=12345678%0a", FORM_E_PRESS, 0, NULL },
    { "service_id=1&press=12345678%C3%A9", FORM_E_PRESS, 0, NULL },
    { "service_id=1&Press=12345678", FORM_E_FIELD, 0, NULL },
    { "service_id=1&settle", FORM_E_FIELD, 0, NULL },
    { "service_id=1&&settle=1", FORM_E_FIELD, 0, NULL },
    { "service_id=1;settle=1", 0, -1, "" },
};

static void test_fields(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(FIELDS) / sizeof(*FIELDS); i++) {
        const struct fields_case *c = &FIELDS[i];
        struct form form = { .settle = 4711 };
        int outcome = form_read(c->body, strlen(c->body), &form);

        if (outcome != c->outcome)
            fail_msg("'%s': outcome %d", c->body, outcome);
        /* Written only when all of it was read. */
        assert_int_equal(form.settle, outcome == 0 ? c->settle : 4711);
        assert_string_equal(form.press, outcome == 0 ? c->press : "");
    }
}

/* The bytes behind the body are not looked at: they are somebody else's. */
static void test_end_of_body(_unused_ void **state)
{
    static const char BODY[] = "service_id=12345&x=%41";
    struct form form;

    assert_int_equal(form_read(BODY, strlen("service_id=123"), &form), 0);
    assert_string_equal(form.service_id, "123");
    assert_int_equal(form_read(BODY, strlen("service_id="), &form), 0);
    assert_string_equal(form.service_id, "");
    assert_int_equal(form_read(BODY, strlen("service_id"), &form), FORM_E_FIELD);
    assert_int_equal(form_read(BODY, strlen("service_id=12345&x=%4"), &form), FORM_E_FIELD);
    assert_int_equal(form_read(BODY, strlen("service_id=12345&"), &form), FORM_E_FIELD);
}

static void test_size(_unused_ void **state)
{
    _cleanup_(freep) char *body = NULL;
    struct form form;

    assert_int_equal(asprintf(&body, "service_id=%0*d", FORM_BODY_MAX, 0), FORM_BODY_MAX + 11);
    assert_int_equal(form_read(body, FORM_BODY_MAX, &form), 0);
    assert_int_equal(strlen(form.service_id), FORM_BODY_MAX - strlen("service_id="));
    assert_int_equal(form_read(body, FORM_BODY_MAX + 1, &form), FORM_E_TOO_LONG);
}

/* Every single byte, raw and escaped. */
static void test_every_byte(_unused_ void **state)
{
    char raw[] = "service_id=?", escaped[32];
    struct form form;

    for (int byte = 0; byte < 256; byte++) {
        bool plain = byte >= 0x20 && byte < 0x7f && byte != '%' && byte != '&';

        raw[sizeof(raw) - 2] = (char)byte;
        assert_int_equal(form_read(raw, sizeof(raw) - 1, &form) == 0, plain);
        if (plain)
            assert_int_equal((unsigned char)form.service_id[0], byte == '+' ? ' ' : byte);
        (void)snprintf(escaped, sizeof(escaped), "service_id=%%%02x", (unsigned)byte);
        assert_int_equal(form_read(escaped, strlen(escaped), &form) == 0, byte != 0);
        if (byte != 0)
            assert_int_equal((unsigned char)form.service_id[0], byte);
    }
}

static void test_words(_unused_ void **state)
{
    for (int outcome = FORM_E_TOO_LONG; outcome <= FORM_E_VERB; outcome++)
        assert_ptr_equal(strstr(form_text(outcome), "Nothing was done: "), form_text(outcome));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_fields),     cmocka_unit_test(test_end_of_body),
        cmocka_unit_test(test_size),  cmocka_unit_test(test_every_byte), cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
