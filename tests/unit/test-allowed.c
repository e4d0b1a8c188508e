/* What may I do: each grant as it is for somebody, and that answer over the wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rpc/wire.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static const char *const PEOPLE[] = { "", "root", "anna", "a.b", "a-b" };

static struct person person_from(const char *name)
{
    struct person person = { .is_root = strcmp(name, "root") == 0 };

    if (*name)
        assert_int_equal(person_set(&person, name, PERSON_UID), 0);
    return person;
}

/* A column for each of PEOPLE; NULL: nothing of it is his. */
static void test_instances(_unused_ void **state)
{
    static const struct {
        const char *grant;
        const char *for_each[N(PEOPLE)];
    } CASES[] = {
        { "Unit=n.service\n", { "", "", "", "", "" } },
        { "Unit=n.service\nUsers=anna\n", { NULL, "", "", NULL, NULL } },
        { "Unit=n.service\nUsers=*\n", { NULL, "", "", "", "" } },
        { "Unit=t@.service\nInstances=a|b   c\n", { "a|b c", "a|b c", "a|b c", "a|b c", "a|b c" } },
        { "Unit=t@.service\nInstances=%u\n", { NULL, "%u", "anna", "a[.]b", NULL } },
        { "Unit=t@.service\nInstances=x-%u-[0-9] y\n",
          { "y", "x-%u-[0-9] y", "x-anna-[0-9] y", "x-a[.]b-[0-9] y", "y" } },
        { "Unit=t@.service\nInstances=%u %ux\nUsers=anna\n", { NULL, "%u %ux", "anna annax", NULL, NULL } },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        char text[256];
        _cleanup_(policy_freep) struct policy *policy = NULL;

        (void)snprintf(text, sizeof(text), "[Grant]\nVerbs=restart\n%s", CASES[i].grant);
        policy = policy_from(text);
        for (size_t j = 0; j < N(PEOPLE); j++) {
            struct person person = person_from(PEOPLE[j]);
            _cleanup_(freep) char *said = grant_instances_for(&policy->grants[0], &person);

            if (!said != !CASES[i].for_each[j] || (said && strcmp(said, CASES[i].for_each[j]) != 0))
                fail_msg("'%s': %s, of\n%s", PEOPLE[j], said ? said : "nothing", text);
        }
    }
}

static void test_wire(_unused_ void **state)
{
    struct wire_grant grants[] = { { "t@.service", "a|b c", "", VERB_RESTART | VERB_RELOAD, true, false },
                                   { "n.service", "", "required", VERB_RESTART, false, true } };
    const struct wire_answer answer = {
        .kind = WIRE_ALLOWED,
        .allowed = { .user = "anna", .admin = true, .grants = grants, .n_grants = N(grants) },
    };
    _cleanup_(wire_answer_done) struct wire_answer other = { 0 };
    xmlrpc_mem_block *block = wire_answer_encode(&answer);
    _cleanup_(freep) char *json = NULL;

    assert_non_null(block);
    assert_int_equal(wire_answer_parse(WIRE_ALLOWED, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), &other),
                     0);
    rpc_block_free(block);
    assert_string_equal(other.allowed.user, "anna");
    assert_true(other.allowed.admin);
    assert_int_equal(other.allowed.n_grants, 2);
    assert_string_equal(other.allowed.grants[0].instances, "a|b c");
    assert_int_equal(other.allowed.grants[0].verbs, VERB_RESTART | VERB_RELOAD);
    assert_string_equal(other.allowed.grants[0].reason, "");
    assert_string_equal(other.allowed.grants[1].reason, "required");
    assert_true(other.allowed.grants[0].confirm && !other.allowed.grants[0].logs);
    assert_true(!other.allowed.grants[1].confirm && other.allowed.grants[1].logs);
    json = wire_answer_to_json(&other, JSON_SHORT);
    assert_non_null(strstr(
        json, "\"allowed\":[{\"unit\":\"t@.service\",\"instances\":\"a|b c\",\"verbs\":\"restart reload\","
              "\"confirm\":true,\"logs\":false}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instances),
        cmocka_unit_test(test_wire),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
