/* The part of a test's broker that says when something has changed: restarter.changes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/http/http.h"
#include "common/rpc/rpc.h"

enum { WEB_WATCH_MAX = 8 };

struct web_watch {
    unsigned calls;  /* that came */
    unsigned cursor; /* how often something changed */
    bool refuses;    /* each with a fault */
    struct http_request *waiting[WEB_WATCH_MAX];
    size_t n;
};

/* Answers the call, at once or when something has changed. */
void web_watch_take(struct web_watch *watch, struct http_request *request, const struct rpc_call *call);

/* Something has changed. */
void web_watch_change(struct web_watch *watch);
/* Whoever waits is hung up on. */
void web_watch_drop(struct web_watch *watch);
