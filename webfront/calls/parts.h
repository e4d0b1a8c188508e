/* What a handler is handed. Each part keeps its own state behind its own header; they live as long as the web
 * front, which puts them together (webfront.c). A handler keeps what belongs to one request while it waits in
 * a struct of its own, in its own file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "webfront/requests/vouched.h"

struct fars;
struct http_server;
struct live;
struct logins;
struct pasts;
struct programs;
struct sd_event;
struct web_in_force;

struct parts {
    struct sd_event *event;
    const char *machine;            /* another one, that all of it is about; NULL: this one */
    const char *socket;             /* where that is asked; NULL: this one */
    const struct fars *fars;        /* fars.h: the parts of the others; those of another one have none */
    const struct web_in_force *web; /* the settings of the web, or that nobody knows them */
    bool is_proxys;                 /* the door is the proxy's, who says in these headers who asks; at any */
    struct vouched_names vouched;   /* other one nobody may */
    struct answers *answers;        /* answer.h: the way back, under the name by which somebody came */
    struct audit *audit;            /* audit.h: the journal, and what STATUS= counts */
    struct calls *calls;            /* calls.h: the broker's socket, and who waits for it */
    struct list_cache *list;        /* list-cache.h: what restarter.list said last */
    struct live *live;              /* live.h: the open pages, and what they are told */
    struct logins *logins;          /* logins.h: who waits for the login; NULL: nobody logs in here */
    struct pasts *pasts;            /* pasts.h: what was done to the one unit of a list */
    struct http_server *const *servers; /* the sockets, for what /metrics tells of them */
    const size_t *n_servers;
    uint64_t start;            /* seconds since 1970 */
    struct programs *programs; /* programs.h: tickets of those who log in with each request */
};
