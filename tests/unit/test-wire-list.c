/* Which part of the list is asked for: the options there and back, every wrong type and extreme; and what the
 * answer says of it. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-call.h"
#include "common/rpc/wire.h"
#include "tests/unit/test.h"

#define CALL(members)                                                                                        \
    "<methodCall><methodName>restarter.list</methodName><params><param><value><struct>" members              \
    "</struct></value></param></params></methodCall>"
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define INT(name, value) MEMBER(name, "<int>" value "</int>")

/* A hundred bytes. */
#define TEN "0123456789"
#define LONGEST TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static int parse(const char *xml, struct wire_call *ret)
{
    char reason[WIRE_REASON_SIZE] = "";
    int fault = wire_call_parse(xml, strlen(xml), ret, reason);

    if (fault == RPC_FAULT_PARAMS)
        assert_non_null(strstr(reason, "restarter.list takes nothing, or a struct of filter "));
    return fault;
}

static void test_each_option(_unused_ void **state)
{
    static const struct {
        const char *xml;
        int fault;
    } CASES[] = {
        { CALL(""), 0 },
        { CALL(MEMBER("filter", "")), 0 },
        { CALL(MEMBER("filter", LONGEST)), 0 },
        { CALL(MEMBER("filter", " " LONGEST " ")), 0 },
        { CALL(MEMBER("filter", LONGEST "x")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", LONGEST " x")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", "<int>1234</int>")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", "<boolean>1</boolean>")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", "<array><data></data></array>")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", "<struct></struct>")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("state", "")), 0 },
        { CALL(MEMBER("state", "failed")), 0 },
        { CALL(MEMBER("state", "restarting")), 0 },
        { CALL(MEMBER("state", "running")), 0 },
        { CALL(MEMBER("state", "stopped")), 0 },
        { CALL(MEMBER("state", "Failed")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("state", "failed ")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("state", "active")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("state", "<int>1</int>")), RPC_FAULT_PARAMS },
        { CALL(INT("offset", "0")), 0 },
        { CALL(INT("offset", "2147483647")), 0 },
        { CALL(INT("offset", "-1")), RPC_FAULT_PARAMS },
        { CALL(INT("offset", "-2147483648")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("offset", "1")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("offset", "<boolean>1</boolean>")), RPC_FAULT_PARAMS },
        { CALL(INT("offset", "2147483648")), RPC_FAULT_PARSE },
        { CALL(INT("limit", "1")), 0 },
        { CALL(INT("limit", "500")), 0 },
        { CALL(INT("limit", "0")), RPC_FAULT_PARAMS },
        { CALL(INT("limit", "501")), RPC_FAULT_PARAMS },
        { CALL(INT("limit", "-1")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("limit", "50")), RPC_FAULT_PARAMS },
        { CALL(INT("limits", "50")), RPC_FAULT_PARAMS },
        { CALL(INT("limit", "50") MEMBER("settle", "<int>1</int>")), RPC_FAULT_PARAMS },
        { CALL(MEMBER("filter", "x") MEMBER("state", "failed") INT("offset", "5") INT("limit", "5")), 0 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 };
        int fault = parse(CASES[i].xml, &call);

        if (fault != CASES[i].fault)
            fail_msg("%d: %s", fault, CASES[i].xml);
    }
}

/* Words with a blank between them, each fit to be shown; whatever was sent. */
static void test_filters(_unused_ void **state)
{
    static const struct {
        const char *sent, *read;
    } CASES[] = {
        { "web eu", "web eu" },
        { "  web &#9;&#10; eu ", "web eu" },
        { " &#9; ", "" },
        { "&#233;t&#233;", "\xc3\xa9t\xc3\xa9" },
        { "&#127;x&#155;2J", "?x?2J" },
        { "&#8238;x&#8203;", "?x?" },
        { "&amp;&lt;script&gt;\"'%s", "&<script>\"'%s" },
        { "*[a-z]+(.*)+$\\", "*[a-z]+(.*)+$\\" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 };
        char xml[1024];

        (void)snprintf(xml, sizeof(xml), CALL(MEMBER("filter", "%s")), CASES[i].sent);
        assert_int_equal(parse(xml, &call), 0);
        assert_string_equal(call.list.filter, CASES[i].read);
    }
}

/* However long it is, and wherever its characters end. */
static void test_long_filters(_unused_ void **state)
{
    static char text[100 * 1024];
    char filter[WIRE_FILTER_SIZE];

    memset(text, 'x', sizeof(text) - 1);
    assert_false(wire_filter_clean(text, filter));
    assert_string_equal(filter, "");
    memset(text, ' ', sizeof(text) - 2);
    assert_true(wire_filter_clean(text, filter));
    assert_string_equal(filter, "x");
    for (size_t i = 0; i < 102; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 4);
    assert_false(wire_filter_clean(text, filter));
    text[99] = '\0';
    assert_true(wire_filter_clean(text, filter));
    assert_int_equal(strlen(filter), 99);
}

