/* A way to know somebody. Each program for logins is one of them, upon what all have in common (program.h).
 */
#pragma once

#include <stdbool.h>

#include "common/mistake.h"
#include "common/ticket.h"
#include "login/question.h"

/* Whoever is asked for. */
struct candidate {
    struct question question;
    struct ticket_key key;
    struct person person; /* whom it would be, with the groups; nobody when the way knows of none */
    size_t n_groups;      /* in how many they are, if these are more than a person has room for */
    char counted[QUESTION_USER_SIZE]; /* the name that wrong passwords count for: whoever has many has one */
    char why_not[128];                /* for the journal, where it was not the password; a clause */
    void *known;                      /* the way's own */
};

struct way {
    const char *program; /* "restarter-login" */
    const char *by;      /* "has logged in …" */
    bool cuts_groups;    /* those that a ticket has no room for are left out; otherwise they are a mistake */
    unsigned level_msec; /* whoever is not let in is told so at a multiple of this; 0: at once */

    /* Finds what it needs and who that would be; with whatever is amiss nobody is let in. 0, MISTAKE or a
     * negative errno. */
    int (*prepare)(struct candidate *candidate, struct mistake *mistake);
    /* Is it them? Then the person is complete. 0, MISTAKE or a negative errno. */
    int (*check)(struct candidate *candidate, bool *ret_good, struct mistake *mistake);
    /* Frees what is its own, which may be NULL. May be NULL. */
    void (*forget)(void *known);
};
