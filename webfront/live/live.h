/* The open pages of a web front, and what they are told: GET /events. One call to the broker (watch.h) serves
 * them all; when it says that something has changed, each list that somebody looks at is asked for once, a
 * few side by side. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/wire-list-options.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/live/group.h"
#include "webfront/pages/page.h"

enum {
    LIVE_GROUPS_MAX = 512, /* lists that are looked at; of one person a share of them */
    LIVE_FLIGHTS_MAX = 8,  /* of them asked for side by side */
    /* Of what they all have for their pages, from which on nobody is let in who looks at another list. */
    LIVE_BYTES_MAX = GROUP_BYTES_MAX,
    LIVE_BEAT_SEC = 15, /* after which something is said on a stream on which nothing was */
};

struct live;
struct live_stream;

/* `streams`, in all, may be open; of one person a share of them (common/places.h), unless there is nobody in
 * particular. `calls` stays the caller's, and lives longer. 0 or a negative errno. */
int live_new(sd_event *event, struct calls *calls, unsigned streams, struct live **ret);
/* After all streams have ended. Takes NULL. Returns NULL. */
struct live *live_free(struct live *live);

enum {
    LIVE_E_FULL = 1, /* too many are open already, in all or of this person */
};

/* A stream for that request: a response, to which headers may be added, for http_reply(). *ret_stream is it,
 * and `last_event_id` what the page was given last (NULL: nothing), as it came. 0, LIVE_E_FULL or -ENOMEM. */
int live_join(struct live *live, struct http_request *request, const struct rpc_client_caller *caller,
              const struct page_site *site, const struct wire_list_options *part, const char *last_event_id,
              struct MHD_Response **ret, struct live_stream **ret_stream);
/* The same stream tells of another machine, too, whose section its page has: `far` is its live. To be called
 * before the response goes out, once for each. 0, LIVE_E_FULL or -ENOMEM, and then it says nothing of it. */
int live_join_section(struct live_stream *stream, struct live *far, const struct rpc_client_caller *caller,
                      const struct page_site *site, const struct wire_list_options *part);

/* `changed` is called when the broker says that something has changed, before anybody is told: what is kept
 * of the list for others is out of date. */
void live_on_change(struct live *live, void (*changed)(void *userdata), void *userdata);

/* Something has changed, as far as this web front knows: each list is asked for. */
void live_refresh(struct live *live);
/* Asks the broker nothing any more. The streams are the server's to end. */
void live_stop(struct live *live);
