/* What this machine calls itself, for people and programs to read: its host name. */
#pragma once

#include <limits.h>

enum { HOST_NAME_SIZE = HOST_NAME_MAX + 1 };

/* "" where it has none. Without what is not fit to be shown. */
void host_name(char ret[static HOST_NAME_SIZE]);

/* What a name that the kernel has comes to; for tests. */
void host_name_of(const char *name, char ret[static HOST_NAME_SIZE]);
