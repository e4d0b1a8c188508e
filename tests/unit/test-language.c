/* The language of a page is the reader's, as far as there are words in it; and what is loaded is kept under
 * the address of its bytes, and compressed for who takes that. */
#include "webfront/pages/language.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "webfront/pages/assets.h"
#include "webfront/pages/page-list.h"
#include "webfront/pages/page-login.h"
#include "webfront/requests/accept.h"
#include "tests/unit/web-client.h"
#include "tests/unit/web-fixture.h"
#include "tests/unit/test.h"

static void test_choice(_unused_ void **state)
{
    static const struct {
        const char *accept;
        enum language language;
    } CASES[] = {
        { NULL, LANGUAGE_EN },
        { "", LANGUAGE_EN },
        { "de", LANGUAGE_DE },
        { "DE-ch", LANGUAGE_DE },
        { "den", LANGUAGE_EN },
        { "fr, de;q=0.5", LANGUAGE_DE },
        { "en-GB,en;q=0.9,de;q=0.8", LANGUAGE_EN },
        { "en;q=0.3,de;q=0.8", LANGUAGE_DE },
        { "de, en", LANGUAGE_DE },
        { "en, de", LANGUAGE_EN },
        { "de;q=0", LANGUAGE_EN },
        { "*", LANGUAGE_EN },
        { "fr;q=1, *;q=0.1", LANGUAGE_EN },
        { ",,;q=,de;,", LANGUAGE_DE },
        { "de;q=nonsense", LANGUAGE_EN },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (accept_language(CASES[i].accept) != CASES[i].language)
            fail_msg("%s", CASES[i].accept);
}

static void test_holes(_unused_ void **state)
{
    const struct word_hole holes[] = { { "span", "{span} <" }, { "other", "x" }, { NULL, NULL } };
    char text[64], little[8];

    language_format(LANGUAGE_EN, WORD_RESTARTED_IN, holes, text, sizeof(text));
    assert_string_equal(text, "Restarted in {span} <");
    language_format(LANGUAGE_DE, WORD_RESTARTED_IN, holes, text, sizeof(text));
    assert_string_equal(text, "In {span} < neu gestartet");
    language_format(LANGUAGE_EN, WORD_RESTARTED_IN, NULL, text, sizeof(text));
    assert_string_equal(text, "Restarted in ");
    language_format(LANGUAGE_EN, WORD_RESTARTED_IN, holes, little, sizeof(little));
    assert_string_equal(little, "Restart");
}

static const char *address_in(const char *page, const char *stem, char ret[static 64])
{
    const char *at = strstr(page, stem);

    assert_non_null(at);
    snprintf(ret, 64, "%.*s", (int)strcspn(at, "\""), at);
    return ret;
}

/* What is kept for one reader is not shown to another one. */
static void test_pages(void **state)
{
    static const char GERMAN[] = "GET / HTTP/1.1\r\n" WEB_HOST "Accept-Language: de-AT, en;q=0.5\r\n\r\n";

    for (unsigned i = 0; i < 2; i++) {
        assert_answer(web_ask(*state, WEB_GET("/")), 200, "<html lang=\"en\">");
        assert_answer(web_ask(*state, GERMAN), 200, "<html lang=\"de\">");
        assert_answer(web_ask(*state, GERMAN), 200, "<span>Neu starten</span>");
    }
    /* Sentences that everybody is told alike are kept, too. */
    for (unsigned i = 0; i < 2; i++) {
        assert_answer(web_ask(*state, "GET /x HTTP/1.1\r\n" WEB_HOST "Accept: text/html\r\n\r\n"), 404,
                      "There is no such page");
        assert_answer(web_ask(*state, "GET /x HTTP/1.1\r\n" WEB_HOST
                                      "Accept: text/html\r\nAccept-Language: de\r\n\r\n"),
                      404, "Diese Seite gibt es nicht");
    }
}

static void test_kept(void **state)
{
    static const char *const STEMS[] = { "/style-", "/script-", "/icon-" };
    char page[32768], address[64], request[256];

    snprintf(page, sizeof(page), "%s", web_ask(*state, WEB_GET("/")));
    for (size_t i = 0; i < sizeof(STEMS) / sizeof(*STEMS); i++) {
        (void)address_in(page, STEMS[i], address);
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "\r\n", address);
        assert_answer(web_ask(*state, request), 200,
                      "\r\nCache-Control: private, max-age=31536000, immutable\r\n");
        assert_answer(web_ask(*state, request), 200, "\r\nVary: Accept-Encoding\r\n");
        assert_null(strstr(web_ask(*state, request), "Content-Encoding"));
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "Accept-Encoding: br, gzip\r\n\r\n",
                 address);
        assert_answer(web_ask(*state, request), 200, "\r\nContent-Encoding: gzip\r\n");
        /* The page of another version finds what there is now, and does not keep it. */
        address[strlen(STEMS[i])] = address[strlen(STEMS[i])] == '0' ? '1' : '0';
        snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" WEB_HOST "\r\n", address);
        assert_answer(web_ask(*state, request), 200, "\r\nCache-Control: no-store\r\n");
    }
    assert_answer(web_ask(*state, WEB_GET("/style-0123.css")), 404, "");
    assert_answer(web_ask(*state, WEB_GET("/style-0123456789abcdef0.css")), 404, "");
    assert_answer(web_ask(*state, WEB_GET("/style-0123456789abcdef.js")), 404, "");
}

/* Each language has a script of its own; nothing else. */
static void test_addresses(_unused_ void **state)
{
    bool kept = false;

    assert_string_not_equal(asset_address("/script.js", LANGUAGE_EN),
                            asset_address("/script.js", LANGUAGE_DE));
    assert_string_equal(asset_address("/style.css", LANGUAGE_EN), asset_address("/style.css", LANGUAGE_DE));
    for (unsigned i = 0; i < LANGUAGE_MAX; i++) {
        assert_int_equal(asset_find(asset_address("/script.js", i), &kept)->language, i);
        assert_true(kept);
    }
}

static void test_gzip(_unused_ void **state)
{
    assert_false(accept_gzip(NULL));
    assert_false(accept_gzip(""));
    assert_false(accept_gzip("identity, br"));
    assert_false(accept_gzip("gzip;q=0"));
    assert_true(accept_gzip("gzip"));
    assert_true(accept_gzip("br;q=1.0, GZIP;q=0.8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_holes),
        cmocka_unit_test_setup_teardown(test_pages, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_kept, web_setup, web_teardown),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_gzip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
