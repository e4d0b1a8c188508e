/* Shared by http.c (connections and the library) and http-request.c (what was asked); nobody else includes
 * it. */
#pragma once

#include "common/http.h"

#include <sys/queue.h>

#include "common/cleanup.h"

enum { HTTP_PATH_SIZE = 128 };

/* What the connection's clock is running for. */
enum http_phase {
    HTTP_PHASE_READING, /* for a whole request */
    HTTP_PHASE_PENDING, /* not running: the handler owes an answer */
    HTTP_PHASE_WRITING, /* for the answer to be taken */
};

struct http_connection {
    TAILQ_ENTRY(http_connection) link; /* in the order in which the phases began */
    struct http_server *server;
    int fd;
    enum http_phase phase;
    uint64_t since_usec;
    bool in_request, answered_before, cut;
};

struct http_request {
    struct http_server *server;
    struct http_connection *connection;
    struct MHD_Connection *mhd;
    enum http_method method;
    bool seen, has_query, handed_over, suspended, replied;
    char path[HTTP_PATH_SIZE];
    char *body;
    size_t body_size, body_expected;
    unsigned status;
    struct MHD_Response *response;
    struct http_shared *shared; /* owns the response when there is one */
};

void http_request_set_uri(struct http_request *request, const char *uri);
enum http_method http_method_from_string(const char *method);

/* 0, or the HTTP status to refuse the request with and a sentence; sets body_expected. */
unsigned http_request_screen(struct http_request *request, const char *version, size_t body_max,
                             const char **ret_reason);
bool http_request_append_body(struct http_request *request, const char *data, size_t size);
