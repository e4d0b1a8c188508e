/* The journal's entries: who asked for what, from where, what was decided by which lock, and what came of it.
 */
#pragma once

#include "broker/calls/peer.h"
#include "broker/jobs/outcome.h"

struct broker;
struct broker_gate;
struct request;

/* One entry for one caller, also where several share a job. */
void audit_verb(const struct request *request, const struct outcome *outcome);
/* What became of a unit that was still being watched when its callers were answered. */
void audit_settled(const struct outcome *outcome);
/* Its caller hung up, and is not remembered until its end: of those, at most a few a second are recorded. */
void audit_left(const struct request *request, const struct outcome *outcome);
/* A call that only reads was refused. */
void audit_read(const struct request *request, const struct outcome *outcome);
/* Somebody was turned away at the socket. */
void audit_peer(const struct broker_gate *gate, const struct peer *peer, const char *text);
/* The policy file is broken: `error` is "FILE:LINE: message". */
void audit_policy(const char *error, bool keeps_last);
