/* Two ways, each with a buffer that is filled when it is empty. */
#include "far/copy.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/patience.h"

DEFINE_CLEANUP(struct copy *, copy_free);

/* An answer is owed for no longer than the longest restart takes. */
#define OWED_USEC (PATIENCE_CALL_MAX_SEC * USEC_PER_SEC)

enum { NEAR, FAR, SIDES };

/* From one side to the other. */
struct way {
    char data[COPY_BUFFER];
    size_t begin, end;
    bool ended;  /* nothing more comes */
    bool passed; /* and the other side knows */
};

struct copy {
    copy_ended ended;
    void *userdata;
    int fds[SIDES];
    struct way from[SIDES];
    sd_event_source *io[SIDES], *timer;
    bool owes, over;
};

struct copy *copy_free(struct copy *copy)
{
    if (!copy)
        return NULL;
    for (int side = 0; side < SIDES; side++) {
        sd_event_source_disable_unref(copy->io[side]);
        closep(&copy->fds[side]);
    }
    sd_event_source_disable_unref(copy->timer);
    free(copy);
    return NULL;
}

bool copy_owes(const struct copy *copy)
{
    return copy->owes;
}

/* 0, or a negative errno when that side is gone. */
static int fill(struct copy *copy, int side)
{
    struct way *way = &copy->from[side];
    ssize_t n;

    if (way->ended || way->begin < way->end)
        return 0;
    n = recv(copy->fds[side], way->data, sizeof(way->data), MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    way->begin = 0;
    way->end = (size_t)n;
    way->ended = n == 0;
    if (n > 0)
        copy->owes = side == NEAR;
    return 0;
}

static int drain(struct copy *copy, int side)
{
    struct way *way = &copy->from[side];
    int to = copy->fds[!side];

    if (way->begin < way->end) {
        ssize_t n = send(to, way->data + way->begin, way->end - way->begin, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        way->begin += (size_t)n;
    }
    if (way->ended && !way->passed && way->begin == way->end) {
        way->passed = true;
        (void)shutdown(to, SHUT_WR);
    }
    return 0;
}

/* A side from which nothing is wanted, and for which there is nothing, is not listened to: its end would be
 * heard for ever. */
static int listen_to(struct copy *copy, int side)
{
    uint32_t events = 0;
    int r;

    if (!copy->from[side].ended && copy->from[side].begin == copy->from[side].end)
        events |= EPOLLIN;
    if (copy->from[!side].begin < copy->from[!side].end)
        events |= EPOLLOUT;
    r = sd_event_source_set_io_events(copy->io[side], events);
    if (r < 0)
        return r;
    return sd_event_source_set_enabled(copy->io[side], events ? SD_EVENT_ON : SD_EVENT_OFF);
}

static int end(struct copy *copy)
{
    if (copy->over)
        return 0;
    copy->over = true;
    for (int side = 0; side < SIDES; side++)
        (void)sd_event_source_set_enabled(copy->io[side], SD_EVENT_OFF);
    copy->ended(copy->userdata);
    return 0;
}

static int on_io(_unused_ sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct copy *copy = userdata;
    int r = 0;

    /* Who has left altogether wants no answer. */
    if (fd == copy->fds[NEAR] && (revents & (EPOLLHUP | EPOLLERR)))
        return end(copy);
    for (int side = 0; side < SIDES && r >= 0; side++) {
        r = fill(copy, side);
        if (r >= 0)
            r = drain(copy, side);
    }
    if (r < 0 || copy->from[FAR].passed)
        return end(copy);
    (void)sd_event_source_set_time_relative(copy->timer, copy->owes ? OWED_USEC : COPY_IDLE_USEC);
    for (int side = 0; side < SIDES && r >= 0; side++)
        r = listen_to(copy, side);
    return r < 0 ? end(copy) : 0;
}

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    return end(userdata);
}

static int listen_from_now_on(struct copy *copy, sd_event *event)
{
    int r =
        sd_event_add_time_relative(event, &copy->timer, CLOCK_MONOTONIC, COPY_IDLE_USEC, 1, on_timer, copy);

    for (int side = 0; side < SIDES && r >= 0; side++)
        r = sd_event_add_io(event, &copy->io[side], copy->fds[side], EPOLLIN, on_io, copy);
    return r;
}

int copy_new(sd_event *event, int near_fd, int far_fd, copy_ended ended, void *userdata, struct copy **ret)
{
    _cleanup_(closep) int near = near_fd, far = far_fd;
    _cleanup_(copy_freep) struct copy *copy = calloc(1, sizeof(*copy));
    int r;

    if (!copy)
        return -ENOMEM;
    copy->ended = ended;
    copy->userdata = userdata;
    copy->fds[NEAR] = TAKE_FD(near);
    copy->fds[FAR] = TAKE_FD(far);
    r = listen_from_now_on(copy, event);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(copy);
    return 0;
}
