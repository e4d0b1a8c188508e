/* Whom something is for: the people and groups that a policy file names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/person.h"

enum { PEOPLE_MAX = 64 /* names in one list, over all files */ };

struct people {
    bool said;      /* something was written: whoever nobody knows is not among them, whatever it is */
    bool everybody; /* "*": everybody who is known */
    char **users, **groups;
    size_t n_users, n_groups;
};
void people_done(struct people *people);

bool names_have(char *const *names, size_t n, const char *name);

/* Somebody who is known, and is named, or is in a group that is. Root is nobody special here. */
bool people_include(const struct people *people, const struct person *person);

/* The same names, in whatever order. */
bool people_same(const struct people *a, const struct people *b);

/* For a sentence: "everybody", "everybody who is known", "anna, bob and the group ops". Cut when it does not
 * fit. */
void people_describe(const struct people *people, char *ret, size_t size);
