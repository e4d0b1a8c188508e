/* Wiring: the section, the listening socket, and what the daemon's frame asks. */
#include "far/far.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/daemon.h"
#include "common/journal.h"
#include "common/machines/machines-read.h"
#include "far/lanes.h"
#include "far/section.h"

#define SOCKET_NAME "far"
#define SSH "/usr/bin/ssh"

enum { ACCEPTED_AT_ONCE = 16 };

struct far {
    struct section section;
    struct daemon *daemon;
    struct lanes *lanes;
    sd_event_source *listener;
};

static void far_done(struct far *far)
{
    sd_event_source_disable_unref(far->listener);
    lanes_free(far->lanes);
    daemon_free(far->daemon);
}

static bool busy(void *userdata)
{
    const struct far *far = userdata;

    return lanes_n(far->lanes) > 0;
}

static void stop(void *userdata)
{
    struct far *far = userdata;

    (void)sd_event_source_set_enabled(far->listener, SD_EVENT_OFF);
    lanes_stop(far->lanes);
}

static bool stopped(void *userdata)
{
    return !busy(userdata);
}

static void status(char *ret, size_t size, void *userdata)
{
    const struct far *far = userdata;

    if (*far->section.why)
        (void)snprintf(ret, size, "%s", far->section.why);
    else
        (void)snprintf(ret, size, "%zu connected, %zu of them with %s", lanes_n(far->lanes),
                       lanes_n_open(far->lanes), far->section.name);
}

static void touched(void *userdata)
{
    struct far *far = userdata;

    daemon_touch(far->daemon);
}

static int on_connection(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct far *far = userdata;

    for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
        int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (accepted < 0)
            break;
        lanes_take(far->lanes, accepted);
    }
    return 0;
}

static int make_parts(struct far *far, int listener)
{
    const char *secrets = getenv("CREDENTIALS_DIRECTORY");
    /* As systemd gives it to us it blocks. */
    int r = fcntl(listener, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;

    if (r >= 0)
        r = daemon_new(&(struct daemon_callbacks){ busy, stop, stopped, NULL, status, far }, &far->daemon);

    if (r >= 0)
        r = lanes_new(daemon_event(far->daemon),
                      &(struct lanes_settings){ .section = &far->section,
                                                .secrets = secrets ? secrets : "/",
                                                .program = SSH,
                                                .touched = touched,
                                                .userdata = far },
                      &far->lanes);
    if (r >= 0)
        r = sd_event_add_io(daemon_event(far->daemon), &far->listener, listener, EPOLLIN, on_connection, far);
    return r;
}

/* The sockets of ssh's masters are found by a short name there: the whole one of a long machine would not
 * fit. */
static void go_to_own_directory(void)
{
    const char *directory = getenv("RUNTIME_DIRECTORY");

    if (!directory || chdir(directory) < 0)
        journal_log(LOG_WARNING, "There is no directory for ssh's connections: none of them is kept.");
}

int far_run(const char *name)
{
    _cleanup_(far_done) struct far far = { .section.why = "" };
    int listener = -1, r = daemon_listen_fds(SOCKET_NAME, 1, &listener);

    if (r < 0) {
        daemon_say_no_socket("restarter-far", SOCKET_NAME, 1, r);
        return EXIT_FAILURE;
    }
    go_to_own_directory();
    r = section_read(MACHINES_PATH, 0, name, &far.section);
    if (r >= 0)
        r = make_parts(&far, listener);
    if (r < 0) {
        journal_log(LOG_ERR, "restarter-far could not start: %s.", strerror(-r));
        return EXIT_FAILURE;
    }
    if (*far.section.why)
        journal_log(LOG_ERR, "%s", far.section.why);
    return daemon_run(far.daemon);
}
