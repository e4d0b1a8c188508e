/* How often a password may be wrong: for one user, and for all together. Each attempt is a process of its
 * own, so what is counted is in a file that lasts as long as the boot does. An attempt is charged before it
 * is looked at, and paid back when it was right: one that was ended in the middle stays charged.
 *
 * Users have no names there, only places, more than there are users and taken by a keyed number. So somebody
 * who tries many names pushes no count out; two users who share a place share its count, and nobody can
 * choose whose he shares. */
#pragma once

#include <stdint.h>

#include "common/mistake.h"
#include "common/ticket.h"

enum {
    BRAKE_USER_BURST = 5, /* wrong ones in a row, then one each … */
    BRAKE_USER_SEC = 12,
    BRAKE_TOTAL_BURST = 40, /* the same for all together */
    BRAKE_TOTAL_MSEC = 100,
    BRAKE_WORDS_BURST = 20, /* and for what is written down about them */
    BRAKE_WORDS_MSEC = 500,
    BRAKE_LOGINS_BURST = 10, /* the same for a user's right ones */
    BRAKE_LOGINS_MSEC = 1000,
    BRAKE_PLACES = 4096,
};

enum { BRAKE_GO = 0, BRAKE_LATER = 2 };

struct brake {
    int fd;
};

/* Opens the file in $RUNTIME_DIRECTORY, or makes it. 0 or MISTAKE. */
int brake_open(struct brake *ret, struct mistake *mistake);
void brake_close(struct brake *brake);

/* `place` is any number that stands for the user, `now_usec` CLOCK_MONOTONIC. BRAKE_GO, and the attempt is
 * charged; BRAKE_LATER with the seconds after which there would be room, at least one; or a negative errno.
 */
int brake_charge(struct brake *brake, uint64_t place, uint64_t now_usec, unsigned *ret_seconds);
/* The one that was charged was right. 0 or a negative errno. */
int brake_pay_back(struct brake *brake, uint64_t place);

/* May a line be written about it? Where nothing can be counted it may: that is what it is about then. */
bool brake_admit_words(struct brake *brake, uint64_t now_usec);
/* The same about one who was let in. That line is not for those to swallow who try passwords. */
bool brake_admit_login(struct brake *brake, uint64_t place, uint64_t now_usec);
