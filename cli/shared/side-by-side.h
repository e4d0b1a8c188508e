/* Several machines side by side: a section for each as it has ended. */
#pragma once

#include "cli/shared/several.h"

/* The order SEVERAL_SIDE_BY_SIDE. */
int side_by_side(struct several *several);
