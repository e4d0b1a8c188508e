/* One question, from its bytes to its answer. */
#pragma once

#include <stdbool.h>

/* Reads and answers at the socket, which is that for admins, or the broker's. Returns the exit status of the
 * process. */
int inquiry_run(int fd, bool broker, const char *policy_path);
