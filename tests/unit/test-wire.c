/* Answers there and back, for each kind; what makes no sense; and what an older or newer side leaves out or
 * adds. */
#include "common/rpc/wire.h"

#include <limits.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/verb.h"
#include "tests/unit/test.h"

#define RESPONSE(value)                                                                                      \
    "<methodResponse><params><param><value>" value "</value></param></params></methodResponse>"
#define STRUCT(members) "<struct>" members "</struct>"
#define MEMBER(name, value) "<member><name>" name "</name><value>" value "</value></member>"
#define BOOL(name, value) MEMBER(name, "<boolean>" value "</boolean>")
#define STRING(name, value) MEMBER(name, "<string>" value "</string>")
#define INT(name, value) MEMBER(name, "<int>" value "</int>")

static int parse(enum wire_kind kind, const char *xml, struct wire_answer *ret)
{
    return wire_answer_parse(kind, xml, strlen(xml), ret);
}

/* Encodes and reads again, as the other side would. */
static struct wire_answer pass(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    struct wire_answer other = { 0 };

    assert_non_null(block);
    assert_int_equal(wire_answer_parse(answer->kind, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), &other),
                     0);
    assert_int_equal(other.kind, answer->kind);
    rpc_block_free(block);
    return other;
}

static void assert_json(const struct wire_answer *answer, const char *part)
{
    _cleanup_(freep) char *json = wire_answer_to_json(answer, JSON_SHORT);

    assert_non_null(json);
    if (!strstr(json, part))
        fail_msg("no %s in %s", part, json);
}

static void test_restart(_unused_ void **state)
{
    const struct wire_answer answer = {
        .kind = WIRE_RESTART,
        .restart = {
            .success = true,
            .message = "it's \"done\"\\\t&<\xc3\xa9>",
            .unit = "a@1.service",
            .verb = "restart",
            .result = "done",
            .active_state = "active",
            .sub_state = "running",
            .service_result = "success",
            .exec_main_status = -7,
            .main_pid = 42,
            .invocation_id_before = "before",
            .milliseconds = UINT64_MAX,
            .callers = 3,
            .verdict = "up",
            .settle_milliseconds = 1000,
            .failed_after_milliseconds = 40,
            .held_milliseconds = 11,
            .repeated = true,
            .need_daemon_reload = true,
            .usual_milliseconds = 2100,
        },
    };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&answer);

    assert_true(other.restart.success && other.restart.repeated && other.restart.need_daemon_reload);
    assert_int_equal(other.restart.usual_milliseconds, 2100);
    assert_string_equal(other.restart.message, answer.restart.message);
    assert_string_equal(other.restart.sub_state, "running");
    assert_string_equal(other.restart.invocation_id_after, "");
    assert_string_equal(other.restart.verdict, "up");
    assert_int_equal(other.restart.exec_main_status, -7);
    assert_int_equal(other.restart.main_pid, 42);
    /* As much as XML-RPC's int can say. */
    assert_int_equal(other.restart.milliseconds, INT_MAX);
    assert_int_equal(other.restart.failed_after_milliseconds, 40);
    assert_json(&other, "\"success\":true");
    assert_json(&other, "\"message\":\"it's \\\"done\\\"\\\\\\t&<\xc3\xa9>\"");
    assert_json(&other, "\"held_milliseconds\":11");
}

static void test_status_and_plain(_unused_ void **state)
{
    const struct wire_answer status = {
        .kind = WIRE_STATUS,
        .status = { .unit = "a@1.service",
                    .active_state = "active",
                    .since = 1700000000,
                    .enabled = "enabled" },
    };
    const struct wire_answer plain = { .kind = WIRE_PLAIN, .plain = { .message = "No." } };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&status), short_one = pass(&plain);

    assert_string_equal(other.status.unit, "a@1.service");
    assert_string_equal(other.status.load_state, "");
    assert_int_equal(other.status.since, 1700000000);
    assert_false(short_one.plain.success);
    assert_string_equal(short_one.plain.message, "No.");
}

