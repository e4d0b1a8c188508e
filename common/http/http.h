/* An HTTP/1.1 server on one listening socket, bounded in every direction: libmicrohttpd in external epoll
 * mode, hung on an sd-event loop. It refuses what HTTP leaves ambiguous before a handler sees it (RFC 9112:
 * two Content-Lengths, Transfer-Encoding, no or two Hosts, encoded NULs), reads the whole bounded body, and
 * calls the handler once for each request. The handler answers at once or later; until then the connection is
 * suspended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <microhttpd.h>
#include <systemd/sd-event.h>

struct http_server;
struct http_request;

enum http_method {
    HTTP_METHOD_GET, /* HEAD too: the library leaves the body out */
    HTTP_METHOD_POST,
    HTTP_METHOD_OTHER,
};

struct http_limits {
    unsigned streams;     /* open at once (http-stream.h), beside the connections */
    unsigned connections; /* open at once; from three quarters of it on, the longest idle one makes room for
                             each */
    size_t body;          /* bytes of a request's body; more is answered 413 */
    size_t headers;       /* bytes of memory for one connection, headers included; more is answered 431 */
    uint64_t read_usec;   /* from the first byte (or the last answer) to the end of a request; then 408 */
    uint64_t write_usec;  /* from the answer's first byte to its last; then the connection is cut */
    /* Requests that wait for an answer at once; more are answered 429. Fewer than three quarters of the
     * connections, so that there is always one that can make room. */
    uint64_t pending_max;
    /* Bytes that the kernel keeps of what a client does not take (it doubles them). For Unix sockets only:
     * those of TCP have it from the listening socket, SendBuffer= in its unit. 0: the kernel's own. */
    unsigned send_buffer;
};

struct http_callbacks {
    /* Called once for each whole request. Must see to it that http_reply() is called exactly once, now or
     * later, whatever happens: nobody else ends a pending request. `request` is valid until that call. */
    void (*handle)(struct http_request *request, void *userdata);
    /* Called in place of handle() for a request that is refused before it is whole: must answer at once. */
    void (*refuse)(struct http_request *request, unsigned status, const char *reason, void *userdata);
    /* Called when a connection has come or gone and when a request has ended; may be NULL. */
    void (*activity)(void *userdata);
    void *userdata;
};

/* Serves the listening socket `listen_fd`, which stays the caller's, on `event`. Returns 0 or a negative
 * errno. */
int http_server_new(sd_event *event, int listen_fd, const struct http_limits *limits,
                    const struct http_callbacks *callbacks, struct http_server **ret);

/* Closes every connection; requests still pending must have been answered before. Takes NULL. Returns NULL.
 */
struct http_server *http_server_free(struct http_server *server);

/* Accepts no further connection; what waits in the socket's backlog stays there for the next process.
 * Connections that have been answered are closed, the others as soon as they are. */
void http_server_quiesce(struct http_server *server);

/* Connections that are open, idle ones included. */
unsigned http_server_connections(const struct http_server *server);
/* Answers of a class, from 1 for 1xx to 5, since the start. */
uint64_t http_server_answered(const struct http_server *server, unsigned class);
/* Requests that were handed to handle() and not answered yet. */
unsigned http_server_pending(const struct http_server *server);

/* What was asked. Strings live as long as the request. */
enum http_method http_request_method(const struct http_request *request);
/* The raw path before any '?', never percent-decoded, so that an escape in it is still one; "" when it was
 * too long or had bytes no path of ours has. */
const char *http_request_path(const struct http_request *request);
bool http_request_has_query(const struct http_request *request);
/* What is behind the '?', as it was sent; "" without one, and when it is longer than any of ours. */
const char *http_request_query(const struct http_request *request);
bool http_request_query_is_cut(const struct http_request *request); /* it was longer than that */
/* A header's value (the first one's), or NULL. */
const char *http_request_header(const struct http_request *request, const char *name);
/* How often the header occurs. */
unsigned http_request_header_count(const struct http_request *request, const char *name);
/* All of them, in the order in which they came, names as they were written. */
void http_request_each_header(const struct http_request *request,
                              void (*look)(const char *name, const char *value, void *userdata),
                              void *userdata);
const char *http_request_body(const struct http_request *request, size_t *ret_size); /* NUL-terminated */
/* Where its client sits: "127.0.0.1:40312", "[::1]:40312"; "local" for Unix sockets, "?" when it cannot be
 * told. Returns `buffer`. */
enum { HTTP_ADDRESS_SIZE = 64 };
const char *http_request_address(const struct http_request *request, char buffer[static HTTP_ADDRESS_SIZE]);
/* Both ends of its connection are of this machine: loopback addresses, or a Unix socket. */
bool http_request_is_near(const struct http_request *request);
/* The connection's socket, for SO_PEERCRED. */
int http_request_fd(const struct http_request *request);

/* From now until its answer: `gone` is called, once, when the request's client has hung up. Nobody reads the
 * answer then, but http_reply() is owed all the same, now or later. A client over TCP that only shut down its
 * sending side counts as gone, since that looks the same from here. */
void http_request_on_gone(struct http_request *request, void (*gone)(void *userdata), void *userdata);

/* Answers. Takes over the caller's reference to `response`. NULL as the response, out of memory for instance,
 * closes the connection unanswered. */
void http_reply(struct http_request *request, unsigned status, struct MHD_Response *response);

/* A response that copies `size` bytes of `body`; NULL when out of memory. `content_type` may be NULL. */
struct MHD_Response *http_response_new(const void *body, size_t size, const char *content_type);
/* As http_reply(), with a short line of plain text as the body. */
void http_reply_text(struct http_request *request, unsigned status, const char *text);

/* One response that answers many requests: made once, freed when nobody needs it any more. */
struct http_shared;
/* Takes `response` over, even when it fails. NULL without a response and when out of memory. */
struct http_shared *http_shared_new(struct MHD_Response *response);
/* The same for responses that are alike but for some bytes: `make` gives each request one of its own, which
 * may point into `data` for as long as it holds a reference to `shared`. `done` frees `data`, with the last
 * reference or, out of memory, at once. */
struct http_shared *http_shared_new_each(struct MHD_Response *(*make)(struct http_shared *shared, void *data),
                                         void (*done)(void *data), void *data);
struct http_shared *http_shared_ref(struct http_shared *shared);
/* Takes NULL. Returns NULL. */
struct http_shared *http_shared_unref(struct http_shared *shared);
/* One more of those that are made for each request, to which something may be added; NULL for others, and
 * when out of memory. */
struct MHD_Response *http_shared_make(struct http_shared *shared);
/* As http_reply(), but the caller keeps its own reference. */
void http_reply_shared(struct http_request *request, unsigned status, struct http_shared *shared);
