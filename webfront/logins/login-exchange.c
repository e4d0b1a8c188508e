/* A question is smaller than any socket's buffer: one that is not taken at once is taken by nobody. */
#include "webfront/logins/login-exchange.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/unix-connect.h"
#include "webfront/logins/login-protocol.h"

struct login_exchange {
    login_exchange_done done;
    void *userdata;
    int fd;
    sd_event_source *io;
    char answer[LOGIN_ANSWER_MAX + 1]; /* one byte more than there may be */
    size_t size;
};

DEFINE_CLEANUP(struct login_exchange *, login_exchange_free);

/* There may have been a ticket. */
struct login_exchange *login_exchange_free(struct login_exchange *exchange)
{
    if (!exchange)
        return NULL;
    sd_event_source_disable_unref(exchange->io);
    closep(&exchange->fd);
    explicit_bzero(exchange->answer, sizeof(exchange->answer));
    free(exchange);
    return NULL;
}

static void finish(struct login_exchange *exchange, enum login_exchange_end end)
{
    exchange->done(end, exchange->answer, exchange->size, exchange->userdata);
    login_exchange_free(exchange);
}

/* Who hangs up with the question unread is told apart by the kernel, and means the same. */
static int on_io(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct login_exchange *exchange = userdata;
    ssize_t n =
        recv(fd, exchange->answer + exchange->size, sizeof(exchange->answer) - exchange->size, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    exchange->size += n > 0 ? (size_t)n : 0;
    if ((n < 0 && errno != ECONNRESET) || exchange->size > LOGIN_ANSWER_MAX)
        finish(exchange, LOGIN_EXCHANGE_BROKEN);
    else if (n <= 0)
        finish(exchange, exchange->size > 0 ? LOGIN_EXCHANGE_ANSWERED : LOGIN_EXCHANGE_SILENT);
    return 0;
}

int login_exchange_start(sd_event *event, const char *path, const char *question, size_t size,
                         login_exchange_done done, void *userdata, struct login_exchange **ret)
{
    _cleanup_(login_exchange_freep) struct login_exchange *exchange = calloc(1, sizeof(*exchange));
    int r;

    if (!exchange)
        return -ENOMEM;
    exchange->fd = -1;
    exchange->done = done;
    exchange->userdata = userdata;
    r = unix_connect(path, &exchange->fd);
    if (r >= 0)
        r = unix_ask(exchange->fd, question, size);
    if (r >= 0)
        r = sd_event_add_io(event, &exchange->io, exchange->fd, EPOLLIN, on_io, exchange);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(exchange);
    return 0;
}
