/* What a refusal speaks of: the verb that was asked for, wherever it was read; otherwise of none. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"
#include "webfront/calls/calls.h"

#define HTML "Accept: text/html\r\n"
#define CROSS_SITE "Sec-Fetch-Site: cross-site\r\n"

/* Of each verb, what it is called in a form, in a call, and in sentences. */
static const struct verb_words {
    const char *form, *method, *done;
} VERBS[] = {
    { "", "restarter.restart", "restarted" },
    { "&verb=restart", "restarter.restart", "restarted" },
    { "&verb=try-restart", "restarter.try_restart", "restarted" },
    { "&verb=reload", "restarter.reload", "reloaded" },
    { "&verb=reload-or-restart", "restarter.reload_or_restart", "reloaded or restarted" },
};

static char *post(struct web *web, const char *headers, const char *query, const char *id, const char *verb)
{
    static char request[1024];

    (void)snprintf(request, sizeof(request),
                   "POST /restart%s HTTP/1.1\r\n" WEB_HOST
                   "%sContent-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: %zu\r\n\r\nservice_id=%s%s",
                   query, headers, strlen("service_id=") + strlen(id) + strlen(verb), id, verb);
    return web_ask(web, request);
}

static void assert_says(const char *answer, unsigned status, const char *done, const char *rest)
{
    char sentence[256];

    (void)snprintf(sentence, sizeof(sentence), "Nothing was %s: %s", done, rest);
    assert_answer(answer, status, sentence);
}

/* Nobody has read the verb yet: not even that it was a restart is known. */
static void test_before_the_form_is_read(void **state)
{
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++) {
        const char *verb = VERBS[i].form;

        assert_says(post(web, CROSS_SITE, "", "1234", verb), 403, "done", "the request came from");
        assert_says(post(web, "", "?a", "1234", verb), 400, "done", "service_id belongs");
        assert_says(post(web, "Content-Type: text/plain\r\n", "", "1234", verb), 415, "done", "send the");
        assert_says(post(web, "", "", "%", verb), 400, "done", "the form is not properly");
        assert_says(post(web, "", "", "1&settle=99", verb), 400, "done", "settle is");
        assert_says(post(web, "", "", "1&service_id=2", verb), 400, "done", "the form has a field more");
        assert_answer(post(web, HTML CROSS_SITE, "", "1234", verb), 403,
                      "class=\"verdict\">Nothing was done<");
        assert_answer(post(web, HTML CROSS_SITE, "", "1234", verb), 403, "<h1>Request refused</h1>");
    }
    assert_int_equal(web->restarts, 0);
}

static void test_after_the_form_is_read(void **state)
{
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++) {
        const struct verb_words *v = &VERBS[i];

        assert_says(post(web, "", "", "12/4", v->form), 400, v->done, "the name");
    }
    assert_int_equal(web->restarts, 0);
}

static void test_nobody_behind_it(void **state)
{
    struct web *web = *state;

    web_stop_broker(web);
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++) {
        const struct verb_words *v = &VERBS[i];

        assert_says(post(web, "", "", "1234", v->form), 503, v->done, "the broker cannot be reached");
        assert_says(web_call(web, v->method, WEB_ID_PARAM), 200, v->done, "the broker cannot be reached");
    }
}

/* While it ends: who would only have read is not told of restarts. */
static void test_at_the_end(void **state)
{
    struct web *web = *state;

    calls_stop(webfront_parts(web->front)->calls);
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++) {
        const struct verb_words *v = &VERBS[i];

        assert_says(post(web, "", "", "1234", v->form), 503, v->done, "the web front is about to end");
        assert_says(web_call(web, v->method, WEB_ID_PARAM), 200, v->done, "the web front is about to end");
    }
    assert_answer(web_call(web, "restarter.status", WEB_ID_PARAM), 200, ">The web front is about to end.");
    assert_int_equal(web->restarts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_before_the_form_is_read, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_after_the_form_is_read, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_nobody_behind_it, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_at_the_end, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
