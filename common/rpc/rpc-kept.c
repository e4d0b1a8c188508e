/* Idle connections are watched: whatever the loop has to tell of one is its end. What came since the loop was
 * last asked is looked for before one is used. */
#include "common/rpc/rpc-kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "common/cleanup.h"

struct idle {
    TAILQ_ENTRY(idle) link;
    struct rpc_kept *kept;
    int fd;
    sd_event_source *io, *end;
};

TAILQ_HEAD(idles, idle);

struct rpc_kept {
    sd_event *event;
    char *path;
    struct idles idles; /* the one that was used last at the end */
    unsigned n;
};

static struct idle *idle_free(struct idle *idle)
{
    if (!idle)
        return NULL;
    sd_event_source_disable_unref(idle->io);
    sd_event_source_disable_unref(idle->end);
    closep(&idle->fd);
    free(idle);
    return NULL;
}

DEFINE_CLEANUP(struct idle *, idle_free);

static void take_out(struct idle *idle)
{
    TAILQ_REMOVE(&idle->kept->idles, idle, link);
    idle->kept->n--;
}

static void drop(struct idle *idle)
{
    take_out(idle);
    idle_free(idle);
}

static int on_stir(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents,
                   void *userdata)
{
    drop(userdata);
    return 0;
}

static int on_end(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    drop(userdata);
    return 0;
}

static int watch(struct idle *idle)
{
    sd_event *event = idle->kept->event;
    int r = sd_event_add_io(event, &idle->io, idle->fd, EPOLLIN | EPOLLRDHUP, on_stir, idle);

    if (r >= 0)
        r = sd_event_add_time_relative(event, &idle->end, CLOCK_MONOTONIC, RPC_KEPT_IDLE_USEC, 0, on_end,
                                       idle);
    return r;
}

/* What cannot be kept is closed. */
static void on_spare(int fd, void *userdata)
{
    struct rpc_kept *kept = userdata;
    _cleanup_(idle_freep) struct idle *idle = calloc(1, sizeof(*idle));

    if (!idle) {
        closep(&fd);
        return;
    }
    idle->kept = kept;
    idle->fd = fd;
    if (watch(idle) < 0)
        return;
    if (kept->n == RPC_KEPT_MAX)
        drop(TAILQ_FIRST(&kept->idles));
    TAILQ_INSERT_TAIL(&kept->idles, idle, link);
    kept->n++;
    (void)TAKE_PTR(idle);
}

static bool is_quiet(const struct idle *idle)
{
    char byte;

    return recv(idle->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

/* The one that was used last has the longest to go. */
static int take_idle(struct rpc_kept *kept)
{
    struct idle *idle;
    int fd = -1;

    while (fd < 0 && (idle = TAILQ_LAST(&kept->idles, idles))) {
        if (is_quiet(idle))
            fd = TAKE_FD(idle->fd);
        take_out(idle);
        idle_free(idle);
    }
    return fd;
}

int rpc_kept_call(struct rpc_kept *kept, const struct rpc_client_request *request, bool reads,
                  rpc_client_done done, void *userdata, struct rpc_client_call **ret)
{
    _cleanup_(closep) int fd = take_idle(kept);
    const struct rpc_client_keep keep = { .fd = fd, .repeat = reads, .spare = on_spare, .userdata = kept };
    struct rpc_client_request there = *request;
    int r;

    there.socket_path = kept->path;
    there.keep = &keep;
    r = rpc_client_call(kept->event, &there, done, userdata, ret);
    if (r >= 0)
        (void)TAKE_FD(fd);
    return r;
}

unsigned rpc_kept_idle(const struct rpc_kept *kept)
{
    return kept->n;
}

DEFINE_CLEANUP(struct rpc_kept *, rpc_kept_free);

int rpc_kept_new(sd_event *event, const char *socket_path, struct rpc_kept **ret)
{
    _cleanup_(rpc_kept_freep) struct rpc_kept *kept = calloc(1, sizeof(*kept));

    if (!kept)
        return -ENOMEM;
    TAILQ_INIT(&kept->idles);
    kept->event = sd_event_ref(event);
    kept->path = strdup(socket_path);
    if (!kept->path)
        return -ENOMEM;
    *ret = TAKE_PTR(kept);
    return 0;
}

struct rpc_kept *rpc_kept_free(struct rpc_kept *kept)
{
    if (!kept)
        return NULL;
    while (!TAILQ_EMPTY(&kept->idles))
        drop(TAILQ_FIRST(&kept->idles));
    sd_event_unref(kept->event);
    free(kept->path);
    free(kept);
    return NULL;
}
