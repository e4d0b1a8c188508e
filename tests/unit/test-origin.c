/* Whose host names and whose pages are let in. */
#include "webfront/requests/origin.h"

#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static const char ALLOWED[] = "button.example  Other.Example:8443\t192.0.2.7 [2001:db8::1]:8080 junk/x :80";

static const struct host_case {
    const char *host;
    bool allowed;
} HOSTS[] = {
    { "127.0.0.1", true },
    { "127.0.0.1:8080", true },
    { "127.0.0.1:1", true },
    { "127.0.0.1:65535", true },
    { "127.9.9.9:80", true },
    { "127.255.255.255", true },
    { "localhost", true },
    { "LocalHost:8080", true },
    { "[::1]", true },
    { "[::1]:8080", true },
    { "button.example", true },
    { "BUTTON.EXAMPLE:1234", true },
    { "other.example:8443", true },
    { "192.0.2.7:99", true },
    { "[2001:DB8::1]:8080", true },
    { NULL, false },
    { "", false },
    { ":8080", false },
    { " 127.0.0.1", false },
    { "127.0.0.1 ", false },
    { "127.0.0.1:", false },
    { "127.0.0.1:0", false },
    { "127.0.0.1:65536", false },
    { "127.0.0.1:099999", false },
    { "127.0.0.1:80a", false },
    { "127.0.0.1:-1", false },
    { "127.0.0.1:+80", false },
    { "127.0.0.1:80:80", false },
    { "127.1", false },
    { "127.0.0.1.", false },
    { "0127.0.0.1", false },
    { "2130706433", false },
    { "0x7f.0.0.1", false },
    { "128.0.0.1", false },
    { "0.0.0.0", false },
    { "127.0.0.1.evil.example", false },
    { "localhost.evil.example", false },
    { "localhost.", false },
    { "evil.localhost", false },
    { "user@127.0.0.1", false },
    { "127.0.0.1/", false },
    { "127.0.0.1,evil.example", false },
    { "[::1", false },
    { "::1", false },
    { "[::2]", false },
    { "[::1]x", false },
    { "[::ffff:127.0.0.1]", false },
    { "evil.example", false },
    { "xbutton.example", false },
    { "button.example.evil.example", false },
    { "button.exampl", false },
    { "other.example", false },
    { "other.example:8444", false },
    { "[2001:db8::1]", false },
    { "junk", false },
    { "junk/x", false },
};

static void test_hosts(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(HOSTS) / sizeof(*HOSTS); i++)
        if (origin_host_allowed(HOSTS[i].host, ALLOWED) != HOSTS[i].allowed)
            fail_msg("Host: %s", HOSTS[i].host ? HOSTS[i].host : "(none)");
}

static void test_hosts_without_a_list(_unused_ void **state)
{
    assert_true(origin_host_allowed("127.0.0.1:8080", NULL));
    assert_true(origin_host_allowed("localhost", ""));
    assert_false(origin_host_allowed("button.example", NULL));
    assert_false(origin_host_allowed("button.example", "  "));
    assert_false(origin_host_allowed("", ""));
}

static void test_long_host(_unused_ void **state)
{
    char host[400], list[400];

    memset(host, 'a', sizeof(host));
    host[253] = '\0';
    (void)strcpy(list, host);
    assert_true(origin_host_allowed(host, list));
    host[253] = 'a';
    host[254] = '\0';
    (void)strcpy(list, host);
    assert_false(origin_host_allowed(host, list));
}

static const struct post_case {
    const char *host, *origin, *fetch_site;
    bool allowed;
} POSTS[] = {
    /* Programs. */
    { "127.0.0.1:8080", NULL, NULL, true },
    /* Our own page, behind a TLS proxy too. */
    { "127.0.0.1:8080", "http://127.0.0.1:8080", "same-origin", true },
    { "127.0.0.1:8080", "http://127.0.0.1:8080", NULL, true },
    { "localhost", "http://localhost", NULL, true },
    { "localhost", "http://localhost:80", NULL, true },
    { "localhost:80", "http://localhost", NULL, true },
    { "button.example", "https://button.example", "same-origin", true },
    { "button.example:443", "https://button.example", NULL, true },
    { "Button.Example", "https://button.example:443", NULL, true },
    { "[::1]:8080", "http://[::1]:8080", "same-origin", true },
    { "127.0.0.1:8080", NULL, "none", true },
    { "127.0.0.1:8080", NULL, "same-origin", true },
    /* Others' pages. */
    { "127.0.0.1:8080", "http://evil.example", "cross-site", false },
    { "127.0.0.1:8080", "http://evil.example", NULL, false },
    { "127.0.0.1:8080", "http://evil.example", "same-origin", false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080", "cross-site", false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080", "same-site", false },
    { "127.0.0.1:8080", NULL, "cross-site", false },
    { "127.0.0.1:8080", NULL, "same-site", false },
    { "127.0.0.1:8080", NULL, "", false },
    { "127.0.0.1:8080", NULL, "Same-Origin", false },
    { "127.0.0.1:8080", NULL, "same-origin, cross-site", false },
    { "127.0.0.1:8080", "null", NULL, false },
    { "127.0.0.1:8080", "", NULL, false },
    { "127.0.0.1:8080", "127.0.0.1:8080", NULL, false },
    { "127.0.0.1:8080", "http://", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1:8081", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1", NULL, false },
    { "127.0.0.1", "http://127.0.0.1:8080", NULL, false },
    { "127.0.0.1:8080", "http://localhost:8080", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080/", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080.evil.example", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080@evil.example", NULL, false },
    { "127.0.0.1:8080", "http://evil.example http://127.0.0.1:8080", NULL, false },
    { "127.0.0.1:8080", "http://127.0.0.1:8080 http://evil.example", NULL, false },
    { "127.0.0.1:8080", "ftp://127.0.0.1:8080", NULL, false },
    { "127.0.0.1:8080", "HTTP://127.0.0.1:8080", NULL, false },
    { "127.0.0.1:8080", "chrome-extension://127.0.0.1:8080", NULL, false },
    { "button.example", "http://button.example:443", NULL, false },
    { "button.example:80", "https://button.example", NULL, false },
    { NULL, "http://127.0.0.1:8080", NULL, false },
    { "", "http://", NULL, false },
};

static void test_posts(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(POSTS) / sizeof(*POSTS); i++) {
        const struct post_case *c = &POSTS[i];

        if (origin_post_allowed(c->host, c->origin, c->fetch_site) != c->allowed)
            fail_msg("Host: %s, Origin: %s, Sec-Fetch-Site: %s", c->host ? c->host : "(none)",
                     c->origin ? c->origin : "(none)", c->fetch_site ? c->fetch_site : "(none)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_hosts_without_a_list),
        cmocka_unit_test(test_long_host),
        cmocka_unit_test(test_posts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
