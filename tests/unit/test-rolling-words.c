/* What is said of a rolling restart: how far it is, and a command that goes on, which a shell reads as it was
 * typed. */
#include "cli/rolling/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void plan_of(int n, struct rolling_plan *ret)
{
    char name[32];

    *ret = (struct rolling_plan){ .verb = VERB_RESTART };
    for (int i = 0; i < n; i++) {
        (void)snprintf(name, sizeof(name), "a@%d.service", i);
        assert_int_equal(rolling_plan_add(ret, name), 0);
    }
}

static void test_line(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;
    struct rolling_moment moment = { .seconds = 4 };
    char line[120];

    plan_of(12, &plan);
    plan.at = 2;
    assert_string_equal(rolling_line(&plan, &moment, line, sizeof(line)),
                        "3 of 12: a@2.service is being restarted, 4 s");
    plan.is_asked_to_stop = true;
    assert_string_equal(rolling_line(&plan, &moment, line, sizeof(line)),
                        "3 of 12: a@2.service is being restarted, 4 s; then it stops");
    moment.is_pause = true;
    plan.verb = VERB_RELOAD;
    assert_string_equal(rolling_line(&plan, &moment, line, sizeof(line)),
                        "3 of 12: a@2.service came back, and is watched for 4 s more; then it stops");
    moment.seconds = 0;
    plan.is_asked_to_stop = false;
    assert_string_equal(rolling_line(&plan, &moment, line, sizeof(line)),
                        "3 of 12: a@2.service came back, and is looked at");
    for (size_t size = 1; size < sizeof(line); size++)
        assert_true(strlen(rolling_line(&plan, &moment, line, size)) < size);
}

static void test_sum(_unused_ void **state)
{
    static const struct {
        enum rolling_phase last;
        const char *sum;
    } ROWS[] = {
        { ROLLING_DONE, "3 of 3 are restarted and well." },
        { ROLLING_FAILED, "2 of 3 are restarted and well, 1 did not come back." },
        { ROLLING_REFUSED, "2 of 3 are restarted and well, 1 refused." },
        { ROLLING_LEFT, "2 of 3 are restarted and well, 1 left out." },
        { ROLLING_UNDER_WAY, "2 of 3 are restarted and well, 1 unknown." },
        { ROLLING_PAUSING, "2 of 3 are restarted and well, 1 not seen well." },
        { ROLLING_WAITING, "2 of 3 are restarted and well, 1 not begun." },
    };

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
        _cleanup_(rolling_plan_done) struct rolling_plan plan;
        _cleanup_(freep) char *sum = NULL;

        plan_of(3, &plan);
        plan.units[0].phase = plan.units[1].phase = ROLLING_DONE;
        plan.units[2].phase = ROWS[i].last;
        sum = rolling_sum(&plan);
        assert_string_equal(sum, ROWS[i].sum);
    }
}

/* What a shell makes of it is what was typed. */
static void test_command(_unused_ void **state)
{
    static const char *const WORDS[] = { "1234", "web@*", "it's", "$(reboot)", "a b",
                                         "~",    "#x",    "a;b",  "--",        "" };
    _cleanup_(rolling_plan_done) struct rolling_plan plan = { .verb = VERB_RESTART };
    _cleanup_(freep) char *command = NULL;

    for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++)
        assert_int_equal(texts_take(&plan.words, strdup(WORDS[i])), 0);
    plan.pause_sec = ROLLING_PAUSE_SEC;
    command = rolling_command(&plan, "", "--resume");
    assert_string_equal(command,
                        "restartctl restart --rolling --resume 1234 'web@*' 'it'\\''s' '$(reboot)' 'a b' '~' "
                        "'#x' 'a;b' -- ''");
}

static void test_command_elsewhere(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan = { .verb = VERB_RELOAD,
                                                              .max_failures = 2,
                                                              .pause_sec = 30 };
    _cleanup_(freep) char *far = NULL, *socket = NULL;

    assert_int_equal(texts_take(&plan.words, strdup("a")), 0);
    far = rolling_command(&plan, "root@web1", "");
    assert_string_equal(far, "restartctl --host root@web1 reload --rolling --max-failures=2 --pause=30 a");
    socket = rolling_command(&plan, "/run/my socket", "");
    assert_string_equal(
        socket, "restartctl --socket '/run/my socket' reload --rolling --max-failures=2 --pause=30 a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_command),
        cmocka_unit_test(test_command_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
