/* The pages: what they say, and that nothing in the data becomes markup. */
#include "webfront/pages/page-list.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc/rpc.h"
#include "common/verb.h"
#include "webfront/pages/html.h"
#include "webfront/pages/page-outcome.h"
#include "tests/unit/test.h"

#define NASTY "<script>alert('1')</script>\"&amp;"
#define NASTY_ESCAPED "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;amp;"

static const struct page_site SITE = { .machine = "host1" };

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("%s in %s", part, text);
}

/* Nothing inline. */
static void assert_clean(const char *text)
{
    const char *script = strstr(text, "<script");

    if (script) {
        assert_memory_equal(script, "<script src=\"/script-", 21);
        assert_null(strstr(script + 1, "<script"));
    }
    assert_lacks(text, "<style");
    assert_lacks(text, " style=");
    assert_lacks(text, " onclick");
    assert_has(text, "<!doctype html>\n<html lang=\"en\">");
    assert_has(text, "</html>\n");
}

static char *list(const struct wire_list *instances, const char *problem)
{
    const struct page_list list = { .listing = instances, .problem = problem, .now = 1700000000 };
    size_t size = 0;
    char *text = page_list(&SITE, &list, &size);

    assert_non_null(text);
    assert_int_equal(strlen(text), size);
    assert_clean(text);
    assert_has(text, "<script ");
    return text;
}

static char empty[] = "", loaded[] = "loaded", masked[] = "masked", missing[] = "not-found",
            active[] = "active", running[] = "running", failed[] = "failed", inactive[] = "inactive",
            dead[] = "dead", activating[] = "activating", nasty[] = NASTY, description[] = "Worker",
            unit1[] = "example@1234.service", unit2[] = "odd", unit3[] = "example@1235.service";

static void test_instances(_unused_ void **state)
{
    struct wire_instance items[] = {
        { unit1, description, loaded, active, running, .enabled = true, .verbs = VERB_RESTART },
        { unit3, nasty, loaded, failed, failed, .enabled = true, .verbs = VERB_RESTART },
    };
    struct wire_list instances = {
        .policy_ok = true, .policy_error = empty, .instances = items, .n_instances = 2
    };
    _cleanup_(freep) char *text = list(&instances, NULL);

    assert_has(text, "<li data-unit=\"example@1234.service\" data-group=\"running\">");
    assert_has(text, "example@<b>1234</b>.service");
    assert_has(text, "<form id=\"presses\" method=\"post\" action=\"/restart\">" PAGE_PRESS_FIELD);
    assert_has(text,
               "<p class=\"said\"></p>\n<p class=\"last\"></p>\n<button name=\"service_id\" "
               "value=\"example@1234.service\" aria-describedby=\"state-example@1234.service\">"
               "<span>Restart</span><span class=\"unseen\"> example@1234.service</span></button>\n</li>");
    assert_has(text, "<p class=\"state good\" id=\"state-example@1234.service\"><span>running</span></p>");
    assert_has(text, "<p class=\"state bad\" id=\"state-example@1235.service\"><span>failed</span></p>");
    assert_has(text, "<p class=\"about\"><span>" NASTY_ESCAPED "</span></p>");
    assert_has(text, "<time datetime=\"2023-11-14T22:13:20Z\" data-seconds>2023-11-14 22:13 UTC</time>");
    assert_has(text, "host1");
    assert_has(text, "<input id=\"q\" type=\"search\" name=\"q\" value=\"\"");
    assert_lacks(text, "class=\"other\"");
    assert_has(text, "State as of ");
    assert_has(text, "<div id=\"banners\">\n</div>\n");
    assert_has(text, "<p id=\"news\"></p>");
    assert_has(text, "<div id=\"live\" class=\"unseen\" role=\"status\" aria-atomic=\"false\"></div>");
}

