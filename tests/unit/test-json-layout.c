/* JSON as people and jq write it: what stands between the strings is laid out anew, and strings stay as they
 * are. */
#include "common/rpc/json-layout.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/rpc.h"
#include "tests/unit/test.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

static const struct row {
    const char *json, *pretty, *brief;
} ROWS[] = {
    { "true", "true", "true" },
    { " -4 ", "-4", "-4" },
    { "\"\"", "\"\"", "\"\"" },
    { "{\r\n\t \r\n}", "{}", "{}" },
    { "[\r\n\r\n]", "[]", "[]" },
    { "{\"success\": true}", "{\n  \"success\": true\n}", "{\"success\":true}" },
    { "{\"a\" :1 , \"b\":[ ]}", "{\n  \"a\": 1,\n  \"b\": []\n}", "{\"a\":1,\"b\":[]}" },
    { "[1,[2,{\"a\":[{}]}]]",
      "[\n  1,\n  [\n    2,\n    {\n      \"a\": [\n        {}\n      ]\n    }\n  ]\n]",
      "[1,[2,{\"a\":[{}]}]]" },
    /* In strings nothing is whitespace or punctuation. */
    { "[\"a:  {b,  [] }\",\"\\\"{ \\\\\",\"\\\\\"]",
      "[\n  \"a:  {b,  [] }\",\n  \"\\\"{ \\\\\",\n  \"\\\\\"\n]",
      "[\"a:  {b,  [] }\",\"\\\"{ \\\\\",\"\\\\\"]" },
};

static void assert_layout(const char *json, enum json_layout layout, const char *expected)
{
    _cleanup_(freep) char *text = json_layout(json, layout), *again = text ? json_layout(text, layout) : NULL;

    assert_non_null(text);
    assert_string_equal(text, expected);
    assert_string_equal(again, expected);
}

static void test_layouts(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
        assert_layout(ROWS[i].json, JSON_PRETTY, ROWS[i].pretty);
        assert_layout(ROWS[i].json, JSON_SHORT, ROWS[i].brief);
        assert_layout(ROWS[i].pretty, JSON_SHORT, ROWS[i].brief);
        assert_layout(ROWS[i].brief, JSON_PRETTY, ROWS[i].pretty);
    }
}

/* What is no JSON does no harm: nothing is read beyond its end. */
static void test_broken(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "", "\"", "\"\\", "{", "[", "]", "}]", "{\"a\":", "{\"", "[  ", ","
    };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++)
        for (enum json_layout layout = JSON_OFF; layout <= JSON_SHORT; layout++) {
            _cleanup_(freep) char *copy = strdup(TEXTS[i]), *text = json_layout(copy, layout);

            assert_non_null(text);
        }
}

/* The whole way of a value of ours. */
static void test_values(_unused_ void **state)
{
    _cleanup_(freep) char *pretty = NULL, *brief = NULL;
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_bool(&s, "success", true);
    rpc_struct_bool(&s, "repeated", false);
    rpc_struct_int(&s, "number", -4);
    rpc_struct_string(&s, "text", "a: {\"b\", \\\n}");
    rpc_struct_value(&s, "list", rpc_array_new());
    value = rpc_struct_end(&s);
    pretty = rpc_value_to_json(value, JSON_PRETTY);
    brief = rpc_value_to_json(value, JSON_SHORT);
    assert_string_equal(pretty, "{\n  \"success\": true,\n  \"repeated\": false,\n  \"number\": -4,\n"
                                "  \"text\": \"a: {\\\"b\\\", \\\\\\n}\",\n  \"list\": []\n}");
    assert_string_equal(brief, "{\"success\":true,\"repeated\":false,\"number\":-4,"
                               "\"text\":\"a: {\\\"b\\\", \\\\\\n}\",\"list\":[]}");
}

static void test_words(_unused_ void **state)
{
    enum json_layout layout = JSON_OFF;

    assert_true(json_layout_from_string("pretty", &layout));
    assert_int_equal(layout, JSON_PRETTY);
    assert_true(json_layout_from_string("short", &layout));
    assert_int_equal(layout, JSON_SHORT);
    assert_true(json_layout_from_string("off", &layout));
    assert_int_equal(layout, JSON_OFF);
    for (const char *const *word = (const char *const[]){ "", "Short", "shortest", "json", NULL }; *word;
         word++)
        assert_false(json_layout_from_string(*word, &layout));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
