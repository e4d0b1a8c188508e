/* policy check: the accounts of Fronts=, which name people at broker.sock. One that cannot come in is a line
 * that does nothing; one that somebody can log in to with a password is that person, and may be anybody. */
#include <grp.h>
#include <pwd.h>
#include <shadow.h>

#include "cli/check/check.h"
#include "common/doors.h"

enum { GROUPS_MAX = 256 };

static bool opens_the_socket(const struct passwd *entry)
{
    const struct group *group = getgrnam(DOOR_CLIENTS_GROUP);
    gid_t groups[GROUPS_MAX], gid = group ? group->gr_gid : (gid_t)-1;
    int n = GROUPS_MAX;

    n = getgrouplist(entry->pw_name, entry->pw_gid, groups, &n);
    for (int i = 0; i < n; i++)
        if (group && groups[i] == gid)
            return true;
    return entry->pw_uid == 0;
}

static bool has_password(const char *name)
{
    const struct spwd *shadow = getspnam(name);

    return shadow && shadow->sp_pwdp[0] != '!' && shadow->sp_pwdp[0] != '*';
}

static void check_front(struct check *check, const char *name)
{
    const struct passwd *entry = getpwnam(name);
    const char *file = check->options->path;

    if (!entry) {
        finding_add(&check->findings, FINDING, file, 0,
                    "Fronts=: there is no user %s on this machine; it has to be an account of /etc/passwd",
                    name);
        return;
    }
    if (!opens_the_socket(entry))
        finding_add(&check->findings, FINDING, file, 0,
                    "Fronts=: user %s may not open " DOOR_CLIENTS "; 'gpasswd --add %s " DOOR_CLIENTS_GROUP
                    "' lets it, or take it out of Fronts=",
                    name, name);
    if (entry->pw_uid == 0)
        finding_add(&check->findings, FINDING, file, 0,
                    "Fronts=: user %s is root; take an account that can do nothing else", name);
    else if (has_password(name))
        finding_add(&check->findings, FINDING, file, 0,
                    "Fronts=: user %s has a password, and whoever knows it may be anybody at " DOOR_CLIENTS
                    "; take an account of its own, or 'usermod --lock %s'",
                    name, name);
}

void check_fronts(struct check *check)
{
    for (size_t i = 0; i < check->policy->fronts.n_users; i++)
        check_front(check, check->policy->fronts.users[i]);
}
