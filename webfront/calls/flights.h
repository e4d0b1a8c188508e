/* Calls on their way to one broker: that of this machine, at its socket for web fronts, or another machine's,
 * at the socket that leads there (/run/restarter/far). The other one is told who asks by name, once the
 * broker of this machine has said so (names.h), and a few connections to it are kept (common/rpc/rpc-kept.h).
 * What it answers is outside data, as all answers are; that somebody has to log in is never its to say. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "webfront/calls/names.h"

struct flights;
struct flight;

/* `names` is NULL for this machine; both stay the caller's and live longer. 0 or a negative errno. */
int flights_new(sd_event *event, const char *socket, struct names *names, struct flights **ret);
/* After all flights. Takes NULL. Returns NULL. */
struct flights *flights_free(struct flights *flights);

/* As rpc_client_call(): `done` is called exactly once and never from within, unless the flight is freed. */
int flights_send(struct flights *flights, const struct wire_call *what,
                 const struct rpc_client_caller *caller, uint64_t timeout_usec, rpc_client_done done,
                 void *userdata, struct flight **ret);
/* Gives up on it. Takes NULL. Returns NULL. */
struct flight *flight_free(struct flight *flight);

/* For how long nobody has answered there, in microseconds: since the last answer or, without any, since it
 * was first asked. 0: the last flight that ended was answered, or there was none. */
uint64_t flights_silent_usec(const struct flights *flights);
/* There was a flight. */
bool flights_has_begun(const struct flights *flights);
