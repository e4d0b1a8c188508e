/* Ctrl-C, in two steps: the first one asks to stop after what is under way, the second one ends the waiting
 * at once. A terminal that is gone asks for the first, however often. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

struct rolling_stop {
    unsigned by_hand; /* SIGINT and SIGTERM that came; SIGHUP is nobody's */
    bool is_asked;    /* to begin nothing more */
    bool is_cut;      /* to wait for nothing more */
};

/* From now on, until the process ends: what signals ask for is in *stop as soon as the loop has run. 0 or a
 * negative errno. */
int rolling_stop_watch(struct rolling_stop *stop, sd_event *event);

/* While somebody is asked something else: a signal ends the process then, as it would otherwise. */
void rolling_stop_let_go(void);
void rolling_stop_hold(void);
