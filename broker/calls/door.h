/* The way in, one for each socket: who asks, is it a call at all, which method. Each refuses what it can, so
 * that the next one sees less. */
#pragma once

#include "broker/calls/peer.h"

struct daemon;
struct door;
struct services;

/* Opens the socket that systemd passed under the gate's name; says so in whole sentences when there is none,
 * or, where there need be none, gives NULL: a door that does nothing below. All that is handed in stays the
 * caller's. */
int door_new(struct daemon *daemon, const struct gate *gate, const struct services *services,
             struct door **ret);
/* Requests that are pending must have been answered before. Takes NULL. Returns NULL. */
struct door *door_free(struct door *door);

/* Looks up anew which group it is for. */
void door_find_group(struct door *door);
/* Takes in nobody any more. */
void door_close(struct door *door);
/* Who is connected, and of those the ones who wait for an answer. */
unsigned door_connections(const struct door *door);
unsigned door_pending(const struct door *door);
