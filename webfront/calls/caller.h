/* For whom a request is made, as the broker is told it. By which door it came decides how that can be known.
 */
#pragma once

#include "common/http/http.h"
#include "common/person.h"
#include "common/rpc/rpc-client.h"
#include "common/ticket.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"

enum { CALLER_GROUPS_SIZE = PERSON_GROUPS_MAX * PERSON_NAME_SIZE };

struct caller {
    struct rpc_client_caller rpc; /* points into what follows */
    char ticket[TICKET_SIZE];
    char user[PERSON_NAME_SIZE];
    char groups[CALLER_GROUPS_SIZE];
};

/* Finds out for whom. When nobody can be told, or somebody is named who may not be, that is what forbids the
 * request, whatever it asks for; without a message nothing does. The caller has to stay where it is. */
struct outcome caller_read(const struct parts *parts, const struct http_request *request, struct caller *ret);

/* As that person, by name and groups. */
void caller_tell(const struct person *person, struct caller *ret);
/* Keeps whom a request is made for beyond the moment. */
void caller_keep(struct caller *ret, const struct rpc_client_caller *caller);

/* It is nobody in particular, where that is not enough. */
bool caller_has_to_log_in(const struct parts *parts, const struct caller *caller);
