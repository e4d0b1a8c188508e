/* POST /restart: one click; and what one at /api has in common with it. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/form.h"

/* Where the outcome of a press is, which follows. */
#define PRESSED_ADDRESS "/restarts/"
/* Behind a '?' there: it was pressed again, and nothing was done for that. */
#define PRESSED_AGAIN "again"

/* How the client is answered. */
struct restart_manner {
    enum format format;
    /* After tired_usec without an outcome, in place of it; NULL: he waits for it. It has to answer. */
    void (*tired)(const struct parts *parts, struct http_request *request, const char *press);
    uint64_t tired_usec;
};

void restart_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);

/* What is wrong with a form that was read from the request's body with the outcome `r`: that, its machine,
 * which is not the one that the parts are of, the header Idempotency-Key, which is taken into the form, or
 * its service_id. No message when nothing is. */
struct outcome restart_check_form(const struct parts *parts, const struct http_request *request, int r,
                                  struct form *form);
/* Answers with a refusal, and records it. */
void restart_refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome,
                    const char *asked);
/* Sends the click on, and answers with what became of it. The form's texts are not changed, and needed until
 * it returns; the manner is copied. */
void restart_start(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                   struct form *form, const struct restart_manner *manner);
