/* How libmicrohttpd is driven, by what was measured of 0.9.75: its epoll descriptor is a source of the loop;
 * after a resume or a close it must be run although nothing is readable, so both arm a deferred source; it is
 * never run from its own callbacks. */
#include "common/http/http-pump.h"

#include <errno.h>
#include <sys/epoll.h>

enum { RUNS_MAX = 4 }; /* runs of the library in a row before others get a turn */

void http_pump_arm(struct http_server *server)
{
    (void)sd_event_source_set_enabled(server->pump, SD_EVENT_ONESHOT);
}

/* Runs the library until it has nothing more to do at once, or its turn is over. */
static void pump(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout = 1;

    for (int i = 0; i < RUNS_MAX; i++) {
        (void)MHD_run(server->mhd);
        if (MHD_get_timeout(server->mhd, &timeout) != MHD_YES || timeout > 0)
            return;
    }
    http_pump_arm(server);
}

static int on_io(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents, void *userdata)
{
    pump(userdata);
    return 0;
}

static int on_pump(_unused_ sd_event_source *source, void *userdata)
{
    pump(userdata);
    return 0;
}

int http_pump_start(struct http_server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    int r;

    if (!info)
        return -EIO;
    r = sd_event_add_io(server->event, &server->io, info->epoll_fd, EPOLLIN, on_io, server);
    return r < 0 ? r : sd_event_add_defer(server->event, &server->pump, on_pump, server);
}
