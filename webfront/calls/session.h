/* The session of a request: the ticket in its cookie, and the cookie in its answer. Nothing of it is kept
 * here. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/web-settings.h"
#include "webfront/requests/cookie.h"

/* As cookie_read(), asked of a request; two Cookie headers are none. */
enum cookie_outcome session_ticket(const struct http_request *request, char ret[static TICKET_SIZE]);

/* For an answer to that request: the cookie for as long as the ticket says that it is good. Where a guarded
 * one came (COOKIE_NAME_TLS), a guarded one goes. NULL stays, and becomes, NULL when out of memory. */
void session_add_cookie(struct MHD_Response **response, const struct http_request *request,
                        const char *ticket);
/* For how many seconds a ticket says that it is good; 0 for what is none. */
unsigned session_seconds_left(const char *ticket);

/* A quarter of the idle time is over, and the ticket's end can be put off. `now` in seconds since 1970. */
bool session_is_due(const char *ticket, const struct web_settings *settings, uint64_t now);
/* Takes away what there may be. */
void session_clear_cookie(struct MHD_Response **response);

/* Whom to greet: what the ticket says of itself, which the broker has verified in the same request, or the
 * name that a proxy vouches for; NULL for nobody. Returns `buffer`. */
const char *session_name(const struct rpc_client_caller *caller, char buffer[static PERSON_NAME_SIZE]);
