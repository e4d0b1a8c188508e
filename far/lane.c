/* From a connection to a session, one state after the other. */
#include "far/lane.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/ssh/ssh-session.h"
#include "far/copy.h"
#include "far/turned-away.h"

DEFINE_CLEANUP(struct lane *, lane_free);

struct lane {
    enum lane_state state;
    sd_event *event; /* borrowed */
    const struct lane_events *events;
    int fd; /* until the copy, or who turns it away, has it */
    int place;
    sd_event_source *io, *timer;
    struct ssh_session *session;
    struct copy *copy;
    struct turned_away *away;
    char why[SSH_WHY_SIZE];
};

struct lane *lane_free(struct lane *lane)
{
    if (!lane)
        return NULL;
    sd_event_source_disable_unref(lane->io);
    sd_event_source_disable_unref(lane->timer);
    copy_free(lane->copy);
    ssh_session_free(lane->session);
    turned_away_free(lane->away);
    closep(&lane->fd);
    free(lane);
    return NULL;
}

enum lane_state lane_state(const struct lane *lane)
{
    return lane->state;
}

bool lane_owes(const struct lane *lane)
{
    return lane->state == LANE_OPEN && copy_owes(lane->copy);
}

int lane_place(const struct lane *lane)
{
    return lane->place;
}

const char *lane_why_ended(struct lane *lane)
{
    if (lane->state == LANE_OPEN && copy_owes(lane->copy))
        ssh_session_why_ended(lane->session, lane->why);
    return lane->why;
}

/* From then on only its leaving is listened to: what it says is the copy's to read. */
static int queue(struct lane *lane)
{
    int r = sd_event_source_set_io_events(lane->io, 0);

    if (r >= 0)
        r = sd_event_source_set_time_relative(lane->timer, LANE_QUEUE_USEC);
    if (r < 0)
        return r;
    lane->state = LANE_QUEUED;
    return 0;
}

static int on_io(_unused_ sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    struct lane *lane = userdata;
    char byte;
    ssize_t n;

    if (revents & (EPOLLHUP | EPOLLERR)) {
        lane->events->over(lane, lane->events->userdata);
        return 0;
    }
    n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n <= 0 || queue(lane) < 0)
        lane->events->over(lane, lane->events->userdata);
    else
        lane->events->spoke(lane->events->userdata);
    return 0;
}

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct lane *lane = userdata;

    if (lane->state == LANE_SILENT)
        lane->events->over(lane, lane->events->userdata);
    else if (lane->state == LANE_QUEUED)
        lane->events->waited(lane, lane->events->userdata);
    return 0;
}

int lane_new(sd_event *event, int fd, const struct lane_events *events, struct lane **ret)
{
    _cleanup_(closep) int taken = fd;
    _cleanup_(lane_freep) struct lane *lane = calloc(1, sizeof(*lane));
    int r;

    if (!lane)
        return -ENOMEM;
    lane->event = event;
    lane->events = events;
    lane->fd = TAKE_FD(taken);
    lane->place = -1;
    r = sd_event_add_io(event, &lane->io, lane->fd, EPOLLIN, on_io, lane);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &lane->timer, CLOCK_MONOTONIC, LANE_SILENT_USEC, 1, on_timer,
                                       lane);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(lane);
    return 0;
}

/* --- the session --- */

static void on_copied(void *userdata)
{
    struct lane *lane = userdata;

    lane->events->over(lane, lane->events->userdata);
}

static int begin_copy(struct lane *lane, int far_fd)
{
    lane->io = sd_event_source_disable_unref(lane->io);
    lane->timer = sd_event_source_disable_unref(lane->timer);
    return copy_new(lane->event, TAKE_FD(lane->fd), far_fd, on_copied, lane, &lane->copy);
}

/* One that failed here has nothing to be told by: its socket is gone with the copy. */
static void on_ready(int fd, const char *why, void *userdata)
{
    struct lane *lane = userdata;

    if (fd < 0) {
        lane->events->failed(lane, why, lane->events->userdata);
        return;
    }
    if (begin_copy(lane, fd) < 0) {
        lane->events->over(lane, lane->events->userdata);
        return;
    }
    lane->state = LANE_OPEN;
    lane->events->opened(lane, lane->events->userdata);
}

int lane_open(struct lane *lane, int place, const struct ssh_request *request)
{
    int r = ssh_session_new(lane->event, request, on_ready, lane, &lane->session);

    if (r < 0)
        return r;
    lane->place = place;
    lane->state = LANE_OPENING;
    return 0;
}

int lane_turn_away(struct lane *lane, const char *why)
{
    lane->io = sd_event_source_disable_unref(lane->io);
    lane->timer = sd_event_source_disable_unref(lane->timer);
    lane->session = ssh_session_free(lane->session);
    lane->place = -1;
    lane->state = LANE_TURNED_AWAY;
    return turned_away_new(lane->event, TAKE_FD(lane->fd), why, on_copied, lane, &lane->away);
}
