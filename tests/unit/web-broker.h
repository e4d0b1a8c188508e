/* The broker behind a web front under test, which does as it is told by what struct web (web-fixture.h) has.
 */
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <xmlrpc-c/base.h>

#include "common/http/http.h"

struct web;

/* What the broker does with a restart. */
enum broker_mode {
    BROKER_RESTARTS,
    BROKER_FAILS,   /* the job fails */
    BROKER_REFUSES, /* a fault with Retry-After */
    BROKER_GRANTS_NOT,
    BROKER_HOLDS,   /* no answer, until web_release() */
    BROKER_BABBLES, /* an answer that is none */
};

/* The broker is there anew, after web_stop_broker(). */
void web_start_broker(struct web *web);

/* Whoever waits for it is hung up on. */
void web_stop_broker(struct web *web);

/* Consumes the value. */
void broker_reply_value(struct http_request *request, xmlrpc_value *value);
/* The list for whom the request is for, who has an instance of that name; NULL: for nobody in particular. */
xmlrpc_value *broker_list(const struct web *web, const struct http_request *request);

/* Answers what was held by BROKER_HOLDS, with nonsense; in another mode, as that mode answers a restart. */
void web_release(struct web *web);

/* Answers what was held by hold_lists. */
void web_release_lists(struct web *web);

/* The callers of those are gone. */
void web_forget_held(struct web *web);

/* A socket that listens there; *size is that of the address, and then of the one that it has. */
int web_listen(struct sockaddr_un *address, socklen_t *size);
