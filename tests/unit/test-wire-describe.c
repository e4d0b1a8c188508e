/* What is told of methods is true: they take what their signatures say, and nothing else. */
#include "common/rpc/wire-describe.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-capabilities.h"
#include "tests/unit/test.h"

static const struct sample {
    const char *type, *xml;
} SAMPLES[] = {
    { "string", "restart_unit" }, /* a press, a cursor, an id, and a method's name */
    { "int", "<int>5</int>" },
    { "struct", "<struct></struct>" },
    { "boolean", "<boolean>1</boolean>" },
    { "array", "<array><data></data></array>" },
};

enum {
    N_SAMPLES = sizeof(SAMPLES) / sizeof(*SAMPLES),
    PARAMS_MAX = 3,
};

static bool is_published(const struct wire_signatures *signatures, const size_t params[], size_t n)
{
    for (size_t i = 0; i < signatures->n; i++) {
        const struct wire_names *types = &signatures->items[i];
        bool same = types->n == n + 1;

        for (size_t p = 0; same && p < n; p++)
            same = strcmp(types->items[p + 1], SAMPLES[params[p]].type) == 0;
        if (same)
            return true;
    }
    return false;
}

static bool is_taken(const struct wire_method *method, const size_t params[], size_t n)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    char xml[1024], reason[WIRE_REASON_SIZE];
    int length = snprintf(xml, sizeof(xml), "<methodCall><methodName>%s</methodName><params>", method->name);

    for (size_t p = 0; p < n; p++)
        length += snprintf(xml + length, sizeof(xml) - (size_t)length, "<param><value>%s</value></param>",
                           SAMPLES[params[p]].xml);
    length += snprintf(xml + length, sizeof(xml) - (size_t)length, "</params></methodCall>");
    return wire_call_parse(xml, (size_t)length, &call, reason) == 0;
}

/* As a number to this base, one digit a parameter. */
static void set_params(size_t number, size_t n, size_t params[static PARAMS_MAX])
{
    for (size_t p = 0; p < n; p++, number /= N_SAMPLES)
        params[p] = number % N_SAMPLES;
}

static void check(const struct wire_method *method, const size_t params[], size_t n)
{
    struct wire_forms forms;
    struct wire_signatures signatures = wire_describe(method, &forms);

    if (is_taken(method, params, n) != is_published(&signatures, params, n))
        fail_msg("%s, %zu: %s %s %s", method->name, n, n > 0 ? SAMPLES[params[0]].type : "",
                 n > 1 ? SAMPLES[params[1]].type : "", n > 2 ? SAMPLES[params[2]].type : "");
}

static void test_signatures_are_what_is_taken(_unused_ void **state)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++)
        for (size_t n = 0, numbers = 1; n <= PARAMS_MAX; n++, numbers *= N_SAMPLES)
            for (size_t number = 0; number < numbers; number++) {
                size_t params[PARAMS_MAX];

                set_params(number, n, params);
                check(&WIRE_METHODS[i], params, n);
            }
}

static void test_there_and_back(_unused_ void **state)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        struct wire_forms forms;
        const struct wire_answer answer = { .kind = WIRE_SIGNATURES,
                                            .signatures = wire_describe(&WIRE_METHODS[i], &forms) };
        _cleanup_(wire_answer_done) struct wire_answer other = { 0 };
        xmlrpc_mem_block *block = wire_answer_encode(&answer);

        assert_non_null(block);
        assert_int_equal(wire_answer_parse(WIRE_SIGNATURES, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                           XMLRPC_MEMBLOCK_SIZE(char, block), &other),
                         0);
        rpc_block_free(block);
        assert_int_equal(other.signatures.n, answer.signatures.n);
        for (size_t s = 0; s < other.signatures.n; s++) {
            assert_int_equal(other.signatures.items[s].n, answer.signatures.items[s].n);
            for (size_t t = 0; t < other.signatures.items[s].n; t++)
                assert_string_equal(other.signatures.items[s].items[t], answer.signatures.items[s].items[t]);
        }
    }
}

static void test_capabilities(_unused_ void **state)
{
    for (unsigned flags = 0; flags <= WIRE_CAPABILITY_ALL; flags++) {
        const struct wire_answer answer = { .kind = WIRE_CAPABILITIES, .capabilities = { flags } };
        _cleanup_(wire_answer_done) struct wire_answer other = { 0 };
        xmlrpc_mem_block *block = wire_answer_encode(&answer);

        assert_non_null(block);
        assert_int_equal(wire_answer_parse(WIRE_CAPABILITIES, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                           XMLRPC_MEMBLOCK_SIZE(char, block), &other),
                         0);
        rpc_block_free(block);
        assert_int_equal(other.capabilities.flags, flags);
    }
}

static void test_words(_unused_ void **state)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        const struct wire_method *method = &WIRE_METHODS[i];
        char text[WIRE_HELP_SIZE];

        wire_describe_in_words(method, text);
        assert_true(strlen(text) < sizeof(text) - 1);
        assert_non_null(strstr(text, method->help));
        assert_non_null(strstr(text, method->usage));
        assert_int_equal(method->help[strlen(method->help) - 1], '.');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signatures_are_what_is_taken),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_capabilities),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
