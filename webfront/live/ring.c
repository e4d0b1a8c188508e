/* An id from outside is compared, never computed with, until it is known to be one of ours. */
#include "webfront/live/ring.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

int ring_begin(struct ring *ring)
{
    uint64_t epoch;

    if (getrandom(&epoch, sizeof(epoch), 0) != (ssize_t)sizeof(epoch))
        return -EIO;
    (void)snprintf(ring->epoch, sizeof(ring->epoch), "%016" PRIx64, epoch);
    return 0;
}

static void drop(struct ring *ring, uint64_t number)
{
    struct http_piece **event = &ring->events[number % RING_EVENTS];

    if (*event)
        ring->bytes -= http_piece_size(*event);
    *event = http_piece_unref(*event);
}

void ring_done(struct ring *ring)
{
    for (uint64_t i = 0; i < RING_EVENTS; i++)
        drop(ring, i);
}

void ring_id(const struct ring *ring, uint64_t number, char ret[static RING_ID_SIZE])
{
    (void)snprintf(ret, RING_ID_SIZE, "%s-%" PRIu64, ring->epoch, number);
}

void ring_add(struct ring *ring, struct http_piece *piece, size_t bytes_max)
{
    uint64_t number = ++ring->last;

    drop(ring, number);
    ring->events[number % RING_EVENTS] = piece;
    ring->bytes += http_piece_size(piece);
    for (uint64_t i = 1; i < RING_EVENTS && ring->bytes > bytes_max; i++)
        drop(ring, number + i);
}

struct http_piece *ring_next(const struct ring *ring, uint64_t after)
{
    return after < ring->last && ring_reaches(ring, after)
               ? http_piece_ref(ring->events[(after + 1) % RING_EVENTS])
               : NULL;
}

bool ring_reaches(const struct ring *ring, uint64_t after)
{
    return after == ring->last || (after < ring->last && ring->last - after <= RING_EVENTS &&
                                   ring->events[(after + 1) % RING_EVENTS]);
}

/* There are few that it can be, so each is written and compared. */
bool ring_find(const struct ring *ring, const char *id, uint64_t *ret_after)
{
    char known[RING_ID_SIZE];

    for (uint64_t after = ring->last; id && ring_reaches(ring, after); after--) {
        ring_id(ring, after, known);
        if (strcmp(id, known) == 0) {
            *ret_after = after;
            return true;
        }
        if (after == 0)
            break;
    }
    return false;
}
