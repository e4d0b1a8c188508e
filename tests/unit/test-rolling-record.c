/* How far a rolling restart is, as text: read back it is the same, and a text that was cut or changed is
 * nothing at all, never another plan. */
#include "cli/rolling/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"
#define INVOCATION "0123456789abcdef0123456789abcdef"
#define HEAD "restarter-rolling 1\nverb restart\nplace \nword a@*\n"
#define WHOLE HEAD "unit done - a@1.service\nunit waiting - a@2.service\nend\n"

static int read_text(const char *text, struct rolling_record *ret)
{
    return rolling_record_read(text, strlen(text), ret);
}

static void whole_plan(struct rolling_plan *ret)
{
    static const char *const UNITS[] = { "a@1.service", "a@2.service", "a@3.service", "b.service",
                                         "c.service" };
    static const enum rolling_phase PHASES[] = { ROLLING_DONE, ROLLING_FAILED, ROLLING_LEFT, ROLLING_REFUSED,
                                                 ROLLING_WAITING };

    *ret = (struct rolling_plan){ .verb = VERB_RELOAD_OR_RESTART };
    assert_int_equal(texts_take(&ret->words, strdup("a@*")), 0);
    assert_int_equal(texts_take(&ret->words, strdup("it's odd")), 0);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rolling_plan_add(ret, UNITS[i]), 0);
        ret->units[i].phase = PHASES[i];
    }
}

static void is_same(const struct rolling_plan *plan, const char *place)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    _cleanup_(freep) char *text = rolling_record_write(plan, place), *again = NULL;

    assert_non_null(text);
    assert_int_equal(read_text(text, &record), 0);
    assert_string_equal(record.place, place);
    assert_int_equal(record.plan.verb, plan->verb);
    assert_int_equal(record.plan.words.n, plan->words.n);
    assert_int_equal(record.plan.n, plan->n);
    again = rolling_record_write(&record.plan, record.place);
    assert_string_equal(again, text);
}

/* In each phase that a plan may be found in. */
static void test_read_back(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    whole_plan(&plan);
    is_same(&plan, "");
    is_same(&plan, "root@web1");
    plan.units[4].phase = ROLLING_UNDER_WAY;
    (void)snprintf(plan.units[4].press, sizeof(plan.units[4].press), PRESS);
    is_same(&plan, "");
    plan.units[4].phase = ROLLING_PAUSING;
    is_same(&plan, "");
    (void)snprintf(plan.units[4].invocation, sizeof(plan.units[4].invocation), INVOCATION);
    is_same(&plan, "");
}

static void test_largest(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan = { .verb = VERB_RESTART };
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    _cleanup_(freep) char *text = NULL;
    char name[256];

    for (int i = 0; i < ROLLING_WORDS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "%0*d", ROLLING_WORD_MAX, i);
        assert_int_equal(texts_take(&plan.words, strdup(name)), 0);
    }
    for (int i = 0; i < ROLLING_UNITS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "a@%0245d.service", i);
        assert_int_equal(rolling_plan_add(&plan, name), 0);
    }
    text = rolling_record_write(&plan, "");
    assert_true(strlen(text) <= ROLLING_RECORD_MAX);
    assert_int_equal(read_text(text, &record), 0);
    assert_int_equal(record.plan.n, ROLLING_UNITS_MAX);
}

/* Whatever is cut off, and whichever byte is another one: it is no plan, or one that differs in a word alone,
 * never one with a unit that is not in the first. */
static void test_cut_and_changed(_unused_ void **state)
{
    const size_t size = strlen(WHOLE);

    for (size_t n = 0; n < size; n++) {
        struct rolling_record record;
        char text[sizeof(WHOLE)] = WHOLE;

        text[n] = '\0';
        assert_int_equal(read_text(text, &record), ROLLING_E_SPOILT);
    }
    for (size_t n = 0; n < size; n++) {
        struct rolling_record record;
        char text[sizeof(WHOLE)] = WHOLE;

        text[n] = '\0';
        assert_int_equal(rolling_record_read(text, size, &record), ROLLING_E_SPOILT);
    }
}

