/* The daemons' frame, after systemd's own skeleton: block signals, loop, watchdog, sockets, notify. */
#include "common/daemon.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal-send.h"
#include "common/journal.h"

DEFINE_CLEANUP(struct daemon *, daemon_free);

enum {
    IDLE_USEC_DEFAULT = 30 * 1000000,
    STOP_USEC = 5 * 1000000, /* for answers still to be sent after stop() */
    STOP_POLL_USEC = 5 * 1000,
    STATUS_USEC = 250 * 1000, /* between two STATUS= messages */
    STATUS_SIZE = 256,
    SETTING_SECONDS_MAX = 1000000000,
};

struct daemon {
    struct daemon_callbacks callbacks;
    sd_event *event;
    sd_event_source *idle_timer;
    sd_event_source *stop_timer;
    sd_event_source *status_timer;
    uint64_t idle_usec;
    uint64_t touched_usec;
    uint64_t stop_deadline_usec;
    char status[STATUS_SIZE];
};

static int on_stop_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct daemon *d = userdata;

    if (d->callbacks.stopped(d->callbacks.userdata) || usec >= d->stop_deadline_usec)
        return sd_event_exit(d->event, 0);
    (void)sd_event_source_set_time_relative(source, STOP_POLL_USEC);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int stop(struct daemon *d)
{
    int r;

    if (d->stop_timer)
        return 0;
    (void)sd_notify(false, "STOPPING=1");
    d->stop_deadline_usec = clock_usec() + STOP_USEC;
    d->callbacks.stop(d->callbacks.userdata);
    if (d->callbacks.stopped(d->callbacks.userdata))
        return sd_event_exit(d->event, 0);
    r = sd_event_add_time_relative(d->event, &d->stop_timer, CLOCK_MONOTONIC, STOP_POLL_USEC, 1,
                                   on_stop_timer, d);
    return r < 0 ? r : 0;
}

static void tell_status(struct daemon *d, const char *before)
{
    char status[STATUS_SIZE] = "";

    d->callbacks.status(status, sizeof(status), d->callbacks.userdata);
    if (!*before && strcmp(status, d->status) == 0)
        return;
    (void)stpcpy(d->status, status);
    (void)sd_notifyf(false, "%sSTATUS=%s", before, d->status);
}

static int on_idle_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct daemon *d = userdata;
    uint64_t due = d->touched_usec + d->idle_usec;

    journal_flush_suppressed();
    tell_status(d, "");
    if (d->idle_usec == 0) {
        due = usec + IDLE_USEC_DEFAULT;
    } else if (usec >= due) {
        if (!d->callbacks.busy(d->callbacks.userdata))
            return stop(d);
        due = usec + d->idle_usec;
    }
    (void)sd_event_source_set_time(source, due);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_terminate(_unused_ sd_event_source *source, _unused_ const struct signalfd_siginfo *si,
                        void *userdata)
{
    return stop(userdata);
}

static int on_reload(_unused_ sd_event_source *source, _unused_ const struct signalfd_siginfo *si,
                     void *userdata)
{
    struct daemon *d = userdata;

    (void)sd_notifyf(false, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long)clock_usec());
    d->callbacks.reload(d->callbacks.userdata);
    tell_status(d, "READY=1\n");
    return 0;
}

/* Before anything else that has come: who asks after he sent the signal is answered by what was read. */
static int add_reload(struct daemon *d)
{
    sd_event_source *source = NULL;
    int r = sd_event_add_signal(d->event, &source, SIGHUP, on_reload, d);

    if (r >= 0)
        r = sd_event_source_set_priority(source, SD_EVENT_PRIORITY_IMPORTANT);
    if (r >= 0)
        r = sd_event_source_set_floating(source, true);
    sd_event_source_unref(source);
    return r;
}

static int add_signals(struct daemon *d)
{
    sigset_t mask;
    int r;

    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGTERM);
    (void)sigaddset(&mask, SIGINT);
    (void)sigaddset(&mask, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return -errno;
    r = sd_event_add_signal(d->event, NULL, SIGTERM, on_terminate, d);
    if (r >= 0)
        r = sd_event_add_signal(d->event, NULL, SIGINT, on_terminate, d);
    if (r >= 0 && d->callbacks.reload)
        r = add_reload(d);
    return r < 0 ? r : 0;
}

