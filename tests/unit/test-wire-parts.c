/* The calls in a system.multicall are read one by one: what is wrong with one is its own fault, what is wrong
 * around them is the whole's, and neither is ever taken for a call. Their answers fit into one message. */
#include "common/rpc/wire-gathered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/multicall-values.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

#define GOOD "<struct>" NAME("<string>restarter.list</string>") PARAMS(EMPTY) "</struct>"
#define NAME(value) "<member><name>methodName</name><value>" value "</value></member>"
#define PARAMS(value) "<member><name>params</name><value>" value "</value></member>"
#define EMPTY "<array><data></data></array>"
#define DEEP "<array><data><value>" EMPTY "</value></data></array>"

/* One of each type, and extremes of it. */
static const char *const VALUES[] = {
    "",
    "text",
    "<string></string>",
    "<string>&#10;</string>",
    "<int>0</int>",
    "<int>-2147483648</int>",
    "<i4>2147483647</i4>",
    "<boolean>0</boolean>",
    "<boolean>1</boolean>",
    EMPTY,
    DEEP,
    "<struct></struct>",
    "<struct><member><name></name><value></value></member></struct>",
};
#define KIB ((size_t)1024)

enum { N_VALUES = sizeof(VALUES) / sizeof(*VALUES) };

static int parse(const char *params, struct wire_call *ret)
{
    _cleanup_(freep) char *xml = NULL;
    char reason[WIRE_REASON_SIZE] = "";
    int fault;

    assert_true(asprintf(&xml,
                         "<methodCall><methodName>system.multicall</methodName>"
                         "<params>%s</params></methodCall>",
                         params) > 0);
    fault = wire_call_parse(xml, strlen(xml), ret, reason);
    if (fault != 0)
        assert_true(strlen(reason) > 20 && reason[strlen(reason) - 1] == '.');
    return fault;
}

/* An element between two good ones, which it takes nothing from. */
static int fault_of(const char *element)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    _cleanup_(freep) char *params = NULL;
    const struct wire_part *part;

    assert_true(asprintf(&params,
                         "<param><value><array><data><value>" GOOD "</value><value>%s</value><value>" GOOD
                         "</value></data></array></value></param>",
                         element) > 0);
    assert_int_equal(parse(params, &call), 0);
    assert_int_equal(call.n_parts, 3);
    assert_int_equal(call.parts[0].fault + call.parts[2].fault, 0);
    part = &call.parts[1];
    assert_int_equal(part->fault == 0, part->call.method != NULL);
    if (part->fault != 0)
        assert_true(strlen(part->reason) > 20 && part->reason[strlen(part->reason) - 1] == '.');
    return part->fault;
}

static int fault_of_struct(const char *member, const char *other)
{
    _cleanup_(freep) char *element = NULL;

    assert_true(asprintf(&element, "<struct>%s%s</struct>", member, other) > 0);
    return fault_of(element);
}

static void test_elements(_unused_ void **state)
{
    assert_int_equal(fault_of(GOOD), 0);
    for (size_t i = 0; i < N_VALUES; i++) {
        _cleanup_(freep) char *name = NULL, *params = NULL, *third = NULL;
        bool is_array = strstr(VALUES[i], "<array>") == VALUES[i], is_text = !strchr(VALUES[i], '<');

        assert_int_equal(fault_of(VALUES[i]), RPC_FAULT_REQUEST);
        assert_true(asprintf(&name, NAME("%s"), VALUES[i]) > 0);
        assert_true(asprintf(&params, PARAMS("%s"), VALUES[i]) > 0);
        assert_true(asprintf(&third, "<member><name>more</name><value>%s</value></member>", VALUES[i]) > 0);
        assert_int_equal(fault_of_struct(name, ""), RPC_FAULT_REQUEST);
        assert_int_equal(fault_of_struct(params, ""), RPC_FAULT_REQUEST);
        /* What is a string is a name, be it of nothing. */
        assert_int_equal(fault_of_struct(name, PARAMS(EMPTY)),
                         is_text || strstr(VALUES[i], "<string>") == VALUES[i] ? RPC_FAULT_METHOD
                                                                               : RPC_FAULT_REQUEST);
        assert_int_equal(fault_of_struct(NAME("restarter.list"), params), !is_array ? RPC_FAULT_REQUEST
                                                                          : strcmp(VALUES[i], EMPTY) == 0
                                                                              ? 0
                                                                              : RPC_FAULT_PARAMS);
        assert_int_equal(fault_of_struct(NAME("restarter.list") PARAMS(EMPTY), third), RPC_FAULT_REQUEST);
    }
}

