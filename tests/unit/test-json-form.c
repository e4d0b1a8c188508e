/* The reader of a JSON body: what it takes, and all that it does not; each member with every type. */
#include "webfront/requests/json-form.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

#define FORTY "0123456789012345678901234567890123456789"
#define REASON_200 FORTY FORTY FORTY FORTY FORTY
#define NAME_63 FORTY "01234567890123456789012"

static const struct json_case {
    const char *body;
    int outcome;
    int settle;
    const char *press, *reason;
} CASES[] = {
    { "{}", 0, -1, "", "" },
    { " \t\r\n{ \n} ", 0, -1, "", "" },
    { "{\"settle\": 0}", 0, 0, "", "" },
    { "{\"settle\":60}", 0, 60, "", "" },
    { "{\"press\":\"0123abcd\"}", 0, -1, "0123abcd", "" },
    { "{\"reason\":\"stuck\"}", 0, -1, "", "stuck" },
    { "{\"reason\":\"\"}", 0, -1, "", "" },
    { "{\"reason\":\"" REASON_200 "\"}", 0, -1, "", REASON_200 },
    { "{\"reason\" : \"a\" , \"settle\" : 5 , \"press\" : \"--------\"}", 0, 5, "--------", "a" },
    { "{\"re\\u0061son\":\"\\u0061\\\"\\\\\\/\"}", 0, -1, "", "a\"\\/" },
    { "{\"reason\":\"\\u00e9\xc3\xa9\"}", 0, -1, "", "\xc3\xa9\xc3\xa9" },
    { "{\"reason\":\"a\\n\\tb\"}", 0, -1, "", "a  b" },
    { "{\"reason\":\"}],{:\"}", 0, -1, "", "}],{:" },
    /* No object, or none that ends. */
    { "", FORM_E_JSON, 0, NULL, NULL },
    { " ", FORM_E_JSON, 0, NULL, NULL },
    { "null", FORM_E_JSON, 0, NULL, NULL },
    { "1", FORM_E_JSON, 0, NULL, NULL },
    { "[]", FORM_E_JSON, 0, NULL, NULL },
    { "[{}]", FORM_E_JSON, 0, NULL, NULL },
    { "\"a\"", FORM_E_JSON, 0, NULL, NULL },
    { "{", FORM_E_JSON, 0, NULL, NULL },
    { "{}}", FORM_E_JSON, 0, NULL, NULL },
    { "{}{}", FORM_E_JSON, 0, NULL, NULL },
    { "{} x", FORM_E_JSON, 0, NULL, NULL },
    { "{,}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"settle\":1,}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"settle\":1 \"reason\":\"a\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"settle\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"settle\" 1}", FORM_E_JSON, 0, NULL, NULL },
    { "{settle:1}", FORM_E_JSON, 0, NULL, NULL },
    { "{'settle':1}", FORM_E_JSON, 0, NULL, NULL },
    { "{1:1}", FORM_E_JSON, 0, NULL, NULL },
    { "// a\n{}", FORM_E_JSON, 0, NULL, NULL },
    { "{/**/}", FORM_E_JSON, 0, NULL, NULL },
    { "\xef\xbb\xbf{}", FORM_E_JSON, 0, NULL, NULL },
    /* Texts that are none. */
    { "{\"reason\":\"a}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"a\nb\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\x41\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\u\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\u00\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\u00g0\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\u0000\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\ud83d\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\ud83d\\u0041\"}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"reason\":\"\\ude00\"}", FORM_E_JSON, 0, NULL, NULL },
    /* Members. */
    { "{\"\":1}", FORM_E_OPTION, 0, NULL, NULL },
    { "{\"Reason\":\"a\"}", FORM_E_OPTION, 0, NULL, NULL },
    { "{\"service_id\":\"1234\"}", FORM_E_OPTION, 0, NULL, NULL },
    { "{\"verb\":\"reload\"}", FORM_E_OPTION, 0, NULL, NULL },
    { "{\"__proto__\":{}}", FORM_E_OPTION, 0, NULL, NULL },
    { "{\"settle\":1,\"settle\":1}", FORM_E_DUPLICATE, 0, NULL, NULL },
    { "{\"reason\":\"a\",\"re\\u0061son\":\"b\"}", FORM_E_DUPLICATE, 0, NULL, NULL },
    /* Values that are too much. */
    { "{\"settle\":61}", FORM_E_SETTLE, 0, NULL, NULL },
    { "{\"settle\":00}", FORM_E_SETTLE, 0, NULL, NULL },
    { "{\"settle\":05}", FORM_E_SETTLE, 0, NULL, NULL },
    { "{\"settle\":99999999999999999999999999}", FORM_E_SETTLE, 0, NULL, NULL },
    { "{\"settle\":1e1}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"settle\":1.5}", FORM_E_JSON, 0, NULL, NULL },
    { "{\"press\":\"0123abc\"}", FORM_E_PRESS, 0, NULL, NULL },
    { "{\"press\":\"0123 abcd\"}", FORM_E_PRESS, 0, NULL, NULL },
    { "{\"reason\":\"" REASON_200 "1\"}", FORM_E_REASON, 0, NULL, NULL },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const struct json_case *c = &CASES[i];
        struct form form = { .settle = -1 };
        int r = json_form_read(c->body, strlen(c->body), &form);

        if (r != c->outcome)
            fail_msg("%s: %d", c->body, r);
        assert_non_null(form_text(r));
        if (r != 0)
            continue;
        assert_int_equal(form.settle, c->settle);
        assert_string_equal(form.press, c->press);
        assert_string_equal(form.reason, c->reason);
        assert_string_equal(form.machine, "");
    }
}

