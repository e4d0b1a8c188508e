/* restartctl check: machines.conf, and for each machine what is needed on the way to it. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check/system-check.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/machines/machines-read.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

#define FOLDER "/etc/restarter/far"
#define SSH "/usr/bin/ssh"

enum { PATH_SIZE = 128 };

/* What lies in FOLDER for a machine. */
struct secret {
    const char *ending, *of;          /* of its name, and what it is "of" or "for" the machine */
    mode_t not_for_others;            /* what the mode may not have in it */
    const char *danger, *mode, *then; /* of another owner or mode, and how it is mended */
};

static void path_of(const struct machine *machine, const struct secret *secret, char ret[static PATH_SIZE])
{
    (void)snprintf(ret, PATH_SIZE, FOLDER "/%s.%s", machine->name, secret->ending);
}

/* False when it is not there, or empty. */
static bool check_secret(struct system_check *check, const struct machine *machine,
                         const struct secret *secret)
{
    char path[PATH_SIZE];
    struct stat st;

    path_of(machine, secret, path);
    if (stat(path, &st) < 0 || st.st_size == 0)
        return false;
    if (st.st_uid != 0 || (st.st_mode & secret->not_for_others))
        finding_add(check->findings, FINDING, path, 0,
                    "the %s %s has owner %u and mode %04o: %s; 'chown root: %s' and 'chmod %s %s' mend it%s",
                    secret->of, machine->name, (unsigned)st.st_uid, (unsigned)st.st_mode & 07777,
                    secret->danger, path, secret->mode, path, secret->then);
    return true;
}

static const struct secret KEY = {
    .ending = "key",
    .of = "key for",
    .not_for_others = 077,
    .danger = "others may read it, or put another one there",
    .mode = "600",
    .then = ", and a key that was read is no secret any more",
};
static const struct secret HOST_KEY = {
    .ending = "known_hosts",
    .of = "host key of",
    .not_for_others = 022,
    .danger = "others may put another one there, and be taken for that machine",
    .mode = "644",
    .then = "",
};

static void check_key(struct system_check *check, const struct machine *machine)
{
    char path[PATH_SIZE];

    if (check_secret(check, machine, &KEY))
        return;
    path_of(machine, &KEY, path);
    finding_add(check->findings, FINDING, MACHINES_PATH, machine->line,
                "there is no key for %s, so that it cannot be reached; 'ssh-keygen -q -t ed25519 -N \"\" -f "
                "%s' makes one, and restarter-far(8) says where its other half goes",
                machine->name, path);
}

/* Without the user of [USER@]HOST. */
static const char *host_of(const struct machine *machine)
{
    const char *at = strrchr(machine->host, '@');

    return at ? at + 1 : machine->host;
}

static void check_host_key(struct system_check *check, const struct machine *machine)
{
    char path[PATH_SIZE];

    if (check_secret(check, machine, &HOST_KEY))
        return;
    path_of(machine, &HOST_KEY, path);
    finding_add(
        check->findings, FINDING, MACHINES_PATH, machine->line,
        "no host key of %s is known, so that it cannot be reached; 'ssh-keyscan -t ed25519 -p %u %s >%s' "
        "writes down the one that answers: compare it with what its admin names",
        machine->name, machine->port ? machine->port : 22, host_of(machine), path);
}

/* When it changed, or was put there; 0: it is not there. */
static uint64_t changed_usec(const char *path)
{
    struct stat st;

    return stat(path, &st) < 0
               ? 0
               : (uint64_t)st.st_ctim.tv_sec * USEC_PER_SEC + (uint64_t)st.st_ctim.tv_nsec / 1000;
}

/* When the program that runs was started; 0: none does. */
static uint64_t started_usec(const struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *state = NULL, *since = NULL;

    if (unit_get_string(check->bus, unit, "Unit", "ActiveState", &state) < 0 ||
        strcmp(state, "active") != 0 ||
        property_text(check->bus, unit, "Unit", "InactiveExitTimestamp", &since) < 0)
        return 0;
    return strtoull(since, NULL, 10);
}

