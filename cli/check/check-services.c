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

/* Long ones are told in part: where they stand, the rest is to be read. */
static void compare(struct system_check *check, const char *unit, const struct shipped *shipped)
{
    _cleanup_(freep) char *text = NULL, *file = NULL;
    unsigned line;

    if (property_text(check->bus, unit, shipped->interface, shipped->key, &text) < 0 ||
        shipped_fits(shipped, text))
        return;
    line = setting_find(check->bus, unit, shipped->key, &file);
    finding_add(
        check->findings, FINDING, file, line,
        "%s: %s= is not as shipped (systemd has \"%.60s%s\"), and lock %u is weaker for it; take it out, "
        "then 'systemctl daemon-reload' and 'systemctl restart %s'",
        unit, shipped->key, text, strlen(text) > 60 ? "…" : "", shipped->lock, unit);
}

static void check_settings(struct system_check *check)
{
    for (size_t i = 0; i < N_SHIPPED; i++)
        if (SHIPPED[i].unit)
            compare(check, SHIPPED[i].unit, &SHIPPED[i]);
        else
            for (const char *const *daemon = SHIPPED_DAEMONS; *daemon; daemon++)
                compare(check, *daemon, &SHIPPED[i]);
}

/* --- states --- */

/* The file of a unit that is not loaded is a link to nothing, or what systemd could not read. */
static void check_loaded(struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *fragment = NULL;
    char load[UNIT_STATE_SIZE], active[UNIT_STATE_SIZE];

    get_word(check, unit, "LoadState", load);
    get_word(check, unit, "ActiveState", active);
    (void)unit_get_string(check->bus, unit, "Unit", "FragmentPath", &fragment);
    if (strcmp(load, "loaded") != 0)
        finding_add(check->findings, FINDING, fragment && *fragment ? fragment : NULL, 0,
                    "%s is %s, so that the button does not work; 'systemctl status %s' says more", unit, load,
                    unit);
    else if (strcmp(active, "failed") == 0)
        finding_add(check->findings, FINDING, fragment, 0,
                    "%s has failed; 'journalctl -u %s' says why, 'systemctl reset-failed %s' lets it start "
                    "again",
                    unit, unit, unit);
    else if (strstr(unit, ".socket") && strcmp(active, "active") != 0)
        finding_add(check->findings, NOTE, fragment, 0, "%s does not listen; 'systemctl start %s' makes it",
                    unit, unit);
}

static void check_source(struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *fragment = NULL;
    bool changed = false;

    (void)unit_get_string(check->bus, unit, "Unit", "FragmentPath", &fragment);
    if (fragment && (strncmp(fragment, "/etc/", 5) == 0 || strncmp(fragment, "/run/", 5) == 0))
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

void check_services(struct system_check *check)
{
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