static void test_list(_unused_ void **state)
{
    struct wire_instance instances[] = {
        { "a@1.service", "One\xc2\x9b\xe2\x80\xae", "loaded", "active", "running", .enabled = true,
          .verbs = VERB_RESTART | VERB_RELOAD, .can_reload = true },
        { "a@2.service", NULL, "loaded", "inactive", "dead", .verbs = 0 },
    };
    const struct wire_answer answer = {
        .kind = WIRE_LIST,
        .list = { .policy_ok = true, .instances = instances, .n_instances = 2 },
    };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&answer);

    assert_int_equal(other.list.n_instances, 2);
    assert_true(other.list.policy_ok && !other.list.truncated && !other.list.policy_in_force);
    assert_string_equal(other.list.policy_error, "");
    assert_string_equal(other.list.instances[0].unit, "a@1.service");
    assert_true(other.list.instances[0].enabled);
    assert_string_equal(other.list.instances[1].description, "");
    assert_int_equal(other.list.instances[0].verbs, VERB_RESTART | VERB_RELOAD);
    assert_true(other.list.instances[0].can_reload);
    assert_int_equal(other.list.instances[1].verbs, 0);
    assert_json(&other, "\"verbs\":\"restart reload\",\"can_reload\":true");
    assert_json(&other, "\"verbs\":\"\",\"can_reload\":false");
    /* In JSON, which may be printed, what is not printable is escaped. */
    assert_json(&other, "\"description\":\"One\\u009b\\u202e\"");
}

static void test_names(_unused_ void **state)
{
    const char *names[] = { "a", "b.c" };
    const struct wire_answer answer = { .kind = WIRE_NAMES, .names = { names, 2 } };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&answer);

    assert_int_equal(other.names.n, 2);
    assert_string_equal(other.names.items[1], "b.c");
    assert_json(&other, "[\"a\",\"b.c\"]");
}

static void test_changes(_unused_ void **state)
{
    const char *units[WIRE_CHANGED_MAX + 1];
    struct wire_answer answer = { .kind = WIRE_CHANGES,
                                  .changes = { .cursor = "c", .whole = true, .units = { units, 2 } } };
    xmlrpc_mem_block *block;

    for (size_t i = 0; i <= WIRE_CHANGED_MAX; i++)
        units[i] = i == 0 ? "a@1.service" : "b.service";
    for (size_t n = 0; n <= WIRE_CHANGED_MAX + 1; n += n == 2 ? WIRE_CHANGED_MAX - 2 : 1) {
        struct wire_answer back = { 0 };
        int r;

        answer.changes.units.n = n;
        block = wire_answer_encode(&answer);
        r = wire_answer_parse(WIRE_CHANGES, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                              XMLRPC_MEMBLOCK_SIZE(char, block), &back);
        rpc_block_free(block);
        assert_int_equal(r, n > WIRE_CHANGED_MAX ? WIRE_E_SENSELESS : 0);
        if (r != 0)
            continue;
        assert_string_equal(back.changes.cursor, "c");
        assert_true(back.changes.whole);
        assert_int_equal(back.changes.units.n, n);
        if (n > 1)
            assert_string_equal(back.changes.units.items[n - 1], "b.service");
        wire_answer_done(&back);
    }
}

static void test_fault(_unused_ void **state)
{
    const struct wire_answer answer = { .kind = WIRE_FAULT, .fault = { 6, "The rule says <no>.\x1b" } };
    _cleanup_(wire_answer_done) struct wire_answer other = pass(&answer);

    assert_int_equal(other.fault.code, 6);
    assert_string_equal(other.fault.message, "The rule says <no>.?");
}

static void test_refusal_in_json(_unused_ void **state)
{
    struct wire_answer answer = {
        .kind = WIRE_REFUSAL,
        .refusal = { .message = "No.", .code = 5, .refusal = "start-limit", .lock = "start limit" },
    };
    _cleanup_(freep) char *json = wire_answer_to_json(&answer, JSON_SHORT);

    assert_null(strstr(json, "retry_after"));
    answer.refusal.retry_after = 7;
    assert_json(&answer, "\"retry_after\":7");
    assert_json(&answer, "\"success\":false");
}

/* What there must be, and nothing else. */
#define INSTANCE                                                                                             \
    STRUCT(STRING("unit", "u") STRING("description", "d") STRING("load_state", "l")                          \
               STRING("active_state", "a") STRING("sub_state", "s"))
#define LIST(items)                                                                                          \
    BOOL("policy_ok", "1")                                                                                   \
    STRING("policy_error", "") MEMBER("instances", "<array><data>" items "</data></array>")

