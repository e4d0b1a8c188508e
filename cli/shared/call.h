/* A call to the broker, and how it ended: an answer, or why there is none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "cli/shared/fail.h"
#include "cli/shared/place.h"
#include "common/rpc/wire-call.h"

/* How a call ended: with exit_status CLI_EXIT_OK in `failure` there is an answer, of the method's kind. */
struct call_end {
    struct failure failure;
    bool reason_wanted; /* it was refused since it gave no reason */
    struct wire_answer answer;
};
void call_end_done(struct call_end *end);

/* `end` is the receiver's. */
typedef void (*call_done)(struct call_end *end, void *userdata);

/* Makes the call; `done` is called exactly once, from the loop. timeout_usec is from now to the whole answer;
 * 0: as long as the broker may take at most. `place` stays where it is until then. Returns 0 or a negative
 * errno: nothing was sent then, and `done` is not called. */
int call_start(sd_event *event, const struct cli_place *place, const struct wire_call *call,
               uint64_t timeout_usec, call_done done, void *userdata);

/* The same, and waits. Whatever happens, *ret says how it ended, and is the caller's. Returns its exit
 * status. */
int call_wait(const struct cli_place *place, const struct wire_call *call, uint64_t timeout_usec,
              struct call_end *ret);

/* Makes a call that only reads, and waits. On CLI_EXIT_OK *ret is the caller's; otherwise it was said why. */
int call_read(const struct cli_place *place, const struct wire_call *call, struct wire_answer *ret);
