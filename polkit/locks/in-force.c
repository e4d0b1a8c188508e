/* The broker's status names its policy by the first digits of the checksum. */
#include "polkit/locks/in-force.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "polkit/ask/units.h"
#include "polkit/rules/rule.h"

enum {
    ROUND_USEC = 10 * 1000,
    PATIENCE_SEC = 10, /* for a broker that has much to do */
    REMIND_ROUND = 50,
    REMIND_AGAIN_ROUND = 300,
};

static enum in_force read_status(const char *status, const struct policy *policy)
{
    const char *mark = strstr(status, POLICY_STATUS_MARK);

    if (!mark)
        return IN_FORCE_NOTHING;
    mark += strlen(POLICY_STATUS_MARK);
    return strncmp(mark, policy->checksum, POLICY_STATUS_DIGITS) == 0 ? IN_FORCE_SAME : IN_FORCE_OTHER;
}

enum in_force in_force_look(sd_bus *bus, const struct policy *policy)
{
    _cleanup_(freep) char *state = NULL, *status = NULL;

    if (unit_get_string(bus, RULE_UNIT, "Unit", "ActiveState", &state) < 0 ||
        strcmp(state, "activating") == 0)
        return IN_FORCE_UNKNOWN;
    /* One that is ending has closed its doors: who comes now is for the next one. */
    if (strcmp(state, "active") != 0 && strcmp(state, "reloading") != 0)
        return IN_FORCE_NOBODY;
    if (unit_get_string(bus, RULE_UNIT, "Service", "StatusText", &status) < 0)
        return IN_FORCE_UNKNOWN;
    return read_status(status, policy);
}

/* The file may have been changed between the broker's look at it and ours, and then the broker would be
 * waited for in vain: a reload that is already under way is not begun anew. Twice is enough; a broker that
 * cannot read the file says so each time. */
static void remind(sd_bus *bus, unsigned round)
{
    if (round == REMIND_ROUND || round == REMIND_AGAIN_ROUND)
        (void)sd_bus_call_method(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                                 "org.freedesktop.systemd1.Manager", "KillUnit", NULL, NULL, "ssi", RULE_UNIT,
                                 "main", SIGHUP);
}

enum in_force in_force_wait(sd_bus *bus, const struct policy *policy, bool reload)
{
    uint64_t end_usec = clock_usec() + PATIENCE_SEC * USEC_PER_SEC;
    enum in_force state;
    unsigned round = 0;

    while (!in_force_settled(state = in_force_look(bus, policy)) && clock_usec() <= end_usec) {
        /* One that is about to end takes no orders; then there is nobody in a moment. */
        if (state != IN_FORCE_UNKNOWN && reload &&
            manager_call(bus, "ReloadUnit", RULE_UNIT, "replace", NULL) >= 0)
            reload = false;
        if (state != IN_FORCE_UNKNOWN && !reload)
            remind(bus, round++);
        (void)usleep(ROUND_USEC);
    }
    return state;
}
