/* What somebody gives as a reason: bounded, on one line, fit to be shown, and in one entry with nothing
 * beside it; and who has to give one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/reason.h"
#include "common/rpc/wire-call.h"
#include "policy/policy.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"
#include "webfront/requests/form.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static void test_cleaned(_unused_ void **state)
{
    static const struct {
        const char *sent, *kept;
    } CASES[] = {
        { "", "" },
        { " \t\n ", "" },
        { " deploy of 1.2 ", "deploy of 1.2" },
        { "a\nMESSAGE_ID=5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d01", "a MESSAGE_ID=5e1c7c8a3d5c4c0f9a3f0b6f4a0f1d01" },
        { "a\r\nb", "a? b" },
        { "\x1b[2Jx\x7f", "?[2Jx?" },
        { "\xe2\x80\xae"
          "dlog",
          "?dlog" }, /* written backwards */
        { "a\xe2\x80\x8b"
          "b",
          "a?b" },            /* cannot be seen */
        { "\xc2\x85", "?" },  /* a control character in two bytes */
        { "\xff\xc3", "??" }, /* no UTF-8 */
        { "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x94\xa5", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x94\xa5" },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        char reason[REASON_SIZE] = "x";

        assert_int_equal(reason_clean(CASES[i].sent, reason), 0);
        assert_string_equal(reason, CASES[i].kept);
    }
}

/* By bytes, and of what is left once it is cleaned. */
static void test_bounded(_unused_ void **state)
{
    char text[8 * REASON_MAX], reason[REASON_SIZE];

    for (size_t length = 0; length < sizeof(text); length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        assert_int_equal(reason_clean(text, reason), length <= REASON_MAX ? 0 : REASON_E_TOO_LONG);
        assert_int_equal(strlen(reason), length <= REASON_MAX ? length : 0);
    }
    memset(text, ' ', sizeof(text));
    memcpy(text + sizeof(text) - 2, "x", 2);
    assert_int_equal(reason_clean(text, reason), 0);
    assert_string_equal(reason, "x");
    for (size_t i = 0; i < REASON_MAX; i += 2)
        (void)memcpy(text + i, "\xc3\xa4", 3);
    assert_int_equal(reason_clean(text, reason), 0);
    (void)strcat(text, "x");
    assert_int_equal(reason_clean(text, reason), REASON_E_TOO_LONG);
}

/* What the caller may do of each grant, and for which of it a reason is wanted; the first grant decides. */
static void test_wanted(_unused_ void **state)
{
    static const struct {
        const char *policy;
        unsigned may, with_reason;
    } CASES[] = {
        { "[Grant]\nUnit=a.service\nVerbs=restart\n", VERB_RESTART, 0 },
        { "[Grant]\nUnit=a.service\nVerbs=restart\nReason=optional\n", VERB_RESTART, 0 },
        { "[Grant]\nUnit=a.service\nVerbs=restart\nReason=required\n", VERB_RESTART, VERB_RESTART },
        { "[Grant]\nUnit=a.service\nVerbs=reload\n[Grant]\nUnit=a.service\nVerbs=restart\nReason=required\n",
          VERB_RESTART | VERB_RELOAD, VERB_RESTART },
        { "[Grant]\nUnit=a.service\nVerbs=restart\nUsers=anna\n"
          "[Grant]\nUnit=a.service\nVerbs=restart\nReason=required\n",
          VERB_RESTART, 0 },
        { "[Grant]\nUnit=a.service\nVerbs=restart\nUsers=bob\n"
          "[Grant]\nUnit=a.service\nVerbs=restart\nReason=required\n",
          VERB_RESTART, VERB_RESTART },
    };
    struct person anna = { 0 };
    struct unit_name name;

    assert_int_equal(person_set(&anna, "anna", PERSON_UID), 0);
    assert_int_equal(unit_name_parse("a.service", &name), 0);
    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].policy);

        assert_int_equal(policy_verbs(policy, &anna, &name), CASES[i].may);
        assert_int_equal(policy_verbs_with_reason(policy, &anna, &name), CASES[i].with_reason);
    }
}

/* --- on the wire --- */

/* As a call has it, whoever made it; and as it goes on from there. */
static void test_wire(_unused_ void **state)
{
    static const struct {
        const char *sent, *kept;
        int fault;
    } CASES[] = {
        { "<string>deploy</string>", "deploy", 0 },
        { "deploy", "deploy", 0 },
        { "", "", 0 },
        { "  &#10; ", "", 0 },
        { "a&#10;RESTARTER_USER=root", "a RESTARTER_USER=root", 0 },
        { "&#228;&#8238;", "\xc3\xa4?", 0 },
        { "<int>1</int>", NULL, RPC_FAULT_PARAMS },
        { "<boolean>1</boolean>", NULL, RPC_FAULT_PARAMS },
        { "<struct></struct>", NULL, RPC_FAULT_PARAMS },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(wire_call_done) struct wire_call call = { 0 }, again = { 0 };
        char xml[1024], why[WIRE_REASON_SIZE];
        xmlrpc_mem_block *block;

        (void)snprintf(
            xml, sizeof(xml),
            "<methodCall><methodName>restarter.restart</methodName><params><param><value>1</value></param>"
            "<param><value><struct><member><name>reason</name><value>%s</value></member></struct></value>"
            "</param></params></methodCall>",
            CASES[i].sent);
        assert_int_equal(wire_call_parse(xml, strlen(xml), &call, why), CASES[i].fault);
        if (CASES[i].fault)
            continue;
        assert_string_equal(call.reason, CASES[i].kept);
        block = wire_call_encode(&call);
        assert_non_null(block);
        assert_int_equal(wire_call_parse(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                         XMLRPC_MEMBLOCK_SIZE(char, block), &again, why),
                         0);
        assert_string_equal(again.reason, CASES[i].kept);
        rpc_block_free(block);
    }
}

static void test_form(_unused_ void **state)
{
    static const struct {
        const char *body, *kept;
        int outcome;
    } CASES[] = {
        { "service_id=1&reason=new+disk", "new disk", 0 },
        { "service_id=1&reason=", "", 0 },
        { "service_id=1&reason=%20%0a", "", 0 },
        { "service_id=1&reason=%C3%A4%0AMESSAGE=x", "\xc3\xa4 MESSAGE=x", 0 },
        { "service_id=1&reason=%e2%80%aex", "?x", 0 },
        { "service_id=1&reason=%00", NULL, FORM_E_ENCODING },
        { "service_id=1&reason=a&reason=b", NULL, FORM_E_DUPLICATE },
        { "reason=a", NULL, FORM_E_MISSING },
    };
    char body[FORM_BODY_MAX], text[2 * REASON_SIZE];
    struct form form;

    for (size_t i = 0; i < N(CASES); i++) {
        assert_int_equal(form_read(CASES[i].body, strlen(CASES[i].body), &form), CASES[i].outcome);
        if (CASES[i].outcome == 0)
            assert_string_equal(form.reason, CASES[i].kept);
    }
    memset(text, 'x', REASON_MAX + 1);
    text[REASON_MAX + 1] = '\0';
    (void)snprintf(body, sizeof(body), "service_id=1&reason=%s", text);
    assert_int_equal(form_read(body, strlen(body), &form), FORM_E_REASON);
    assert_int_equal(form_read(body, strlen(body) - 1, &form), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cleaned), cmocka_unit_test(test_bounded), cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_wire),    cmocka_unit_test(test_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
