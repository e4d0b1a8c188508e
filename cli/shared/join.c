/* Groups are what the name service says, and what this process has of them: the latter is as old as the
 * login. */
#include "cli/shared/join.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "common/doors.h"

static bool is_listed(const struct group *group, const char *user)
{
    for (char **member = group->gr_mem; member && *member; member++)
        if (strcmp(*member, user) == 0)
            return true;
    return false;
}

void join_say(struct failure *failure)
{
    const struct passwd *account = getpwuid(geteuid());
    const struct group *group = getgrnam(DOOR_CLIENTS_GROUP);
    int status = failure->exit_status;

    if (!account)
        return;
    if (group && is_listed(group, account->pw_name))
        (void)failure_say(failure, status, 0, "%s is a member, but was none at the last login: log in anew.",
                          account->pw_name);
    else
        (void)failure_say(failure, status, 0,
                          "As root, 'usermod -aG " DOOR_CLIENTS_GROUP
                          " %s' makes %s one, from the next login on.",
                          account->pw_name, account->pw_name);
}
