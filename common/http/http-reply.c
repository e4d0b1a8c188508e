/* Answers: each its own, or one that many share. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/http/http-parts.h"

void http_reply(struct http_request *request, unsigned status, struct MHD_Response *response)
{
    request->status = status;
    request->response = response;
    request->replied = true;
    if (response && status >= 100 && status < 600)
        request->server->answered[status / 100 - 1]++;
    if (!request->suspended)
        return;
    request->suspended = false;
    request->server->n_pending--;
    MHD_resume_connection(request->mhd);
    http_pump_arm(request->server);
}

uint64_t http_server_answered(const struct http_server *server, unsigned class)
{
    return server->answered[class - 1];
}

struct MHD_Response *http_response_new(const void *body, size_t size, const char *content_type)
{
    struct MHD_Response *response;

    response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (response && content_type &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type) != MHD_YES) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

void http_reply_text(struct http_request *request, unsigned status, const char *text)
{
    char line[512];
    int length = snprintf(line, sizeof(line), "%s\n", text);
    size_t size = length < 0 ? 0 : (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1;

    http_reply(request, status, http_response_new(line, size, "text/plain; charset=utf-8"));
}

/* --- shared ones --- */

/* A counted reference to a response. libmicrohttpd counts its responses too, but only from the moment one is
 * queued and without a way to take part. */
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

struct MHD_Response *http_shared_make(struct http_shared *shared)
{
    return shared && shared->make ? shared->make(shared, shared->data) : NULL;
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
