/* This program as a child, once for each machine, and what it prints, which is kept until it has ended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/shared/hosts.h"

enum { CHILD_OUT, CHILD_ERR, CHILD_STREAMS };

struct child {
    const char *name; /* the machine's, borrowed */
    pid_t pid;        /* 0: it could not be begun */
    struct stream {
        int fd; /* -1: it has ended */
        char *text;
        size_t size; /* 16 MiB at most: what is more is read, and forgotten */
    } streams[CHILD_STREAMS];
    bool ended, shown;
    uint64_t ended_usec;
    int exit_status;
};

struct children {
    struct child list[HOSTS_MAX];
    size_t n;
};

/* Its words: "restartctl", what is said to each, and at CHILD_HOST_WORD the machine's name. */
enum { CHILD_HOST_WORD = 2 };

/* One more, whose streams are gathered. One that cannot be begun says so on its own standard error, and has
 * CLI_EXIT_UNAVAILABLE. */
struct child *children_begin(struct children *children, const struct host *host, char *words[]);

/* One more, whose standard streams are ours; a negative errno, or 0. Its end is waited for by child_wait().
 */
int children_begin_in_view(struct children *children, const struct host *host, char *words[],
                           struct child **ret);
void child_wait(struct child *child);

/* Reads what those that are gathered say, for so many milliseconds at the most (-1: as long as it takes), and
 * notes those that have ended. False when all have. */
bool children_listen(struct children *children, int timeout);

void children_done(struct children *children);
