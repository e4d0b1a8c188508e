/* The pages of one person that show the same part of the list: it is asked for, rendered and compared once
 * for all of them, and all are sent the same bytes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/http/http-stream.h"
#include "common/rpc/wire-list-options.h"
#include "webfront/calls/calls.h"
#include "webfront/live/ring.h"
#include "webfront/live/view.h"
#include "webfront/requests/caller-key.h"

enum {
    GROUP_PAUSE_USEC = 200 * 1000,  /* from one question for the list to the next, at least */
    GROUP_RETRY_USEC = 1000 * 1000, /* after one that brought none, but for the first */
    GROUP_FAILURES = 2,             /* in a row, and what is shown may be out of date */
    /* Of what all groups have for their pages; from then on none keeps more than its list and its last
       change. */
    GROUP_BYTES_MAX = 8 * 1024 * 1024,
};

/* One open page. */
struct group_stream {
    LIST_ENTRY(group_stream) link;
    struct group *group;
    struct http_stream *http;
    uint64_t at;      /* the number of the last event that it was given */
    bool wants_whole; /* before any further ones */
    bool knows_lost, knows_end;
    unsigned beat; /* that it was given last */
};

struct group {
    TAILQ_ENTRY(group) link;         /* for whoever keeps them; as is the next one */
    struct rpc_client_caller caller; /* without an address; its strings are in `text` */
    char *text;
    uint8_t key[CALLER_KEY_SIZE];
    char name[PERSON_NAME_SIZE]; /* that the caller goes by (caller-key.h) */
    bool let_in;                 /* it has been answered with a list, or is vouched for: the name is true */
    struct wire_list_options part;
    struct page_site site;
    struct calls *calls;
    LIST_HEAD(group_streams, group_stream) streams;
    unsigned n_streams;

    struct ring ring;
    struct view *view;        /* NULL: not known yet */
    struct http_piece *whole; /* of that */
    struct http_piece *lost;  /* what is shown may be out of date, since when: NULL: it is not */
    unsigned failures;        /* to get the list, in a row */
    bool over;                /* the login has ended */

    bool due;                 /* the list is to be asked for */
    uint64_t not_before_usec; /* but no sooner */
    struct flight *flight;
    /* The flight is over. */
    void (*landed)(struct group *group, void *userdata);
    void *userdata;
};

TAILQ_HEAD(groups, group);

/* `calls` stays the caller's. NULL when out of memory. */
struct group *group_new(struct calls *calls, const struct page_site *site,
                        const struct rpc_client_caller *caller, const struct wire_list_options *part);
/* Without streams. Takes NULL. Returns NULL. */
struct group *group_free(struct group *group);

/* A page that comes, and what it says that it was given last (NULL: nothing). NULL when out of memory. */
struct group_stream *group_join(struct group *group, const char *last_event_id);
/* And one that goes: frees it. */
void group_leave(struct group_stream *stream);

/* Asks for the list, now. `landed` may be called before it returns. */
void group_ask(struct group *group);
/* The broker is not there: the pages are told so, until there is a list again. Of a section (page.h) it is
 * said for how long nobody has answered. */
void group_lose(struct group *group);
/* There is something to send. */
void group_wake(struct group *group);

/* What a stream is to send next, as of http-stream.h. `beat` is a number, and `pulse` what is sent once for
 * each that a stream has not been given, when there is nothing else. */
struct http_piece *group_next(struct group_stream *stream, unsigned beat, struct http_piece *pulse);
