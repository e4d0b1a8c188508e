/* Who has a list already is not sent it again: 304 while it says the same, to the page as to programs; the
 * whole of it as soon as it does not, to whoever sees another one, and whatever is wrong. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"
#include "webfront/requests/etag.h"

#define TRIES 400

struct view {
    const char *path, *accept;
};
static const struct view PAGE = { "/", "text/html" }, SEARCH = { "/?q=work&state=running", "text/html" },
                         PART = { "/?page=2", "text/html" }, LIST = { "/api/instances", "*/*" },
                         LIST_PART = { "/api/instances?limit=1", "application/json" },
                         DOCUMENT = { "/api", "application/json" };
static const struct view *const VIEWS[] = { &PAGE, &SEARCH, &PART, &LIST, &LIST_PART, &DOCUMENT };

enum { VIEWS_N = sizeof(VIEWS) / sizeof(*VIEWS) };

/* `headers`: each with its end of line. */
static const char *get(struct web *web, const struct view *view, const char *tag, const char *headers)
{
    char request[1024];

    (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "Accept: %s\r\n%s%s%s%s\r\n",
                   view->path, view->accept, headers, tag ? "If-None-Match: " : "", tag ? tag : "",
                   tag ? "\r\n" : "");
    return web_ask(web, request);
}

static void read_tag(const char *answer, char ret[static ETAG_SIZE])
{
    const char *at = strstr(answer, "\r\nETag: ");

    if (!at)
        fail_msg("no ETag:\n%s", answer);
    (void)snprintf(ret, ETAG_SIZE, "%s", at + strlen("\r\nETag: "));
    assert_int_equal(strlen(ret), ETAG_SIZE - 1);
}

static void tag_of(struct web *web, const struct view *view, const char *headers, char ret[static ETAG_SIZE])
{
    const char *answer = get(web, view, NULL, headers);

    assert_answer(answer, 200, "");
    read_tag(answer, ret);
}

/* What was fetched a moment ago is told for a moment. */
static void wait_until_changed(struct web *web, const struct view *view, const char *tag)
{
    for (int i = 0; i < TRIES; i++) {
        if (strncmp(get(web, view, tag, ""), "HTTP/1.1 304 ", 13) != 0)
            return;
        web_run(web, 20);
    }
    fail_msg("%s stays as it was", view->path);
}

static void assert_unchanged(const char *answer, const char *tag)
{
    const char *body = strstr(answer, "\r\n\r\n");
    char line[64];

    (void)snprintf(line, sizeof(line), "\r\nETag: %s\r\n", tag);
    assert_answer(answer, 304, line);
    assert_answer(answer, 304, "\r\nCache-Control: no-store\r\n");
    assert_answer(answer, 304, "\r\nVary: Accept, Accept-Language, Authorization, Cookie\r\n");
    assert_null(strstr(answer, "\r\nContent-Type:"));
    assert_string_equal(body, "\r\n\r\n");
}

static void test_the_same(void **state)
{
    struct web *web = *state;
    char tag[ETAG_SIZE], again[ETAG_SIZE], several[2 * ETAG_SIZE];

    for (size_t i = 0; i < VIEWS_N; i++) {
        tag_of(web, VIEWS[i], "", tag);
        tag_of(web, VIEWS[i], "", again);
        assert_string_equal(tag, again);
        assert_unchanged(get(web, VIEWS[i], tag, ""), tag);
        (void)snprintf(several, sizeof(several), "\"other\", %s", tag + 2);
        assert_unchanged(get(web, VIEWS[i], several, ""), tag);
        assert_unchanged(get(web, VIEWS[i], "*", ""), tag);
        assert_answer(get(web, VIEWS[i], "\"other\"", ""), 200, tag);
    }
}

