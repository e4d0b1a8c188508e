/* What was found in the journal, as it is answered. */
#pragma once

#include <stdbool.h>

#include "common/array.h"

struct found {
    struct texts lines; /* as record_line_write() makes them; the newest one first */
    bool more;          /* there are older ones, or time was up */
};
void found_done(struct found *found);
