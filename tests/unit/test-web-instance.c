/* The page of one unit, and that of a day: what is asked of the broker, and that what the unit says of itself
 * is text and nothing else. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define HOSTILE "</code><script>alert(1)</script>\"'&"
#define ESCAPED "&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"

static const struct wire_status FAILED = { .unit = "example@1234.service",
                                           .description = "Worker " HOSTILE,
                                           .load_state = "loaded",
                                           .active_state = "failed",
                                           .sub_state = "failed",
                                           .service_result = "exit-code",
                                           .exec_main_code = "exited",
                                           .exec_main_status = 7,
                                           .status_text = HOSTILE,
                                           .start_limit_seconds = 42,
                                           .need_daemon_reload = true,
                                           .verbs = VERB_RESTART | VERB_RELOAD,
                                           .can_reload = true,
                                           .confirm = true,
                                           .since = 1700000000 };
static struct wire_line line = {
    .at = 1700000000, .at_usec = "1700000000000000", .priority = 3, .text = HOSTILE
};
static struct wire_past_entry entry = { .at = 1700000000,
                                        .user = "anna",
                                        .verb = "restart",
                                        .unit = "example@1234.service",
                                        .result = "done",
                                        .verdict = "up",
                                        .milliseconds = 2500,
                                        .reason = HOSTILE,
                                        .message = "It was restarted." };
static const struct wire_answer LINES = { .kind = WIRE_LINES, .lines = { .lines = &line, .n_lines = 1 } },
                                PAST = { .kind = WIRE_PAST, .past = { .entries = &entry, .n_entries = 1 } };

static const char *get(struct web *web, const struct wire_status *status)
{
    static struct wire_answer answer;

    answer = (struct wire_answer){ .kind = WIRE_STATUS, .status = *status };
    web->answers[WIRE_METHOD_STATUS] = &answer;
    web->answers[WIRE_METHOD_HISTORY] = &PAST;
    web->answers[WIRE_METHOD_LOGS] = &LINES;
    return web_ask(web, WEB_GET("/instances/example@1234.service"));
}

static void test_all_of_it(void **state)
{
    struct wire_status status = FAILED;
    const char *page;

    status.logs = true;
    page = get(*state, &status);
    assert_answer(page, 200, "It failed with exit status 7 (exit-code).");
    assert_non_null(strstr(page, "<q>" ESCAPED "</q>"));
    assert_non_null(strstr(page, "one more start is possible in 42 s"));
    assert_non_null(strstr(page, "has changed on disk"));
    assert_non_null(strstr(page, "<code>" ESCAPED "</code>"));
    assert_non_null(strstr(page, "<bdi>anna</bdi>"));
    assert_non_null(strstr(page, "2.5 s"));
    assert_non_null(strstr(page, "name=\"service_id\" value=\"example@1234.service\""));
    assert_non_null(strstr(page, "class=\"reload\""));
    assert_non_null(strstr(page, "formaction=\"/confirm\""));
    assert_null(strstr(page, "<script>"));
    assert_null(strstr(page, "***"));
}

/* From a link to the page, with all that a name may be made of, and with what none is. */
static void test_link(void **state)
{
    static const struct {
        const char *unit, *link;
        bool taken;
    } LINKS[] = {
        { "Az_0-9.x:y@a:b_c-d.e_Z.service", "/instances/Az_0-9.x:y@a:b_c-d.e_Z.service", true },
        { "..@..service", "/instances/..@..service", false },
        { "a@b%2fc.service", "/instances/a@b%252fc.service", false },
        { "../day?x#y&z\"", "/instances/..%2Fday%3Fx%23y%26z%22", false },
        { "a@b\\x2dc.service", "/instances/a@b%5Cx2dc.service", false },
    };
    struct wire_past_entry linked = entry;
    const struct wire_answer past = { .kind = WIRE_PAST, .past = { .entries = &linked, .n_entries = 1 } };
    const struct wire_answer status = { .kind = WIRE_STATUS, .status = FAILED };
    struct web *web = *state;

    web->answers[WIRE_METHOD_DAY] = &past;
    web->answers[WIRE_METHOD_STATUS] = &status;
    web->answers[WIRE_METHOD_HISTORY] = &PAST;
    for (size_t i = 0; i < sizeof(LINKS) / sizeof(*LINKS); i++) {
        char part[128], request[256];

        linked.unit = LINKS[i].unit;
        (void)snprintf(part, sizeof(part), "<a href=\"%s\">", LINKS[i].link);
        assert_answer(web_ask(web, WEB_GET("/day")), 200, part);
        (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "\r\n", LINKS[i].link);
        web->id[0] = '\0';
        assert_answer(web_ask(web, request), LINKS[i].taken ? 200 : 400, "");
        assert_string_equal(web->id, LINKS[i].taken ? LINKS[i].unit : "");
    }
}