static void test_spoilt(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        "\n",
        "end\n",
        "\x7f"
        "ELF",
        "restarter-rolling 1\nend\n",
        WHOLE "\n",
        WHOLE WHOLE,
        HEAD "end\n",
        HEAD "unit done - a@1.service\n",
        HEAD "unit done - a@1.service\nend",
        HEAD "unit done - a@1.service\nunit done - a@1.service\nend\n",
        HEAD "unit done a@1.service\nend\n",
        HEAD "unit done  a@1.service\nend\n",
        HEAD "unit done - a@1.service \nend\n",
        HEAD "unit done - a@.service\nend\n",
        HEAD "unit done - ../../etc\nend\n",
        HEAD "unit done - \nend\n",
        HEAD "unit done -\nend\n",
        HEAD "unit\nend\n",
        HEAD "unit gone - a@1.service\nend\n",
        HEAD "unit done " PRESS " a@1.service\nend\n",
        HEAD "unit waiting " INVOCATION " a@1.service\nend\n",
        HEAD "unit under-way - a@1.service\nend\n",
        HEAD "unit under-way a@1.service\nend\n",
        HEAD "unit under-way short a@1.service\nend\n",
        HEAD "unit pausing " PRESS " a@1.service\nend\n",
        HEAD "unit pausing - a@1.service\nunit under-way " PRESS " a@2.service\nend\n",
        HEAD "unit under-way " PRESS " a@1.service\nunit under-way " PRESS " a@2.service\nend\n",
        HEAD "verb restart\nunit done - a@1.service\nend\n",
        HEAD "place \nunit done - a@1.service\nend\n",
        HEAD "word \nunit done - a@1.service\nend\n",
        HEAD "word \x1b[2J\nunit done - a@1.service\nend\n",
        HEAD "more\nunit done - a@1.service\nend\n",
        "restarter-rolling 1\nverb start\nplace \nword a\nunit done - a@1.service\nend\n",
        "restarter-rolling 1\nplace \nword a\nunit done - a@1.service\nend\n",
        "restarter-rolling 1\nverb restart\nword a\nunit done - a@1.service\nend\n",
        "restarter-rolling 1\nverb restart\nplace \nunit done - a@1.service\nend\n",
        "restarter-rolling\nverb restart\nplace \nword a\nunit done - a@1.service\nend\n",
    };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        struct rolling_record record;

        if (read_text(TEXTS[i], &record) != ROLLING_E_SPOILT)
            fail_msg("%zu: %s", i, TEXTS[i]);
    }
}

static void test_other_version(_unused_ void **state)
{
    static const char *const TEXTS[] = { "restarter-rolling 0\n", "restarter-rolling 2\nwhatever\n",
                                         "restarter-rolling 11\n" };

    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(*TEXTS); i++) {
        struct rolling_record record;

        assert_int_equal(read_text(TEXTS[i], &record), ROLLING_E_VERSION);
    }
}

static void test_more_than_there_may_be(_unused_ void **state)
{
    _cleanup_(freep) char *text = malloc(ROLLING_RECORD_MAX + 2);
    struct rolling_record record;

    memset(text, 'x', ROLLING_RECORD_MAX + 1);
    text[ROLLING_RECORD_MAX + 1] = '\0';
    assert_int_equal(read_text(text, &record), ROLLING_E_SPOILT);
    text[ROLLING_RECORD_MAX] = '\0';
    assert_int_equal(read_text(text, &record), ROLLING_E_SPOILT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_back),       cmocka_unit_test(test_largest),
        cmocka_unit_test(test_cut_and_changed), cmocka_unit_test(test_spoilt),
        cmocka_unit_test(test_other_version),   cmocka_unit_test(test_more_than_there_may_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
