/* webfront.conf: what is written holds, what is not has its default, and one mistake anywhere takes nothing
 * of it, with the line and the reason. */
#include "common/web-settings.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/random.h"
#include "tests/unit/test.h"

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

static int read_text(const char *text, struct web_settings *ret, struct mistake *mistake)
{
    return web_settings_read("f", text, strlen(text), ret, mistake);
}

static void test_nothing_written(_unused_ void **state)
{
    static const char *const FILES[] = { "[Web]\nLogin=none",
                                         "\n# Login=pam\n[Web]\n;Login=pam\nLogin=none\n",
                                         "  [Web]\t\n  Login =\tnone\n" };

    for (size_t i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        struct web_settings settings, defaults;
        struct mistake mistake;

        if (read_text(FILES[i], &settings, &mistake) != 0)
            fail_msg("%s", mistake.text);
        web_settings_default(&defaults);
        defaults.written = WEB_KEY_LOGIN;
        defaults.login_line = settings.login_line;
        assert_memory_equal(&settings, &defaults, sizeof(settings));
        assert_int_equal(settings.login, WEB_LOGIN_NONE);
        assert_false(settings.cleartext_passwords);
        assert_string_equal(settings.user_header, "Remote-User");
        assert_string_equal(settings.groups_header, "Remote-Groups");
        assert_string_equal(settings.allowed_hosts, "");
        assert_int_equal(settings.lifetime_sec, 43200);
        assert_int_equal(settings.idle_sec, 7200);
    }
}

static void test_everything_written(_unused_ void **state)
{
    struct web_settings settings;
    struct mistake mistake;

    if (read_text(
            "# all\n[Web]\nLogin = password\nUserHeader=X-Forwarded-User\nGroupsHeader=X_Groups\n"
            "SessionLifetimeSec=8h\nSessionIdleSec=0\nCleartextPasswords=yes\n"
            "AllowedHosts=button.example.org  [::1]:80 10.0.0.1:8443\nIdleExitSec=5min\nJobTimeoutSec=90s",
            &settings, &mistake) != 0)
        fail_msg("%s", mistake.text);
    assert_int_equal(settings.login, WEB_LOGIN_PASSWORD);
    assert_string_equal(settings.user_header, "X-Forwarded-User");
    assert_string_equal(settings.groups_header, "X_Groups");
    assert_int_equal(settings.lifetime_sec, 8 * 3600);
    assert_int_equal(settings.idle_sec, 0);
    assert_true(settings.cleartext_passwords);
    assert_string_equal(settings.allowed_hosts, "button.example.org  [::1]:80 10.0.0.1:8443");
    assert_int_equal(settings.idle_exit_sec, 300);
    assert_int_equal(settings.job_timeout_sec, 90);
    assert_int_equal(settings.written, 2 * WEB_KEY_JOB_TIMEOUT - 1);
}

static void test_logins(_unused_ void **state)
{
    for (enum web_login login = WEB_LOGIN_NONE; login <= WEB_LOGIN_PAM; login++) {
        struct web_settings settings;
        struct mistake mistake;
        char text[64];

        (void)snprintf(text, sizeof(text), "[Web]\nLogin=%s\n", web_login_to_string(login));
        assert_int_equal(read_text(text, &settings, &mistake), 0);
        assert_int_equal(settings.login, login);
        assert_int_equal(settings.written, WEB_KEY_LOGIN);
    }
}