/* It reads all that when it starts. */
static void check_in_force(struct system_check *check, const struct machine *machine)
{
    char unit[PATH_SIZE], paths[][PATH_SIZE] = { MACHINES_PATH, "", "" };
    uint64_t since;

    (void)snprintf(unit, sizeof(unit), "restarter-far@%s.service", machine->name);
    path_of(machine, &KEY, paths[1]);
    path_of(machine, &HOST_KEY, paths[2]);
    since = started_usec(check, unit);
    for (size_t i = 0; since > 0 && i < sizeof(paths) / sizeof(*paths); i++)
        if (changed_usec(paths[i]) > since)
            finding_add(check->findings, NOTE, paths[i], 0,
                        "this was changed after %s was started, which goes by what it read then; 'systemctl "
                        "try-restart %s' has it read",
                        unit, unit);
}

static void check_socket(struct system_check *check, const struct machine *machine)
{
    _cleanup_(freep) char *state = NULL;
    char unit[PATH_SIZE];

    (void)snprintf(unit, sizeof(unit), "restarter-far@%s.socket", machine->name);
    if (unit_get_string(check->bus, unit, "Unit", "ActiveState", &state) < 0 || strcmp(state, "active") != 0)
        finding_add(check->findings, FINDING, MACHINES_PATH, machine->line,
                    "%s does not listen, so that %s cannot be reached; 'systemctl enable --now %s' makes it",
                    unit, machine->name, unit);
}

/* What all of them are set to is compared with what was shipped (check-services.c); what one of them is set
 * to beside that is told. */
static void check_own_settings(struct system_check *check, const struct machine *machine)
{
    char unit[PATH_SIZE], own[PATH_SIZE + sizeof("/.d/")];
    _cleanup_(strv_freep) char **paths = NULL;

    (void)snprintf(unit, sizeof(unit), "restarter-far@%s.service", machine->name);
    (void)snprintf(own, sizeof(own), "/%s.d/", unit);
    if (unit_get_strings(check->bus, unit, "Unit", "DropInPaths", &paths) < 0)
        return;
    for (char **path = paths; path && *path; path++)
        if (strstr(*path, own))
            finding_add(check->findings, NOTE, *path, 0,
                        "this is for %s alone, and is not compared with what was shipped; 'systemd-analyze "
                        "security %s' says what it is exposed to",
                        unit, unit);
}

static void check_by_ssh(struct system_check *check, const struct machine *machine)
{
    if (access(SSH, X_OK) < 0)
        finding_add(check->findings, FINDING, MACHINES_PATH, machine->line,
                    "Via=ssh, and there is no " SSH "; 'apt install openssh-client' brings it");
    check_key(check, machine);
    check_host_key(check, machine);
    check_socket(check, machine);
    check_in_force(check, machine);
    check_own_settings(check, machine);
}

static void check_by_socket(struct system_check *check, const struct machine *machine)
{
    char path[PATH_SIZE];
    struct stat st;

    (void)snprintf(path, sizeof(path), "/run/restarter/far/%s.sock", machine->name);
    if (stat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
        finding_add(
            check->findings, FINDING, MACHINES_PATH, machine->line,
            "Via=socket, and there is no socket %s, so that %s cannot be reached; machines.conf(5) says "
            "what may be put there",
            path, machine->name);
}

/* Who reads it as root does not notice: restarter-far is none, and who says -H need not be. */
static void check_readable(struct system_check *check)
{
    struct stat st;

    if (stat(MACHINES_PATH, &st) == 0 && !(st.st_mode & S_IROTH))
        finding_add(check->findings, FINDING, MACHINES_PATH, 0,
                    "has mode %04o: restarter-far cannot read it, so that no machine with Via=ssh can be "
                    "reached, and 'restartctl -H' is for root alone; 'chmod 644 " MACHINES_PATH "' mends it",
                    (unsigned)st.st_mode & 07777);
}

void check_far(struct system_check *check)
{
    struct machines machines = { 0 };
    struct mistake mistake;
    int r = machines_load(MACHINES_PATH, 0, &machines, &mistake);

    if (r > 0)
        finding_add_mistake(check->findings, FINDING, mistake.text, "no other machine can be reached");
    if (r == 0 && machines.n > 0)
        check_readable(check);
    for (size_t i = 0; r == 0 && i < machines.n; i++)
        if (machines.list[i].via == MACHINE_VIA_SSH)
            check_by_ssh(check, &machines.list[i]);
        else
            check_by_socket(check, &machines.list[i]);
    machines_done(&machines);
}
