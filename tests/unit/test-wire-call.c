/* Calls: what each method takes, what becomes of odd strings, and that what goes on is made anew. */
#include "common/rpc/wire-call.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define CALL(method, params)                                                                                 \
    "<methodCall><methodName>" method "</methodName><params>" params "</params></methodCall>"
#define PARAM(value) "<param><value>" value "</value></param>"
#define STRING(text) PARAM("<string>" text "</string>")
#define OPTIONS(members) PARAM("<struct>" members "</struct>")
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define PRESS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

static int parse(const char *xml, struct wire_call *ret)
{
    char reason[WIRE_REASON_SIZE] = "";
    int fault = wire_call_parse(xml, strlen(xml), ret, reason);

    assert_true(fault == 0 || (*reason && reason[strlen(reason) - 1] == '.'));
    return fault;
}

static void test_what_methods_take(_unused_ void **state)
{
    static const struct {
        const char *xml;
        int fault;
    } CASES[] = {
        { CALL("restart_unit", STRING("1234")), 0 },
        { CALL("restart_unit", PARAM("1234")), 0 },
        { CALL("restart_unit", STRING("")), 0 },
        { CALL("restart_unit", ""), RPC_FAULT_PARAMS },
        { CALL("restart_unit", STRING("1") STRING("2")), RPC_FAULT_PARAMS },
        { CALL("restart_unit", STRING("1") OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("restart_unit", PARAM("<int>1234</int>")), 0 },
        { CALL("restart_unit", PARAM("<i4>1234</i4>")), 0 },
        { CALL("restart_unit", PARAM("<int>2147483648</int>")), RPC_FAULT_PARSE },
        { CALL("restart_unit", PARAM("<int></int>")), RPC_FAULT_PARSE },
        { CALL("restart_unit", PARAM("<int>1234</int>") STRING("1")), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", PARAM("<int>1234</int>")), RPC_FAULT_PARAMS },
        { CALL("restart_unit", PARAM("<boolean>1</boolean>")), RPC_FAULT_PARAMS },
        { CALL("restart_unit", PARAM("<array><data><value>1</value></data></array>")), RPC_FAULT_PARAMS },
        { CALL("restarter.status", STRING("1234")), 0 },
        { CALL("restarter.status", OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("restarter.list", ""), 0 },
        { "<methodCall><methodName>restarter.list</methodName></methodCall>", 0 },
        { CALL("restarter.list", STRING("")), RPC_FAULT_PARAMS },
        { CALL("restarter.list", OPTIONS("")), 0 },
        { CALL("restarter.list", OPTIONS("") OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("restarter.list", STRING("a") OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("") PARAM("<int>0</int>")), 0 },
        { CALL("restarter.changes", STRING(PRESS) PARAM("<int>60</int>")), 0 },
        { CALL("restarter.changes", STRING(PRESS "x") PARAM("<int>60</int>")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("") PARAM("<int>61</int>")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("") PARAM("<int>-1</int>")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("") STRING("1")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("&#10;") PARAM("<int>0</int>")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", PARAM("<int>0</int>") STRING("")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("")), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", ""), RPC_FAULT_PARAMS },
        { CALL("restarter.changes", STRING("") PARAM("<int>0</int>") OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("system.listMethods", ""), 0 },
        { CALL("system.listMethods", STRING("x")), RPC_FAULT_PARAMS },
        { CALL("system.methodHelp", STRING("restart_unit")), 0 },
        { CALL("system.methodHelp", STRING("restart")), RPC_FAULT_PARAMS },
        { CALL("system.methodHelp", PARAM("<int>1</int>")), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234")), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS("")), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS("") OPTIONS("")), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") STRING("x")), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", OPTIONS("") STRING("1234")), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("settle", "<int>0</int>"))), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("settle", "<i4>60</i4>"))), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("settle", "<int>61</int>"))),
          RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("settle", "<int>-1</int>"))),
          RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("settle", "1"))), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", PRESS))), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "12345678"))), 0 },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "1234567"))), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", PRESS "x"))), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "12345678&#10;"))),
          RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "1234 5678"))), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "<int>12345678</int>"))),
          RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("reasons", "x"))), RPC_FAULT_PARAMS },
        { CALL("restarter.restart", STRING("1234") OPTIONS(MEMBER("press", "12345678") MEMBER("", "x"))),
          RPC_FAULT_PARAMS },
        { CALL("restarter.restart",
               STRING("1234") OPTIONS(MEMBER("press", "12345678") MEMBER("settle", "<int>5</int>"))),
          0 },
        { CALL("restarter.stop", STRING("1234")), RPC_FAULT_METHOD },
        { CALL("system.shutdown", ""), RPC_FAULT_METHOD },
        { CALL("", ""), RPC_FAULT_PARSE },
        { CALL("restarter.status", PARAM("<double>inf</double>")), RPC_FAULT_PARSE },
        { "junk", RPC_FAULT_PARSE },
        { "", RPC_FAULT_PARSE },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_call call = { 0 };
        int fault = parse(CASES[i].xml, &call);

        if (fault != CASES[i].fault)
            fail_msg("%d: %s", fault, CASES[i].xml);
        wire_call_done(&call);
    }
}

