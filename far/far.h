/* restarter-far, whole: the socket that systemd holds, and the way to one other machine. */
#pragma once

/* For the section [Machine NAME]. Returns the exit status. */
int far_run(const char *name);
