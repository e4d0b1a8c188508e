/* Shared by http.c (requests and the library), http-connection.c (connections and their clocks) and
 * http-request.c (what was asked); nobody else includes it. */
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

TAILQ_HEAD(http_connections, http_connection);

struct http_server {
    struct http_limits limits;
    struct http_callbacks callbacks;
    sd_event *event;
    struct MHD_Daemon *mhd;
    sd_event_source *io, *pump, *clock, *drain;
    struct http_connections connections;
    unsigned n_connections, n_pending;
    bool is_unix, quiesced, ended;
};

struct http_connection {
    TAILQ_ENTRY(http_connection) link; /* in the order in which the phases began */
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct http_request *request; /* NULL between two of them */
    int fd;
    enum http_phase phase;
    uint64_t since_usec;
    bool answered_before, cut;
    bool draining; /* suspended until its client has taken the last answer; WRITING goes on */
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
    void (*gone)(void *userdata);
    void *gone_userdata;
};

/* --- http.c --- */

/* The library is to be run soon, although nothing may be readable. */
void http_server_arm_pump(struct http_server *server);

/* --- http-connection.c --- */

int http_connections_add_sources(struct http_server *server);
/* The connection, or NULL when out of memory. The longest idle one may be cut for it. */
struct http_connection *http_connection_new(struct http_server *server, struct MHD_Connection *mhd);
/* Takes NULL. Returns NULL. */
struct http_connection *http_connection_free(struct http_connection *connection);
void http_connection_begin(struct http_connection *connection, enum http_phase phase);
/* After the quiesce, a connection that has been answered and asks nothing more is in the way of the end. */
void http_connection_retire(struct http_connection *connection);
/* True when the client has not taken its last answer yet: then the connection is suspended until it has, and
 * its next request is to be looked at only after that. */
bool http_connection_drain(struct http_connection *connection);
/* Ends all that drain; the library must be run once more. */
void http_connections_cut_draining(struct http_server *server);

/* --- http-request.c --- */

void http_request_set_uri(struct http_request *request, const char *uri);
enum http_method http_method_from_string(const char *method);

/* 0, or the HTTP status to refuse the request with and a sentence; sets body_expected. */
unsigned http_request_screen(struct http_request *request, const char *version, size_t body_max,
                             const char **ret_reason);
bool http_request_append_body(struct http_request *request, const char *data, size_t size);
