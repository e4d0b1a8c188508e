/* restartctl check: files that the broker's user owns, though it can write nowhere, and files with which
 * others become that user or get into our groups. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check/system-check.h"
#include "cli/check/tree.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

/* Where files usually are. What else is mounted there is left out: it may be large, or far away. */
static const char *const PLACES[] = { "/etc",  "/usr",  "/opt", "/srv", "/var",
                                      "/home", "/root", "/tmp", "/run", NULL };

enum { SECONDS = 30, FILES_SHOWN = 10, GROUPS = 4 };

struct strays {
    struct system_check *check;
    gid_t groups[GROUPS]; /* 0: there is no such group */
    char **own;           /* folders that systemd makes for the broker */
    size_t n;
};

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The broker's own folders below /run, of which systemd makes the one, or what it is a link to with
 * DynamicUser=, for what it remembers, and the other for its credentials. */
static bool is_brokers(const struct strays *strays, const char *path)
{
    static const char CREDENTIALS[] = "/run/credentials/restarter-broker.service";
    static const char *const TOPS[] = { "/run", "/run/private" };
    char folder[4096];

    if (is_below(path, CREDENTIALS))
        return true;
    for (char **name = strays->own; name && *name; name++)
        for (size_t i = 0; i < sizeof(TOPS) / sizeof(*TOPS); i++) {
            (void)snprintf(folder, sizeof(folder), "%s/%s", TOPS[i], *name);
            if (is_below(path, folder))
                return true;
        }
    return false;
}

/* The one socket that is its, made by systemd: how it is, check-sockets.c looks at. */
static bool is_door(const char *path, const struct stat *st)
{
    return S_ISSOCK(st->st_mode) && strcmp(path, DOOR_LOG_BROKER_FILE) == 0;
}

static void report_own(struct strays *strays, const char *path, const struct stat *st)
{
    const char *user = strays->check->broker.name;

    if (strays->n++ >= FILES_SHOWN)
        return;
    if (st->st_mode & S_ISUID && S_ISREG(st->st_mode))
        finding_add(strays->check->findings, FINDING, path, 0,
                    "set-uid to user %s: whoever runs it is that user; 'rm' it, or 'chmod u-s'", user);
    else
        finding_add(
            strays->check->findings, FINDING, path, 0,
            "belongs to user %s, who can write nowhere and should own nothing: it was made by something "
            "else that ran as that user, or given to it; 'rm' it, or 'chown' it to whom it belongs",
            user);
}

static void report_set_gid(struct strays *strays, const char *path, gid_t gid)
{
    const struct group *group = getgrgid(gid);

    if (strays->n++ < FILES_SHOWN)
        finding_add(strays->check->findings, FINDING, path, 0,
                    "set-gid to group %s: whoever runs it is of that group; 'rm' it, or 'chmod g-s'",
                    group ? group->gr_name : "of ours");
}

static void look(const char *path, const struct stat *st, void *userdata)
{
    struct strays *strays = userdata;

    if (st->st_uid == strays->check->broker.uid && !is_brokers(strays, path) && !is_door(path, st))
        report_own(strays, path, st);
    if (S_ISREG(st->st_mode) && st->st_mode & S_ISGID)
        for (size_t i = 0; i < GROUPS; i++)
            if (strays->groups[i] != 0 && st->st_gid == strays->groups[i])
                report_set_gid(strays, path, st->st_gid);
}

static gid_t find_group(const char *name)
{
    const struct group *group = getgrnam(name);

    return group ? group->gr_gid : 0;
}

/* Each place has a time of its own: whoever fills one of them hides nothing in another. */
static void look_through(struct strays *strays, const char *place)
{
    const struct tree_walk walk = {
        .one_file_system = true, .seconds = SECONDS, .look = look, .userdata = strays
    };
    _cleanup_(freep) char *where = NULL;
    struct findings *findings = strays->check->findings;
    int r = tree_walk(&walk, place, &where);

    if (r == TREE_TIME_UP)
        finding_add(
            findings, NOTE, place, 0,
            "the search for files of user %s ended here after %d s, at %s: what comes behind that was not "
            "looked at",
            strays->check->broker.name, SECONDS, where);
    else if (r == TREE_TOO_DEEP)
        finding_add(
            findings, FINDING, place, 0,
            "somebody has made folders in here, so many in one another that they cannot be followed: what "
            "comes behind them was not looked at; 'find %s -xdev -regextype posix-extended -regex "
            "\".{4096}.*\" -prune -print' shows where they begin",
            place);
    else if (r < 0)
        finding_add(findings, FINDING, place, 0, "this folder cannot be looked at as a whole: %s",
                    strerror(-r));
}

void check_strays(struct system_check *check)
{
    _cleanup_(strv_freep) char **own = NULL;
    struct strays strays = { .check = check };

    (void)unit_get_strings(check->bus, "restarter-broker.service", "Service", "RuntimeDirectory", &own);
    strays.own = own;
    strays.groups[0] = check->broker.gid;
    strays.groups[1] = find_group(DOOR_WEB_GROUP);
    strays.groups[2] = find_group(DOOR_CLIENTS_GROUP);
    strays.groups[3] = find_group(DOOR_WEB_PROXY_GROUP);
    for (const char *const *place = PLACES; *place; place++)
        look_through(&strays, *place);
    if (strays.n > FILES_SHOWN)
        finding_add(check->findings, FINDING, NULL, 0,
                    "and %zu more files of that kind: 'find / -xdev -user %s'", strays.n - FILES_SHOWN,
                    check->broker.name);
}