/* One button for each verb that can be pressed: reload where it is granted, and the unit can. */
static void test_buttons(_unused_ void **state)
{
    static const struct {
        unsigned verbs;
        bool can_reload, restart, reload;
    } CASES[] = {
        { VERB_RESTART, false, true, false },
        { VERB_RESTART, true, true, false },
        { VERB_RESTART | VERB_RELOAD, false, true, false },
        { VERB_RESTART | VERB_RELOAD, true, true, true },
        { VERB_RELOAD, true, false, true },
        { VERB_TRY_RESTART | VERB_RELOAD_OR_RESTART, true, false, false },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct wire_instance item = { unit1,
                                      description,
                                      loaded,
                                      active,
                                      running,
                                      .enabled = true,
                                      .verbs = CASES[i].verbs,
                                      .can_reload = CASES[i].can_reload };
        struct wire_list instances = {
            .policy_ok = true, .policy_error = empty, .instances = &item, .n_instances = 1
        };
        _cleanup_(freep) char *text = list(&instances, NULL);

        assert_int_equal(strstr(text, "<button name=\"service_id\" value=\"example@1234.service\" "
                                      "aria-describedby=\"state-example@1234.service\"><span>Restart</span>"
                                      "<span class=\"unseen\"> example@1234.service</span></button>") != NULL,
                         CASES[i].restart);
        assert_int_equal(strstr(text, "<button class=\"reload\" form=\"reloads\" name=\"service_id\" "
                                      "value=\"example@1234.service\" "
                                      "aria-describedby=\"state-example@1234.service\"><span>Reload</span>"
                                      "<span class=\"unseen\"> example@1234.service</span></button>") != NULL,
                         CASES[i].reload);
        assert_has(text, "<form id=\"reloads\" method=\"post\" action=\"/restart\">" PAGE_PRESS_FIELD
                         "<input type=\"hidden\" name=\"verb\" value=\"reload\"></form>");
    }
}

static void test_states(_unused_ void **state)
{
    struct wire_instance items[] = {
        { unit1, description, loaded, inactive, dead, .enabled = true, .verbs = VERB_RESTART },
        { unit2, description, loaded, inactive, dead, .verbs = VERB_RESTART },
        { unit3, description, masked, inactive, dead, .verbs = VERB_RESTART },
        { nasty, nasty, missing, nasty, nasty, .verbs = VERB_RESTART },
        { unit1, description, loaded, activating, nasty, .verbs = VERB_RESTART },
        { unit1, empty, empty, inactive, dead, .enabled = true, .verbs = VERB_RESTART },
        { unit1, empty, empty, inactive, dead, .verbs = VERB_RESTART },
    };
    struct wire_list instances = {
        .policy_ok = true, .policy_error = empty, .instances = items, .n_instances = 7
    };
    _cleanup_(freep) char *text = list(&instances, NULL);

    assert_has(text, "Worker</span> <small>(enabled)</small>");
    assert_has(text, "Worker</span> <small>(not enabled)</small>");
    assert_has(text, "Worker</span> <small>(masked)</small>");
    assert_has(text, "<small>(enabled, not loaded yet)</small>");
    assert_has(text, "<small>(not loaded yet)</small>");
    assert_has(text, "<small>(its unit file could not be loaded)</small>");
    assert_has(text, "<h2 class=\"unit\"><a href=\"/instances/odd\">odd</a></h2>");
    assert_has(text, "data-unit=\"" NASTY_ESCAPED "\"");
    assert_has(text, "value=\"" NASTY_ESCAPED "\"");
    assert_has(
        text,
        "<p class=\"state busy\" id=\"state-example@1234.service\"><span>starting</span> <small>(" NASTY_ESCAPED
        ")</small>");
}

static void test_long_unit(_unused_ void **state)
{
    char unit[600];
    struct wire_instance item = {
        unit, description, loaded, active, running, .enabled = true, .verbs = VERB_RESTART
    };
    struct wire_list instances = {
        .policy_ok = true, .policy_error = empty, .instances = &item, .n_instances = 1
    };
    _cleanup_(freep) char *text = NULL;

    memset(unit, 'a', sizeof(unit));
    unit[3] = '@';
    unit[590] = '.';
    unit[599] = '\0';
    text = list(&instances, NULL);
    assert_has(text, unit);
}

