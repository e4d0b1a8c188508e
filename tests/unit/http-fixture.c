#include "tests/unit/http-fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

static void refuse(struct http_request *request, unsigned status, const char *reason, _unused_ void *userdata)
{
    http_reply_text(request, status, reason);
}

static void limit_buffer(int fd, int option, int bytes)
{
    if (bytes > 0)
        assert_int_equal(setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof(bytes)), 0);
}

/* The kernel picks the port, or a name in the abstract. */
static void listen_somewhere(struct http_world *f, int family)
{
    f->address.any.sa_family = (sa_family_t)family;
    f->address_size = family == AF_UNIX ? sizeof(sa_family_t) : sizeof(f->address.in);
    if (family == AF_INET)
        f->address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    f->listen_fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    limit_buffer(f->listen_fd, SO_SNDBUF, f->buffer_size);
    assert_int_equal(bind(f->listen_fd, &f->address.any, f->address_size), 0);
    f->address_size = sizeof(f->address);
    assert_int_equal(getsockname(f->listen_fd, &f->address.any, &f->address_size), 0);
    assert_int_equal(listen(f->listen_fd, 64), 0);
}

int http_setup(void **state, int family, const struct http_limits *limits, int buffer_size,
               void (*handle)(struct http_request *request, void *userdata))
{
    struct http_world *f = calloc(1, sizeof(*f));
    struct http_callbacks callbacks = { .handle = handle, .refuse = refuse, .userdata = f };

    assert_non_null(f);
    if (family == AF_UNIX)
        clock_hold();
    else
        clock_hold_beside_tcp();
    f->buffer_size = buffer_size;
    listen_somewhere(f, family);
    assert_true(sd_event_new(&f->event) >= 0);
    assert_int_equal(http_server_new(f->event, f->listen_fd, limits, &callbacks, &f->server), 0);
    *state = f;
    return 0;
}

int http_teardown(void **state)
{
    struct http_world *f = *state;

    http_server_free(f->server);
    sd_event_unref(f->event);
    close(f->listen_fd);
    free(f);
    return 0;
}

int dial(struct http_world *f)
{
    int fd = socket(f->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    limit_buffer(fd, SO_RCVBUF, f->buffer_size);
    assert_int_equal(connect(fd, &f->address.any, f->address_size), 0);
    return fd;
}

void run(struct http_world *f, unsigned turns)
{
    for (unsigned i = 0; i < turns; i++)
        (void)sd_event_run(f->event, 1000);
}

void transmit(int fd, const char *bytes)
{
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

char *receive(struct http_world *f, int fd, const char *enough)
{
    static char answer[8192];
    size_t size = 0;

    for (int i = 0; i < 2000; i++) {
        ssize_t n = recv(fd, answer + size, sizeof(answer) - 1 - size, MSG_DONTWAIT);

        if (n == 0 || (n < 0 && errno != EAGAIN))
            break;
        size += n > 0 ? (size_t)n : 0;
        answer[size] = '\0';
        if (enough && strstr(answer, enough))
            break;
        (void)sd_event_run(f->event, 1000);
    }
    answer[size] = '\0';
    return answer;
}

char *receive_now(int fd)
{
    static char answer[8192];
    ssize_t n = recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);

    answer[n > 0 ? n : 0] = '\0';
    return answer;
}
