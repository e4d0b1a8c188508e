/* The forms around a login: what they take, and that nobody is led to another place than a page of ours. */
#include "webfront/requests/login-form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static int read_login(const char *body, struct login_form *ret)
{
    return login_form_read(body, strlen(body), ret);
}

static const struct login_case {
    const char *body;
    int outcome;
    const char *user, *password, *next;
} LOGINS[] = {
    { "user=anna&password=secret", 0, "anna", "secret", "/" },
    { "password=secret&user=anna&next=/api/instances", 0, "anna", "secret", "/api/instances" },
    { "user=anna&password=secret&next=%2Fapi%2finstances", 0, "anna", "secret", "/api/instances" },
    { "user=anna&password=", 0, "anna", "", "/" },
    { "user=+&password=+a%26b%3D%C3%A9%0D%0A", 0, " ", " a&b=\xc3\xa9\r\n", "/" },
    { "user=anna%3Aroot&password=x", 0, "anna:root", "x", "/" },
    { "user=&password=x", LOGIN_FORM_E_NO_USER, "", "", "/" },
    { "password=x", LOGIN_FORM_E_NO_USER, "", "", "/" },
    { "", LOGIN_FORM_E_NO_USER, "", "", "/" },
    { "user=anna", LOGIN_FORM_E_NO_PASSWORD, "anna", "", "/" },
    { "user=anna&password=x&password=x", FIELDS_E_DUPLICATE, "anna", "", "/" },
    { "user=anna&user=bert&password=x", FIELDS_E_DUPLICATE, "anna", "", "/" },
    { "user=anna&password=x&next=/&next=/", FIELDS_E_DUPLICATE, "anna", "", "/" },
    { "user=anna&password=x&remember=yes", FIELDS_E_UNKNOWN, "anna", "", "/" },
    { "user=anna&password=x&", FIELDS_E_UNKNOWN, "anna", "", "/" },
    { "user=anna&password=%00", FIELDS_E_ENCODING, "anna", "", "/" },
    { "user=anna&password=%4", FIELDS_E_ENCODING, "anna", "", "/" },
    { "user=anna&password=\xc3\xa9", FIELDS_E_ENCODING, "anna", "", "/" },
    { "user=an\nna&password=x", FIELDS_E_ENCODING, "", "", "/" },
};

static void test_login(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(LOGINS) / sizeof(*LOGINS); i++) {
        struct login_form form;

        if (read_login(LOGINS[i].body, &form) != LOGINS[i].outcome)
            fail_msg("'%s' is not %d", LOGINS[i].body, LOGINS[i].outcome);
        assert_string_equal(form.user, LOGINS[i].user);
        assert_string_equal(form.password, LOGINS[i].password);
        assert_string_equal(form.next, LOGINS[i].next);
        if (LOGINS[i].outcome != 0)
            assert_true(strncmp(login_form_text(LOGINS[i].outcome), "You are not logged in: ", 23) == 0);
    }
}

/* A body with a user and a password of so many bytes. */
static int read_long(size_t user, size_t password, struct login_form *ret)
{
    _cleanup_(freep) char *body = malloc(user + password + 32);
    char *at = stpcpy(body, "user=");

    memset(at, 'u', user);
    at = stpcpy(at + user, "&password=");
    memset(at, 'p', password);
    at[password] = '\0';
    return read_login(body, ret);
}

static void test_length(_unused_ void **state)
{
    struct login_form form;

    assert_int_equal(read_long(255, 511, &form), 0);
    assert_int_equal(strlen(form.user), 255);
    assert_int_equal(strlen(form.password), 511);
    assert_int_equal(read_long(256, 1, &form), LOGIN_FORM_E_LONG);
    assert_int_equal(read_long(1, 512, &form), LOGIN_FORM_E_LONG);
    assert_string_equal(form.password, "");
    assert_int_equal(read_long(1, 5000, &form), FIELDS_E_TOO_LONG);
    login_form_wipe(&form);
    for (size_t i = 0; i < sizeof(form); i++)
        assert_int_equal(((const char *)&form)[i], 0);
}

