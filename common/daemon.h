/* The frame of both daemons: event loop, signals, watchdog, sockets from systemd, status, and the end when
 * nobody needs it any more. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct daemon;

struct daemon_callbacks {
    /* True while something would be lost by ending now. Asked when the idle time is over. */
    bool (*busy)(void *userdata);
    /* Stop taking new work; answer what is pending. Called once, for SIGTERM, SIGINT and the idle exit. */
    void (*stop)(void *userdata);
    /* True when everything is answered and sent: the loop then ends. Polled after stop(). */
    bool (*stopped)(void *userdata);
    /* SIGHUP (systemctl reload); may be NULL. */
    void (*reload)(void *userdata);
    /* Writes STATUS= for systemctl status. Asked at the start, and a moment after daemon_touch(). */
    void (*status)(char *ret, size_t size, void *userdata);
    void *userdata;
};

int daemon_new(const struct daemon_callbacks *callbacks, struct daemon **ret);
struct daemon *daemon_free(struct daemon *daemon);
sd_event *daemon_event(const struct daemon *daemon); /* borrowed */

/* Before it runs: instead of IDLE_EXIT_SEC= in the environment. 0: it stays. */
void daemon_set_idle_exit(struct daemon *daemon, uint64_t usec);

/* Something happened: the idle time starts anew, and soon the status is told, at most a few times a second.
 */
void daemon_touch(struct daemon *daemon);

/* Sends READY=1 and runs until the end. Returns the exit status. */
int daemon_run(struct daemon *daemon);

/* The listening sockets that systemd passed under the name (FileDescriptorName= gives it): how many, or
 * -ENOENT when there is none, -E2BIG when there are more than `max`, or another negative errno. They stay
 * systemd's. */
int daemon_listen_fds(const char *name, size_t max, int ret[]);
/* A whole sentence for an error of it, for whoever started the program by its name or gave it one socket too
 * many. */
void daemon_say_no_socket(const char *program, const char *name, size_t max, int error);

/* A duration setting in seconds with decimals ("30", "0.1") from the environment, in microseconds; the
 * default when it is unset, and also when it is no such number, with an error in the journal: a slip in a
 * file of settings must not take the button away. */
uint64_t daemon_setting_usec(const char *variable, uint64_t otherwise);
