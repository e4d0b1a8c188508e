/* Several machines one after the other: each begins when the one before it has ended well. */
#pragma once

#include "cli/shared/several.h"

/* The order SEVERAL_IN_TURN. */
int in_turn(struct several *several);
