/* Who gets a page, who JSON, who text. */
#include "webfront/requests/accept.h"

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define OTHERWISE FORMAT_TEXT

static const struct accept_case {
    const char *accept;
    enum format format;
} ACCEPTS[] = {
    { NULL, OTHERWISE },
    { "", OTHERWISE },
    { "*/*", OTHERWISE },
    { "text/*", OTHERWISE },
    { "text/plain", OTHERWISE },
    { ",,;;==,", OTHERWISE },
    { "text/htmlx", OTHERWISE },
    { "xtext/html", OTHERWISE },
    { "text/html;q=0", OTHERWISE },
    { "text/html;q=0.000", OTHERWISE },
    { "text/html;q=x", OTHERWISE },
    { "application/json;q=0, */*", OTHERWISE },
    { "text/html", FORMAT_HTML },
    { "TEXT/HTML", FORMAT_HTML },
    { "  text/html  ", FORMAT_HTML },
    { "text/html;level=1", FORMAT_HTML },
    { "text/html;q=0.001", FORMAT_HTML },
    { "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", FORMAT_HTML },
    { "application/json, text/html", FORMAT_HTML },
    { "application/json;q=0.9, text/html", FORMAT_HTML },
    { "application/json;q=0.1,text/html;q=0.11", FORMAT_HTML },
    { "application/json", FORMAT_JSON },
    { "application/json, */*", FORMAT_JSON },
    { "application/json, text/plain, */*", FORMAT_JSON },
    { "text/html;q=0.5, application/json", FORMAT_JSON },
    { "text/html; charset=utf-8; q=0.5, application/json;q=0.6", FORMAT_JSON },
    { "text/html;q=0,application/json;q=0.2", FORMAT_JSON },
    { "application/json;Q=0.5,text/html;q=0.499", FORMAT_JSON },
};

static void test_accept(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(ACCEPTS) / sizeof(*ACCEPTS); i++)
        if (accept_choose(ACCEPTS[i].accept, OTHERWISE) != ACCEPTS[i].format)
            fail_msg("Accept: %s", ACCEPTS[i].accept ? ACCEPTS[i].accept : "(none)");
    assert_int_equal(accept_choose("*/*", FORMAT_JSON), FORMAT_JSON);
    assert_int_equal(accept_choose(NULL, FORMAT_HTML), FORMAT_HTML);
}

static void test_media_type(_unused_ void **state)
{
    assert_true(media_type_is("text/xml", "text/xml"));
    assert_true(media_type_is("Text/XML", "text/xml"));
    assert_true(media_type_is("text/xml;charset=utf-8", "text/xml"));
    assert_true(media_type_is("text/xml ; charset=utf-8", "text/xml"));
    assert_false(media_type_is(NULL, "text/xml"));
    assert_false(media_type_is("", "text/xml"));
    assert_false(media_type_is("text/xmlx", "text/xml"));
    assert_false(media_type_is("text/xm", "text/xml"));
    assert_false(media_type_is(" text/xml", "text/xml"));
    assert_false(media_type_is("text/xml, text/plain", "text/xml"));
    assert_false(media_type_is("text/plain; a=text/xml", "text/xml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept),
        cmocka_unit_test(test_media_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
