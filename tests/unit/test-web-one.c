/* The page of the one unit that there is: its last restarts stand below its card, asked for once for each of
 * them, and whatever keeps them from being told keeps nothing else. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/refusal.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"
#include "webfront/calls/list-cache.h"

#define HTML_HEADERS WEB_HOST "Accept: text/html\r\n\r\n"
#define PAGE "GET / HTTP/1.1\r\n" HTML_HEADERS

static struct wire_instance instance = { .unit = "example@1234.service",
                                         .description = "Worker",
                                         .load_state = "loaded",
                                         .active_state = "active",
                                         .sub_state = "running",
                                         .group = "running",
                                         .verbs = VERB_RESTART };
static struct wire_past_entry entries[7];
static const struct wire_answer LIST = { .kind = WIRE_LIST,
                                         .list = { .policy_ok = true,
                                                   .running = 1,
                                                   .matching = 1,
                                                   .instances = &instance,
                                                   .n_instances = 1 } },
                                TWO = { .kind = WIRE_LIST,
                                        .list = { .policy_ok = true,
                                                  .running = 1,
                                                  .stopped = 1,
                                                  .matching = 1,
                                                  .instances = &instance,
                                                  .n_instances = 1 } },
                                PAST = { .kind = WIRE_PAST, .past = { .entries = entries, .n_entries = 7 } };

static const char *get(struct web *web, const struct wire_answer *list, const struct wire_answer *past)
{
    for (size_t i = 0; i < 7; i++)
        entries[i] = (struct wire_past_entry){ .at = 1700000000,
                                               .user = "anna",
                                               .verb = "restart",
                                               .unit = "example@1234.service",
                                               .verdict = "up",
                                               .milliseconds = 2500 };
    web->answers[WIRE_METHOD_LIST] = list;
    web->answers[WIRE_METHOD_HISTORY] = past;
    web->method[0] = '\0';
    return web_ask(web, PAGE);
}

static unsigned count(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text++)
        n++;
    return n;
}

static void test_its_restarts(void **state)
{
    struct web *web = *state;
    const char *page = get(web, &LIST, &PAST);

    assert_answer(page, 200, "data-size=\"one\"");
    assert_int_equal(count(page, "<bdi>anna</bdi>"), 5);
    assert_non_null(strstr(page, "<div id=\"past\">"));
    assert_non_null(strstr(page, "<a href=\"/instances/example@1234.service\">State and history</a>"));
    assert_true(strstr(page, "<div id=\"past\">") > strstr(page, "id=\"as-of\""));
    assert_string_equal(web->id, "example@1234.service");
}

/* Again only after another restart. */
static void test_asked_once(void **state)
{
    struct web *web = *state;
    const char *page;

    instance.restarted_at = 1700000000;
    instance.restarted_verdict = "watching";
    assert_answer(get(web, &LIST, &PAST), 200, "<bdi>anna</bdi>");
    web->answers[WIRE_METHOD_HISTORY] = NULL;
    assert_answer(web_ask(web, PAGE), 200, "<bdi>anna</bdi>");
    list_cache_drop(webfront_parts(web->front)->list);
    assert_answer(web_ask(web, PAGE), 200, "<bdi>anna</bdi>");
    assert_string_equal(web->method, "restarter.list");
    instance.restarted_verdict = "up";
    list_cache_drop(webfront_parts(web->front)->list);
    page = get(web, &LIST, &(struct wire_answer){ .kind = WIRE_PAST });
    assert_answer(page, 200, "None that the journal still has.");
    instance.restarted_at = 0;
    instance.restarted_verdict = NULL;
}

/* What was held is answered so. */
static void release(struct web *web, const struct wire_answer *answer)
{
    xmlrpc_mem_block *block = wire_answer_encode(answer);
    struct MHD_Response *response = http_response_new(XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                                      XMLRPC_MEMBLOCK_SIZE(char, block), "text/xml");

    rpc_block_free(block);
    assert_int_equal(web->n_held, 1);
    http_reply(web->held[--web->n_held], 200, response);
}

/* The broker hears of another restart while the journal is asked: the list that is shown then is newer than
 * the question. What was asked is shown with it, and asked for anew by whoever comes next. */
static void test_list_changes_meanwhile(void **state)
{
    struct web *web = *state;
    int fd;

    instance.restarted_at = 1700000000;
    instance.restarted_verdict = "watching";
    (void)get(web, &LIST, &PAST); /* sets the entries */
    list_cache_drop(webfront_parts(web->front)->list);
    instance.restarted_verdict = "up";
    web->answers[WIRE_METHOD_HISTORY] = NULL;
    web->hold_others = true;
    fd = web_send(web, PAGE);
    while (web->n_held == 0)
        web_run(web, 10);
    instance.restarted_at++;
    list_cache_drop(webfront_parts(web->front)->list);
    entries[0].user = "bert";
    release(web, &PAST);
    assert_answer(web_receive(web, fd), 200, "<bdi>bert</bdi>");
    web->hold_others = false;
    assert_answer(get(web, &LIST, &PAST), 200, "<bdi>anna</bdi>");
    assert_string_equal(web->id, "example@1234.service");
    instance.restarted_at = 0;
    instance.restarted_verdict = NULL;
}

static void test_nothing_to_ask(void **state)
{
    const char *page = get(*state, &TWO, &PAST);

    assert_answer(page, 200, "example@<b>1234</b>");
    assert_null(strstr(page, "id=\"past\""));
    assert_string_equal(((struct web *)*state)->method, "restarter.list");
}

/* What the journal cannot be asked for is said in its place. */
static void test_no_journal(void **state)
{
    static const struct wire_answer NOT = { .kind = WIRE_FAULT,
                                            .fault = { REFUSAL_UNAVAILABLE, "Nobody &reads it." } };
    const char *page = get(*state, &LIST, &NOT);

    assert_answer(page, 200, "<p lang=\"en\">Nobody &amp;reads it.</p>");
    assert_non_null(strstr(page, "<button name=\"service_id\" value=\"example@1234.service\""));
}

/* The client leaves while the journal is asked. */
static void test_left(void **state)
{
    struct web *web = *state;
    int fd;

    web->answers[WIRE_METHOD_LIST] = &LIST;
    web->hold_others = true;
    fd = web_send(web, PAGE);
    while (web->n_held == 0)
        web_run(web, 10);
    (void)close(fd);
    for (int i = 0; i < 2000 && webfront_pending(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(calls_under_way(webfront_parts(web->front)->calls), 0);
    web_forget_held(web);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_its_restarts),   TEST(test_asked_once), TEST(test_list_changes_meanwhile),
        TEST(test_nothing_to_ask), TEST(test_no_journal), TEST(test_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
