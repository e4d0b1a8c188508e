/* What can be asked for: a closed set, one row for each. All of them end in a job. Never start (from systemd
 * 257 on StartTransientUnit asks polkit with that verb and a name of the caller's choice: it would be root)
 * and never stop. */
#pragma once

#include <stdbool.h>

/* Flags: a grant has several. */
enum verb {
    VERB_RESTART = 1 << 0,
    VERB_TRY_RESTART = 1 << 1,
    VERB_RELOAD = 1 << 2,
    VERB_RELOAD_OR_RESTART = 1 << 3,
};
#define VERB_ALL 0xfU

struct verb_row {
    const char *word;       /* PID 1's, when it asks polkit; in the policy file; restartctl's */
    const char *bus_member; /* of org.freedesktop.systemd1.Manager */
    const char *done;       /* in sentences: "Nothing was …" */
    unsigned verb;          /* one flag */
    bool starts;            /* what is stopped, too */
};

/* NULL for anything but one flag. */
const struct verb_row *verb_row(unsigned verb);

/* 0 for an unknown word. */
unsigned verb_from_string(const char *word);
/* NULL for anything but one flag. */
const char *verb_to_string(unsigned verb);
const char *verb_bus_member(unsigned verb);
/* "restarted" for anything but one flag: what this is all about. */
const char *verb_done(unsigned verb);

enum { VERB_WORDS_SIZE = 64 }; /* for all words there are, and a NUL */
/* Their words, in the order of their flags, one space between two; "" for none. */
void verbs_to_string(unsigned verbs, char ret[static VERB_WORDS_SIZE]);
