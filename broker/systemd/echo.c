/* One at a time: who comes while it is on its way needs the next one. */
#include "broker/systemd/echo.h"

#include <errno.h>
#include <stdlib.h>

#include "broker/systemd/systemd-call.h"
#include "common/clock.h"

struct echo {
    struct systemd *systemd;
    struct systemd_call *call; /* NULL: none is on its way */
    sd_event_source *timer;    /* until the next one may be sent, or this one is given up */
    uint64_t n_sent, n_heard, sending;
    uint64_t began_usec;
    bool wanted; /* another one */
    void (*heard)(void *userdata);
    void *userdata;
};

static void arm(struct echo *echo, uint64_t usec)
{
    (void)sd_event_source_set_time_relative(echo->timer, usec);
    (void)sd_event_source_set_enabled(echo->timer, SD_EVENT_ONESHOT);
}

static void end(struct echo *echo)
{
    echo->call = systemd_call_free(echo->call);
    (void)sd_event_source_set_enabled(echo->timer, SD_EVENT_OFF);
    echo_note_heard(echo, echo->sending);
    if (echo->wanted)
        echo_send(echo);
    echo->heard(echo->userdata);
}

static void on_answer(_unused_ const struct systemd_answer *answer, void *userdata)
{
    end(userdata);
}

/* What cannot be sent is as good as heard: then PID 1 is not there. */
static void begin(struct echo *echo)
{
    echo->wanted = false;
    echo->began_usec = clock_usec();
    echo->sending = echo_stand_in(echo);
    if (systemd_call_get(echo->systemd, SYSTEMD_PATH, SYSTEMD_MANAGER, "Version", on_answer, echo,
                         &echo->call) >= 0)
        arm(echo, ECHO_PATIENCE_MSEC * USEC_PER_MSEC);
    else
        end(echo);
}

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct echo *echo = userdata;

    if (echo->call)
        end(echo);
    else if (echo->wanted)
        begin(echo);
    return 0;
}

void echo_send(struct echo *echo)
{
    uint64_t passed_usec = clock_usec() - echo->began_usec, apart_usec = ECHO_APART_MSEC * USEC_PER_MSEC;

    echo->wanted = true;
    if (!echo->call)
        arm(echo, passed_usec < apart_usec ? apart_usec - passed_usec : 0);
}

uint64_t echo_next(const struct echo *echo)
{
    return echo->n_sent + 1;
}

bool echo_is_heard(const struct echo *echo, uint64_t number)
{
    return echo->n_heard >= number;
}

uint64_t echo_stand_in(struct echo *echo)
{
    return ++echo->n_sent;
}

void echo_note_heard(struct echo *echo, uint64_t number)
{
    if (echo->n_heard < number)
        echo->n_heard = number;
}

int echo_new(sd_event *event, struct systemd *systemd, void (*heard)(void *userdata), void *userdata,
             struct echo **ret)
{
    _cleanup_(echo_freep) struct echo *echo = calloc(1, sizeof(*echo));
    int r;

    if (!echo)
        return -ENOMEM;
    echo->systemd = systemd;
    echo->heard = heard;
    echo->userdata = userdata;
    r = sd_event_add_time_relative(event, &echo->timer, CLOCK_MONOTONIC, 0, 1, on_timer, echo);
    if (r >= 0)
        r = sd_event_source_set_enabled(echo->timer, SD_EVENT_OFF);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(echo);
    return 0;
}

struct echo *echo_free(struct echo *echo)
{
    if (!echo)
        return NULL;
    systemd_call_free(echo->call);
    sd_event_source_disable_unref(echo->timer);
    free(echo);
    return NULL;
}
