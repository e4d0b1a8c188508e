/* A reason, as somebody at a terminal types it. */
#pragma once

#include <stdbool.h>

#include "common/reason.h"

/* Is somebody there to be asked? */
bool reason_can_ask(void);
/* Asks for one line. CLI_EXIT_OK; or, after saying what did not happen, CLI_EXIT_REFUSED when there is none
 * on it or it is too long. */
int reason_ask(unsigned verb, const char *unit, char ret[static REASON_SIZE]);
