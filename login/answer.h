/* What is answered: one line, and the end. */
#pragma once

#include "common/ticket.h"

enum answer_kind {
    ANSWER_TICKET,      /* "ticket TEXT" */
    ANSWER_WRONG,       /* "wrong": there is no such user, or it is another password */
    ANSWER_LATER,       /* "later SECONDS": not looked at, there were too many wrong ones */
    ANSWER_MALFORMED,   /* "malformed": that was no question */
    ANSWER_UNAVAILABLE, /* "unavailable": something is wrong here; the journal says what */
};

struct answer {
    enum answer_kind kind;
    unsigned seconds;
    char ticket[TICKET_SIZE];
};

/* 0 or a negative errno. */
int answer_send(int fd, const struct answer *answer);
