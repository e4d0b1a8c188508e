/* Bytes between a connection and a session, both ways, as they come: nothing here looks at them. What one
 * side does not take, the other is not read of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum {
    COPY_BUFFER = 16 * 1024, /* each way */
    /* Nothing was asked for so long since the last answer: whoever keeps connections lets go of them sooner.
     */
    COPY_IDLE_USEC = 15 * 1000 * 1000,
};

struct copy;

/* One of the two has ended, and what it had said is delivered; or it has taken too long. Called once, from
 * the event loop. */
typedef void (*copy_ended)(void *userdata);

/* Takes both descriptors over, in any case; they are stream sockets and do not block. 0 or a negative errno.
 */
int copy_new(sd_event *event, int near_fd, int far_fd, copy_ended ended, void *userdata, struct copy **ret);
/* Closes both. Takes NULL. Returns NULL. */
struct copy *copy_free(struct copy *copy);

/* The last word was the near side's: it is owed an answer. */
bool copy_owes(const struct copy *copy);
