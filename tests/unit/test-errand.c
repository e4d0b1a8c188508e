/* What the broker asks the journal for: as text, there and back; and no other text is one. */
#include "common/record/errand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/record/line.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

static void assert_there_and_back(const struct errand *errand)
{
    _cleanup_(errand_done) struct errand again = { .kind = ERRAND_LINES };
    char text[ERRAND_SIZE];

    assert_int_equal(errand_write(errand, text), 0);
    assert_int_equal(errand_parse(text, &again), 0);
    assert_int_equal(again.kind, errand->kind);
    assert_string_equal(again.unit, errand->unit);
    assert_string_equal(again.person.name, errand->person.name);
    assert_int_equal(again.person.is_root, errand->person.is_root);
    assert_int_equal(person_is_known(&again.person), person_is_known(&errand->person));
    assert_int_equal(again.person.n_groups, errand->person.n_groups);
    for (size_t i = 0; i < again.person.n_groups; i++)
        assert_string_equal(again.person.groups[i], errand->person.groups[i]);
    assert_int_equal(again.since_usec, errand->since_usec);
    assert_int_equal(again.until_usec, errand->until_usec);
    assert_int_equal(again.newest_usec, errand->newest_usec);
}

static void test_there_and_back(_unused_ void **state)
{
    _cleanup_(person_done) struct person anna = { 0 };
    struct errand errands[] = {
        { .kind = ERRAND_LINES, .unit = "nginx.service" },
        { .kind = ERRAND_HISTORY, .unit = "a@1.service" },
        { .kind = ERRAND_HISTORY, .unit = "a@1.service", .newest_usec = 1764000000000000 },
        { .kind = ERRAND_DAY, .since_usec = 1, .until_usec = 1764000000000000 },
    };

    assert_int_equal(person_set(&anna, "anna", PERSON_PASSWORD), 0);
    assert_int_equal(person_add_group(&anna, "ops"), 0);
    assert_int_equal(person_add_group(&anna, "web.team"), 0);
    for (size_t i = 0; i < N(errands); i++) {
        assert_there_and_back(&errands[i]);
        errands[i].person.is_root = true;
        assert_there_and_back(&errands[i]);
        errands[i].person = anna;
        assert_there_and_back(&errands[i]);
    }
    assert_there_and_back(&(struct errand){ .kind = ERRAND_LATEST });
}

/* The most that there can be of everything. */
static void test_longest_fits(_unused_ void **state)
{
    struct errand errand = { .kind = ERRAND_LINES };
    char name[PERSON_NAME_SIZE] = "";

    memset(name, 'u', PERSON_NAME_MAX);
    assert_int_equal(person_set(&errand.person, name, PERSON_UID), 0);
    for (unsigned i = 0; i < PERSON_GROUPS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "%062d%02u", 0, i);
        assert_int_equal(person_add_group(&errand.person, name), 0);
    }
    memset(errand.unit, 'n', UNIT_NAME_SIZE - 1 - strlen(".service"));
    (void)strcat(errand.unit, ".service");
    assert_there_and_back(&errand);
    errand_done(&errand);
}

static void test_no_errands(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        "lines",
        "lines\n",
        "line\nunit=a.service\n",
        "Lines\nunit=a.service\n",
        "decisions\n",
        "lines\nunit=a.service",
        "lines\n\nunit=a.service\n",
        "lines\nunit=a.service\n\n",
        "lines\nunit=a.service\nunit=a.service\n",
        "lines\nunit=\n",
        "lines\nunit=../x\n",
        "lines\nunit=a@.service\n",
        "lines\nunit=a.socket\n",
        "lines\nunit=a.service\nuser=anna\n",
        "lines\nunit=a.service\nperson=\n",
        "lines\nunit=a.service\nperson=a b\n",
        "lines\nunit=a.service\nperson=anna\nperson=bob\n",
        "lines\nunit=a.service\nroot=no\n",
        "lines\nunit=a.service\nroot=yes\nroot=yes\n",
        "lines\nunit=a.service\ngroup=ops\n",
        "lines\nunit=a.service\nperson=anna\ngroup=o ps\n",
        "lines\nunit=a.service\nperson=anna\ngroup=ops\ngroup=ops\n",
        "lines\nunit=a.service\nsince=1\n",
        "history\nsince=1\nuntil=2\n",
        "history\nunit=a.service\nnewest=0\n",
        "history\nunit=a.service\nnewest=1\nnewest=1\n",
        "lines\nunit=a.service\nnewest=1\n",
        "day\nsince=1\nuntil=2\nnewest=1\n",
        "latest\nnewest=1\n",
        "day\n",
        "day\nsince=1\n",
        "day\nsince=2\nuntil=1\n",
        "day\nsince=0\nuntil=1\n",
        "day\nsince=1\nuntil=-1\n",
        "day\nsince=1\nuntil=99999999999999999999\n",
        "day\nsince=1\nuntil=2\nunit=a.service\n",
        "latest\nperson=anna\n",
        "latest\nunit=a.service\n",
        "latest\nx",
    };

    for (size_t i = 0; i < N(TEXTS); i++) {
        struct errand errand = { .kind = ERRAND_LINES };

        if (errand_parse(TEXTS[i], &errand) != ERRAND_E_MALFORMED)
            fail_msg("taken for an errand: %s", TEXTS[i]);
    }
}

static void test_line_of_a_unit(_unused_ void **state)
{
    const struct record_line line = {
        .kind = RECORD_TEXT,
        .text = { .text = "{\"time\": \"x\"} \xc3\xa4", .at_usec = "1795341600000001", .priority = 3 }
    };
    _cleanup_(freep) char *text = record_line_write(&line);
    _cleanup_(record_line_done) struct record_line again = { .kind = RECORD_NONE };

    assert_true(record_line_parse(text, &again));
    assert_int_equal(again.kind, RECORD_TEXT);
    assert_string_equal(again.text.text, line.text.text);
    assert_string_equal(again.text.at_usec, line.text.at_usec);
    assert_int_equal(again.text.priority, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_longest_fits),
        cmocka_unit_test(test_no_errands),
        cmocka_unit_test(test_line_of_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
