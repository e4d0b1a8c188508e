/* Somebody who asks for something: who it is, in which groups, how that is known, and by which door it came.
 * Doors make one (from a uid that the kernel reports, from a ticket), the policy is asked about it, the
 * journal writes it down. A zeroed one is nobody in particular, to whom nothing is open that names people. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/cleanup.h"

/* Names of people and of groups, one grammar for all that make or match them: ASCII, 1 to 64 bytes of A-Z a-z
 * 0-9 _ . @ -, of which the first is a letter, a digit or '_'. */
enum {
    PERSON_NAME_MAX = 64,
    PERSON_NAME_SIZE = PERSON_NAME_MAX + 1,
    PERSON_GROUPS_MAX = 64,
};

enum person_known {
    PERSON_NOBODY,   /* nobody has said who it is */
    PERSON_UID,      /* the kernel, at a Unix socket: an account of this machine */
    PERSON_PASSWORD, /* the login, with a password of its own */
    PERSON_PAM,      /* the login, with PAM */
    PERSON_PROXY,    /* a reverse proxy */
    PERSON_FRONT,    /* an account that Fronts= of the policy names: another machine's page */
    PERSON_KNOWN
};

struct person {
    char name[PERSON_NAME_SIZE]; /* "" exactly for PERSON_NOBODY and for a uid without a name */
    enum person_known known;
    bool is_root;     /* uid 0, as the kernel reported it; never by a name */
    const char *door; /* the socket, static: "broker.sock" */
    char (*groups)[PERSON_NAME_SIZE];
    size_t n_groups;
};

enum {
    PERSON_E_NAME = 1, /* not of the grammar */
    PERSON_E_TOO_MANY, /* PERSON_GROUPS_MAX groups are there already */
};

/* Frees the groups, and leaves nobody. */
void person_done(struct person *person);

bool person_name_valid(const char *name);

/* Names somebody. 0 or PERSON_E_NAME, and nobody is left then. */
int person_set(struct person *person, const char *name, enum person_known known);
/* 0, also for one that is there already; PERSON_E_… or -ENOMEM. */
int person_add_group(struct person *person, const char *group);
bool person_in_group(const struct person *person, const char *group);

/* It has a name, and somebody vouches for it. */
static inline bool person_is_known(const struct person *person)
{
    return person->known != PERSON_NOBODY && person->name[0] != '\0';
}

/* "nobody", "uid", "password", "pam", "proxy", "front": for the journal. */
const char *person_known_to_string(enum person_known known);
