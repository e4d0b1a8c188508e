/* What polkitd said in the journal when it last read its rules. It is the only one who knows which files it
 * could not take and why. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "common/array.h"

struct polkit_complaint {
    char *path;    /* of a rule file; NULL: something went wrong while a rule was asked */
    char *message; /* in polkitd's words */
};

struct polkit_log {
    struct texts directories; /* that it read rules from; none: not known */
    struct polkit_complaint *complaints;
    size_t n_complaints;
};

/* Returns 0, also when the journal has nothing to say, or -ENOMEM. `pid` is polkitd's. */
int polkit_log_read(pid_t pid, struct polkit_log *ret);
void polkit_log_done(struct polkit_log *log);

/* What it said of the file; NULL: nothing. */
const char *polkit_log_find(const struct polkit_log *log, const char *path);
/* What it said of a rule that threw an error when it was asked, since it was read; NULL: nothing. */
const char *polkit_log_thrown(const struct polkit_log *log);

/* One message into the log. Returns 1 when it is the first one of that reading, 0 when there are more before
 * it, or -ENOMEM. Messages come newest first. */
int polkit_log_take(struct polkit_log *log, const char *message);