static void test_what_is_not_taken(_unused_ void **state)
{
    assert_int_equal(fault_of_struct(NAME("system.multicall"), PARAMS(EMPTY)), RPC_FAULT_REQUEST);
    assert_int_equal(fault_of_struct(NAME("system.multicall"), PARAMS(DEEP)), RPC_FAULT_REQUEST);
    assert_int_equal(fault_of_struct(NAME("restarter.changes"), PARAMS(EMPTY)), RPC_FAULT_REQUEST);
    assert_int_equal(fault_of_struct(NAME("system.shutdown"), PARAMS(EMPTY)), RPC_FAULT_METHOD);
    assert_int_equal(fault_of_struct(NAME("restarter.restart"), PARAMS(EMPTY)), RPC_FAULT_PARAMS);
    assert_int_equal(fault_of_struct(NAME("restarter.restart"), PARAMS(DEEP)), RPC_FAULT_PARAMS);
}

static void test_around(_unused_ void **state)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };

    assert_int_equal(parse("", &call), RPC_FAULT_PARAMS);
    for (size_t i = 0; i < N_VALUES; i++) {
        _cleanup_(freep) char *one = NULL, *two = NULL;
        bool is_array = strstr(VALUES[i], "<array>") == VALUES[i];

        assert_true(asprintf(&one, "<param><value>%s</value></param>", VALUES[i]) > 0);
        assert_true(asprintf(&two, "%s%s", one, one) > 0);
        assert_int_equal(parse(one, &call), is_array ? 0 : RPC_FAULT_PARAMS);
        wire_call_done(&call);
        assert_int_equal(parse(two, &call), RPC_FAULT_PARAMS);
    }
}

/* Of so many calls; the largest that fits has no more bytes than any message. */
static void test_how_many(_unused_ void **state)
{
    for (unsigned n = 0; n <= WIRE_PARTS_MAX + 1; n++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 };
        xmlrpc_value *params = multicall_new();
        xmlrpc_mem_block *block;
        char reason[WIRE_REASON_SIZE];

        for (unsigned i = 0; i < n; i++)
            multicall_call(params, "restarter.restart", "worker@blue.service");
        block = rpc_call_serialize("system.multicall", params);
        assert_true(XMLRPC_MEMBLOCK_SIZE(char, block) < RPC_CALL_MAX);
        assert_int_equal(wire_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                         XMLRPC_MEMBLOCK_SIZE(char, block), &call, reason),
                         n <= WIRE_PARTS_MAX ? 0 : RPC_FAULT_PARAMS);
        assert_int_equal(call.n_parts, n <= WIRE_PARTS_MAX ? n : 0);
        for (size_t i = 0; i < call.n_parts; i++)
            assert_string_equal(call.parts[i].call.unit, "worker@blue.service");
        rpc_block_free(block);
        xmlrpc_DECREF(params);
    }
}

/* --- the answers --- */

/* A response of about that many bytes. */
static xmlrpc_mem_block *answer_of(size_t size)
{
    static char line[1024 + 1];
    struct wire_names names = { .items = calloc(size / sizeof(line) + 1, sizeof(char *)) };
    const struct wire_answer answer = { .kind = WIRE_NAMES,
                                        .names = { names.items, size / sizeof(line) + 1 } };
    xmlrpc_mem_block *block;

    memset(line, 'x', sizeof(line) - 1);
    for (size_t i = 0; i < answer.names.n; i++)
        names.items[i] = line;
    block = wire_answer_encode(&answer);
    free(names.items);
    assert_non_null(block);
    return block;
}

static xmlrpc_mem_block *copy_of(const xmlrpc_mem_block *block)
{
    xmlrpc_mem_block *copy;
    xmlrpc_env env;

    xmlrpc_env_init(&env);
    copy = XMLRPC_MEMBLOCK_NEW(char, &env, 0);
    XMLRPC_MEMBLOCK_APPEND(char, &env, copy, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                           XMLRPC_MEMBLOCK_SIZE(char, block));
    assert_false(env.fault_occurred);
    xmlrpc_env_clean(&env);
    return copy;
}

/* The answers to the even ones are of one size, to the odd ones of another. Each is written once, and copied:
 * to write all of them is most of what this file takes. */
static void gather_all(struct wire_gathered *gathered, size_t even, size_t odd)
{
    xmlrpc_mem_block *answers[] = { answer_of(even), answer_of(odd) };

    for (size_t i = 0; i < gathered->n; i++)
        wire_gather(gathered, i, copy_of(answers[i % 2]));
    rpc_block_free(answers[0]);
    rpc_block_free(answers[1]);
}