int daemon_new(const struct daemon_callbacks *callbacks, struct daemon **ret)
{
    _cleanup_(daemon_freep) struct daemon *d = calloc(1, sizeof(*d));
    int r;

    if (!d)
        return -ENOMEM;
    d->callbacks = *callbacks;
    /* Names of people and units pass through our memory: no core dump, no ptrace by the same user. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    d->idle_usec = daemon_setting_usec("IDLE_EXIT_SEC", IDLE_USEC_DEFAULT);
    r = sd_event_new(&d->event);
    if (r >= 0)
        r = sd_event_set_watchdog(d->event, true);
    if (r >= 0)
        r = add_signals(d);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(d);
    return 0;
}

struct daemon *daemon_free(struct daemon *d)
{
    if (!d)
        return NULL;
    sd_event_source_unref(d->idle_timer);
    sd_event_source_unref(d->stop_timer);
    sd_event_source_unref(d->status_timer);
    sd_event_unref(d->event);
    free(d);
    return NULL;
}

sd_event *daemon_event(const struct daemon *daemon)
{
    return daemon->event;
}

void daemon_set_idle_exit(struct daemon *d, uint64_t usec)
{
    d->idle_usec = usec;
}

static int on_status_timer(sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    tell_status(userdata, "");
    if (!journal_send_waiting())
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    (void)sd_event_source_set_time_relative(source, STATUS_USEC);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_timers(struct daemon *d)
{
    int r =
        sd_event_add_time_relative(d->event, &d->idle_timer, CLOCK_MONOTONIC,
                                   d->idle_usec > 0 ? d->idle_usec : IDLE_USEC_DEFAULT, 1, on_idle_timer, d);

    if (r >= 0)
        r = sd_event_add_time_relative(d->event, &d->status_timer, CLOCK_MONOTONIC, STATUS_USEC, 1,
                                       on_status_timer, d);
    return r < 0 ? r : sd_event_source_set_enabled(d->status_timer, SD_EVENT_OFF);
}

void daemon_touch(struct daemon *d)
{
    int enabled = SD_EVENT_ONESHOT;

    d->touched_usec = clock_usec();
    if (!d->status_timer || sd_event_source_get_enabled(d->status_timer, &enabled) < 0 ||
        enabled != SD_EVENT_OFF)
        return;
    (void)sd_event_source_set_time_relative(d->status_timer, STATUS_USEC);
    (void)sd_event_source_set_enabled(d->status_timer, SD_EVENT_ONESHOT);
}

int daemon_run(struct daemon *d)
{
    int r;

    daemon_touch(d);
    r = add_timers(d);
    if (r < 0)
        return EXIT_FAILURE;
    tell_status(d, "READY=1\n");
    /* What sd_event_exit() was given, which is 0. */
    r = sd_event_loop(d->event);
    journal_flush_suppressed();
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int daemon_listen_fds(const char *name, size_t max, int ret[])
{
    char **names = NULL;
    int n = sd_listen_fds_with_names(false, &names), found = 0;

    for (int i = 0; i < n; i++) {
        int fd = SD_LISTEN_FDS_START + i;

        if (strcmp(names[i], name) == 0 && sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) > 0 &&
            (size_t)found++ < max)
            ret[found - 1] = fd;
        free(names[i]);
    }
    free(names);
    if (n < 0)
        return n;
    if ((size_t)found > max)
        return -E2BIG;
    return found > 0 ? found : -ENOENT;
}

void daemon_say_no_socket(const char *program, const char *name, size_t max, int error)
{
    if (error == -E2BIG)
        (void)fprintf(
            stderr,
            "%s: more than %zu sockets were passed under the name '%s'. Take ListenStream= lines out "
            "of its socket unit.\n",
            program, max, name);
    else
        (void)fprintf(stderr, "%s: no listening socket was passed under the name '%s' (%s).\n", program, name,
                      strerror(-error));
}

uint64_t daemon_setting_usec(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    char *end = NULL;
    double seconds;

    if (!text || !*text)
        return otherwise;
    seconds = strtod(text, &end);
    if (!*end && isfinite(seconds) && seconds >= 0 && seconds <= SETTING_SECONDS_MAX)
        return (uint64_t)ceil(seconds * 1e6);
    journal_log(LOG_ERR, "%s=%s in /etc/default/restarter is not a number of seconds; %g is used instead.",
                variable, text, (double)otherwise / 1e6);
    return otherwise;
}
