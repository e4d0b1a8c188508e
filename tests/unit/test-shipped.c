/* The table of what `restartctl check` compares units with, against the units themselves; and the comparing.
 */
#include <stdio.h>
#include <string.h>

#include "cli/check/shipped.h"
#include "common/cleanup.h"
#include "polkit/locks/files.h"
#include "polkit/locks/property.h"
#include "tests/unit/test.h"

static bool has_row(const char *unit, const char *key)
{
    for (size_t i = 0; i < N_SHIPPED; i++)
        if (strcmp(SHIPPED[i].key, key) == 0 && (!SHIPPED[i].unit || strcmp(SHIPPED[i].unit, unit) == 0))
            return true;
    return false;
}

/* Settings of a service that no lock is made of. */
static bool is_no_lock(const char *key)
{
    static const char *const KEYS[] = {
        "Type",
        "ExecReload",
        "RootDirectoryStartOnly",
        "Sockets",
        "EnvironmentFile",
        "WatchdogSec",
        "MemoryMax",
        "SystemCallErrorNumber",
        "LimitNOFILE",
        "OOMPolicy",
        "TimeoutStopSec",
        "TimeoutStartSec",
        "TasksMax",
        "RuntimeMaxSec",
        "Nice",
        "CPUSchedulingPolicy",
        "IOSchedulingClass",
        "IOSchedulingPriority",
        "StandardInput",
        "StandardOutput",
        "StandardError",
        "SyslogIdentifier",
        "LogLevelMax",
        "MemorySwapMax",
    };

    for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++)
        if (strcmp(KEYS[i], key) == 0)
            return true;
    return strncmp(key, "RuntimeDirectory", strlen("RuntimeDirectory")) == 0;
}

/* What a unit is given to protect it is in the table, so that somebody who takes it away is noticed. */
static void test_every_protection_has_a_row(_unused_ void **state)
{
    static const struct {
        const char *unit, *file;
    } UNITS[] = {
        { "restarter-broker.service", "units/restarter-broker.service" },
        { "restarter-webfront.service", "units/restarter-webfront.service" },
        /* Made of the one above, by units/proxy.sed, with rows of its own. */
        { "restarter-webfront-proxy.service", "units/restarter-webfront.service" },
        { "restarter-login@.service", "units/restarter-login@.service" },
        { "restarter-login-pam@.service", "units/restarter-login-pam@.service" },
        { "restarter-log@.service", "units/restarter-log@.service" },
        /* Made of the one above, by units/log-broker.sed. */
        { "restarter-log-broker@.service", "units/restarter-log@.service" },
        { "restarter-far@.service", "units/restarter-far@.service" },
    };

    for (size_t i = 0; i < sizeof(UNITS) / sizeof(*UNITS); i++) {
        _cleanup_(freep) char *text = NULL;
        char *rest, *section;

        assert_int_equal(file_read(UNITS[i].file, &text), 0);
        section = strstr(text, "[Service]\n");
        assert_non_null(section);
        for (char *line = strtok_r(section, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            char key[64] = "";

            if (line[0] >= 'A' && line[0] <= 'Z' && sscanf(line, "%63[A-Za-z]=", key) == 1 &&
                !has_row(UNITS[i].unit, key) && !is_no_lock(key))
                fail_msg("%s: %s= is not in cli/check/shipped.c", UNITS[i].unit, key);
        }
    }
}

static void test_lines(_unused_ void **state)
{
    static const char TEXT[] = "[Service]\n# User=a\nUser=b\n  User = c\nUserX=d\nXUser=e\nExec=User=f\n";

    assert_int_equal(setting_line(TEXT, "User"), 4);
    assert_int_equal(setting_line(TEXT, "UserX"), 5);
    assert_int_equal(setting_line(TEXT, "Exec"), 7);
    assert_int_equal(setting_line(TEXT, "Group"), 0);
    assert_int_equal(setting_line("", "User"), 0);
    assert_int_equal(setting_line("User", "User"), 0);
    assert_int_equal(setting_line("User=", "User"), 1);
}

static void test_fits(_unused_ void **state)
{
    static const struct {
        const char *value, *text;
        enum shipped_rule rule;
        bool fits;
    } CASES[] = {
        { "yes", "yes", SHIPPED_SAME, true },
        { "yes", "no", SHIPPED_SAME, false },
        { "", "", SHIPPED_SAME, true },
        { "", "x", SHIPPED_SAME, false },
        { "a b|c", "a b", SHIPPED_EITHER, true },
        { "a b|c", "c", SHIPPED_EITHER, true },
        { "a b|c", "a", SHIPPED_EITHER, false },
        { "a b|c", "", SHIPPED_EITHER, false },
        { "a b", "", SHIPPED_WITHIN, true },
        { "a b", "b", SHIPPED_WITHIN, true },
        { "a b", "b a b", SHIPPED_WITHIN, true },
        { "a b", "a bb", SHIPPED_WITHIN, false },
        { "a bb", "a b", SHIPPED_WITHIN, false },
        { "a b", "c b a", SHIPPED_HAS, true },
        { "a b", "a", SHIPPED_HAS, false },
        { "a b", "", SHIPPED_HAS, false },
        { "a no ", "a no 1 2", SHIPPED_BEGINS, true },
        { "a no ", "a yes 1 2", SHIPPED_BEGINS, false },
        { "/a /b", "/a /b no 0 /b /b no 16384", SHIPPED_PATHS, true },
        { "/a /b", "", SHIPPED_PATHS, true },
        { "/a /b", "/a /b no 0 / /b no 0", SHIPPED_PATHS, false },
        { "/a /b", "/a /bc no 0", SHIPPED_PATHS, false },
        { "mount clone", "yes read write", SHIPPED_FILTER, true },
        { "mount clone", "yes read mount", SHIPPED_FILTER, false },
        { "mount clone", "yes mount", SHIPPED_FILTER, false },
        { "mount clone", "yes umount mount2", SHIPPED_FILTER, true },
        { "mount clone", "no read", SHIPPED_FILTER, false },
        { "mount clone", "no", SHIPPED_FILTER, false },
        { "LD_", "A=b C=LD_", SHIPPED_LACKS, true },
        { "LD_", "", SHIPPED_LACKS, true },
        { "LD_", "A=b LD_PRELOAD=x", SHIPPED_LACKS, false },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct shipped shipped = { .rule = CASES[i].rule, .value = CASES[i].value };

        if (shipped_fits(&shipped, CASES[i].text) != CASES[i].fits)
            fail_msg("\"%s\" against \"%s\"", CASES[i].text, CASES[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_protection_has_a_row),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
