/* restartctl check: lock 2, the broker's sockets, the login's and the record's, as they are on disk; and
 * where the page listens. How the sockets are configured is check-services.c's. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "cli/check/system-check.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "common/web-settings.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

static const mode_t SOCKET_MODE = 0660, OWN_MODE = 0600, DIRECTORY_MODE = 0711;

struct door {
    const char *unit;
    const char *group; /* whose members may open it; NULL: it is its owner's alone */
    const char *owner; /* NULL: root */
    bool beside;       /* one that is here before it, so that their folder was looked at */
};

static const struct door DOORS[] = {
    { DOOR_CLIENTS_UNIT, DOOR_CLIENTS_GROUP, NULL, false },
    /* Where it is used, as those of logins and proxies are. */
    { DOOR_LOG_UNIT, DOOR_CLIENTS_GROUP, NULL, true },
    { DOOR_LOG_BROKER_UNIT, NULL, DOOR_LOG_BROKER_USER, false },
    { DOOR_WEB_UNIT, DOOR_WEB_GROUP, NULL, false },
    { "restarter-login.socket", DOOR_WEB_GROUP, NULL, true },
    { "restarter-login-pam.socket", DOOR_WEB_GROUP, NULL, true },
    { DOOR_WEB_PROXY_UNIT, DOOR_WEB_PROXY_GROUP, NULL, false },
    { PROXY_UNIT, PROXY_GROUP, NULL, false },
};

static const struct door PAGE = { "restarter-webfront.socket", NULL, NULL, false };

/* A list of rights beside the mode lets others in, or more. */
static bool has_acl(const char *path)
{
    return lgetxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

static void check_directory(struct system_check *check, const char *socket, const char *unit)
{
    _cleanup_(freep) char *path = strndup(socket, (size_t)(strrchr(socket, '/') - socket));
    struct stat st;

    if (!path || lstat(path, &st) < 0)
        return;
    if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || (st.st_mode & 07777 & ~DIRECTORY_MODE) || has_acl(path))
        finding_add(
            check->findings, FINDING, path, 0,
            "this folder of %s has owner %u and mode %04o%s, and has root's and %04o as shipped: somebody "
            "else could put another socket in its place, or look for it; 'chown root: %s' and 'chmod %o "
            "%s' mend it",
            unit, (unsigned)st.st_uid, (unsigned)st.st_mode & 07777, has_acl(path) ? " and an ACL" : "",
            (unsigned)DIRECTORY_MODE, path, (unsigned)DIRECTORY_MODE, path);
}

/* What is right for it. False: who it is for is not there, which is said. */
static bool find_right(struct system_check *check, const char *path, const struct door *door,
                       struct stat *ret)
{
    const struct group *group = door->group ? getgrnam(door->group) : NULL;
    const struct passwd *owner = door->owner ? getpwnam(door->owner) : NULL;

    if ((door->group && !group) || (door->owner && !owner)) {
        finding_add(check->findings, FINDING, path, 0, "there is no %s %s; 'systemd-sysusers' makes it",
                    door->group ? "group" : "user", door->group ? door->group : door->owner);
        return false;
    }
    *ret = (struct stat){ .st_uid = owner ? owner->pw_uid : 0,
                          .st_gid = group   ? group->gr_gid
                                    : owner ? owner->pw_gid
                                            : 0,
                          .st_mode = group ? SOCKET_MODE : OWN_MODE };
    return true;
}

static void check_file(struct system_check *check, const char *path, const struct door *door)
{
    const char *unit = door->unit;
    struct stat st, right;

    if (lstat(path, &st) < 0) {
        finding_add(check->findings, FINDING, path, 0,
                    "%s listens, and its file is not there: %s; 'systemctl "
                    "restart %s' makes it anew",
                    unit, strerror(errno), unit);
        return;
    }
    if (!find_right(check, path, door, &right))
        return;
    if (!S_ISSOCK(st.st_mode) || st.st_uid != right.st_uid || st.st_gid != right.st_gid ||
        (st.st_mode & 07777) != right.st_mode || has_acl(path))
        finding_add(
            check->findings, FINDING, path, 0,
            "this socket of %s has owner %u, group %u and mode %04o%s, where %s's (%u), %s's (%u) and %04o "
            "is right; 'systemctl restart %s' makes it anew",
            unit, (unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777,
            has_acl(path) ? " and an ACL" : "", door->owner ? door->owner : "root", (unsigned)right.st_uid,
            door->group ? door->group : door->owner, (unsigned)right.st_gid, (unsigned)right.st_mode, unit);
}

/* The addresses are told as "Stream ADDRESS Stream ADDRESS": calls `look` for each of them. */
static void each_address(struct system_check *check, const struct door *door,
                         void (*look)(struct system_check *check, const struct door *door,
                                      const char *address))
{
    _cleanup_(freep) char *text = NULL;
    char *rest;

    if (property_text(check->bus, door->unit, "Socket", "Listen", &text) < 0)
        return;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        word = strtok_r(NULL, " ", &rest);
        if (!word)
            break;
        look(check, door, word);
    }
}

static void look_at_door(struct system_check *check, const struct door *door, const char *address)
{
    const char *unit = door->unit;
    _cleanup_(freep) char *active = NULL, *file = NULL;
    unsigned line;

    if (address[0] == '/') {
        if (unit_get_string(check->bus, unit, "Unit", "ActiveState", &active) < 0 ||
            strcmp(active, "active") != 0)
            return;
        if (!door->beside)
            check_directory(check, address, unit);
        check_file(check, address, door);
        return;
    }
    line = setting_find(check->bus, unit, "ListenStream", &file);
    finding_add(
        check->findings, FINDING, file, line,
        "%s listens at %s, which has neither owner nor mode: whoever reaches it may ask; these sockets are "
        "files",
        unit, address);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0;
}

static void look_at_page(struct system_check *check, const struct door *door, const char *address)
{
    _cleanup_(freep) char *file = NULL;
    unsigned line;

    if (is_loopback(address) || address[0] == '/')
        return;
    line = setting_find(check->bus, door->unit, "ListenStream", &file);
    finding_add(check->findings, NOTE, file, line,
                "the page listens at %s, beyond this machine: with Login=none in " WEB_SETTINGS_PATH
                " whoever comes from there is refused, otherwise they are asked who they are",
                address);
}

void check_sockets(struct system_check *check)
{
    for (size_t i = 0; i < sizeof(DOORS) / sizeof(*DOORS); i++)
        each_address(check, &DOORS[i], look_at_door);
    each_address(check, &PAGE, look_at_page);
}
