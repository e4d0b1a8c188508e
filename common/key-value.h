/* What stands behind the '=' in a file of ours, whichever it is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "yes" and "no", and the other words that systemd takes for them. */
bool value_bool(const char *value, bool *ret);

/* "90", "90s", "5min", "1h": whole seconds, at most `max`. */
bool value_seconds(const char *value, uint64_t max, uint64_t *ret);