/* Nobody asks for what he may not read. */
static void test_without_lines(void **state)
{
    struct wire_status status = FAILED;
    const char *page;

    status.verbs = 0;
    status.confirm = false;
    page = get(*state, &status);
    assert_answer(page, 200, "Restarts from here");
    assert_null(strstr(page, "What it logged last"));
    assert_null(strstr(page, "<button name"));
    assert_null(strstr(page, "formaction"));
}

static void test_why(void **state)
{
    static const struct {
        const char *result, *code;
        int status;
        const char *words;
    } CASES[] = {
        { "signal", "killed", 9, "It was killed by SIGKILL (signal)." },
        { "core-dump", "dumped", 11, "It was killed by SIGSEGV, and dumped core (core-dump)." },
        { "signal", "killed", 4000, "It was killed by 4000 (signal)." },
        { "timeout", "", 0, "It failed (timeout)." },
        { "start-limit-hit", "exited", 0, "It failed (start-limit-hit)." },
        { "success", "exited", 0, NULL },
    };
    struct wire_status status = FAILED;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *page;

        status.service_result = CASES[i].result;
        status.exec_main_code = CASES[i].code;
        status.exec_main_status = CASES[i].status;
        page = get(*state, &status);
        assert_answer(page, 200, CASES[i].words ? CASES[i].words : "How it is");
        assert_true(CASES[i].words || !strstr(page, "why-failed"));
    }
}

/* What the journal cannot be asked for is said in its place, and the rest is there. */
static void test_no_journal(void **state)
{
    static const struct wire_answer NOBODY = { .kind = WIRE_FAULT,
                                               .fault = { REFUSAL_UNAVAILABLE, "Nobody <reads> it." } };
    const struct wire_answer status = { .kind = WIRE_STATUS, .status = FAILED };
    struct web *web = *state;

    web->answers[WIRE_METHOD_STATUS] = &status;
    web->answers[WIRE_METHOD_HISTORY] = &NOBODY;
    assert_answer(web_ask(web, WEB_GET("/instances/example@1234.service")), 200, "Nobody &lt;reads&gt; it.");
}

static void test_refused(void **state)
{
    static const struct wire_answer NOT = { .kind = WIRE_FAULT, .fault = { REFUSAL_NO_GRANT, "Not <you>." } };
    struct web *web = *state;

    web->answers[WIRE_METHOD_STATUS] = &NOT;
    assert_answer(web_ask(web, WEB_GET("/instances/ssh.service")), 403, "Not &lt;you&gt;.");
    web->method[0] = '\0';
    assert_answer(web_ask(web, WEB_GET("/instances/a%20b")), 400, "Nothing was");
    assert_answer(web_ask(web, WEB_GET("/instances/")), 404, "nothing at this address");
    assert_string_equal(web->method, "");
    web_stop_broker(web);
    assert_answer(web_ask(web, WEB_GET("/instances/ssh.service")), 503, "cannot be reached");
    web_start_broker(web);
}

/* The client leaves between two of the questions. */
static void test_left(void **state)
{
    const struct wire_answer status = { .kind = WIRE_STATUS, .status = FAILED };
    struct web *web = *state;
    int fd;

    web->answers[WIRE_METHOD_STATUS] = &status;
    web->hold_others = true;
    fd = web_send(web, WEB_GET("/instances/example@1234.service"));
    while (web->n_held == 0)
        web_run(web, 10);
    (void)close(fd);
    for (int i = 0; i < 2000 && webfront_pending(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(calls_under_way(webfront_parts(web->front)->calls), 0);
    web_forget_held(web);
}

static void test_day(void **state)
{
    static const struct wire_answer NOT = { .kind = WIRE_FAULT,
                                            .fault = { REFUSAL_NO_GRANT, "For admins." } };
    struct web *web = *state;
    const char *page;

    web->answers[WIRE_METHOD_DAY] = &PAST;
    page = web_ask(web, WEB_GET("/day"));
    assert_answer(page, 200, "<a href=\"/instances/example@1234.service\">");
    assert_non_null(strstr(page, "<q>" ESCAPED "</q>"));
    assert_answer(web_ask(web, WEB_GET("/day/2026-11-22")), 200, "2026-11-22");
    assert_string_equal(web->method, "restarter.day");
    assert_answer(web_ask(web, WEB_GET("/day/today")), 404, "no such page");
    web->answers[WIRE_METHOD_DAY] = &NOT;
    assert_answer(web_ask(web, WEB_GET("/day")), 403, "For admins.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_all_of_it),  TEST(test_link),    TEST(test_without_lines), TEST(test_why),
        TEST(test_no_journal), TEST(test_refused), TEST(test_left),          TEST(test_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
