/* restartctl check: the daemons' units as systemd has loaded them, against what was shipped. */
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cli/check/shipped.h"
#include "cli/check/system-check.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

static void get_word(const struct system_check *check, const char *unit, const char *property,
                     char ret[static UNIT_STATE_SIZE])
{
    _cleanup_(freep) char *word = NULL;

    (void)unit_get_string(check->bus, unit, "Unit", property, &word);
    (void)snprintf(ret, UNIT_STATE_SIZE, "%s", word ? word : "unknown");
}

/* --- settings --- */

/* What the bus knows a unit by: of a template an instance, which nobody starts. */
static const char *bus_name(const char *unit, char buffer[static UNIT_NAME_SIZE])
{
    const char *at = strstr(unit, "@.");

    if (!at)
        return unit;
    (void)snprintf(buffer, UNIT_NAME_SIZE, "%.*scheck%s", (int)(at + 1 - unit), unit, at + 1);
    return buffer;
}

/* Long ones are told in part: where they stand, the rest is to be read. */
static void compare(struct system_check *check, const char *unit, const struct shipped *shipped,
                    sd_bus_message *all)
{
    _cleanup_(freep) char *text = NULL, *file = NULL;
    char buffer[UNIT_NAME_SIZE];
    unsigned line;

    if (properties_text(all, shipped->key, &text) < 0 || shipped_fits(shipped, text))
        return;
    line = setting_find(check->bus, bus_name(unit, buffer), shipped->key, &file);
    finding_add(
        check->findings, FINDING, file, line,
        "%s: %s= is not as shipped (systemd has \"%.60s%s\"), and lock %u is weaker for it; take it out, "
        "then 'systemctl daemon-reload' and 'systemctl restart %s'",
        unit, shipped->key, text, strlen(text) > 60 ? "…" : "", shipped->lock, unit);
}

/* One that is masked, or was taken away, lets nobody in, and has no settings; whether it should be there is
 * check_loaded()'s to say. */
static bool is_loaded(struct system_check *check, const char *unit)
{
    char load[UNIT_STATE_SIZE], buffer[UNIT_NAME_SIZE];

    get_word(check, bus_name(unit, buffer), "LoadState", load);
    return strcmp(load, "loaded") == 0;
}

/* Each row of that interface that is the unit's own, or all services'. */
static void compare_all(struct system_check *check, const char *unit, const char *interface)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *all = NULL;
    char buffer[UNIT_NAME_SIZE];

    if (!is_loaded(check, unit) || properties_read(check->bus, bus_name(unit, buffer), interface, &all) < 0)
        return;
    for (size_t i = 0; i < N_SHIPPED; i++) {
        const struct shipped *row = &SHIPPED[i];

        if (strcmp(row->interface, interface) == 0 &&
            (row->unit ? strcmp(row->unit, unit) == 0 : !shipped_own(unit, row->key)))
            compare(check, unit, row, all);
    }
}

/* The rows of one socket follow one another. */
static void check_settings(struct system_check *check)
{
    const char *last = "";

    for (const char *const *service = SHIPPED_SERVICES; *service; service++)
        compare_all(check, *service, "Service");
    for (size_t i = 0; i < N_SHIPPED; i++)
        if (strcmp(SHIPPED[i].interface, "Socket") == 0 && strcmp(SHIPPED[i].unit, last) != 0) {
            last = SHIPPED[i].unit;
            compare_all(check, last, "Socket");
        }
}

/* --- states --- */

/* They are for those who want them. */
static bool is_optional(const char *unit)
{
    return strcmp(unit, PROXY_UNIT) == 0 || strcmp(unit, METRICS_UNIT) == 0;
}

/* What is missed without a unit that the button does without; NULL: it needs that one. */
static const char *missed_without(const char *unit)
{
    if (strcmp(unit, DOOR_LOG_UNIT) == 0)
        return "'restartctl log' has no answer";
    if (strcmp(unit, DOOR_LOG_BROKER_UNIT) == 0)
        return "nobody is told of earlier restarts, nor of what a unit logs";
    return NULL;
}

/* The file of a unit that is not loaded is a link to nothing, or what systemd could not read. */
static void check_loaded(struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *fragment = NULL;
    const char *missed = missed_without(unit);
    char load[UNIT_STATE_SIZE], active[UNIT_STATE_SIZE];

    get_word(check, unit, "LoadState", load);
    get_word(check, unit, "ActiveState", active);
    (void)unit_get_string(check->bus, unit, "Unit", "FragmentPath", &fragment);
    if (strcmp(load, "loaded") != 0)
        finding_add(check->findings, missed ? NOTE : FINDING, fragment && *fragment ? fragment : NULL, 0,
                    "%s is %s, so that %s; 'systemctl status %s' says more", unit, load,
                    missed ? missed : "the button does not work", unit);
    else if (strcmp(active, "failed") == 0)
        finding_add(check->findings, FINDING, fragment, 0,
                    "%s has failed; 'journalctl -u %s' says why, 'systemctl reset-failed %s' lets it start "
                    "again",
                    unit, unit, unit);
    else if (strstr(unit, ".socket") && !is_optional(unit) && strcmp(active, "active") != 0)
        finding_add(check->findings, NOTE, fragment, 0,
                    "%s does not listen%s%s; 'systemctl start %s' makes it", unit, missed ? ", so that " : "",
                    missed ? missed : "", unit);
}

