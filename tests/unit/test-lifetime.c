/* For how long a login lasts: what webfront.conf says, else the environment; the idle end where it comes
 * first; and with a mistake in either nobody is logged in at all. */
#include "login/lifetime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static char directory[64] = "/tmp/test-lifetime.XXXXXX", path[96];

static int set_up(_unused_ void **state)
{
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof(path), "%s/webfront.conf", directory);
    return setenv("CREDENTIALS_DIRECTORY", directory, 1);
}

static int tear_down(_unused_ void **state)
{
    (void)unlink(path);
    return rmdir(directory);
}

/* What a login comes to: its seconds, or what is wrong. */
static int read_it(const char *text, const char *environment, uint64_t *ret, struct mistake *mistake)
{
    struct ticket ticket = { .issued = 0 };
    FILE *file = fopen(path, "we");
    uint64_t before = (uint64_t)time(NULL);
    int r;

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    assert_int_equal(
        environment ? setenv("TICKET_LIFETIME_SEC", environment, 1) : unsetenv("TICKET_LIFETIME_SEC"), 0);
    r = lifetime_read(&ticket, mistake);
    if (r == 0)
        assert_in_range(ticket.issued, before, (uint64_t)time(NULL));
    *ret = ticket.expires - ticket.issued;
    return r;
}

static void test_which_end_comes_first(_unused_ void **state)
{
    static const struct {
        const char *text, *environment;
        unsigned seconds;
    } CASES[] = {
        { "[Web]\nLogin=password\n", NULL, 7200 },
        { "[Web]\nLogin=password\nSessionIdleSec=0\n", NULL, 43200 },
        { "[Web]\nLogin=password\nSessionIdleSec=0\nSessionLifetimeSec=600\n", NULL, 600 },
        { "[Web]\nLogin=password\nSessionIdleSec=60\nSessionLifetimeSec=600\n", NULL, 60 },
        { "[Web]\nLogin=password\nSessionIdleSec=1h\nSessionLifetimeSec=600\n", NULL, 600 },
        { "[Web]\nLogin=password\nSessionIdleSec=600\nSessionLifetimeSec=600\n", NULL, 600 },
        { "[Web]\nLogin=password\n", "60", 60 },
        { "[Web]\nLogin=password\n", "2592000", 7200 },
        { "[Web]\nLogin=password\nSessionIdleSec=0\n", "2592000", 2592000 },
        { "[Web]\nLogin=password\nSessionIdleSec=0\nSessionLifetimeSec=600\n", "60", 600 },
        { "[Web]\nLogin=password\nSessionLifetimeSec=600\n", "no number", 600 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct mistake mistake = { "" };
        uint64_t seconds = 0;

        assert_int_equal(read_it(CASES[i].text, CASES[i].environment, &seconds, &mistake), 0);
        assert_int_equal(seconds, CASES[i].seconds);
    }
}

static void test_mistakes(_unused_ void **state)
{
    static const struct {
        const char *text, *environment, *words;
    } CASES[] = {
        { "[Web]\nSessionLifetimeSec=1\n", NULL,
          "/etc/restarter/webfront.conf:2: SessionLifetimeSec=1 is not a time" },
        { "[Web]\nSessionLifetimeSec=1\n", "600", "/etc/restarter/webfront.conf:2: SessionLifetimeSec=1" },
        { "[Web]\nLogon=none\n", NULL, "/etc/restarter/webfront.conf:2: unknown key Logon=" },
        { "", NULL, "/etc/restarter/webfront.conf: there is no [Web]" },
        { "#", NULL, "/etc/restarter/webfront.conf: there is no such file" },
        { "[Web]\nLogin=password\n", "59", "TICKET_LIFETIME_SEC: this setting is not a number" },
        { "[Web]\nLogin=password\n", "", "TICKET_LIFETIME_SEC: this setting is not a number" },
        { "[Web]\nLogin=password\n", "1h", "TICKET_LIFETIME_SEC: this setting is not a number" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct mistake mistake = { "" };
        uint64_t seconds = 0;

        assert_int_equal(read_it(CASES[i].text, CASES[i].environment, &seconds, &mistake), MISTAKE);
        if (!strstr(mistake.text, CASES[i].words))
            fail_msg("\"%s\" is told as \"%s\"", CASES[i].text, mistake.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_end_comes_first),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
