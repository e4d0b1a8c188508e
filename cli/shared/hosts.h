/* -H and RESTARTER_HOST=: which machines are meant. */
#pragma once

#include <stddef.h>

#include "cli/shared/place.h"

enum { HOSTS_MAX = 64 };

struct hosts {
    struct host {
        char *name, *host; /* as it was written, or as machines.conf calls it; for ssh */
        unsigned port;
    } list[HOSTS_MAX];
    size_t n;
};
void hosts_done(struct hosts *hosts);

/* Adds those of a word: [USER@]HOST, a machine or a group of machines.conf, or several of these with commas
 * between them. One that is there already is not added again. CLI_EXIT_OK, or another status after saying
 * why. */
int hosts_add(struct hosts *hosts, const char *words);

/* Borrows of it. */
struct cli_place host_place(const struct host *host);
