/* restartctl check: the broker's user, and who else is in the groups that open its sockets. The user database
 * is asked, wherever it is kept; places are told in the files where Debian keeps it. */
#include <errno.h>
#include <grp.h>
#include <gshadow.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check/system-check.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "polkit/locks/files.h"

enum {
    GROUPS_MAX = 64,
    NAMES_SIZE = 256,
    DYNAMIC_UID_MIN = 61184, /* systemd's, for DynamicUser= */
    DYNAMIC_UID_MAX = 65519,
};

/* The line of an account or a group in its file; 0 when it is kept elsewhere. */
static unsigned entry_line(const char *path, const char *name)
{
    _cleanup_(freep) char *text = NULL;
    size_t length = strlen(name);
    unsigned number = 1;

    (void)file_read(path, &text);
    for (const char *line = text; line && *line; number++) {
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return number;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return 0;
}

#define AT(path, name) (path), entry_line((path), (name))

/* --- the user --- */

/* Two accounts of one number are one user, by two names and two passwords. That systemd tells of the same
 * account once more, while the broker runs, is nothing to speak of. */
static void check_same_number(struct system_check *check)
{
    setpwent();
    for (const struct passwd *entry; (entry = getpwent());) {
        bool same_name = strcmp(entry->pw_name, check->broker.name) == 0;

        if (same_name && entry->pw_uid != check->broker.uid)
            finding_add(check->findings, FINDING, AT("/etc/passwd", entry->pw_name),
                        "there is a second account of the name %s, of another number (%u); one is right",
                        check->broker.name, (unsigned)entry->pw_uid);
        if (entry->pw_uid == check->broker.uid && !same_name)
            finding_add(
                check->findings, FINDING, AT("/etc/passwd", entry->pw_name),
                "account %s has the number of user %s (%u), and so is that user to polkit and the bus; "
                "'usermod --uid' gives it another one",
                entry->pw_name, check->broker.name, (unsigned)check->broker.uid);
    }
    endpwent();
}

static bool is_no_shell(const char *shell)
{
    const char *name = strrchr(shell, '/');

    return name && (strcmp(name, "/nologin") == 0 || strcmp(name, "/false") == 0);
}

static void check_user(struct system_check *check)
{
    const struct passwd *entry = getpwnam(check->broker.name);
    const struct spwd *shadow = getspnam(check->broker.name);

    if (entry && !is_no_shell(entry->pw_shell))
        finding_add(check->findings, FINDING, AT("/etc/passwd", check->broker.name),
                    "user %s has a login shell (%s); 'usermod --shell /usr/sbin/nologin %s' takes it away",
                    check->broker.name, *entry->pw_shell ? entry->pw_shell : "the default one",
                    check->broker.name);
    if (check->broker.uid == 0)
        finding_add(check->findings, FINDING, AT("/etc/passwd", check->broker.name),
                    "user %s has the number 0, which is root's", check->broker.name);
    if (shadow && shadow->sp_pwdp[0] != '!' && shadow->sp_pwdp[0] != '*')
        finding_add(check->findings, FINDING, AT("/etc/shadow", check->broker.name),
                    "user %s has a password%s; 'usermod --lock %s' locks it", check->broker.name,
                    *shadow->sp_pwdp ? "" : ", an empty one", check->broker.name);
}

/* systemd gives the broker all groups of its user. */
static void check_groups_of_user(struct system_check *check)
{
    gid_t groups[GROUPS_MAX];
    int n = GROUPS_MAX;

    n = getgrouplist(check->broker.name, check->broker.gid, groups, &n);
    for (int i = 0; i < n; i++) {
        const struct group *entry = groups[i] == check->broker.gid ? NULL : getgrgid(groups[i]);

        if (entry)
            finding_add(
                check->findings, FINDING, AT("/etc/group", entry->gr_name),
                "user %s is a member of group %s, and so is the broker; 'gpasswd --delete %s %s' takes it "
                "out",
                check->broker.name, entry->gr_name, check->broker.name, entry->gr_name);
    }
    if (n < 0)
        finding_add(check->findings, FINDING, "/etc/group", 0, "user %s is a member of more than %d groups",
                    check->broker.name, GROUPS_MAX);
}

/* --- the groups --- */

static void print_name(const char *name, char *ret)
{
    size_t used = strlen(ret);

    (void)snprintf(ret + used, NAMES_SIZE - used, "%s%s", used ? ", " : "", name);
}

/* systemd tells of the web front's own user while that runs, and of a user for the group that this one has,
 * with the group's name and number. Neither is in the file of those who may log in. */
static bool is_web_front(const struct passwd *entry, const char *group)
{
    if (strcmp(entry->pw_name, "restarter-webfront") == 0)
        return entry->pw_uid >= DYNAMIC_UID_MIN && entry->pw_uid <= DYNAMIC_UID_MAX;
    return strcmp(entry->pw_name, group) == 0 && entry->pw_uid == entry->pw_gid &&
           entry_line("/etc/passwd", group) == 0;
}

/* Those who are listed, and those whose first group it is. False when there is no such group; while the web
 * front runs, systemd goes on telling of the group that it was started with. */
static bool print_members(const char *name, char ret[static NAMES_SIZE])
{
    const struct group *group = getgrnam(name);
    gid_t gid = group ? group->gr_gid : 0;

    ret[0] = '\0';
    if (!group)
        return false;
    for (char **member = group->gr_mem; *member; member++)
        print_name(*member, ret);
    setpwent();
    for (const struct passwd *entry; (entry = getpwent());)
        if (entry->pw_gid == gid && !is_web_front(entry, name))
            print_name(entry->pw_name, ret);
    endpwent();
    return true;
}

/* Whoever knows a group's password may join it, and its administrators let others in. */
static void check_group_doors(struct system_check *check, const char *name)
{
    const struct sgrp *shadow = getsgnam(name);

    if (!shadow)
        return;
    if (shadow->sg_passwd[0] && shadow->sg_passwd[0] != '!' && shadow->sg_passwd[0] != '*')
        finding_add(
            check->findings, FINDING, AT("/etc/gshadow", name),
            "group %s has a password, and whoever knows it may join; 'gpasswd --remove-password %s' takes "
            "it away",
            name, name);
    if (shadow->sg_adm && shadow->sg_adm[0])
        finding_add(check->findings, FINDING, AT("/etc/gshadow", name),
                    "%s may let anybody into group %s; \"gpasswd --administrators '' %s\" takes that away",
                    shadow->sg_adm[0], name, name);
}

/* `front`: what the group's socket is for a web front to do, and nobody else; NULL: its members are people's
 * choice, and `may` is what they may. */
static void check_group(struct system_check *check, const char *name, const char *front, const char *may)
{
    char members[NAMES_SIZE];

    if (!print_members(name, members)) {
        finding_add(check->findings, FINDING, "/etc/group", 0,
                    "there is no group %s, which a socket is for; 'systemd-sysusers' makes it", name);
        return;
    }
    check_group_doors(check, name);
    if (*members && front)
        finding_add(check->findings, FINDING, AT("/etc/group", name),
                    "%s may open %s: it is for the web front end alone, which needs no such entry; 'gpasswd "
                    "--delete NAME %s' takes somebody out",
                    members, front, name);
    else if (*members)
        finding_add(check->findings, NOTE, AT("/etc/group", name), "members of %s, who %s: %s", name, may,
                    members);
}

void check_accounts(struct system_check *check)
{
    check_same_number(check);
    check_user(check);
    check_groups_of_user(check);
    check_group(check, DOOR_WEB_GROUP, DOOR_WEB ", and say there where somebody clicked", NULL);
    check_group(check, DOOR_WEB_PROXY_GROUP, DOOR_WEB_PROXY ", and be anybody there", NULL);
    check_group(check, DOOR_CLIENTS_GROUP, NULL, "may restart what is granted without the web front");
    check_group(check, PROXY_GROUP, NULL, "say at proxy.sock who everybody is");
}
