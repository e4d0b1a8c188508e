/* The broker's status names its policy by the first digits of the checksum. */
#include "cli/in-force.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/policy.h"
#include "cli/units.h"
#include "common/cleanup.h"

#define BROKER "restarter-broker.service"

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

    if (unit_get_string(bus, BROKER, "Unit", "ActiveState", &state) < 0 || strcmp(state, "activating") == 0)
        return IN_FORCE_UNKNOWN;
    /* One that is ending has closed its doors: who comes now is for the next one. */
    if (strcmp(state, "active") != 0 && strcmp(state, "reloading") != 0)
        return IN_FORCE_NOBODY;
    if (unit_get_string(bus, BROKER, "Service", "StatusText", &status) < 0)
        return IN_FORCE_UNKNOWN;
    return read_status(status, policy);
}

static int say_why_not(enum in_force state, const char *path)
{
    if (state == IN_FORCE_UNKNOWN)
        return policy_unavailable("systemd does not tell which policy " BROKER
                                  " goes by; 'systemctl status " BROKER "' may say why");
    (void)fprintf(
        stderr,
        BROKER " does not go by %s as it is. 'restartctl list' says why, if the broker cannot read it; or it "
               "was told to go by another file (POLICY_FILE=).\n",
        path);
    return CLI_EXIT_FAILED;
}

static int say_who(enum in_force state, const char *path)
{
    if (state == IN_FORCE_SAME)
        (void)printf(BROKER " goes by %s.\n", path);
    else
        (void)printf(BROKER " does not run, and goes by %s when it is started.\n", path);
    return CLI_EXIT_OK;
}

/* Who starts a broker in the next moment is to find the file that was meant. */
static bool is_still_the_file(const struct policy *policy, const char *path)
{
    _cleanup_(policy_freep) struct policy *now = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };

    if (policy_load(path, &now, &error) == 0 && strcmp(now->checksum, policy->checksum) == 0)
        return true;
    (void)fprintf(stderr, "%s was changed meanwhile: apply it again.\n", path);
    return false;
}

static time_t now_seconds(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* The file may have been changed between the broker's look at it and ours, and then the broker would be
 * waited for in vain: a reload that is already under way is not begun anew. Twice is enough; a broker that
 * cannot read the file says so each time. */
static void remind(sd_bus *bus, unsigned round)
{
    if (round == REMIND_ROUND || round == REMIND_AGAIN_ROUND)
        (void)sd_bus_call_method(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                                 "org.freedesktop.systemd1.Manager", "KillUnit", NULL, NULL, "ssi", BROKER,
                                 "main", SIGHUP);
}

int in_force_wait(sd_bus *bus, const struct policy *policy, const char *path, bool reload)
{
    time_t end = now_seconds() + PATIENCE_SEC;
    enum in_force state;
    unsigned round = 0;

    while ((state = in_force_look(bus, policy)) != IN_FORCE_NOBODY && state != IN_FORCE_SAME) {
        if (now_seconds() > end)
            return say_why_not(state, path);
        /* One that is about to end takes no orders; then there is nobody in a moment. */
        if (state != IN_FORCE_UNKNOWN && reload &&
            manager_call(bus, "ReloadUnit", BROKER, "replace", NULL) >= 0)
            reload = false;
        if (state != IN_FORCE_UNKNOWN && !reload)
            remind(bus, round++);
        (void)usleep(ROUND_USEC);
    }
    return is_still_the_file(policy, path) ? say_who(state, path) : CLI_EXIT_FAILED;
}
