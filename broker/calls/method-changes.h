/* restarter.changes: answers when something changed that whoever asks may see, or when his time is over. The
 * call takes up to WIRE_WAIT_MAX seconds, and who makes it has more patience than for a call that only reads.
 *
 * A person is told of what he may see, and woken by nothing else; his cursor stays the same while nothing of
 * that changes. A web front that names nobody is told that something changed which anybody is granted, and
 * never what; `whole` it is told when it knows nothing any more: at its first call, of another broker, after
 * another policy or a reload of PID 1. */
#pragma once

#include <systemd/sd-event.h>

#include "common/rpc/wire-call.h"

struct feed;
struct request;
struct watches;

/* Who waits for changes. The feed is borrowed, and tells nobody else of its ticks. */
int watches_new(sd_event *event, struct feed *feed, struct watches **ret);
/* Those who wait must have been answered before. Takes NULL. Returns NULL. */
struct watches *watches_free(struct watches *watches);

/* Somebody has signed out, or the settings of the web are others: whose login is good no more is told so. */
void watches_check(struct watches *watches);

/* The broker ends: everybody is answered as if his time were over. Nothing is lost: with what he then has he
 * asks the next broker, which tells him to look. */
void watches_stop(struct watches *watches);

void method_changes(struct request *request, const struct wire_call *call);
