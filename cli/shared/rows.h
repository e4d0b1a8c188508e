/* restarter.list as a whole: all rows that were asked for, however many answers it takes. */
#pragma once

#include <stdbool.h>

#include "cli/shared/place.h"
#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"

struct rows {
    struct wire_answer *parts; /* the answers, each the rows behind those of the one before */
    size_t n_parts;
    bool changed;          /* the list did, each time that it was read: parts may not fit */
    struct wire_list list; /* the first of them, with the rows of all; what it points to is theirs */
};
void rows_done(struct rows *rows);

/* `options` has no offset and no limit. On CLI_EXIT_OK *ret is the caller's; otherwise it was said why. */
int rows_read(const struct cli_place *place, const struct wire_list_options *options, struct rows *ret);