static void check_source(struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *fragment = NULL;
    char load[UNIT_STATE_SIZE];
    bool changed = false;

    (void)unit_get_string(check->bus, unit, "Unit", "FragmentPath", &fragment);
    get_word(check, unit, "LoadState", load);
    if (strcmp(load, "masked") != 0 && fragment &&
        (strncmp(fragment, "/etc/", 5) == 0 || strncmp(fragment, "/run/", 5) == 0))
        finding_add(check->findings, NOTE, fragment, 0,
                    "this file stands in place of the %s that was shipped, which upgrades then do not reach; "
                    "'systemctl revert %s' takes it away, 'systemctl edit %s' changes less",
                    unit, unit, unit);
    if (unit_get_bool(check->bus, unit, "Unit", "NeedDaemonReload", &changed) >= 0 && changed)
        finding_add(check->findings, NOTE, fragment, 0,
                    "%s was changed on disk, and systemd goes by what it read before, as does this check; "
                    "'systemctl daemon-reload' has it read",
                    unit);
}

/* --- exposure --- */

/* Returns the exit status, or a negative errno. */
static int run_quietly(const char *path, char *const argv[])
{
    posix_spawn_file_actions_t actions;
    char search[] = "PATH=/usr/bin:/bin";
    char *const environment[] = { search, NULL };
    pid_t pid = 0;
    int status, r;

    r = posix_spawn_file_actions_init(&actions);
    if (r != 0)
        return -r;
    for (int fd = 0; fd < 3 && r == 0; fd++)
        r = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd == 0 ? 0 : 1, 0);
    if (r == 0)
        r = posix_spawn(&pid, path, &actions, NULL, argv, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (r != 0)
        return -r;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
}

static void check_exposure(struct system_check *check, const struct shipped_exposure *shipped)
{
    char threshold[32], unit[UNIT_NAME_SIZE], name[] = "systemd-analyze", security[] = "security";
    char *argv[] = { name, security, threshold, unit, NULL };
    int r;

    if (!is_loaded(check, shipped->unit))
        return;
    (void)snprintf(threshold, sizeof(threshold), "--threshold=%u", shipped->tenths);
    (void)snprintf(unit, sizeof(unit), "%s", shipped->unit);
    r = run_quietly("/usr/bin/systemd-analyze", argv);
    if (r < 0)
        finding_add(check->findings, NOTE, NULL, 0,
                    "the exposure of %s was not looked at: systemd-analyze: %s", shipped->unit, strerror(-r));
    else if (r > 0)
        finding_add(
            check->findings, FINDING, NULL, 0,
            "%s is exposed to more than 0.%u, which it is as shipped; 'systemd-analyze security %s' says "
            "to what, 'systemd-delta' and 'systemctl cat %s' where it is set",
            shipped->unit, shipped->tenths, shipped->unit, shipped->unit);
}

/* --- what runs --- */

/* The kernel's mark on the name of a program whose file was replaced or taken away. */
static void check_running(struct system_check *check, const char *unit)
{
    static const char DELETED[] = " (deleted)";
    _cleanup_(freep) char *pid = NULL;
    char path[64], program[PATH_MAX];
    ssize_t length;

    if (property_text(check->bus, unit, "Service", "MainPID", &pid) < 0 || strcmp(pid, "0") == 0)
        return;
    (void)snprintf(path, sizeof(path), "/proc/%s/exe", pid);
    length = readlink(path, program, sizeof(program) - 1);
    if (length < (ssize_t)strlen(DELETED))
        return;
    program[length] = '\0';
    if (strcmp(program + length - strlen(DELETED), DELETED) == 0)
        finding_add(check->findings, FINDING, NULL, 0,
                    "the %s that runs (PID %s) is not the one that is installed: its file was replaced; "
                    "'systemctl try-restart %s' has the new one run",
                    unit, pid, unit);
}

/* Each of them is asked about a dozen times, here and in what comes after it. */
static void hold_units(struct system_check *check)
{
    char buffer[UNIT_NAME_SIZE];

    for (const char *const *unit = SHIPPED_UNITS; *unit; unit++)
        unit_hold(check->bus, *unit);
    for (const char *const *service = SHIPPED_SERVICES; *service; service++)
        unit_hold(check->bus, bus_name(*service, buffer));
    for (size_t i = 0; i < N_SHIPPED; i++)
        if (strcmp(SHIPPED[i].interface, "Socket") == 0)
            unit_hold(check->bus, SHIPPED[i].unit);
}

void check_services(struct system_check *check)
{
    hold_units(check);
    for (const char *const *unit = SHIPPED_UNITS; *unit; unit++) {
        check_loaded(check, *unit);
        check_source(check, *unit);
    }
    check_settings(check);
    for (size_t i = 0; i < N_SHIPPED_EXPOSURE; i++)
        check_exposure(check, &SHIPPED_EXPOSURE[i]);
    for (const char *const *daemon = SHIPPED_DAEMONS; *daemon; daemon++)
        check_running(check, *daemon);
}
