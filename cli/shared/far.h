/* Connections to the broker of another machine, by ssh. Each is used for one call at a time, and kept for the
 * next one. There are a few at most: who comes when all are in use waits his turn, since an sshd turns away
 * whom too many come at once. They are of one machine, and one thread. */
#pragma once

#include <systemd/sd-event.h>

#include "cli/shared/place.h"

enum { FAR_LINES_MAX = 6 };

struct far_line;

/* Once: with a line, and its descriptor, which does not block and is the receiver's; or, `line` NULL, with
 * why not, a whole sentence: then nothing was sent. */
typedef void (*far_ready)(struct far_line *line, int fd, const char *why, void *userdata);

/* `ready` may be called from within. 0 or a negative errno, and `ready` is not called. */
int far_take(sd_event *event, const struct cli_place *place, far_ready ready, void *userdata);

/* The call on it is over. The descriptor is kept for another one; -1: it has ended, and so does the line. */
void far_give(struct far_line *line, int fd);
