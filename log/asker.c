/* As the broker does at the door for scripts: the name from /etc/passwd, the groups from the process itself.
 */
#include "log/asker.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>

#include "common/account-name.h"
#include "common/cleanup.h"
#include "common/peer-groups.h"
#include "policy/load.h"
#include "policy/paths.h"

static int find_person(int fd, struct person *ret)
{
    struct ucred credentials = { 0 };
    socklen_t size = sizeof(credentials);
    char name[PERSON_NAME_SIZE];

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
        return -errno;
    *ret = (struct person){ .is_root = credentials.uid == 0 };
    if (account_name(credentials.uid, name))
        (void)person_set(ret, name, PERSON_UID);
    return 0;
}

/* Those of the groups that decide. */
static int add_groups(int fd, const struct people *admins, struct person *person)
{
    _cleanup_(peer_groups_done) struct peer_groups groups = { 0 };
    int r = peer_groups_read(fd, &groups);

    for (size_t i = 0; i < admins->n_groups && r == 0; i++) {
        const struct group *group = getgrnam(admins->groups[i]);

        if (group && peer_groups_have(&groups, group->gr_gid))
            r = person_add_group(person, admins->groups[i]);
    }
    /* More than a person can have: one of them is enough. */
    return r < 0 ? r : 0;
}

int asker_find(int fd, const char *policy_path)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(person_done) struct person person = { 0 };
    int r = find_person(fd, &person);

    if (r < 0 || person.is_root)
        return r < 0 ? r : ASKER_ADMIN;
    r = policy_load(policy_path, &policy, &error);
    if (r == 0)
        r = add_groups(fd, &policy->admins, &person);
    if (r < 0)
        return r;
    return policy_is_admin(policy, &person) ? ASKER_ADMIN : ASKER_OTHER;
}

bool asker_is_broker(int fd)
{
    _cleanup_(person_done) struct person person = { 0 };

    return find_person(fd, &person) == 0 && !person.is_root && strcmp(person.name, RULE_USER) == 0;
}
