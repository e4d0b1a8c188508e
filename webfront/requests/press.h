/* What tells one press of a button from the next, so that a page that is loaded again, or a slow double
 * click, restarts nothing a second time: a random word. A page without its script has one made here, when it
 * is served; it then counts for each of the page's buttons on its own, since who goes back and presses
 * another one means that one. */
#pragma once

#include <stdbool.h>

#include "common/rpc/wire-call.h"

enum { PRESS_PAGE_LENGTH = 27 };

/* A new one for a page, PRESS_PAGE_LENGTH characters without a NUL. False when the kernel gives no random
 * bytes, which it always does once it has booted. */
bool press_make(char ret[static PRESS_PAGE_LENGTH]);

/* The press of a page becomes that of one of its buttons, which is for a unit and a verb; any other stays
 * what it is. */
void press_of_button(char press[static WIRE_PRESS_MAX + 1], const char *service_id, const char *verb);
