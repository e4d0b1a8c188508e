/* What carries us cannot be granted: by none of its names, plain or template, and the policy says why. */
#include "policy/carrier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/load.h"
#include "polkit/rules/rule.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

static const struct {
    const char *unit;
    const char *why; /* part of it; NULL: it carries nothing */
} UNITS[] = {
    { "dbus.service", "carries every question" },
    { "dbus-broker.service", "carries every question" },
    { "messagebus.service", "carries every question" },
    { "dbus-org.freedesktop.systemd1.service", "carries every question" },
    { "polkit.service", "decides" },
    { "polkitd.service", "decides" },
    { "dbus-org.freedesktop.PolicyKit1.service", "decides" },
    { "systemd-journald.service", "writes down" },
    { "systemd-journald@.service", "writes down" },
    { "systemd-journald@web.service", "writes down" },
    { "restarter-broker.service", "part of the restart button" },
    { "restarter-webfront.service", "part of the restart button" },
    { "restarter-check.service", "part of the restart button" },
    { "restarter-webfront-proxy.service", "part of the restart button" },
    { "restarter-login@.service", "part of the restart button" },
    { "restarter-far@web.service", "part of the restart button" },
    { "emergency.service", "root shell" },
    { "rescue.service", "root shell" },
    { "debug-shell.service", "root shell" },
    { "systemd-reboot.service", "take the machine down" },
    { "systemd-soft-reboot.service", "take the machine down" },
    { "systemd-suspend.service", "take the machine down" },
    { "systemd-storagetm.service", "take the machine down" },
    { "systemd-battery-check.service", "take the machine down" },
    { "system-update-cleanup.service", "take the machine down" },
    { "initrd-switch-root.service", "another one" },
    /* and their neighbours */
    { "dbus2.service", NULL },
    { "Dbus.service", NULL },
    { "xdbus.service", NULL },
    { "dbus@.service", NULL },
    { "dbus.service.service", NULL },
    { "dbus-broker2.service", NULL },
    { "dbus-org.freedesktop.login1.service", NULL },
    { "polkit-agent.service", NULL },
    { "systemd-journald2.service", NULL },
    { "systemd-journal-upload.service", NULL },
    { "systemd-logind.service", NULL },
    { "systemd-resolved.service", NULL },
    { "restarter.service", NULL },
    { "restarter@.service", NULL },
    { "my-restarter-broker.service", NULL },
    { "rescue2.service", NULL },
    { "nginx.service", NULL },
    { "initrd.service", NULL },
};

static void test_table(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(*UNITS); i++) {
        const struct carrier *carrier = carrier_find(UNITS[i].unit);

        if (!carrier != !UNITS[i].why || (carrier && !strstr(carrier->why, UNITS[i].why)))
            fail_msg("%s: %s", UNITS[i].unit, carrier ? carrier->why : "carries nothing");
    }
}

/* Which line is to blame, which unit, and why. */
static void test_policy(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(*UNITS); i++) {
        const char *at = strchr(UNITS[i].unit, '@');
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        _cleanup_(freep) char *text = NULL, *said = NULL;
        int r;

        if (at && at[1] != '.')
            continue;
        assert_true(asprintf(&text, "# c\n[Grant]\nVerbs=restart\nUnit=%s\n%s", UNITS[i].unit,
                             at ? "Instances=.*\n" : "") > 0);
        r = policy_load_text("f", text, strlen(text), &policy, &error);
        assert_int_equal(r, UNITS[i].why ? POLICY_E_INVALID : 0);
        if (r == 0)
            continue;
        said = policy_error_format(&error);
        free(text);
        assert_true(asprintf(&text, "f:4: Unit=%s cannot be granted: it ", UNITS[i].unit) > 0);
        if (strncmp(said, text, strlen(text)) != 0 || !strstr(said, UNITS[i].why))
            fail_msg("%s", said);
    }
}

/* A rule that an admin has tuned to name one is not taken for one that was rendered. */
static void test_tuned_rule(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=abcd.service\nVerbs=restart\n");
    _cleanup_(freep) char *rule = rule_text(policy);
    char *name = strstr(rule, "abcd.service");
    struct policy *again = NULL;

    for (size_t i = 0; i < strlen("dbus"); i++)
        name[i] = "dbus"[i];
    assert_int_equal(rule_read(rule, &again), POLICY_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_tuned_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
