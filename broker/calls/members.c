/* A short table, looked through for each caller. */
#include "broker/calls/members.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "common/http/http.h"

struct member_group {
    gid_t gid;
    char name[PERSON_NAME_SIZE];
};

void members_done(struct members *members)
{
    free(members->groups);
    *members = (struct members){ 0 };
}

static bool has_group(const struct members *members, const char *name)
{
    for (size_t i = 0; i < members->n; i++)
        if (strcmp(members->groups[i].name, name) == 0)
            return true;
    return false;
}

static int add_group(struct members *members, const char *name)
{
    const struct group *group = has_group(members, name) ? NULL : getgrnam(name);

    if (!group)
        return 0;
    if (!ARRAY_ROOM(members->groups, members->n))
        return -ENOMEM;
    members->groups[members->n] = (struct member_group){ .gid = group->gr_gid };
    (void)stpncpy(members->groups[members->n++].name, name, PERSON_NAME_MAX);
    return 0;
}

static int add_people(struct members *members, const struct people *people)
{
    int r = 0;

    for (size_t i = 0; i < people->n_groups && r == 0; i++)
        r = add_group(members, people->groups[i]);
    return r;
}

int members_find(struct members *members, const struct policy *policy)
{
    int r = 0;

    members_done(members);
    if (!policy)
        return 0;
    r = add_people(members, &policy->admins);
    for (size_t i = 0; i < policy->n_grants && r == 0; i++)
        r = add_people(members, &policy->grants[i].people);
    if (r < 0)
        members_done(members);
    return r;
}

static int add_groups(const struct members *members, const struct peer_groups *gids, struct person *person)
{
    int r = 0;

    for (size_t i = 0; i < members->n && r == 0; i++)
        if (peer_groups_have(gids, members->groups[i].gid))
            r = person_add_group(person, members->groups[i].name);
    /* More than a person can have: he is in none of the others. */
    return r < 0 ? r : 0;
}

int members_identify(const struct members *members, const struct http_request *request,
                     const struct peer *peer, struct person *person)
{
    _cleanup_(peer_groups_done) struct peer_groups gids = { 0 };

    person->is_root = peer->uid == 0;
    if (person_set(person, peer->user, PERSON_UID) != 0 || members->n == 0)
        return 0;
    return peer_groups_read(http_request_fd(request), &gids) == 0 ? add_groups(members, &gids, person) : 0;
}
