/* Who a process of this machine is, for the policy: the name of its uid, and in which of the groups that the
 * policy names it is. The kernel tells both numbers; what they are called is looked up when the policy is
 * read (groups) and in /etc/passwd (the name, peer.h). */
#pragma once

#include <stddef.h>

#include "broker/calls/peer.h"
#include "common/person.h"
#include "policy/policy.h"

struct http_request;

/* The groups that a policy names, by their numbers. */
struct members {
    struct member_group *groups;
    size_t n;
};
void members_done(struct members *members);

/* Looks them up anew, as the gate's own group is. A group that is not there has nobody in it. The policy may
 * be NULL. 0 or -ENOMEM, and nobody is in any group then. */
int members_find(struct members *members, const struct policy *policy);

/* Names whoever is at the other end. Not known: who has no name that a policy could have in it. 0 or -ENOMEM;
 * *person is the caller's to end in either case. */
int members_identify(const struct members *members, const struct http_request *request,
                     const struct peer *peer, struct person *person);
