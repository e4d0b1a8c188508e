/* A line that cannot be sent at once is lost: whoever does not read has not waited. */
#include "login/answer.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

int answer_send(int fd, const struct answer *answer)
{
    static const char *const WORDS[] = {
        [ANSWER_TICKET] = "ticket",
        [ANSWER_WRONG] = "wrong",
        [ANSWER_LATER] = "later",
        [ANSWER_MALFORMED] = "malformed",
        [ANSWER_UNAVAILABLE] = "unavailable",
    };
    char line[TICKET_SIZE + 32];
    int length;

    if (answer->kind == ANSWER_TICKET)
        length = snprintf(line, sizeof(line), "ticket %s\n", answer->ticket);
    else if (answer->kind == ANSWER_LATER)
        length = snprintf(line, sizeof(line), "later %u\n", answer->seconds);
    else
        length = snprintf(line, sizeof(line), "%s\n", WORDS[answer->kind]);
    return send(fd, line, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) == length ? 0 : -EPIPE;
}
