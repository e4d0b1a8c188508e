/* The last events of one list, each with its number, so that a page that lost its connection gets what it has
 * missed, and nothing twice. An id is EPOCH-NUMBER; the epoch is drawn for each ring, so that no id of
 * another one, of another list or of an earlier process, means anything here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/http/http-stream.h"

enum {
    RING_EVENTS = 32,
    RING_EPOCH_SIZE = 17,
    RING_ID_SIZE = RING_EPOCH_SIZE + 1 + 20, /* with its end */
};

struct ring {
    char epoch[RING_EPOCH_SIZE];
    uint64_t last;                          /* the last event's number; 0: there was none */
    struct http_piece *events[RING_EVENTS]; /* number N in N % RING_EVENTS; NULL: not kept any more */
    size_t bytes;                           /* of those that are kept */
};

/* Of a zeroed one. 0, or -EIO without random bytes. */
int ring_begin(struct ring *ring);
void ring_done(struct ring *ring);

void ring_id(const struct ring *ring, uint64_t number, char ret[static RING_ID_SIZE]);

/* Takes the piece over as event number `last` + 1. Of the ones before it so many are kept as come to no more
 * than `bytes_max` with it: whoever has missed more than that is better off with the whole list. */
void ring_add(struct ring *ring, struct http_piece *piece, size_t bytes_max);

/* The event behind number `after`, a reference for the caller; NULL: there is none yet, or it is not kept any
 * more. */
struct http_piece *ring_next(const struct ring *ring, uint64_t after);
/* All events behind it are kept. */
bool ring_reaches(const struct ring *ring, uint64_t after);

/* Which number an id means, as it came (NULL: none did). False: none of which all that came behind it is
 * kept. */
bool ring_find(const struct ring *ring, const char *id, uint64_t *ret_after);
