/* What a server is made of: its connections, each with its clock, and the request that is on one of them. */
#pragma once

#include "common/http/http.h"

#include <sys/queue.h>

#include "common/cleanup.h"
#include "common/turn.h"

/* A unit's name with each of its bytes escaped, and what stands around it. */
enum { HTTP_PATH_SIZE = 3 * 255 + 64, HTTP_QUERY_SIZE = 512 };

/* What the connection's clock is running for. */
enum http_phase {
    HTTP_PHASE_READING,   /* for a whole request */
    HTTP_PHASE_PENDING,   /* not running: the handler owes an answer */
    HTTP_PHASE_WRITING,   /* for the answer to be taken */
    HTTP_PHASE_STREAMING, /* for a piece of a stream to be taken; between two of them it is not running */
};

/* Whether both ends of a connection are of this machine. */
enum http_place {
    HTTP_PLACE_UNKNOWN, /* nobody has looked */
    HTTP_PLACE_NEAR,
    HTTP_PLACE_FAR,
};

TAILQ_HEAD(http_connections, http_connection);

struct http_server {
    struct http_limits limits;
    struct http_callbacks callbacks;
    sd_event *event;
    struct MHD_Daemon *mhd;
    sd_event_source *io, *pump, *clock, *drain;
    struct http_connections connections;
    unsigned n_connections, n_pending, n_streams;
    uint64_t answered[5]; /* 1xx to 5xx */
    bool is_unix, quiesced, ended;
};

struct http_connection {
    TAILQ_ENTRY(http_connection) link; /* in the order in which the phases began */
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct http_request *request; /* NULL between two of them */
    int fd;
    enum http_place place;
    enum http_phase phase;
    uint64_t since_usec;
    bool answered_before, cut;
    bool draining;         /* suspended until its client has taken the last answer; WRITING goes on */
    bool waiting;          /* suspended until its stream has more */
    bool unsure;           /* what the stream had may still be on its way */
    sd_event_source *left; /* of a stream: its client hangs up */
};

struct http_request {
    struct http_server *server;
    struct http_connection *connection;
    struct MHD_Connection *mhd;
    enum http_method method;
    bool seen, has_query, query_cut, handed_over, suspended, replied;
    char path[HTTP_PATH_SIZE], query[HTTP_QUERY_SIZE];
    char *body;
    size_t body_size, body_expected;
    unsigned status;
    struct MHD_Response *response;
    struct http_shared *shared; /* owns the response when there is one */
    struct http_stream *stream; /* lives in the response */
    void (*gone)(void *userdata);
    void *gone_userdata;
};

/* The library is to be run soon, although nothing may be readable: after a resume, or a close. */
static inline void http_pump_arm(const struct http_server *server)
{
    turn_take(server->pump);
}