static void test_empty_list(_unused_ void **state)
{
    struct wire_list instances = { .policy_ok = true, .policy_error = empty };
    _cleanup_(freep) char *text = list(&instances, NULL);

    assert_has(text, "<ul id=\"instances\" data-size=\"few\">\n</ul>\n</form>\n<form id=\"reloads\"");
    assert_has(text, "<div id=\"empty\"><p>");
    assert_has(text, "No instance that the policy covers");
}

static void test_banners(_unused_ void **state)
{
    struct wire_list instances = { .policy_ok = false, .policy_error = nasty, .truncated = true };
    _cleanup_(freep) char *text = list(&instances, NULL), *nobody = list(NULL, NASTY);

    assert_has(text, "nothing can be restarted.</strong> <span lang=\"en\">" NASTY_ESCAPED "</span></p>");
    assert_lacks(text, "No instance that the policy covers");
    assert_has(nobody, "The list is not available.</strong> <span lang=\"en\">" NASTY_ESCAPED "</span></p>");
    assert_has(nobody, "<input id=\"q\"");
    assert_has(nobody, "Asked at ");
}

/* What the script shows when no answer comes is on the page, hidden, in the words used elsewhere. */
static void test_lost(_unused_ void **state)
{
    _cleanup_(freep) char *text = list(NULL, "x");

    assert_has(text, "<template id=\"lost\">\n<section class=\"outcome\" data-outcome=\"unknown\">");
    assert_has(text, "No answer came back. " OUTCOME_LOOK_FIRST);
}

static char *outcome_page(const struct outcome *outcome, const char *name)
{
    size_t size = 0;
    char *text = page_outcome(&SITE, outcome, name, &size);

    assert_non_null(text);
    assert_int_equal(strlen(text), size);
    assert_clean(text);
    assert_has(text, "href=\"/\">Back to the list</a>");
    assert_lacks(text, "<script");
    return text;
}

static struct wire_answer job(bool success, unsigned callers)
{
    return (struct wire_answer){
        .kind = WIRE_RESTART,
        .restart = {
            .success = success,
            .unit = "example@1234.service",
            .result = success ? "done" : "failed",
            .active_state = success ? "active" : "failed",
            .sub_state = NASTY,
            .service_result = success ? "success" : "exit-code",
            .exec_main_status = success ? 0 : 3,
            .main_pid = success ? 4711 : 0,
            .invocation_id_before = "11111111111111111111111111111111",
            .invocation_id_after = success ? "22222222222222222222222222222222" : "",
            .milliseconds = 12,
            .callers = callers,
        },
    };
}

static void test_succeeded(_unused_ void **state)
{
    struct outcome outcome = {
        .kind = OUTCOME_SUCCEEDED, .status = 200, .message = NASTY, .answer = job(true, 3)
    };
    _cleanup_(freep) char *text = outcome_page(&outcome, "example@1234.service");

    assert_has(text, "<h1>Restart <span class=\"unit\">example@1234.service</span></h1>");
    assert_has(text, "data-outcome=\"succeeded\">\n<p class=\"verdict\">Restarted in 12 ms</p>");
    assert_has(text, "<p class=\"message\" lang=\"en\">" NASTY_ESCAPED "</p>");
    assert_has(text, "<th scope=\"row\">Job result</th><td>done</td>");
    assert_has(text, "<td>active (" NASTY_ESCAPED ")</td>");
    assert_has(text, "<th scope=\"row\">Main process</th><td>4711</td>");
    assert_has(text, "<td>12 ms</td>");
    assert_has(text, "<td>11111111111111111111111111111111</td>");
    assert_has(text, "<td>22222222222222222222222222222222</td>");
    assert_has(text, "<th scope=\"row\">Requests it answered</th><td>3</td>");
}

