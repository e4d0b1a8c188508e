/* policy check: people and groups that the policy file names, and who are not to be met at broker.sock, the
 * one door at which people are known: its callers are accounts of this machine. */
#include "cli/check/check.h"
#include "common/doors.h"

#include <grp.h>
#include <pwd.h>

static void check_names(struct check *check, const struct people *people, const char *file, unsigned line)
{
    for (size_t i = 0; i < people->n_users; i++)
        if (!getpwnam(people->users[i]))
            finding_add(&check->findings, FINDING, file, line,
                        "there is no user %s on this machine: nobody who comes to " DOOR_CLIENTS " is %s",
                        people->users[i], people->users[i]);
    for (size_t i = 0; i < people->n_groups; i++)
        if (!getgrnam(people->groups[i]))
            finding_add(&check->findings, FINDING, file, line,
                        "there is no group %s on this machine: nobody who comes to " DOOR_CLIENTS " is in it",
                        people->groups[i]);
}

void check_people(struct check *check)
{
    for (size_t i = 0; i < check->policy->n_grants; i++) {
        const struct grant *grant = &check->policy->grants[i];

        check_names(check, &grant->people, grant->file, grant->line);
    }
    check_names(check, &check->policy->admins, check->options->path, 0);
}
