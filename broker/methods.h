/* The closed table of methods. A new one is a row in methods.c and a handler in a file of its own. */
#pragma once

#include <stddef.h>
#include <xmlrpc-c/base.h>

#include "broker/outcome.h"
#include "broker/target.h"

struct request;

struct method {
    const char *name;
    unsigned n_params, n_optional;
    const char *usage; /* told to who calls it with other parameters */
    /* Owns the request from here on: ends in request_answer() or request_fault(), now or later. */
    void (*handle)(struct request *request, xmlrpc_value *params);
};

/* NULL when there is none. Names are compared byte by byte. */
const struct method *method_find(const char *name);

enum {
    /* Units whose state is read at once for restarter.status: so few that a click's own messages do not have
     * to stand behind many. (Each is a bundle of calls, and systemd answers one call after the other.) */
    STATUS_READS_MAX = 2,
};

/* Handlers. */
void method_restart_unit(struct request *request, xmlrpc_value *params);
void method_restart(struct request *request, xmlrpc_value *params);
void method_status(struct request *request, xmlrpc_value *params);

/* For handlers: the unit that the one parameter means, if the policy covers it. */
enum {
    METHOD_E_REFUSED = 1, /* *ret_outcome says by whom */
    METHOD_E_PARAMS,      /* it is no string: to be answered with method->usage */
};
int method_target(const struct request *request, xmlrpc_value *params, struct target *ret,
                  struct outcome *ret_outcome);