static void test_limits(_unused_ void **state)
{
    static const char *const TAKEN[] = {
        "SessionLifetimeSec=60",  "SessionLifetimeSec=2592000",
        "SessionIdleSec=60",      "SessionIdleSec=2592000",
        "SessionIdleSec=0",       "IdleExitSec=0",
        "IdleExitSec=1",          "IdleExitSec=86400",
        "JobTimeoutSec=1",        "JobTimeoutSec=3600",
        "AllowedHosts=",          "UserHeader=" X60 "xxx",
        "CleartextPasswords=off", "GroupsHeader=!$%&'*+-.^_`|~09azAZ",
    };
    struct web_settings settings;
    struct mistake mistake;
    char text[256];

    for (size_t i = 0; i < sizeof(TAKEN) / sizeof(*TAKEN); i++) {
        (void)snprintf(text, sizeof(text), "[Web]\nLogin=none\n%s\n", TAKEN[i]);
        if (read_text(text, &settings, &mistake) != 0)
            fail_msg("%s", mistake.text);
    }
}

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text, *words;
    } CASES[] = {
        { "", "f: there is no [Web]" },
        { "\n# nothing\n", "f: there is no [Web]" },
        { "Login=none\n[Web]\n", "f:1: Login= stands before [Web]" },
        { "[Web]\n", "f: there is no Login= in it; write Login=none if nobody is to log in" },
        { "[Web]\n#Login=none\nSessionIdleSec=0\n", "f: there is no Login= in it" },
        { "[Web]\n[Web]\n", "f:2: a second [Web]" },
        { "[web]\n", "f:1: unknown section [web]; there is only [Web]" },
        { "[Web]\n[Grant]\n", "f:2: unknown section [Grant]" },
        { "[Web] x\n", "f:1: unknown section [Web] x" },
        { "[Web\n", "f:1: unknown section [Web;" },
        { "[Web]\nLogin=none\nLogin=none\n", "f:3: Login= is given twice" },
        { "[Web]\n\nAllowedHosts=\nAllowedHosts=a\n", "f:4: AllowedHosts= is given twice" },
        { "[Web]\nLogon=none\n", "f:2: unknown key Logon=; there are Login=, UserHeader=" },
        { "[Web]\nlogin=none\n", "f:2: unknown key login=" },
        { "Users=x\n[Web]\n", "f:1: unknown key Users=" },
        { "[Web]\nLogin=\n", "f:2: Login= is empty" },
        { "[Web]\nLogin=None\n", "f:2: Login=None is none of none, password and pam" },
        { "[Web]\nLogin=no\n", "f:2: Login=no is none of" },
        { "[Web]\nLogin=password pam\n", "f:2: Login=password pam is none of" },
        { "[Web]\nLogin=pass\x01word\n", "f:2: has byte 0x01" },
        { "[Web]\nLogin\n", "f:2: is not Key=value, [Web], or a comment" },
        { "[Web]\nLogin: none\n", "f:2: is not Key=value" },
        { "[Web]\nLogin=none # really\n", "f:2: a comment stands on a line of its own" },
        { "[Web]\r\n", "f:1: has a carriage return" },
        { "\xef\xbb\xbf[Web]\n", "f:1: has byte 0xef, maybe a byte order mark" },
        { "[Web]\nAllowedHosts=" X60 X60 X60 X60 "\n",
          "f:2: is longer than 190 characters; a longer list of" },
        { "[Web]\nUserHeader=\n", "f:2: UserHeader= is empty" },
        { "[Web]\nUserHeader=Remote User\n", "f:2: UserHeader= is not the name of a header" },
        { "[Web]\nUserHeader=Remote-User:\n", "f:2: UserHeader= is not the name" },
        { "[Web]\nUserHeader=(x)\n", "f:2: UserHeader= is not the name" },
        { "[Web]\nUserHeader=" X60 "xxxx\n",
          "f:2: UserHeader= is not the name of a header: one word of at most 63" },
        { "[Web]\nUserHeader=Host\n", "f:2: UserHeader=Host: this header has another meaning" },
        { "[Web]\nUserHeader=user_agent\n", "f:2: UserHeader=user_agent: this header has another meaning" },
        { "[Web]\nGroupsHeader=COOKIE\n", "f:2: GroupsHeader=COOKIE: this header has another meaning" },
        { "[Web]\nUserHeader=Restarter-Ticket\n", "another meaning" },
        { "[Web]\nUserHeader=X-Forwarded-For\n", "another meaning" },
        { "[Web]\nUserHeader=A-B\nLogin=none\nGroupsHeader=a_b\nLogin=none\n", "f:5: Login= is given twice" },
        { "[Web]\nUserHeader=A-B\nGroupsHeader=a_b\nLogin=none\n",
          "f:3: UserHeader= and GroupsHeader= are one" },
        { "[Web]\nUserHeader=Remote-Groups\nLogin=none\n", "f:2: UserHeader= and GroupsHeader= are one" },
        { "[Web]\nGroupsHeader=remote_user\n", "f:2: UserHeader= and GroupsHeader= are one" },
        { "[Web]\nSessionLifetimeSec=59\n",
          "f:2: SessionLifetimeSec=59 is not a time from 60 to 2592000 seconds," },
        { "[Web]\nSessionLifetimeSec=0\n", "f:2: SessionLifetimeSec=0 is not a time" },
        { "[Web]\nSessionLifetimeSec=2592001\n", "is not a time" },
        { "[Web]\nSessionLifetimeSec=99999999999999999999\n", "is not a time" },
        { "[Web]\nSessionLifetimeSec=-60\n", "is not a time" },
        { "[Web]\nSessionLifetimeSec=+60\n", "is not a time" },
        { "[Web]\nSessionLifetimeSec=1e3\n", "is not a time" },
        { "[Web]\nSessionLifetimeSec=60 s\n", "is not a time" },
        { "[Web]\nSessionIdleSec=1\n",
          "f:2: SessionIdleSec=1 is not a time from 60 to 2592000 seconds, or 0" },
        { "[Web]\nSessionIdleSec=never\n", "is not a time" },
        { "[Web]\nIdleExitSec=0.1\n", "f:2: IdleExitSec=0.1 is not a time from 1 to 86400 seconds, or 0" },
        { "[Web]\nIdleExitSec=86401\n", "is not a time" },
        { "[Web]\nJobTimeoutSec=0\n", "f:2: JobTimeoutSec=0 is not a time from 1 to 3600 seconds," },
        { "[Web]\nJobTimeoutSec=3601\n", "is not a time" },
        { "[Web]\nCleartextPasswords=maybe\n", "f:2: CleartextPasswords=maybe is neither yes nor no" },
        { "[Web]\nAllowedHosts=a,b\n", "f:2: AllowedHosts=: a,b is no name" },
        { "[Web]\nAllowedHosts=a, b\n", "put spaces between names, not commas" },
        { "[Web]\nAllowedHosts=a https://b\n", "f:2: AllowedHosts=: https://b is no name" },
        { "[Web]\nAllowedHosts=https://b\n", "without http://" },
        { "[Web]\nAllowedHosts=*.example.org\n", "write each name in full" },
        { "[Web]\nAllowedHosts=a:0\n", "is no name" },
        { "[Web]\nAllowedHosts=a:65536\n", "is no name" },
        { "[Web]\nAllowedHosts=a:\n", "is no name" },
        { "[Web]\nAllowedHosts=:80\n", "is no name" },
        { "[Web]\nAllowedHosts=[::1\n", "is no name" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct web_settings settings, before;
        struct mistake mistake = { "" };

        memset(&settings, 0x77, sizeof(settings));
        before = settings;
        assert_int_equal(read_text(CASES[i].text, &settings, &mistake), MISTAKE);
        assert_memory_equal(&settings, &before, sizeof(settings));
        if (!strstr(mistake.text, CASES[i].words))
            fail_msg("\"%s\" is told as \"%s\"", CASES[i].text, mistake.text);
    }
}

