/* The last step to journald: one datagram for an entry, in its native protocol, and never a wait. (The call
 * of libsystemd waits when journald is slow or stopped, and with it everybody who clicks.) */
#pragma once

#include <stdbool.h>
#include <sys/uio.h>

enum {
    JOURNAL_FIELDS_MAX = 24,
    /* Entries kept for a journald that does not take them; more are counted. */
    JOURNAL_WAITING_MAX = 256,
    JOURNAL_WAITING_REFUSED_MAX = 64, /* when there are so many already, a refusal is only counted */
};

/* Sends an entry of "NAME=value" fields, which may hold any bytes; or keeps it, in its turn, for later,
 * unless `waiting_max` wait already. */
void journal_send(const struct iovec fields[], size_t n, unsigned waiting_max);

/* Sends what was kept, as far as journald takes it. True when something is left. */
bool journal_send_waiting(void);