static xmlrpc_value *encode(const struct wire_gathered *gathered, size_t *ret_size)
{
    xmlrpc_mem_block *block = wire_gathered_encode(gathered);
    struct rpc_response response;
    const char *reason;

    assert_non_null(block);
    *ret_size = XMLRPC_MEMBLOCK_SIZE(char, block);
    assert_int_equal(rpc_response_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block), *ret_size, &response, &reason),
                     0);
    rpc_block_free(block);
    assert_non_null(response.value);
    assert_int_equal(rpc_array_size(response.value), gathered->n);
    return response.value;
}

/* However long each is: what is short is there, and all of it is a message that can be read. */
static void test_answers_fit(_unused_ void **state)
{
    const size_t SIZES[] = { 0, WIRE_SHORT_MAX - 2048, WIRE_SHORT_MAX, 64 * KIB, 160 * KIB, 300 * KIB };

    for (size_t a = 0; a < sizeof(SIZES) / sizeof(*SIZES); a++)
        for (size_t b = 0; b < sizeof(SIZES) / sizeof(*SIZES); b++) {
            _cleanup_(wire_gathered_done) struct wire_gathered gathered = { .n = WIRE_PARTS_MAX };
            xmlrpc_value *value;
            size_t size;

            gather_all(&gathered, SIZES[b], SIZES[a]);
            value = encode(&gathered, &size);
            assert_true(size <= RPC_RESPONSE_MAX);
            for (unsigned i = 0; i < gathered.n; i++)
                if (SIZES[i % 2 ? a : b] < WIRE_SHORT_MAX)
                    assert_int_equal(multicall_fault(value, i, NULL), 0);
                else if (multicall_fault(value, i, NULL) != 0)
                    assert_int_equal(multicall_fault(value, i, "by itself"), RPC_FAULT_APPLICATION);
            xmlrpc_DECREF(value);
        }
}

/* The first long ones are there; what is told of the others has what they are not in it. */
static void test_first_come(_unused_ void **state)
{
    _cleanup_(wire_gathered_done) struct wire_gathered gathered = { .n = 4 };
    xmlrpc_value *value;
    size_t size;

    wire_gather(&gathered, 0, answer_of(100 * KIB));
    wire_gather(&gathered, 1, answer_of(100 * KIB));
    wire_gather(&gathered, 2, rpc_fault_serialize(17, "Nothing was done: <&> \xc3\xa9."));
    /* The last one never came, or there was no memory for it. */
    wire_gather(&gathered, 3, NULL);
    value = encode(&gathered, &size);
    assert_int_equal(multicall_fault(value, 0, NULL), 0);
    assert_true(rpc_array_size(multicall_value(value, 0)) > 90);
    assert_int_equal(multicall_fault(value, 1, "too long"), RPC_FAULT_APPLICATION);
    assert_int_equal(multicall_fault(value, 2, "Nothing was done: <&> \xc3\xa9."), 17);
    assert_int_equal(multicall_fault(value, 3, "memory"), RPC_FAULT_INTERNAL);
    xmlrpc_DECREF(value);
}

/* With the longest of what anybody can be told of a restart. */
static void test_restarts_are_short(_unused_ void **state)
{
    char text[1024], unit[256], user[65];
    struct wire_answer answer = { .kind = WIRE_RESTART };
    xmlrpc_mem_block *block;

    memset(text, '&', sizeof(text) - 1);
    memset(unit, 'a', sizeof(unit) - 1);
    memset(user, 'a', sizeof(user) - 1);
    text[sizeof(text) - 1] = unit[sizeof(unit) - 1] = user[sizeof(user) - 1] = '\0';
    answer.restart = (struct wire_restart){ .message = text,
                                            .unit = unit,
                                            .began_by = user,
                                            .result = "done",
                                            .verb = "reload-or-restart",
                                            .milliseconds = 1000000000,
                                            .settle_milliseconds = 1000000000,
                                            .verdict = "not-reloaded",
                                            .usual_milliseconds = 1000000000 };
    block = wire_answer_encode(&answer);
    assert_non_null(block);
    assert_true(XMLRPC_MEMBLOCK_SIZE(char, block) <= WIRE_SHORT_MAX);
    rpc_block_free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_what_is_not_taken),
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_how_many),
        cmocka_unit_test(test_answers_fit),
        cmocka_unit_test(test_first_come),
        cmocka_unit_test(test_restarts_are_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