static void test_failed(_unused_ void **state)
{
    struct outcome outcome = {
        .kind = OUTCOME_FAILED, .status = 200, .message = "m", .answer = job(false, 1)
    };
    _cleanup_(freep) char *text = outcome_page(&outcome, NASTY);

    assert_has(text, "data-outcome=\"failed\">\n<p class=\"verdict\">The restart failed (exit status 3)</p>");
    assert_has(text, "<th scope=\"row\">Exit status</th><td>3</td>");
    assert_has(text, "<th scope=\"row\">Service result</th><td>exit-code</td>");
    assert_lacks(text, "Main process");
    assert_lacks(text, "Invocation after");
    assert_lacks(text, "Requests it answered");
    assert_has(text, NASTY_ESCAPED);
}

static void test_refused(_unused_ void **state)
{
    struct outcome outcome = outcome_refused(REFUSAL_START_LIMIT, "Come back.");
    _cleanup_(freep) char *text = NULL;

    outcome.verb = VERB_RESTART;
    outcome.retry_after = 7;
    text = outcome_page(&outcome, NULL);
    assert_has(text, "data-outcome=\"refused\">\n<p class=\"verdict\">Not restarted: try again in 7 s</p>");
    assert_has(text, "<th scope=\"row\">Refused by</th><td>start limit</td>");
    assert_has(text, "<th scope=\"row\">Code</th><td>5, start-limit</td>");
    assert_has(text, "<th scope=\"row\">Try again in</th><td>7 s</td>");
    assert_has(text, "<h1>Restart</h1>");
}

static void test_unknown(_unused_ void **state)
{
    struct outcome outcome = outcome_refused(REFUSAL_UNKNOWN, OUTCOME_LOOK_FIRST);
    _cleanup_(freep) char *text = outcome_page(&outcome, NULL);

    assert_has(text, "data-outcome=\"unknown\">");
    assert_lacks(text, "Refused by");
    assert_lacks(text, "Not restarted");
}

static void test_http_refusal(_unused_ void **state)
{
    struct outcome missing_page = outcome_refused_http(404, "x"), host = outcome_refused_http(421, "x");
    struct page_site nowhere = { .machine = "", .foreign = true };
    size_t size;
    _cleanup_(freep) char *text = outcome_page(&missing_page, NULL);
    _cleanup_(freep) char *other = page_outcome(&nowhere, &host, NULL, &size);

    assert_has(text, "<p class=\"verdict\">There is no such page</p>");
    assert_has(other, "<p class=\"verdict\">Not under this name</p>");
    assert_has(other, "<title>Request refused</title>");
    assert_has(other, "<link rel=\"stylesheet\" href=\"/style-");
    assert_lacks(other, "class=\"machine\"");
    assert_lacks(other, "<a ");
    assert_lacks(other, "<script");
}

static void test_escape(_unused_ void **state)
{
    struct html html;
    size_t size;
    char *text;

    assert_int_equal(html_begin(&html, LANGUAGE_EN), 0);
    html_text(&html, NULL);
    html_text(&html, "");
    html_text(&html, "&<>\"'a&&b");
    html_wrapped(&html, "<p>", "<", "</p>");
    html_text(&html, "\xc3\xa9\n\xe2\x80\xae<\xe2\x81\xa6\x1b[\xe2\x80\x8b\xff\x7f");
    text = html_end(&html, &size);
    assert_string_equal(text, "&amp;&lt;&gt;&quot;&#39;a&amp;&amp;b<p>&lt;</p>\xc3\xa9 ?&lt;??[???");
    assert_int_equal(size, strlen(text));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instances),  cmocka_unit_test(test_buttons),
        cmocka_unit_test(test_states),     cmocka_unit_test(test_long_unit),
        cmocka_unit_test(test_empty_list), cmocka_unit_test(test_banners),
        cmocka_unit_test(test_lost),       cmocka_unit_test(test_succeeded),
        cmocka_unit_test(test_failed),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unknown),    cmocka_unit_test(test_http_refusal),
        cmocka_unit_test(test_escape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
