/* Which part of the list somebody asks for: the optional struct of restarter.list. */
#pragma once

#include <stdbool.h>

#include "common/machines/machines.h"
#include "common/rpc/rpc.h"
#include "common/unit-group.h"

enum {
    WIRE_FILTER_MAX = 100, /* bytes of UTF-8 */
    WIRE_FILTER_SIZE = WIRE_FILTER_MAX + 1,
    WIRE_LIMIT_MAX = 500, /* rows of one answer, and as many as there are if nobody says how many */
};

/* All zero: the list from its beginning, all of it as far as one answer goes. No two that ask for the same
 * differ in their bytes, but for the padding. */
struct wire_list_options {
    char filter[WIRE_FILTER_SIZE]; /* as wire_filter_clean() leaves it; "": none */
    enum unit_group state;         /* UNIT_GROUP_NONE: all */
    int offset;                    /* rows to be left out at the beginning, never negative */
    int limit;                     /* rows, 1 to WIRE_LIMIT_MAX; 0: as many as an answer takes */
};

/* What somebody typed: cleaned (common/text.h), a blank between two words and none elsewhere. False when it
 * is longer than WIRE_FILTER_MAX then; *ret_filter is "" in that case. */
bool wire_filter_clean(const char *text, char ret_filter[static WIRE_FILTER_SIZE]);

bool wire_list_options_same(const struct wire_list_options *a, const struct wire_list_options *b);
/* Nothing is asked for but what is told without options. */
bool wire_list_options_empty(const struct wire_list_options *options);

/* Reads a call's parameter into `ret` and, of whose list that part is, `ret_machine`, which are all zero.
 * False when it is not a struct of these options with values in their bounds; they may be half full then. */
bool wire_list_options_read(xmlrpc_value *value, struct wire_list_options *ret,
                            char ret_machine[static MACHINE_NAME_SIZE]);
/* And back; NULL when out of memory. */
xmlrpc_value *wire_list_options_value(const struct wire_list_options *options);