static void test_there_and_back(_unused_ void **state)
{
    static const struct wire_list_options ALL[] = {
        { .filter = "" },
        { .filter = "web eu" },
        { .state = UNIT_GROUP_STOPPED },
        { .offset = INT_MAX },
        { .limit = WIRE_LIMIT_MAX },
        { .filter = LONGEST, .state = UNIT_GROUP_FAILED, .offset = 50, .limit = 50 },
    };

    for (size_t i = 0; i < sizeof(ALL) / sizeof(*ALL); i++) {
        const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_LIST], .list = ALL[i] };
        xmlrpc_mem_block *block = wire_call_encode(&call);
        struct wire_call other = { 0 };
        char reason[WIRE_REASON_SIZE];

        assert_non_null(block);
        assert_int_equal(wire_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                         XMLRPC_MEMBLOCK_SIZE(char, block), &other, reason),
                         0);
        rpc_block_free(block);
        for (size_t j = 0; j < sizeof(ALL) / sizeof(*ALL); j++)
            assert_int_equal(wire_list_options_same(&other.list, &ALL[j]), i == j);
        assert_int_equal(wire_list_options_empty(&other.list), i == 0);
        wire_call_done(&other);
    }
}

/* --- the answer --- */

static struct wire_answer pass(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    struct wire_answer other = { 0 };

    assert_non_null(block);
    assert_int_equal(wire_answer_parse(WIRE_LIST, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), &other),
                     0);
    rpc_block_free(block);
    return other;
}

static void test_answer(_unused_ void **state)
{
    struct wire_instance instance = {
        .unit = "a@1.service",
        .group = "failed",
        .since = 1700000000,
        .service_result = "exit-code",
        .confirm = true,
        .restarted_at = 1600000000,
        .restarted_by = "anna",
        .restarted_verdict = "up",
        .usual_milliseconds = 2100,
    };
    const struct wire_answer answer = {
        .kind = WIRE_LIST,
        .list = { .failed = 1,
                  .restarting = 2,
                  .running = UINT64_MAX,
                  .stopped = 4,
                  .exited = 3,
                  .admin = true,
                  .matching = 5,
                  .offset = 6,
                  .cursor = "x-7",
                  .instances = &instance,
                  .n_instances = 1 },
    };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&answer);
    const struct wire_instance *row = other.list.instances;

    assert_int_equal(other.list.failed, 1);
    assert_int_equal(other.list.restarting, 2);
    assert_int_equal(other.list.running, INT_MAX);
    assert_int_equal(other.list.stopped, 4);
    assert_int_equal(other.list.exited, 3);
    assert_true(other.list.admin);
    assert_int_equal(other.list.matching, 5);
    assert_int_equal(other.list.offset, 6);
    assert_string_equal(other.list.cursor, "x-7");
    assert_string_equal(row->group, "failed");
    assert_int_equal(row->since, 1700000000);
    assert_string_equal(row->service_result, "exit-code");
    assert_true(row->confirm && !row->logs);
    assert_int_equal(row->restarted_at, 1600000000);
    assert_string_equal(row->restarted_by, "anna");
    assert_string_equal(row->restarted_verdict, "up");
    assert_int_equal(row->usual_milliseconds, 2100);
}

/* What is said of an instance's size is never less than what it is, and not much more where nothing has to be
 * written in another way. */
static void test_size(_unused_ void **state)
{
    static char odd[101];
    static const char *const TEXTS[] = {
        NULL, "", "plain", "&<>&<>\r\r", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\x01\x7f\xff", odd
    };
    struct wire_answer list = { .kind = WIRE_LIST };

    memset(odd, '&', sizeof(odd) - 1);
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        struct wire_instance instances[] = {
            { .unit = "a@1.service", .description = TEXTS[i], .verbs = VERB_ALL, .since = UINT64_MAX },
            { .unit = "a@2.service", .restarted_by = TEXTS[i], .group = TEXTS[i] },
        };
        size_t sizes[3];

        for (size_t n = 0; n < 3; n++) {
            xmlrpc_mem_block *block;

            list.list.instances = instances;
            list.list.n_instances = n;
            block = wire_answer_encode(&list);
            sizes[n] = XMLRPC_MEMBLOCK_SIZE(char, block);
            rpc_block_free(block);
        }
        for (size_t n = 0; n < 2; n++) {
            assert_true(wire_instance_size(&instances[n]) >= sizes[n + 1] - sizes[n]);
            if (i < 3)
                assert_true(wire_instance_size(&instances[n]) <= sizes[n + 1] - sizes[n] + 100);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_option),  cmocka_unit_test(test_filters),
        cmocka_unit_test(test_long_filters), cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_answer),       cmocka_unit_test(test_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
