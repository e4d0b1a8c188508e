/* Calls: the closed table of methods with what each takes and gives, and a call as a struct. A call that came
 * in is read into the struct, by its method's row; what goes on is made from the struct. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/patience.h"
#include "common/rpc/rpc.h"
#include "common/rpc/wire.h"
#include "common/verb.h"

enum {
    WIRE_SETTLE_MAX = PATIENCE_SETTLE_SEC,
    WIRE_PRESS_MIN = 8, /* characters of a press, [A-Za-z0-9_-]; fewer would be guessed */
    WIRE_PRESS_MAX = 64,
    WIRE_REASON_SIZE = 256, /* bytes of a sentence that says what is wrong with a call */
};

enum wire_params {
    WIRE_PARAMS_NONE,
    WIRE_PARAMS_UNIT,    /* one string: an id or a unit's name */
    WIRE_PARAMS_OPTIONS, /* the same, and perhaps a struct of options */
};

/* In the order of their names, as system.listMethods tells them. */
enum wire_method_id {
    WIRE_METHOD_RESTART_UNIT,
    WIRE_METHOD_ALLOWED,
    WIRE_METHOD_LIST,
    WIRE_METHOD_RELOAD,
    WIRE_METHOD_RELOAD_OR_RESTART,
    WIRE_METHOD_RESTART,
    WIRE_METHOD_STATUS,
    WIRE_METHOD_TRY_RESTART,
    WIRE_METHOD_LIST_METHODS,
    WIRE_METHODS_COUNT
};

struct wire_method {
    const char *name; /* here alone: everybody else has the id */
    enum wire_params params;
    enum wire_kind answer;
    unsigned verb;     /* of common/verb.h: something may have happened when it was sent; 0: it reads */
    const char *usage; /* told to who calls it with other parameters */
};

extern const struct wire_method WIRE_METHODS[WIRE_METHODS_COUNT];

/* NULL when there is none. Names are compared byte by byte. */
const struct wire_method *wire_method_find(const char *name);
/* The one that has the verb done, and tells all about it. Exactly one flag of common/verb.h. */
const struct wire_method *wire_method_of_verb(unsigned verb);

static inline enum wire_method_id wire_method_id(const struct wire_method *method)
{
    return (enum wire_method_id)(method - WIRE_METHODS);
}

struct wire_call {
    const struct wire_method *method;
    /* As asked for, however odd; what cannot be sent is a question mark in it. NULL: the method takes none.
     */
    char *unit;
    int settle;                     /* seconds, 0 to WIRE_SETTLE_MAX */
    bool has_settle;                /* otherwise as the grant says */
    char press[WIRE_PRESS_MAX + 1]; /* "": none */
};
/* Frees what wire_call_parse() allocated. */
void wire_call_done(struct wire_call *call);

/* A random word that tells one press of a button from the next. */
bool wire_press_valid(const char *press);

/* 0; or a fault's code (enum rpc_fault_code) with a whole sentence in ret_reason: bytes that are no call, a
 * method that is not known, parameters that it does not take. On 0 the caller ends it with wire_call_done().
 */
int wire_call_parse(const char *xml, size_t size, struct wire_call *ret,
                    char ret_reason[static WIRE_REASON_SIZE]);

/* The call as bytes, the caller's (rpc_block_free()); NULL when out of memory. */
xmlrpc_mem_block *wire_call_encode(const struct wire_call *call);
