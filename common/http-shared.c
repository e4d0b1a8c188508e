/* A counted reference to a response. libmicrohttpd counts its responses too, but only from the moment one is
 * queued and without a way to take part. */
#include "common/http-internal.h"

#include <stdlib.h>

struct http_shared {
    struct MHD_Response *response; /* NULL: one is made for each request */
    struct MHD_Response *(*make)(struct http_shared *shared, void *data);
    void (*done)(void *data);
    void *data;
    unsigned references;
};

struct http_shared *http_shared_new(struct MHD_Response *response)
{
    struct http_shared *shared;

    if (!response)
        return NULL;
    shared = calloc(1, sizeof(*shared));
    if (!shared) {
        MHD_destroy_response(response);
        return NULL;
    }
    shared->response = response;
    shared->references = 1;
    return shared;
}

struct http_shared *http_shared_new_each(struct MHD_Response *(*make)(struct http_shared *shared, void *data),
                                         void (*done)(void *data), void *data)
{
    struct http_shared *shared = calloc(1, sizeof(*shared));

    if (!shared) {
        done(data);
        return NULL;
    }
    *shared = (struct http_shared){ .make = make, .done = done, .data = data, .references = 1 };
    return shared;
}

struct http_shared *http_shared_ref(struct http_shared *shared)
{
    if (shared)
        shared->references++;
    return shared;
}

struct http_shared *http_shared_unref(struct http_shared *shared)
{
    if (!shared || --shared->references > 0)
        return NULL;
    if (shared->make)
        shared->done(shared->data);
    else
        MHD_destroy_response(shared->response);
    free(shared);
    return NULL;
}

void http_reply_shared(struct http_request *request, unsigned status, struct http_shared *shared)
{
    if (shared && shared->make) {
        http_reply(request, status, shared->make(shared, shared->data));
        return;
    }
    request->shared = http_shared_ref(shared);
    http_reply(request, status, shared ? shared->response : NULL);
}
