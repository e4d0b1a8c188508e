/* What is asked: two netstrings, the user and the password, and nothing else until the asker closes his
 * side: "4:anna,6:secret,". */
#pragma once

#include "common/accounts/hash.h"

enum {
    QUESTION_USER_SIZE =
        256, /* with its NUL; longer than any name, so that a name that is too long is wrong */
    QUESTION_PATIENCE_SEC = 3, /* for all of it */
};

struct question {
    char user[QUESTION_USER_SIZE]; /* any bytes but NUL, not empty */
    char password[PASSWORD_SIZE];  /* the same, and may be empty */
};

void question_wipe(struct question *question);

/* QUESTION_MALFORMED: it is of another form, too long, or did not come in time. */
enum { QUESTION_READ = 0, QUESTION_MALFORMED = 1 };
/* One of these, or a negative errno. */
int question_read(int fd, struct question *ret);