#define VERBS(value)                                                                                         \
    RESPONSE(STRUCT(LIST("<value>" STRUCT(STRING("unit", "u") STRING("description", "d") STRING(             \
        "load_state", "l") STRING("active_state", "a") STRING("sub_state", "s") value) "</value>")))

/* What nobody said is restart; what is not known here is left out; what are no words makes no sense. */
static void test_verbs_of_an_instance(_unused_ void **state)
{
    static const struct {
        const char *xml;
        unsigned verbs;
        int outcome;
    } CASES[] = {
        { RESPONSE(STRUCT(LIST("<value>" INSTANCE "</value>"))), VERB_RESTART, 0 },
        { VERBS(STRING("verbs", "")), 0, 0 },
        { VERBS(STRING("verbs", "reload restart")), VERB_RESTART | VERB_RELOAD, 0 },
        { VERBS(STRING("verbs", "start  try-restart xrestart")), VERB_TRY_RESTART, 0 },
        { VERBS(INT("verbs", "1")), 0, WIRE_E_SENSELESS },
        { VERBS(MEMBER("verbs", "<array><data></data></array>")), 0, WIRE_E_SENSELESS },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };

        assert_int_equal(wire_answer_parse(WIRE_LIST, CASES[i].xml, strlen(CASES[i].xml), &answer),
                         CASES[i].outcome);
        if (CASES[i].outcome == 0)
            assert_int_equal(answer.list.instances[0].verbs, CASES[i].verbs);
    }
}

#define NINE(x) x x x x x x x x x

