/* A line of the policy file that names people. */
#pragma once

#include "policy/people.h"
#include "policy/policy.h"

/* Adds the names of one line, spaces between them, to the users or to the groups. `key` is what the line
 * begins with, for messages. 0, POLICY_E_INVALID or -ENOMEM. */
struct people_line {
    const char *key, *value, *file;
    unsigned line;
    bool groups;    /* rather than users */
    bool everybody; /* "*" may be said */
};
int people_read(struct people *people, const struct people_line *line, struct policy_error *error);
