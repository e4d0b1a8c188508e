/* The record: in the journal who asked for what, from where, what was decided by which lock, and what came of
 * it; and how often. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "broker/calls/peer.h"
#include "broker/outcome/outcome.h"

struct request;

/* What was decided since the broker's start, and, for longer, where refusals are counted by their codes. */
struct audit {
    uint64_t restarts, reloads, refused, unknown;
    struct counters *counters; /* or NULL */
};
/* "1 restart, 0 reloads, 2 refused, 0 unknown since start": for STATUS=. */
void audit_describe(const struct audit *audit, char *ret, size_t size);

/* One entry for one caller, also where several share a job. */
void audit_verb(struct audit *audit, const struct request *request, const struct outcome *outcome);
/* What became of a unit that was still being watched when its callers were answered. */
void audit_settled(const struct outcome *outcome);
/* Its caller hung up, and is not remembered until its end: of those, at most a few a second are recorded. */
void audit_left(const struct request *request, const struct outcome *outcome);
/* A call that only reads was refused, or one of any kind before it was looked at. */
void audit_read(struct audit *audit, const struct request *request, const struct outcome *outcome);
/* Somebody has signed out, of this or of all. */
void audit_signed_out(const struct request *request);
/* Somebody was turned away at the socket, or said what is not to be said there. */
void audit_peer(struct audit *audit, const struct gate *gate, const struct peer *peer, const char *text);
/* The policy file is broken: `error` is "FILE:LINE: message". */
void audit_policy(const char *error, bool keeps_last);
