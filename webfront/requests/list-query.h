/* GET /api/instances?machine=…&q=…&state=…&offset=…&limit=…: which part of the list a program asks for. */
#pragma once

#include "common/machines/machines.h"
#include "common/rpc/wire-list-options.h"
#include "webfront/requests/fields.h"

/* Outcomes; list_query_text() has a sentence for each. */
enum {
    LIST_QUERY_E_FIELD = 1, /* another field, one that is there twice, or broken escapes */
    LIST_QUERY_E_FILTER,    /* q: longer than WIRE_FILTER_MAX */
    LIST_QUERY_E_STATE,     /* not one of common/unit-group.h */
    LIST_QUERY_E_NUMBER,    /* offset or limit */
    LIST_QUERY_E_MACHINE,   /* no name that a machine could have */
};

/* 0, the options, and the field `machine`, "" without it; or an outcome. An empty query is one without
 * fields. */
int list_query_read(const char *query, struct wire_list_options *ret,
                    char ret_machine[static MACHINE_NAME_SIZE]);
const char *list_query_text(int outcome);
