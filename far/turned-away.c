/* An answer that fits into a socket's buffer, and a bin. */
#include "far/turned-away.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(struct turned_away *, turned_away_free);

enum { ANSWER_SIZE = 2048, BIN_SIZE = 4096 };

struct turned_away {
    turned_away_ended ended;
    void *userdata;
    int fd;
    sd_event_source *io, *timer;
};

struct turned_away *turned_away_free(struct turned_away *away)
{
    if (!away)
        return NULL;
    sd_event_source_disable_unref(away->io);
    sd_event_source_disable_unref(away->timer);
    closep(&away->fd);
    free(away);
    return NULL;
}

void turned_away_at_once(int fd, const char *why)
{
    char text[ANSWER_SIZE];
    int n = snprintf(text, sizeof(text),
                     "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Length: %zu\r\nRetry-After: %d\r\nConnection: close\r\n\r\n%s\n",
                     strlen(why) + 1, TURNED_AWAY_RETRY_SEC, why);

    if (n > 0 && (size_t)n < sizeof(text))
        (void)send(fd, text, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)shutdown(fd, SHUT_WR);
}

static int on_io(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct turned_away *away = userdata;
    char bin[BIN_SIZE];
    ssize_t n = recv(fd, bin, sizeof(bin), MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        away->ended(away->userdata);
    return 0;
}

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct turned_away *away = userdata;

    away->ended(away->userdata);
    return 0;
}

int turned_away_new(sd_event *event, int fd, const char *why, turned_away_ended ended, void *userdata,
                    struct turned_away **ret)
{
    _cleanup_(closep) int taken = fd;
    _cleanup_(turned_away_freep) struct turned_away *away = calloc(1, sizeof(*away));
    int r;

    if (!away)
        return -ENOMEM;
    away->ended = ended;
    away->userdata = userdata;
    away->fd = TAKE_FD(taken);
    turned_away_at_once(away->fd, why);
    r = sd_event_add_io(event, &away->io, away->fd, EPOLLIN, on_io, away);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &away->timer, CLOCK_MONOTONIC, TURNED_AWAY_USEC, 1, on_timer,
                                       away);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(away);
    return 0;
}
