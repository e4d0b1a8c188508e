/* Names of HTTP's headers, as whoever comes behind us may compare them. */
#pragma once

#include <stdbool.h>

/* One could be taken for the other: many a server takes '-' and '_' for one, and none tells cases apart. */
bool header_name_is_like(const char *a, const char *b);