static void test_next(_unused_ void **state)
{
    static const char *const GOOD[] = { "/instances/example@0001.service",
                                        "/restarts/page-a_b-c",
                                        "/",
                                        "/api/instances",
                                        "/a",
                                        "/a-b_c.d",
                                        "/." };
    static const char *const BAD[] = {
        "",
        "a",
        "//",
        "//evil.example",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil",
        "\\/evil",
        "http://evil",
        "https:evil",
        "javascript:x",
        "data:,x",
        "/a//b",
        "/../a",
        "/a/..",
        "/a?b",
        "/a#b",
        "/a b",
        "/%2fevil",
        "/a\r\nX:y",
        "/\tevil",
        "/@evil",
        "/evil:80",
        "/restarts/@evil",
        "//instances/a@b.service",
        "/instances//a@b.service",
        "/login",
        "/logout",
        "/restart",
        "/\xc3\xa9",
        " /",
        "/;",
        "/a&said=ended",
        "/\x01",
        "./a",
        "?",
        "/\xe2\x80\xae",
    };
    char longest[LOGIN_NEXT_SIZE + 1];

    for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++)
        if (!login_next_valid(GOOD[i]))
            fail_msg("'%s' is a page of ours", GOOD[i]);
    for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++)
        if (login_next_valid(BAD[i]))
            fail_msg("'%s' is no page of ours", BAD[i]);
    memset(longest, 'a', sizeof(longest));
    longest[0] = '/';
    longest[LOGIN_NEXT_SIZE] = '\0';
    assert_false(login_next_valid(longest));
    longest[LOGIN_NEXT_SIZE - 1] = '\0';
    assert_true(login_next_valid(longest));
}

/* A place to go that is no good is not gone to, and is no reason to turn anybody away. */
static void test_bad_next(_unused_ void **state)
{
    struct login_form form;

    assert_int_equal(read_login("user=anna&password=x&next=//evil.example", &form), 0);
    assert_string_equal(form.next, "/");
    assert_int_equal(read_login("user=anna&password=x&next=", &form), 0);
    assert_string_equal(form.next, "/");
}

static const struct query_case {
    const char *query;
    const char *next;
    enum login_said said;
    const char *written;
} QUERIES[] = {
    { "", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=/", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=/api/instances", "/api/instances", LOGIN_SAID_NOTHING, "/login?next=/api/instances" },
    { "next=/a&said=ended", "/a", LOGIN_SAID_ENDED, "/login?next=/a&said=ended" },
    { "said=signed-out", "/", LOGIN_SAID_SIGNED_OUT, "/login?said=signed-out" },
    { "said=everywhere", "/", LOGIN_SAID_EVERYWHERE, "/login?said=everywhere" },
    { "said=two-cookies", "/", LOGIN_SAID_TWO_COOKIES, "/login?said=two-cookies" },
    { "said=not-voided", "/", LOGIN_SAID_NOT_VOIDED, "/login?said=not-voided" },
    { "said=Your+account+is+locked", "/", LOGIN_SAID_NOTHING, "/login" },
    { "said=", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=%2F%2Fevil.example", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=/a&next=//evil.example", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=/a&user=anna", "/", LOGIN_SAID_NOTHING, "/login" },
    { "next=/a%", "/", LOGIN_SAID_NOTHING, "/login" },
    { "<script>", "/", LOGIN_SAID_NOTHING, "/login" },
};

static void test_query(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(QUERIES) / sizeof(*QUERIES); i++) {
        char address[LOGIN_ADDRESS_SIZE];
        struct login_query query;

        login_query_read(QUERIES[i].query, &query);
        assert_string_equal(query.next, QUERIES[i].next);
        assert_int_equal(query.said, QUERIES[i].said);
        assert_string_equal(login_query_write(&query, address), QUERIES[i].written);
    }
}

static void test_logout(_unused_ void **state)
{
    bool everywhere = true;

    assert_int_equal(logout_form_read("", 0, &everywhere), 0);
    assert_false(everywhere);
    assert_int_equal(logout_form_read("everywhere=yes", 14, &everywhere), 0);
    assert_true(everywhere);
    assert_int_equal(logout_form_read("everywhere=no", 13, &everywhere), FIELDS_E_UNKNOWN);
    assert_int_equal(logout_form_read("next=/", 6, &everywhere), FIELDS_E_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login),    cmocka_unit_test(test_length), cmocka_unit_test(test_next),
        cmocka_unit_test(test_bad_next), cmocka_unit_test(test_query),  cmocka_unit_test(test_logout),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
