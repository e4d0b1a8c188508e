/* Programs that say with each request who they are, by HTTP Basic: the login is asked, and the request goes
 * on with the ticket that it gives. The ticket is kept for a minute (kept-tickets.h), the password is not. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"
#include "webfront/requests/accept.h"

struct programs;

/* Handles a request, from its beginning, as that caller's. */
typedef void (*programs_handler)(struct parts *parts, struct http_request *request,
                                 const struct rpc_client_caller *caller);

/* 0 or a negative errno. */
int programs_new(programs_handler handler, struct programs **ret);
/* After logins_stop(). Takes NULL. Returns NULL. */
struct programs *programs_free(struct programs *programs);

/* True when the request says who it is from: then it is answered, or handled with a ticket, now or later.
 * What a browser sends of that kind does not count (requests/browser.h). `format` is for refusals. */
bool programs_take(struct parts *parts, struct http_request *request, enum format format);

/* The broker does not take the ticket with which the request was handled (any more). True when it was a kept
 * one: it is forgotten, and the request handled once more when the login has been asked for another one. */
bool programs_ask_again(struct parts *parts, struct http_request *request, enum format format);
