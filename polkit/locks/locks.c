/* Locks 1, 2 and 6: what stands on either side of the broker. */
#include "polkit/locks/locks.h"

#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/doors.h"
#include "common/refusal.h"
#include "polkit/ask/units.h"

void lock_set(struct lock *lock, bool open, const char *format, ...)
{
    va_list ap;

    lock->open = open;
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(lock->text, sizeof(lock->text), format, ap);
    va_end(ap);
}

/* The unit's word for its state; "" when nobody knows. */
static void get_word(const struct question *question, const char *unit, const char *property, char *ret,
                     size_t size)
{
    _cleanup_(freep) char *word = NULL;

    (void)unit_get_string(question->bus, unit, "Unit", property, &word);
    (void)snprintf(ret, size, "%s", word ? word : "");
}

static bool is_active(const struct question *question, const char *unit, struct lock *lock)
{
    char state[UNIT_STATE_SIZE];

    get_word(question, unit, "ActiveState", state, sizeof(state));
    if (strcmp(state, "active") == 0)
        return true;
    lock_set(lock, false,
             "%s is %s. 'systemctl start %s' opens it; 'systemctl status %s' may say why it is shut.", unit,
             *state ? state : "unknown", unit, unit);
    return false;
}

void lock_web_front(const struct question *question, struct lock *lock)
{
    int r = unit_id_check(question->id);

    if (r != 0)
        lock_set(lock, false, "%s", refusal_name_text(r));
    else if (is_active(question, "restarter-webfront.socket", lock))
        lock_set(lock, true, "restarter-webfront.socket listens, and the name is of the grammar it takes.");
}

/* A socket's file lets its group in, and nobody else. */
static bool is_guarded(const char *path, const char *group, struct lock *lock)
{
    const struct group *entry = getgrnam(group);
    struct stat st;

    if (stat(path, &st) < 0)
        lock_set(lock, false,
                 "%s is not there. 'systemctl restart restarter-broker.socket "
                 "restarter-broker-web.socket' makes it.",
                 path);
    else if (!entry || st.st_gid != entry->gr_gid || (st.st_mode & S_IWGRP) == 0)
        lock_set(lock, false,
                 "%s does not let the group %s in (mode %04o). 'systemctl restart restarter-broker.socket "
                 "restarter-broker-web.socket' puts it right.",
                 path, group, (unsigned)st.st_mode & 07777);
    else
        return true;
    return false;
}

static void print_members(const char *group, char *ret, size_t size)
{
    const struct group *entry = getgrnam(group);
    size_t used = 0;

    (void)snprintf(ret, size, "nobody");
    for (char **member = entry ? entry->gr_mem : NULL; member && *member && used < size; member++)
        used += (size_t)snprintf(ret + used, size - used, "%s%s", used ? ", " : "", *member);
}

void lock_sockets(const struct question *question, struct lock *lock)
{
    char members[256];

    if (!is_active(question, DOOR_WEB_UNIT, lock) || !is_active(question, DOOR_CLIENTS_UNIT, lock) ||
        !is_guarded(DOOR_WEB_PATH, DOOR_WEB_GROUP, lock) ||
        !is_guarded(DOOR_CLIENTS_PATH, DOOR_CLIENTS_GROUP, lock))
        return;
    print_members(DOOR_CLIENTS_GROUP, members, sizeof(members));
    lock_set(lock, true,
             "web.sock lets the web front in; broker.sock root and the members of restarter-clients (%s).",
             members);
}

/* A setting that a drop-in has weakened is worth a word, though it stops nothing. */
static const char *weakened(const struct question *question)
{
    _cleanup_(freep) char *user = NULL, *protect_system = NULL;
    bool no_new_privileges = false, private_network = false;

    (void)unit_get_string(question->bus, "restarter-broker.service", "Service", "User", &user);
    (void)unit_get_string(question->bus, "restarter-broker.service", "Service", "ProtectSystem",
                          &protect_system);
    (void)unit_get_bool(question->bus, "restarter-broker.service", "Service", "NoNewPrivileges",
                        &no_new_privileges);
    (void)unit_get_bool(question->bus, "restarter-broker.service", "Service", "PrivateNetwork",
                        &private_network);
    if (!user || strcmp(user, question->broker.name) != 0)
        return "User=";
    if (!protect_system || strcmp(protect_system, "strict") != 0)
        return "ProtectSystem=";
    return !no_new_privileges ? "NoNewPrivileges=" : !private_network ? "PrivateNetwork=" : NULL;
}

void lock_sandbox(const struct question *question, struct lock *lock)
{
    char load[UNIT_STATE_SIZE], active[UNIT_STATE_SIZE];
    const char *weak = weakened(question);

    get_word(question, "restarter-broker.service", "LoadState", load, sizeof(load));
    get_word(question, "restarter-broker.service", "ActiveState", active, sizeof(active));
    if (strcmp(load, "loaded") != 0)
        lock_set(lock, false,
                 "restarter-broker.service is %s, so that no broker starts. 'systemctl status "
                 "restarter-broker.service' says more.",
                 *load ? load : "unknown");
    else if (strcmp(active, "failed") == 0)
        lock_set(lock, true,
                 "restarter-broker.service failed when it ran last, and is started again by the next call. "
                 "'journalctl -u restarter-broker.service' says why it failed.");
    else if (weak)
        lock_set(lock, true,
                 "It stops no restart, but it is not as shipped: look at %s in 'systemctl cat "
                 "restarter-broker.service'.",
                 weak);
    else
        lock_set(lock, true,
                 "restarter-broker.service runs as user %s, without network, privileges, or a file it could "
                 "write but its memory.",
                 question->broker.name);
}
