/* Calls: the closed table of methods with what each takes and gives, and a call as a struct. A call that came
 * in is read into the struct, by its method's row; what goes on is made from the struct. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/machines/machines.h"
#include "common/patience.h"
#include "common/reason.h"
#include "common/rpc/rpc.h"
#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "common/verb.h"

enum {
    WIRE_SETTLE_MAX = PATIENCE_SETTLE_SEC,
    WIRE_PRESS_MIN = 8, /* characters of a press, [A-Za-z0-9_-]; fewer would be guessed */
    WIRE_PRESS_MAX = 64,
    WIRE_WAIT_MAX = 60,     /* seconds that restarter.changes may wait: who calls it has more patience */
    WIRE_REASON_SIZE = 320, /* bytes of a sentence that says what is wrong with a call */
    WIRE_PARTS_MAX = 32,    /* calls in a system.multicall */
};

enum wire_params {
    WIRE_PARAMS_NONE,
    WIRE_PARAMS_UNIT,    /* a string: an id or a unit's name; for restarter.day a day; perhaps a machine */
    WIRE_PARAMS_ID,      /* one string: an id or a unit's name; or an int: its digits */
    WIRE_PARAMS_OPTIONS, /* a string as in the first, and perhaps a struct of options */
    WIRE_PARAMS_PRESS,   /* a string: a press; perhaps a machine */
    WIRE_PARAMS_LIST,    /* perhaps a struct of other options, and nothing else */
    WIRE_PARAMS_CHANGES, /* a cursor, and seconds */
    WIRE_PARAMS_METHOD,  /* one string: a method's name */
    WIRE_PARAMS_PARTS,   /* an array of calls */
    WIRE_PARAMS_COUNT
};

/* In the order of their names, as system.listMethods tells them. */
enum wire_method_id {
    WIRE_METHOD_RESTART_UNIT,
    WIRE_METHOD_ALLOWED,
    WIRE_METHOD_CHANGES,
    WIRE_METHOD_DAY,
    WIRE_METHOD_HISTORY,
    WIRE_METHOD_LIST,
    WIRE_METHOD_LOGS,
    WIRE_METHOD_METRICS,
    WIRE_METHOD_OUTCOME,
    WIRE_METHOD_RELOAD,
    WIRE_METHOD_RELOAD_OR_RESTART,
    WIRE_METHOD_RENEW,
    WIRE_METHOD_RESTART,
    WIRE_METHOD_SIGN_OUT,
    WIRE_METHOD_SIGN_OUT_EVERYWHERE,
    WIRE_METHOD_STATUS,
    WIRE_METHOD_TRY_RESTART,
    WIRE_METHOD_GET_CAPABILITIES,
    WIRE_METHOD_LIST_METHODS,
    WIRE_METHOD_HELP,
    WIRE_METHOD_SIGNATURE,
    WIRE_METHOD_MULTICALL,
    WIRE_METHODS_COUNT
};

struct wire_method {
    const char *name; /* here alone: everybody else has the id */
    enum wire_params params;
    enum wire_kind answer;
    unsigned verb;     /* of common/verb.h: something may have happened when it was sent; 0: it reads */
    const char *usage; /* told to who calls it with other parameters */
    const char *help;  /* what it does, in a sentence or two */
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

struct wire_part;

struct wire_call {
    const struct wire_method *method;
    /* As asked for, however odd; what cannot be sent is a question mark in it. NULL: the method takes none.
     */
    char *unit;
    const struct wire_method *about; /* of WIRE_PARAMS_METHOD */
    int settle;                      /* seconds, 0 to WIRE_SETTLE_MAX */
    int seconds;                     /* 0 to WIRE_WAIT_MAX */
    struct wire_list_options list;   /* which part of the list */
    /* Whose broker is meant, a name that machines.conf could have; "": that which is asked. It is for who
     * chooses a broker, and no part of what is written anew for that one. */
    char machine[MACHINE_NAME_SIZE];
    bool has_settle;                  /* otherwise as the grant says */
    char press[WIRE_PRESS_MAX + 1];   /* "": none */
    char cursor[WIRE_CURSOR_MAX + 1]; /* "": none */
    char reason[REASON_SIZE];         /* as reason_clean() leaves it; "": none */
    struct wire_part *parts;          /* of WIRE_PARAMS_PARTS, in the order in which they are to begin */
    size_t n_parts;                   /* 0 to WIRE_PARTS_MAX */
};

/* A call in a system.multicall, never another one of those, nor one that waits for changes. What is wrong
 * with it is no fault of the others. */
struct wire_part {
    struct wire_call call; /* when `fault` is 0 */
    int fault;             /* enum rpc_fault_code, and then a whole sentence on it */
    char reason[WIRE_REASON_SIZE];
};
/* Frees what wire_call_parse() allocated. */
void wire_call_done(struct wire_call *call);

/* Fit to be one, wherever it comes from; "" is as well. */
bool wire_cursor_valid(const char *cursor);

/* A random word that tells one press of a button from the next. */
bool wire_press_valid(const char *press);

/* 0; or a fault's code (enum rpc_fault_code) with a whole sentence in ret_reason: bytes that are no call, a
 * method that is not known, parameters that it does not take. On 0 the caller ends it with wire_call_done().
 */
int wire_call_parse(const char *xml, size_t size, struct wire_call *ret,
                    char ret_reason[static WIRE_REASON_SIZE]);

/* The call as bytes, the caller's (rpc_block_free()); NULL when out of memory. Not for a system.multicall,
 * whose calls go on one by one. */
xmlrpc_mem_block *wire_call_encode(const struct wire_call *call);