/* No name has such bytes in it, and what is left of them says so to the broker's grammar. */
static void test_odd_strings(_unused_ void **state)
{
    static const struct {
        const char *sent, *read;
    } CASES[] = {
        { "1234", "1234" },
        { "a&amp;b&lt;", "a&b<" },
        { "1&#10;2&#9;", "1\n2\t" },
        { "1&#13;&#127;", "1\n?" }, /* xmlrpc-c makes a newline of it */
        { "&#233;&#8364;", "\xc3\xa9\xe2\x82\xac" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 };
        char xml[512];

        (void)snprintf(xml, sizeof(xml), CALL("restart_unit", STRING("%s")), CASES[i].sent);
        assert_int_equal(parse(xml, &call), 0);
        assert_string_equal(call.unit, CASES[i].read);
    }
}

/* 1234 is "1234", and never a name with zeros before it. */
static void test_numbers(_unused_ void **state)
{
    static const struct {
        const char *sent, *read;
    } CASES[] = {
        { "1234", "1234" }, { "0", "0" },
        { "0042", "42" },   { "2147483647", "2147483647" },
        { "-5", "-5" },     { "-2147483648", "-2147483648" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 };
        char xml[512];

        (void)snprintf(xml, sizeof(xml), CALL("restart_unit", PARAM("<int>%s</int>")), CASES[i].sent);
        assert_int_equal(parse(xml, &call), 0);
        assert_string_equal(call.unit, CASES[i].read);
    }
}

static void test_long_string(_unused_ void **state)
{
    static char xml[RPC_CALL_MAX], text[RPC_CALL_MAX / 2];
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    xmlrpc_mem_block *block;

    memset(text, '>', sizeof(text) - 1);
    (void)snprintf(xml, sizeof(xml), CALL("restarter.status", STRING("%s")), text);
    assert_int_equal(parse(xml, &call), 0);
    assert_int_equal(strlen(call.unit), RPC_ASKED_MAX);
    /* What goes on is no longer than what the other side takes. */
    block = wire_call_encode(&call);
    assert_non_null(block);
    assert_true(XMLRPC_MEMBLOCK_SIZE(char, block) < RPC_CALL_MAX);
    rpc_block_free(block);
}

static void test_there_and_back(_unused_ void **state)
{
    static const struct wire_call CALLS[] = {
        { .unit = (char *)"1234" },
        { .unit = (char *)"example@1234.service <&>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff\x1b",
          .has_settle = true },
        { .unit = (char *)"", .has_settle = true, .settle = 60, .press = PRESS },
        { .unit = (char *)"x", .press = "12345678" },
    };

    for (size_t i = 0; i < sizeof(CALLS) / sizeof(*CALLS); i++) {
        _cleanup_(wire_call_done) struct wire_call other = { 0 };
        struct wire_call call = CALLS[i];
        char reason[WIRE_REASON_SIZE];
        xmlrpc_mem_block *block;

        call.method = wire_method_find("restarter.restart");
        block = wire_call_encode(&call);
        assert_non_null(block);
        assert_int_equal(wire_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                         XMLRPC_MEMBLOCK_SIZE(char, block), &other, reason),
                         0);
        rpc_block_free(block);
        assert_ptr_equal(other.method, call.method);
        assert_int_equal(other.has_settle, call.has_settle);
        assert_int_equal(other.settle, call.settle);
        assert_string_equal(other.press, call.press);
        assert_string_equal(other.unit,
                            i == 1 ? "example@1234.service <&>\xc3\xa9\xe2\x82\xac??????" : call.unit);
    }
}

static void test_all_methods(_unused_ void **state)
{
    /* Each verb has one that tells all about it. */
    for (unsigned verb = 1; verb < VERB_ALL; verb <<= 1) {
        assert_int_equal(wire_method_of_verb(verb)->verb, verb);
        assert_int_equal(wire_method_of_verb(verb)->answer, WIRE_RESTART);
    }
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        const struct wire_method *method = &WIRE_METHODS[i];

        assert_ptr_equal(wire_method_find(method->name), method);
        assert_int_equal(wire_method_id(method), i);
        assert_true(i == 0 || strcmp(WIRE_METHODS[i - 1].name, method->name) < 0);
        assert_true(strlen(method->usage) < WIRE_REASON_SIZE);
        assert_true(method->answer != WIRE_NONE);
    }
    assert_true((size_t)WIRE_METHODS_COUNT <= WIRE_NAMES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_methods_take), cmocka_unit_test(test_odd_strings),
        cmocka_unit_test(test_numbers),           cmocka_unit_test(test_long_string),
        cmocka_unit_test(test_there_and_back),    cmocka_unit_test(test_all_methods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