/* Whose unit it is, and all that no section of machines.conf could be called. */
static void test_machine(void **state)
{
    static const struct {
        const char *body;
        int outcome;
        const char *machine;
    } MACHINES[] = {
        { "{\"machine\":\"web1\"}", 0, "web1" },
        { "{\"machine\":\"\"}", 0, "" },
        { "{\"m\\u0061chine\":\"w\\u0065b1\",\"reason\":\"a\"}", 0, "web1" },
        { "{\"machine\":\"" NAME_63 "\"}", 0, NAME_63 },
        { "{\"machine\":\"" NAME_63 "a\"}", FORM_E_MACHINE, NULL },
        { "{\"machine\":\"web 1\"}", FORM_E_MACHINE, NULL },
        { "{\"machine\":\"..\"}", FORM_E_MACHINE, NULL },
        { "{\"machine\":\"w\\u00e9b1\"}", FORM_E_MACHINE, NULL },
        { "{\"machine\":1}", FORM_E_MACHINE, NULL },
        { "{\"machine\":\"a\",\"machine\":\"a\"}", FORM_E_DUPLICATE, NULL },
        { "{\"Machine\":\"a\"}", FORM_E_OPTION, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(MACHINES) / sizeof(*MACHINES); i++) {
        struct form form = { .settle = -1 };

        assert_int_equal(json_form_read(MACHINES[i].body, strlen(MACHINES[i].body), &form),
                         MACHINES[i].outcome);
        if (MACHINES[i].machine)
            assert_string_equal(form.machine, MACHINES[i].machine);
    }
}

/* Each member with a value of each type, as it stands and far too much of it. */
static void test_types(void **state)
{
    static const char *const VALUES[] = {
        "null",     "true", "false",    "[]",  "[1]",   "{}",  "{\"a\":{\"a\":1}}",
        "-1",       "-0",   "+1",       "1e9", "1e999", "NaN", "0x1",
        "Infinity", "1.0",  "\"5\"",    "",    ",",     "}",   "\"",
        "'a'",      "\\",   "12345678",
    };
    char body[128];

    (void)state;
    for (size_t m = 0; m < FORM_OPTIONS_COUNT; m++)
        for (size_t i = 0; i < sizeof(VALUES) / sizeof(*VALUES); i++) {
            struct form form = { .settle = -1 };
            bool is_text =
                strcmp(FORM_OPTIONS[m].name, "reason") == 0 || strcmp(FORM_OPTIONS[m].name, "machine") == 0;
            bool may = is_text && strcmp(VALUES[i], "\"5\"") == 0;
            int n = snprintf(body, sizeof(body), "{\"%s\":%s}", FORM_OPTIONS[m].name, VALUES[i]);

            assert_int_equal(json_form_read(body, (size_t)n, &form) == 0, may);
        }
}

/* As deep as there are bytes: nothing is ever below anything else. */
static void test_depth_and_length(void **state)
{
    char body[FORM_BODY_MAX + 1];
    struct form form = { .settle = -1 };
    static const char REASON[] = { '{', '"', 'r', 'e', 'a', 's', 'o', 'n', '"', ':' };

    (void)state;
    memset(body, '[', sizeof(body));
    memcpy(body, REASON, sizeof(REASON));
    assert_int_equal(json_form_read(body, FORM_BODY_MAX, &form), FORM_E_REASON);
    assert_int_equal(json_form_read(body, FORM_BODY_MAX + 1, &form), FORM_E_TOO_LONG);
    memset(body, ' ', sizeof(body));
    body[0] = '{';
    body[FORM_BODY_MAX - 1] = '}';
    assert_int_equal(json_form_read(body, FORM_BODY_MAX, &form), 0);
    memset(body, 'a', sizeof(body));
    body[0] = '{';
    body[1] = '"';
    assert_int_equal(json_form_read(body, FORM_BODY_MAX, &form), FORM_E_JSON);
    /* A NUL is a byte like any other that has no business there. */
    assert_int_equal(json_form_read("{\0}", 3, &form), FORM_E_JSON);
    assert_int_equal(json_form_read("{}\0", 3, &form), FORM_E_JSON);
    assert_int_equal(json_form_read("{\"reason\":\"a\0\"}", 15, &form), FORM_E_JSON);
}

/* Every beginning of a good body is no body; nothing beyond its end is read (valgrind, ASan). */
static void test_beginnings(void **state)
{
    static const char WHOLE[] = "{\"reason\":\"\\ud83d\\ude00\\n\",\"settle\":5,\"press\":\"abcdefgh\","
                                "\"machine\":\"web1\"}";

    (void)state;
    for (size_t size = 0; size < sizeof(WHOLE) - 1; size++) {
        struct form form = { .settle = -1 };
        char *copy = malloc(size > 0 ? size : 1); /* to the byte, for whoever watches its end */

        memcpy(copy, WHOLE, size);
        assert_int_not_equal(json_form_read(copy, size, &form), 0);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),      cmocka_unit_test(test_machine),
        cmocka_unit_test(test_types),      cmocka_unit_test(test_depth_and_length),
        cmocka_unit_test(test_beginnings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
