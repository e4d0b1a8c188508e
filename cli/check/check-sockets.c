/* restartctl check: lock 2, the broker's sockets, and the login's, as they are on disk; and where the page
 * listens. How the sockets are configured is check-services.c's. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "cli/check/system-check.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

static const mode_t SOCKET_MODE = 0660, DIRECTORY_MODE = 0711;

#define LOGIN_SOCKET "restarter-login.socket"

static const struct {
    const char *unit, *group;
} DOORS[] = {
    { DOOR_CLIENTS_UNIT, DOOR_CLIENTS_GROUP },
    { DOOR_WEB_UNIT, DOOR_WEB_GROUP },
    { LOGIN_SOCKET, DOOR_WEB_GROUP }, /* where it is used */
};

static const char WEBFRONT_SOCKET[] = "restarter-webfront.socket";

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

static void check_file(struct system_check *check, const char *path, const char *unit, const char *group)
{
    const struct group *entry = getgrnam(group);
    struct stat st;

    if (lstat(path, &st) < 0) {
        finding_add(check->findings, FINDING, path, 0,
                    "%s listens, and its file is not there: %s; 'systemctl "
                    "restart %s' makes it anew",
                    unit, strerror(errno), unit);
        return;
    }
    if (!entry) {
        finding_add(check->findings, FINDING, path, 0, "there is no group %s; 'systemd-sysusers' makes it",
                    group);
        return;
    }
    if (!S_ISSOCK(st.st_mode) || st.st_uid != 0 || st.st_gid != entry->gr_gid ||
        (st.st_mode & 07777) != SOCKET_MODE || has_acl(path))
        finding_add(
            check->findings, FINDING, path, 0,
            "this socket of %s has owner %u, group %u and mode %04o%s, where root's, %s's (%u) and %04o "
            "is right; 'systemctl restart %s' makes it anew",
            unit, (unsigned)st.st_uid, (unsigned)st.st_gid, (unsigned)st.st_mode & 07777,
            has_acl(path) ? " and an ACL" : "", group, (unsigned)entry->gr_gid, (unsigned)SOCKET_MODE, unit);
}

/* The addresses are told as "Stream ADDRESS Stream ADDRESS": calls `look` for each of them. */
static void each_address(struct system_check *check, const char *unit, const char *group,
                         void (*look)(struct system_check *check, const char *unit, const char *group,
                                      const char *address))
{
    _cleanup_(freep) char *text = NULL;
    char *rest;

    if (property_text(check->bus, unit, "Socket", "Listen", &text) < 0)
        return;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        word = strtok_r(NULL, " ", &rest);
        if (!word)
            break;
        look(check, unit, group, word);
    }
}

static void look_at_door(struct system_check *check, const char *unit, const char *group, const char *address)
{
    _cleanup_(freep) char *active = NULL, *file = NULL;
    unsigned line;

    if (address[0] == '/') {
        if (unit_get_string(check->bus, unit, "Unit", "ActiveState", &active) < 0 ||
            strcmp(active, "active") != 0)
            return;
        if (strcmp(unit, LOGIN_SOCKET) != 0) /* it is beside web.sock, whose folder is looked at */
            check_directory(check, address, unit);
        check_file(check, address, unit, group);
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

static void look_at_page(struct system_check *check, const char *unit, const char *group, const char *address)
{
    _cleanup_(freep) char *file = NULL;
    unsigned line;

    (void)group;
    if (is_loopback(address) || address[0] == '/')
        return;
    line = setting_find(check->bus, unit, "ListenStream", &file);
    finding_add(
        check->findings, NOTE, file, line,
        "the page listens at %s, beyond this machine, and asks nobody who they are: whoever reaches it may "
        "click",
        address);
}

void check_sockets(struct system_check *check)
{
    for (size_t i = 0; i < sizeof(DOORS) / sizeof(*DOORS); i++)
        each_address(check, DOORS[i].unit, DOORS[i].group, look_at_door);
    each_address(check, WEBFRONT_SOCKET, NULL, look_at_page);
}