static void test_nul(_unused_ void **state)
{
    static const char TEXT[] = "[Web]\n# until\0here\nLogin=password\n";
    struct web_settings settings;
    struct mistake mistake = { "" };

    assert_int_equal(web_settings_read("f", TEXT, sizeof(TEXT) - 1, &settings, &mistake), MISTAKE);
    assert_string_equal(mistake.text, "f:2: has a NUL byte: this is not a text file");
}

static void test_too_large(_unused_ void **state)
{
    static char text[WEB_SETTINGS_SIZE_MAX + 1] = "[Web]\nLogin=none\n";
    struct web_settings settings;
    struct mistake mistake = { "" };

    memset(text + 17, '\n', sizeof(text) - 17);
    assert_int_equal(web_settings_read("f", text, sizeof(text) - 1, &settings, &mistake), 0);
    assert_int_equal(web_settings_read("f", text, sizeof(text), &settings, &mistake), MISTAKE);
    assert_string_equal(mistake.text, "f: is larger than 16 KiB");
}

/* Whatever stands there: it is taken, or it is a mistake with a sentence. */
static void test_random(_unused_ void **state)
{
    static const char BYTES[] = "[]Web\nLogin=pa0 9:,#;\r\t\x80";
    static const char *const STARTS[] = { "", "[Web]\nLogin=", "[Web]\nLogin=none\nAllowedHosts=",
                                          "[Web]\nLogin=none\nUserHeader=",
                                          "[Web]\nLogin=none\nSessionIdleSec=" };

    struct random random = random_new(901);

    for (unsigned i = 0; i < random_rounds(20000); i++) {
        const char *start = STARTS[random_below(&random, sizeof(STARTS) / sizeof(*STARTS))];
        size_t size = strlen(start), more = random_below(&random, 24);
        struct web_settings settings;
        struct mistake mistake = { "" };
        char text[64];
        int r;

        (void)stpcpy(text, start);
        while (more-- > 0) /* the NUL at its end is one of them */
            text[size++] = BYTES[random_below(&random, sizeof(BYTES))];
        r = web_settings_read("f", text, size, &settings, &mistake);
        assert_in_range(r, 0, MISTAKE);
        assert_int_equal(r == 0, mistake.text[0] == '\0');
        if (r == 0)
            assert_in_range(strlen(settings.user_header), 1, WEB_HEADER_SIZE - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_written), cmocka_unit_test(test_everything_written),
        cmocka_unit_test(test_logins),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_mistakes),        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_too_large),       cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
