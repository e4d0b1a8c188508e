/* An ssh that runs: a process whose standard input and output are one connected socket, and whose complaints
 * are kept, the last of them, for a sentence. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

enum { SSH_COMPLAINTS_SIZE = 4096 };

struct ssh_child;

/* It has ended, with its exit status or -1 for a signal; complaints are whole. Called once at most. */
typedef void (*ssh_child_ended)(int exit_status, void *userdata);

/* Starts argv[0], looked for in PATH, with no signal blocked, and none ignored but SIGINT and SIGHUP
 * where they are blocked here: a terminal's Ctrl-C ends it only where it ends this process. Here SIGCHLD is
 * blocked from then on, as sd_event_add_child() wants it. 0, or a negative errno: -ENOENT when there is no
 * such program. *ret_fd is the caller's to close, does not block, and goes to no other program.
 */
int ssh_child_new(sd_event *event, char *const argv[], ssh_child_ended ended, void *userdata,
                  struct ssh_child **ret, int *ret_fd);

/* What it wrote to standard error so far, the last of it; bytes as they came but for NULs. */
const char *ssh_child_complaints(struct ssh_child *child);

/* Asks it to end, unless it has, and no more is heard of it; the event loop sees to the rest, and after two
 * seconds ends it. A loop that is over before leaves it alone. Takes NULL. Returns NULL. */
struct ssh_child *ssh_child_free(struct ssh_child *child);
