/* What ssh complains about, in one sentence for people: why, and what to do. */
#pragma once

#include <stddef.h>

enum { SSH_WHY_SIZE = 600 };

/* Its exit status (-1: a signal ended it) and what it wrote to standard error, any bytes. `host` as ssh was
 * told. Begins with "HOST cannot be reached: " and ends with a full stop. */
void ssh_why(const char *host, int exit_status, const char *complaints, char ret[static SSH_WHY_SIZE]);

/* There is none to be had, or none could be started. */
void ssh_why_not_started(const char *host, const char *program, int error, char ret[static SSH_WHY_SIZE]);

/* It did not come to an end with it. */
void ssh_why_timeout(const char *host, unsigned seconds, const char *complaints,
                     char ret[static SSH_WHY_SIZE]);

/* `outcome` and `said` as greeting_read() gives them. */
void ssh_why_greeting(const char *host, int outcome, const char *said, char ret[static SSH_WHY_SIZE]);
