/* What is asked of the record, and what it answers: as text, there and back; and no other text is either. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/since.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/record/line.h"
#include "common/record/question.h"
#include "log/login-line.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

/* --- questions --- */

static void test_question_there_and_back(_unused_ void **state)
{
    static const struct record_question QUESTIONS[] = {
        { .entries = 1 },
        { .user = "anna", .entries = RECORD_ENTRIES_MAX },
        { .unit = "a@1.service", .entries = 5 },
        { .since_usec = 1, .entries = 5 },
        { .user = "a.b@c-d_e", .unit = "nginx.service", .since_usec = 1764000000000000, .entries = 42 },
    };

    for (size_t i = 0; i < N(QUESTIONS); i++) {
        struct record_question again;
        char text[RECORD_QUESTION_SIZE];

        record_question_write(&QUESTIONS[i], text);
        assert_int_equal(record_question_parse(text, &again), 0);
        assert_string_equal(again.user, QUESTIONS[i].user);
        assert_string_equal(again.unit, QUESTIONS[i].unit);
        assert_int_equal(again.since_usec, QUESTIONS[i].since_usec);
        assert_int_equal(again.entries, QUESTIONS[i].entries);
    }
}

static void test_longest_question_fits(_unused_ void **state)
{
    struct record_question question = { .since_usec = 9999999999999999999U, .entries = RECORD_ENTRIES_MAX },
                           again;
    char text[RECORD_QUESTION_SIZE];

    memset(question.user, 'u', PERSON_NAME_MAX);
    memset(question.unit, 'n', UNIT_NAME_SIZE - 1 - strlen(".service"));
    (void)strcat(question.unit, ".service");
    record_question_write(&question, text);
    assert_int_equal(record_question_parse(text, &again), 0);
    assert_string_equal(again.unit, question.unit);
}

static void test_no_questions(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        "decisions",
        "lines\n",
        "\n",
        "Decisions\n",
        "decisions\nuser=anna",
        "decisions\nuser=\n",
        "decisions\nuser=a b\n",
        "decisions\nuser=-x\n",
        "decisions\nuser=anna\nuser=bob\n",
        "decisions\nunit=../x.service\n",
        "decisions\nunit=x@.service\n",
        "decisions\nunit=x.socket\n",
        "decisions\nentries=0\n",
        "decisions\nentries=10001\n",
        "decisions\nentries=-1\n",
        "decisions\nentries=1x\n",
        "decisions\nsince=99999999999999999999\n",
        "decisions\nsince=0\n",
        "decisions\n\n",
        "decisions\nMESSAGE=x\n",
        "decisions\r\nuser=anna\r\n",
        " decisions\n",
    };

    for (size_t i = 0; i < N(TEXTS); i++) {
        struct record_question question;

        if (record_question_parse(TEXTS[i], &question) != RECORD_E_MALFORMED)
            fail_msg("taken for a question: %s", TEXTS[i]);
    }
}

/* --- answers --- */

static void test_entry_there_and_back(_unused_ void **state)
{
    const struct record_line line = {
        .kind = RECORD_ENTRY,
        .entry = { .time = "2026-11-21T10:00:00.000001Z",
                   .message = "\"a\\b\" \xc3\xa4\xe2\x82\xac </x> {}",
                   .user = "anna",
                   .machine = "web1",
                   .reason = "a new certificate: \xf0\x9f\x94\xa5?",
                   .decision = "allowed",
                   .milliseconds = 4711 },
    };
    _cleanup_(freep) char *text = record_line_write(&line);
    _cleanup_(record_line_done) struct record_line again = { .kind = RECORD_NONE };

    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    assert_null(strstr(text, "\"unit\""));
    assert_true(record_line_parse(text, &again));
    assert_int_equal(again.kind, RECORD_ENTRY);
    assert_string_equal(again.entry.time, line.entry.time);
    assert_string_equal(again.entry.message, line.entry.message);
    assert_string_equal(again.entry.user, "anna");
    assert_string_equal(again.entry.machine, "web1");
    assert_string_equal(again.entry.unit, "");
    assert_int_equal(again.entry.milliseconds, 4711);
}

static void test_other_lines(_unused_ void **state)
{
    const struct record_line end = { .kind = RECORD_END, .end = { .entries = 3, .more = true } };
    const struct record_line refusal = { .kind = RECORD_REFUSAL,
                                         .refusal = { .error = "refused", .message = "No." } };
    _cleanup_(record_line_done) struct record_line one = { .kind = RECORD_NONE },
                                                   two = { .kind = RECORD_NONE };
    _cleanup_(freep) char *end_text = record_line_write(&end), *refusal_text = record_line_write(&refusal);

    assert_true(record_line_parse(end_text, &one));
    assert_int_equal(one.kind, RECORD_END);
    assert_int_equal(one.end.entries, 3);
    assert_true(one.end.more);
    assert_true(record_line_parse(refusal_text, &two));
    assert_int_equal(two.kind, RECORD_REFUSAL);
    assert_string_equal(two.refusal.message, "No.");
}

