/* Where it is kept how far a rolling restart is, and that one user has one of them at a place at a time: a
 * file and a lock in the directory of folder.h. Nothing there is obeyed that
 * somebody else could have written, or put there in the place of a file. */
#pragma once

#include <sys/types.h>

#include "cli/rolling/folder.h"
#include "cli/rolling/record.h"

struct rolling_store {
    int directory, lock; /* -1: closed */
    char *path;          /* of the directory */
    char name[32];       /* of the file in it */
};
#define ROLLING_STORE_CLOSED ((struct rolling_store){ .directory = -1, .lock = -1 })
void rolling_store_close(struct rolling_store *store);

/* Outcomes. */
enum {
    STORE_E_NONE = 1, /* nothing is kept */
    STORE_E_LOCKED,   /* somebody is at it */
    STORE_E_UNFIT,    /* what is there cannot be used, or written */
};

struct store_why {
    pid_t pid; /* of STORE_E_LOCKED; 0: unknown, as of a process on another machine or in another container */
    char text[FOLDER_WHY_SIZE]; /* of the other ones: a sentence without its full stop, with the path in it */
};

/* Opens the directory, which is made if it is not there, and takes the lock until it is closed. `place` as in
 * rolling_record_write(). 0, STORE_E_LOCKED (*ret is open then, to be read) or STORE_E_UNFIT. */
int rolling_store_open(const char *place, struct rolling_store *ret, struct store_why *why);

/* 0, STORE_E_NONE, STORE_E_UNFIT or -ENOMEM. */
int rolling_store_read(const struct rolling_store *store, struct rolling_record *ret, struct store_why *why);
/* The file is exchanged at one stroke, and on disk when this returns. 0 or STORE_E_UNFIT; then the one before
 * is still there. */
int rolling_store_write(const struct rolling_store *store, const char *text, struct store_why *why);
/* Nothing is left to go on with. */
void rolling_store_forget(const struct rolling_store *store);