static void test_least(_unused_ void **state)
{
    static const struct {
        enum wire_kind kind;
        const char *xml;
    } CASES[] = {
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m"))) },
        { WIRE_RESTART, RESPONSE(STRUCT(BOOL("success", "0") STRING("message", "m"))) },
        { WIRE_RESTART, RESPONSE(STRUCT(BOOL("success", "0") STRING("message", "m") INT("new", "7")
                                            MEMBER("newer", "<array><data></data></array>"))) },
        { WIRE_STATUS, RESPONSE(STRUCT(STRING("unit", "u") STRING("load_state", "l")
                                           STRING("active_state", "a") STRING("sub_state", "s"))) },
        { WIRE_LIST, RESPONSE(STRUCT(LIST("<value>" INSTANCE "</value>"))) },
        { WIRE_LIST, RESPONSE(STRUCT(LIST(""))) },
        { WIRE_NAMES, RESPONSE("<array><data></data></array>") },
        { WIRE_TEXT, RESPONSE("<string>1.a.b</string>") },
        { WIRE_DONE, RESPONSE("<boolean>1</boolean>") },
        { WIRE_SIGNATURES, RESPONSE("<array><data></data></array>") },
        { WIRE_SIGNATURES,
          RESPONSE("<array><data><value><array><data></data></array></value></data></array>") },
        { WIRE_CAPABILITIES, RESPONSE(STRUCT("")) },
        { WIRE_CAPABILITIES, RESPONSE(STRUCT(INT("xmlrpc", "1") INT("other", "1"))) },
        { WIRE_NAMES, "<methodResponse><fault><value>" STRUCT(INT("faultCode", "-32603") STRING(
                          "faultString", "&#155;2J")) "</value></fault></methodResponse>" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_answer answer = { 0 };
        _cleanup_(freep) char *json = NULL;
        xmlrpc_mem_block *block;

        if (parse(CASES[i].kind, CASES[i].xml, &answer) != 0)
            fail_msg("%s", CASES[i].xml);
        block = wire_answer_encode(&answer);
        assert_non_null(block);
        rpc_block_free(block);
        if (answer.kind == WIRE_RESTART)
            assert_string_equal(answer.restart.verdict, "");
        wire_answer_done(&answer);
    }
}

static void test_senseless(_unused_ void **state)
{
    static const struct {
        enum wire_kind kind;
        const char *xml;
    } CASES[] = {
        { WIRE_PLAIN, "" },
        { WIRE_PLAIN, "junk" },
        { WIRE_PLAIN, "<methodResponse></methodResponse>" },
        { WIRE_PLAIN, RESPONSE("<int>1</int>") },
        { WIRE_PLAIN, RESPONSE("true") },
        { WIRE_PLAIN, RESPONSE(STRUCT("")) },
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(INT("success", "1") STRING("message", "m"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(STRING("success", "1") STRING("message", "m"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1") INT("message", "1"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "a&#0;b"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "a&#27;b"))) },
        { WIRE_PLAIN, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "a&#127;b"))) },
        { WIRE_RESTART, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m") INT("unit", "1"))) },
        { WIRE_RESTART, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m") INT("main_pid", "-1"))) },
        { WIRE_RESTART,
          RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m") STRING("main_pid", "1"))) },
        { WIRE_RESTART, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m") INT("repeated", "1"))) },
        { WIRE_STATUS, RESPONSE(STRUCT(BOOL("success", "1") STRING("message", "m"))) },
        { WIRE_LIST, RESPONSE("<array><data></data></array>") },
        { WIRE_LIST, RESPONSE(STRUCT(BOOL("policy_ok", "1") STRING("policy_error", ""))) },
        { WIRE_LIST,
          RESPONSE(STRUCT(BOOL("policy_ok", "1") STRING("policy_error", "") STRING("instances", ""))) },
        { WIRE_LIST, RESPONSE(STRUCT(LIST("<value>1</value>"))) },
        { WIRE_LIST, RESPONSE(STRUCT(LIST("<value>" INSTANCE "</value><value>" STRUCT("") "</value>"))) },
        { WIRE_NAMES, RESPONSE("<string>a</string>") },
        { WIRE_TEXT, RESPONSE("<int>1</int>") },
        { WIRE_TEXT, RESPONSE("a&#27;b") },
        { WIRE_TEXT, RESPONSE(STRUCT("")) },
        { WIRE_DONE, RESPONSE("<boolean>0</boolean>") },
        { WIRE_DONE, RESPONSE("<int>1</int>") },
        { WIRE_DONE, RESPONSE("true") },
        { WIRE_SIGNATURES, RESPONSE("a") },
        { WIRE_SIGNATURES, RESPONSE("<array><data><value>a</value></data></array>") },
        { WIRE_SIGNATURES,
          RESPONSE("<array><data>" NINE("<value><array><data></data></array></value>") "</data></array>") },
        { WIRE_SIGNATURES, RESPONSE("<array><data><value><array><data>" NINE(
                               "<value>a</value>") "</data></array></value></data></array>") },
        { WIRE_SIGNATURES,
          RESPONSE(
              "<array><data><value><array><data><value>a</value></data></array></value>"
              "<value><array><data><value>a</value><value><int>1</int></value></data></array></value></data></array>") },
        { WIRE_CAPABILITIES, RESPONSE("a") },
        { WIRE_CAPABILITIES, RESPONSE("<array><data></data></array>") },
        { WIRE_NAMES, RESPONSE(STRUCT("")) },
        { WIRE_NAMES, RESPONSE("<array><data><value>a</value><value><int>1</int></value></data></array>") },
        { WIRE_PLAIN, "<methodResponse><fault><value><int>1</int></value></fault></methodResponse>" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_answer answer = { 0 };

        if (parse(CASES[i].kind, CASES[i].xml, &answer) != WIRE_E_SENSELESS)
            fail_msg("%zu: %s", i, CASES[i].xml);
        assert_int_equal(answer.kind, WIRE_NONE);
    }
}

/* More than anybody sends is bounded, and said to be. */
static void test_bounds(_unused_ void **state)
{
    static struct wire_instance instances[WIRE_INSTANCES_MAX + 1];
    static char text[2 * RPC_STRING_MAX];
    struct wire_answer list = { .kind = WIRE_LIST,
                                .list = { .instances = instances, .n_instances = WIRE_INSTANCES_MAX + 1 } };
    struct wire_answer plain = { .kind = WIRE_PLAIN, .plain = { .message = text } };

    _cleanup_(wire_answer_done) struct wire_answer other = pass(&list);
    _cleanup_(wire_answer_done) struct wire_answer cut = { 0 };

    assert_int_equal(other.list.n_instances, WIRE_INSTANCES_MAX);
    assert_true(other.list.truncated);
    memset(text, 'x', sizeof(text) - 1);
    cut = pass(&plain);
    assert_int_equal(strlen(cut.plain.message), RPC_STRING_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_status_and_plain),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_fault),
        cmocka_unit_test(test_refusal_in_json),
        cmocka_unit_test(test_verbs_of_an_instance),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_senseless),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
