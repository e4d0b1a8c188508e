/* The clock as a test holds it: it goes on when the loops have nothing to do, then at once to whatever comes
 * next, and a little with each turn of theirs. So nothing depends on how fast the machine is, and no test
 * waits. It is the clock of the whole process, of the libraries as well. For tests that are one process and
 * wait for nothing outside of it: what another process or the network takes it does not know. */
#pragma once

#include <stdint.h>

enum { HELD_TURN_USEC = 20 }; /* what a turn of a loop takes */

/* From now on, until the process ends. To be called before there are timers. */
void clock_hold(void);

/* The same, and each time before it goes on it looks for a millisecond whether anything comes: what is sent
 * by TCP may take the kernel a moment, also from a process to itself. */
void clock_hold_beside_tcp(void);

/* So long nobody turns a loop. */
void clock_advance(uint64_t usec);
