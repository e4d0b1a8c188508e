/* Whether all has been heard that PID 1 told before somebody asked. What others have it do it may have told
 * them already, who then ask us, while its signals to us are still on their way. It is asked for something
 * that never changes; on one connection what it told before comes before the answer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"

struct echo;
struct systemd;

enum {
    ECHO_APART_MSEC = 2,      /* however many ask, from the beginning of one to that of the next, at least */
    ECHO_PATIENCE_MSEC = 500, /* a PID 1 that takes longer tells nobody anything: it counts as heard then */
};

/* `heard` is called for each that was sent, when it is over, and not from within echo_send(). The handle is
 * borrowed. 0 or a negative errno. */
int echo_new(sd_event *event, struct systemd *systemd, void (*heard)(void *userdata), void *userdata,
             struct echo **ret);
/* Takes NULL. Returns NULL. */
struct echo *echo_free(struct echo *echo);
DEFINE_CLEANUP(struct echo *, echo_free);

/* The number of the next one: when it is heard, so is all that was told until now. */
uint64_t echo_next(const struct echo *echo);
bool echo_is_heard(const struct echo *echo, uint64_t number);
/* Sends it as soon as it may be sent, if it is not on its way. */
void echo_send(struct echo *echo);

/* Something else is asked of PID 1 that stands for one: its number. When that is answered, it is heard. */
uint64_t echo_stand_in(struct echo *echo);
void echo_note_heard(struct echo *echo, uint64_t number);