/* Also in a second that is another one, which the page says. */
static void test_it_is_fetched_anew(void **state)
{
    struct web *web = *state;
    char tags[VIEWS_N][ETAG_SIZE];
    unsigned before;
    time_t now = time(NULL);

    for (size_t i = 0; i < VIEWS_N; i++)
        tag_of(web, VIEWS[i], "", tags[i]);
    before = web->lists;
    while (time(NULL) < now + 2)
        web_run(web, 20);
    for (size_t i = 0; i < VIEWS_N; i++)
        assert_unchanged(get(web, VIEWS[i], tags[i], ""), tags[i]);
    assert_int_equal(web->lists, before + VIEWS_N - 1);
}

static void test_another_one(void **state)
{
    struct web *web = *state;
    char tags[VIEWS_N][ETAG_SIZE];

    for (size_t i = 0; i < VIEWS_N; i++)
        tag_of(web, VIEWS[i], "", tags[i]);
    web->description = "Changed";
    for (size_t i = 0; i < VIEWS_N; i++)
        if (VIEWS[i] != &DOCUMENT)
            wait_until_changed(web, VIEWS[i], tags[i]);
    assert_answer(get(web, &PAGE, tags[0], ""), 200, "Changed");
}

/* A part, a format, a language is an answer of its own. */
static void test_each_its_own(void **state)
{
    struct web *web = *state;
    char tags[VIEWS_N + 1][ETAG_SIZE];

    for (size_t i = 0; i < VIEWS_N; i++)
        tag_of(web, VIEWS[i], "", tags[i]);
    tag_of(web, &PAGE, "Accept-Language: de\r\n", tags[VIEWS_N]);
    for (size_t i = 0; i <= VIEWS_N; i++)
        for (size_t k = 0; k < i; k++)
            /* The fixture's broker has one list, whatever part it is asked for. */
            if (VIEWS[k] != &LIST || i == VIEWS_N || VIEWS[i] != &LIST_PART)
                assert_string_not_equal(tags[i], tags[k]);
}

static void test_what_is_wrong_has_none(void **state)
{
    struct web *web = *state;

    web->refuse_lists = true;
    for (size_t i = 0; i < VIEWS_N; i++) {
        const char *answer = VIEWS[i] == &DOCUMENT ? "" : get(web, VIEWS[i], "*", "");

        assert_null(strstr(answer, "ETag"));
        if (*answer)
            assert_answer(answer, 503, "");
    }
}

/* Who sees something else, and be it his own name alone, has another tag, and is not told that one is known.
 */
static void test_each_person(void **state)
{
    struct web *web = *state;
    char annas[ETAG_SIZE], bobs[ETAG_SIZE];

    for (size_t i = 0; i < VIEWS_N; i++) {
        tag_of(web, VIEWS[i], "Remote-User: anna\r\n", annas);
        tag_of(web, VIEWS[i], "Remote-User: bob\r\n", bobs);
        if (VIEWS[i] == &DOCUMENT)
            continue;
        assert_string_not_equal(annas, bobs);
        assert_answer(get(web, VIEWS[i], annas, "Remote-User: bob\r\n"), 200, "bob");
        assert_unchanged(get(web, VIEWS[i], bobs, "Remote-User: bob\r\n"), bobs);
    }
}

/* Nobody is told that nothing changed who is told nothing. */
static void test_signed_out(void **state)
{
    struct web *web = *state;

    web->wants_login = true;
    for (size_t i = 0; i < VIEWS_N; i++) {
        const char *answer = VIEWS[i] == &DOCUMENT ? "" : get(web, VIEWS[i], "*", "");

        assert_null(strstr(answer, "HTTP/1.1 304"));
        assert_null(strstr(answer, "ETag"));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)
#define TEST_PROXYS(f) cmocka_unit_test_setup_teardown(f, web_setup_proxys, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_same),     TEST(test_it_is_fetched_anew),     TEST(test_another_one),
        TEST(test_each_its_own), TEST(test_what_is_wrong_has_none), TEST_PROXYS(test_each_person),
        TEST(test_signed_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
