/* Everybody who is connected to far/NAME.sock: each gets a session to the broker there as soon as something
 * is said, or is told why not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "far/section.h"

enum { LANES_MAX = 64 /* connected at once; of more, whoever has said nothing yet goes first */ };

struct lanes;

/* All borrowed, for as long as the lanes are there. */
struct lanes_settings {
    const struct section *section;
    const char *secrets;             /* the directory with the credentials key and known_hosts */
    const char *program;             /* NULL: ssh, looked for in PATH */
    void (*touched)(void *userdata); /* somebody came, or left */
    void *userdata;
};

/* 0 or a negative errno. */
int lanes_new(sd_event *event, const struct lanes_settings *settings, struct lanes **ret);
/* Hangs up on all. Takes NULL. Returns NULL. */
struct lanes *lanes_free(struct lanes *lanes);

/* Somebody has connected. Takes the descriptor over, which does not block. */
void lanes_take(struct lanes *lanes, int fd);

/* Whoever is owed no answer goes now, and whoever has not been heard yet is turned away. */
void lanes_stop(struct lanes *lanes);

/* How many are connected, and how many of them have a session. */
size_t lanes_n(const struct lanes *lanes);
size_t lanes_n_open(const struct lanes *lanes);
