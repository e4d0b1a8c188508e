/* What restarter.list said to somebody, once: the answer, or why there is none, and what was made of it. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "webfront/pages/language.h"
#include "webfront/pages/outcome.h"
#include "webfront/requests/etag.h"

/* Renderings that a snapshot keeps. */
enum list_view {
    VIEW_INSTANCES,
    VIEW_HEALTH,
    VIEW_HEALTH_JSON,
    VIEW_RPC,
    VIEW_PAGE, /* the first of one for each language */
    LIST_VIEWS_MAX = VIEW_PAGE + LANGUAGE_MAX,
};

struct list_snapshot {
    const struct rpc_client_caller *caller;    /* who asked; not the snapshot's */
    const struct wire_list_options *part;      /* of which part of the list; not the snapshot's */
    struct outcome problem;                    /* problem.message is NULL when there is none */
    int fault;                                 /* the XML-RPC fault code of the problem */
    struct wire_answer answer;                 /* WIRE_LIST when there is no problem */
    struct http_shared *views[LIST_VIEWS_MAX]; /* for the caller to fill and read; freed with the snapshot */
    char tags[LIST_VIEWS_MAX][ETAG_SIZE];      /* of these; "": it has none */
};

/* Of an answer of that machine (NULL: this one); NULL when out of memory. */
struct list_snapshot *list_snapshot_new(const char *machine, const struct rpc_client_caller *caller,
                                        const struct wire_list_options *part,
                                        const struct rpc_client_answer *answer);
/* Takes NULL. Returns NULL. */
struct list_snapshot *list_snapshot_free(struct list_snapshot *snapshot);
/* Frees what is in one that is not from list_snapshot_new(). */
void list_snapshot_done(struct list_snapshot *snapshot);
