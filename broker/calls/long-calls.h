/* Calls that take long to be read, as a system.multicall with many calls in it does: each waits for a turn of
 * its own, so that a crowd of them keeps nobody waiting who wants one thing. Of more than a few it is not
 * even looked at what they want. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

enum {
    LONG_CALL = 2048,    /* bytes; whoever wants one thing needs less */
    LONG_CALLS_MAX = 64, /* that wait for their turn */
};

struct long_calls;
struct request;

/* Reads the call, and answers it. */
typedef void (*long_calls_read)(struct request *request, void *userdata);

/* 0 or a negative errno. */
int long_calls_new(sd_event *event, long_calls_read read, void *userdata, struct long_calls **ret);
/* Hangs up on who waits. Takes NULL. Returns NULL. */
struct long_calls *long_calls_free(struct long_calls *calls);

/* Takes the request over: it is read later, or refused now. */
void long_calls_take(struct long_calls *calls, struct request *request);