static void test_no_lines(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        "x",
        "[]",
        "1",
        "{}",
        "{\"time\":1,\"message\":\"x\"}",
        "{\"time\":\"x\"}",
        "{\"entries\":\"x\"}",
        "{\"entries\":1}",
        "{\"error\":\"x\"}",
        "{\"time\":\"x\",\"message\":\"x\"",
        "{\"time\":\"x\",\"message\":\"x\"} more",
        "{\"time\":\"x\",\"message\":\"x\\u001b[2J\"}",
        "{\"time\":\"x\",\"message\":\"x\\u0022\"}",
        "{\"time\":\"x\",\"message\":\"x\\ud83d\\ude00\"}",
        "{\"time\":\"x\",\"message\":\"x\\u",
        "{\"time\":\"x\",\"message\":\"x\\u20\"}",
        "{\"time\":\"x\",\"message\":\"x\\u-123\"}",
        "{\"time\":\"x\",\"message\":\"x\\",
    };

    for (size_t i = 0; i < N(TEXTS); i++) {
        struct record_line line = { .kind = RECORD_NONE };

        if (record_line_parse(TEXTS[i], &line))
            fail_msg("taken for a line: %s", TEXTS[i]);
    }
}

/* What is written escaped comes back as it was; what only looks like that does, too. */
static void test_escaped(_unused_ void **state)
{
    struct record_line line = { .kind = RECORD_NONE };

    assert_true(
        record_line_parse("{\"time\":\"x\",\"message\":\"a\\u202eb\\u0085c C:\\\\u001b\\\"\"}", &line));
    assert_string_equal(line.entry.message, "a\xe2\x80\xae"
                                            "b\xc2\x85"
                                            "c C:\\u001b\"");
    record_line_done(&line);
}

/* --- the login's sentences --- */

static void test_login_lines(_unused_ void **state)
{
    static const struct {
        const char *message, *user, *decision;
    } CASES[] = {
        { "anna has logged in with a password.", "anna", "allowed" },
        { "a.b@c has logged in by PAM.", "a.b@c", "allowed" },
        { "A wrong password for anna.", "anna", "refused" },
        { "A wrong password for a.b.", "a.b", "refused" },
        { "A wrong password for a name that nobody has.", "", "refused" },
        { "A login of bob was not looked at, since too many have been wrong: for 12 seconds more.", "bob",
          "refused" },
        { "A login of a name that nobody has was not looked at, since too many have been wrong: for 1 seconds more.",
          "", "refused" },
        { "bob was not let in: the account is expired.", "bob", "refused" },
        { "bob was not let in: anna has logged in by PAM.", "bob", "refused" },
        { "bob was not let in: anna was not let in: so.", "bob", "refused" },
        { "Nobody can log in: users:1: x", "", "" },
        { "", "", "" },
        { " has logged in with a password.", "", "" },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        struct login_line login;

        login_line_read(CASES[i].message, &login);
        assert_string_equal(login.user, CASES[i].user);
        assert_string_equal(login.decision, CASES[i].decision);
    }
}

/* --- moments --- */

/* 2026-11-22 10:00:00 UTC, a Sunday. */
static const time_t NOW = 1795341600;

static void test_since(_unused_ void **state)
{
    static const struct {
        const char *text;
        time_t ago;
    } CASES[] = {
        { "now", 0 },
        { "today", 36000 },
        { "yesterday", 122400 },
        { "-1h", 3600 },
        { "-90min", 5400 },
        { "-90 min", 5400 },
        { "-1d 2h", 93600 },
        { "-1d2h", 93600 },
        { "1h ago", 3600 },
        { "2 hours ago", 7200 },
        { "1w ago", 604800 },
        { "09:00", 3600 },
        { "09:59:30", 30 },
        { "2026-11-22", 36000 },
        { "2026-11-21 10:00", 86400 },
        { "2026-11-21 10:00:30", 86400 - 30 },
        { "2026-11-21T10:00", 86400 },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        uint64_t usec = 0;

        if (!since_parse(CASES[i].text, NOW, &usec) || usec != (uint64_t)(NOW - CASES[i].ago) * USEC_PER_SEC)
            fail_msg("%s: %ld s ago", CASES[i].text, (long)(NOW - (time_t)(usec / USEC_PER_SEC)));
    }
}

static void test_no_since(_unused_ void **state)
{
    static const char *const TEXTS[] = {
        "",
        " ",
        "1h",
        "-",
        "ago",
        "-1h ago",
        "-1",
        "1 ago",
        "-1x",
        "-1month ago",
        "tomorrow",
        "2026-02-31",
        "2026-11-21 25:00",
        "2026-13-01",
        "2026-11-21 10:00 x",
        "10:00pm",
        "-9999999h",
        "-999999w",
        "now now",
        "Today",
        "-1h\n",
        "@1",
    };

    for (size_t i = 0; i < N(TEXTS); i++) {
        uint64_t usec = 0;

        if (since_parse(TEXTS[i], NOW, &usec))
            fail_msg("taken for a moment: '%s'", TEXTS[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question_there_and_back),
        cmocka_unit_test(test_longest_question_fits),
        cmocka_unit_test(test_no_questions),
        cmocka_unit_test(test_entry_there_and_back),
        cmocka_unit_test(test_other_lines),
        cmocka_unit_test(test_no_lines),
        cmocka_unit_test(test_escaped),
        cmocka_unit_test(test_login_lines),
        cmocka_unit_test(test_since),
        cmocka_unit_test(test_no_since),
    };

    if (setenv("TZ", "UTC", 1) < 0)
        return 1;
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
