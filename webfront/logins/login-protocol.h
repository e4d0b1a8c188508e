/* What is said to a login and what it answers, as restarter-login(8) has it. Pure text: the bytes come from a
 * process that a site may have brought itself, and that may have been taken over. What it says is one of a
 * few words, or nothing that counts. */
#pragma once

#include <stddef.h>

enum {
    LOGIN_USER_MAX = 255,
    LOGIN_PASSWORD_MAX = 511,
    LOGIN_QUESTION_SIZE = 4 + LOGIN_USER_MAX + 1 + 4 + LOGIN_PASSWORD_MAX + 1 + 1, /* with a NUL */
    LOGIN_TICKET_SIZE = 2048,                                                      /* with its NUL */
    LOGIN_ANSWER_MAX = LOGIN_TICKET_SIZE - 1 + 8, /* bytes of the longest answer: "ticket ", it, a newline */
    LOGIN_LATER_MAX = 86400,                      /* seconds */
};

enum login_outcome {
    LOGIN_PASSED = 1,
    LOGIN_WRONG,       /* no such user, or another password */
    LOGIN_LATER,       /* not looked at: too many were wrong */
    LOGIN_BUSY,        /* not looked at: too many ask at a time */
    LOGIN_UNAVAILABLE, /* there is no login, or it gave no answer, or none that makes sense */
};

struct login_result {
    enum login_outcome outcome;
    unsigned seconds;               /* after which to come back: LATER, BUSY, UNAVAILABLE; else 0 */
    char ticket[LOGIN_TICKET_SIZE]; /* PASSED, else "": fit for a header and for a cookie */
};

/* The length of the question, which is the caller's to wipe; 0 when there can be none: an empty user, or too
 * long a text. */
size_t login_question_write(const char *user, const char *password, char ret[static LOGIN_QUESTION_SIZE]);

/* PASSED, WRONG, LATER, or UNAVAILABLE for any other answer than one of those of the manual. */
void login_answer_read(const char *bytes, size_t size, struct login_result *ret);
