/* An HTTP server on an event loop of the test's own, and clients that send it raw bytes. */
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>

#include "common/http/http.h"

struct http_world {
    sd_event *event;
    int listen_fd;
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_in in;
    } address;
    socklen_t address_size;
    struct http_server *server;
    int buffer_size; /* bytes that the kernel keeps for each side; 0: as many as it likes */
    /* For the test's handler to say. */
    struct http_request *held;
    unsigned handled, gone;
    size_t body_size;
};

/* For cmocka: *state is a struct http_world, whose server hands requests to `handle` with it as userdata,
 * and refuses with the reason as text. At an abstract Unix socket, or at AF_INET's loopback. */
int http_setup(void **state, int family, const struct http_limits *limits, int buffer_size,
               void (*handle)(struct http_request *request, void *userdata));
int http_teardown(void **state);

/* A connection; the caller's to close. */
int dial(struct http_world *f);

/* That many turns of the loop, each of a millisecond at the most. */
void run(struct http_world *f, unsigned turns);

void transmit(int fd, const char *bytes);

/* Reads until the connection closes, `enough` is in it, or two seconds are over. Valid until the next call.
 */
char *receive(struct http_world *f, int fd, const char *enough);

/* What has arrived by now. Valid until the next call. */
char *receive_now(int fd);
