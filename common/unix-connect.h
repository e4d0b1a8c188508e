/* A way to a Unix socket of this machine, for whoever must not wait. */
#pragma once

#include <stddef.h>

/* A stream to the socket at `path`, which neither blocks nor is left to another program; *ret is the caller's
 * to close. 0, or a negative errno: -ENOENT and -ECONNREFUSED when nobody listens, -EACCES when it is not
 * for us, -EAGAIN when too many wait there already, -ENAMETOOLONG. */
int unix_connect(const char *path, int *ret);

/* Sends all of a question there, and that nothing follows it. 0, also where the other side has hung up
 * already, which is heard of when its answer is read; -EMSGSIZE when it does not fit at once, or a negative
 * errno. */
int unix_ask(int fd, const char *question, size_t size);
