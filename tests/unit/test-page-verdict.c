/* The few words on what became of a request, one for each verdict, and what the page adds to them. */
#include "webfront/pages/page-outcome.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "tests/unit/test.h"

static const struct verdict_case {
    const char *verdict;
    uint64_t settle_milliseconds, failed_after_milliseconds;
    int exec_main_status;
    bool success;
    const char *name, *words;
} CASES[] = {
    { "up", 0, 0, 0, true, "succeeded", "Restarted in 1.5 s" },
    { "up", 1000, 0, 0, true, "succeeded", "Restarted in 1.5 s, and still up" },
    { "watching", 0, 0, 0, true, "watching", "Restarted in 1.5 s, watching it\xe2\x80\xa6" },
    { "well-ended", 0, 0, 0, true, "succeeded", "Ran to its good end" },
    { "failed", 1000, 40, 7, false, "failed", "Came up and failed after 40 ms" },
    { "failed", 1000, 2040, 7, false, "failed", "Came up and failed after 2.0 s" },
    { "ended", 1000, 40, 0, false, "failed", "Came up and ended after 40 ms" },
    { "restarting", 1000, 40, 7, false, "failed", "Fails again and again" },
    { "down", 0, 0, 66, false, "failed", "The restart failed (exit status 66)" },
    { "down", 0, 0, 0, false, "failed", "The restart failed" },
    /* A broker that is older or newer than this. */
    { "", 0, 0, 0, true, "succeeded", "Restarted in 1.5 s" },
    { NULL, 0, 0, 0, true, "succeeded", "Restarted in 1.5 s" },
    { "odd", 0, 0, 0, false, "failed", "The restart failed" },
};

static struct outcome outcome_of(const struct verdict_case *c)
{
    return (struct outcome){
        .kind = c->success ? OUTCOME_SUCCEEDED : OUTCOME_FAILED,
        .status = 200,
        .message = "m",
        .answer = {
            .kind = WIRE_RESTART,
            .restart = {
                .success = c->success, .verdict = c->verdict, .milliseconds = 1500,
                .active_state = "active", .sub_state = "running",
                .settle_milliseconds = c->settle_milliseconds,
                .failed_after_milliseconds = c->failed_after_milliseconds,
                .exec_main_status = c->exec_main_status,
            },
        },
    };
}

static void test_words(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct outcome outcome = outcome_of(&CASES[i]);
        char words[PAGE_VERDICT_SIZE];

        page_verdict_words(&outcome, LANGUAGE_EN, words);
        assert_string_equal(words, CASES[i].words);
        assert_string_equal(page_verdict_name(&outcome), CASES[i].name);
    }
}

/* Beside what it usually takes, where that is known. */
static void test_under_way(_unused_ void **state)
{
    static const struct {
        const char *verb;
        uint64_t usual;
        enum language language;
        const char *words;
    } UNDER_WAY[] = {
        { "restart", 0, LANGUAGE_EN, "Restarting, for 1.5 s so far" },
        { "restart", 2140, LANGUAGE_EN, "Restarting, for 1.5 s so far; usually 2.1 s" },
        { "restart", 2140, LANGUAGE_DE, "Startet neu, seit 1,5 s; meist 2,1 s" },
        { "reload", 0, LANGUAGE_EN, "Reloading, for 1.5 s so far" },
    };

    for (size_t i = 0; i < sizeof(UNDER_WAY) / sizeof(*UNDER_WAY); i++) {
        struct outcome outcome = outcome_of(&CASES[0]);
        char words[PAGE_VERDICT_SIZE];

        outcome.kind = OUTCOME_UNDER_WAY;
        outcome.answer.restart.verb = UNDER_WAY[i].verb;
        outcome.answer.restart.usual_milliseconds = UNDER_WAY[i].usual;
        page_verdict_words(&outcome, UNDER_WAY[i].language, words);
        assert_string_equal(words, UNDER_WAY[i].words);
    }
}

static char *page_of(const struct outcome *outcome)
{
    const struct page_site site = { .machine = "host1" };
    size_t size;
    char *text = page_outcome(&site, outcome, "example@1234.service", &size);

    assert_non_null(text);
    return text;
}

static void test_once_more(_unused_ void **state)
{
    struct outcome outcome = outcome_of(&CASES[1]);
    _cleanup_(freep) char *first = page_of(&outcome), *again = NULL;

    assert_null(strstr(first, "nothing was done again"));
    outcome.answer.restart.repeated = true;
    again = page_of(&outcome);
    assert_non_null(strstr(again, "<p class=\"again\">You pressed this before: that is what came of it, and "
                                  "nothing was done again. To do it once more, press on the list.</p>"));
}

static void test_details(_unused_ void **state)
{
    struct outcome outcome = outcome_of(&CASES[4]);
    _cleanup_(freep) char *plain = page_of(&outcome), *more = NULL;

    assert_non_null(strstr(plain, "Watched for</th><td>1000 ms</td>"));
    assert_non_null(strstr(plain, "Up for</th><td>40 ms</td>"));
    assert_null(strstr(plain, "Held back"));
    assert_null(strstr(plain, "daemon-reload"));
    outcome.answer.restart.held_milliseconds = 900;
    outcome.answer.restart.need_daemon_reload = true;
    more = page_of(&outcome);
    assert_non_null(strstr(more, "Held back before</th><td>900 ms</td>"));
    assert_non_null(strstr(more,
                           "Unit file</th><td>has changed on disk, and systemd goes by the old one until "
                           "&#39;systemctl daemon-reload&#39;</td>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_under_way),
        cmocka_unit_test(test_once_more),
        cmocka_unit_test(test_details),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
