/* A question is smaller than any socket's buffer: one that is not taken at once is taken by nobody. */
#include "broker/record/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/unix-connect.h"

struct exchange {
    struct exchange_callbacks callbacks;
    int fd;
    sd_event_source *io;
    size_t received;                    /* all in all */
    size_t size;                        /* of the line that is not whole yet */
    char buffer[EXCHANGE_LINE_MAX + 1]; /* its beginning */
};

DEFINE_CLEANUP(struct exchange *, exchange_free);

struct exchange *exchange_free(struct exchange *exchange)
{
    if (!exchange)
        return NULL;
    sd_event_source_disable_unref(exchange->io);
    closep(&exchange->fd);
    free(exchange);
    return NULL;
}

static void finish(struct exchange *exchange, enum exchange_end end)
{
    exchange->callbacks.done(end, exchange->callbacks.userdata);
    exchange_free(exchange);
}

/* The whole lines that there are. False when one of them is not taken, or is too long. */
static bool take_lines(struct exchange *exchange)
{
    char *begin = exchange->buffer, *end;

    exchange->buffer[exchange->size] = '\0';
    while ((end = memchr(begin, '\n', exchange->size - (size_t)(begin - exchange->buffer)))) {
        *end = '\0';
        if (strlen(begin) != (size_t)(end - begin) ||
            !exchange->callbacks.line(begin, exchange->callbacks.userdata))
            return false;
        begin = end + 1;
    }
    exchange->size -= (size_t)(begin - exchange->buffer);
    memmove(exchange->buffer, begin, exchange->size);
    return exchange->size < EXCHANGE_LINE_MAX;
}

static enum exchange_end how_it_ended(const struct exchange *exchange)
{
    if (exchange->received == 0)
        return EXCHANGE_SILENT;
    return exchange->size == 0 ? EXCHANGE_ANSWERED : EXCHANGE_BROKEN; /* in the middle of a line */
}

/* Who hangs up with the question unread is told apart by the kernel, and means the same. */
static int on_io(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct exchange *exchange = userdata;
    ssize_t n = recv(fd, exchange->buffer + exchange->size, EXCHANGE_LINE_MAX - exchange->size, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0) {
        finish(exchange, n < 0 && errno != ECONNRESET ? EXCHANGE_BROKEN : how_it_ended(exchange));
        return 0;
    }
    exchange->size += (size_t)n;
    exchange->received += (size_t)n;
    if (exchange->received > EXCHANGE_ANSWER_MAX || !take_lines(exchange))
        finish(exchange, EXCHANGE_BROKEN);
    return 0;
}

int exchange_start(sd_event *event, const char *path, const char *question,
                   const struct exchange_callbacks *callbacks, struct exchange **ret)
{
    _cleanup_(exchange_freep) struct exchange *exchange = calloc(1, sizeof(*exchange));
    int r;

    if (!exchange)
        return -ENOMEM;
    exchange->fd = -1;
    exchange->callbacks = *callbacks;
    r = unix_connect(path, &exchange->fd);
    if (r >= 0)
        r = unix_ask(exchange->fd, question, strlen(question));
    if (r >= 0)
        r = sd_event_add_io(event, &exchange->io, exchange->fd, EPOLLIN, on_io, exchange);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(exchange);
    return 0;
}
