/* A host as ssh takes it: [USER@]HOST. It becomes a word of ssh's command line, so nothing that ssh would
 * take for an option, or a shell for anything, is one. */
#pragma once

#include <stdbool.h>

enum { MACHINE_HOST_MAX = 255, MACHINE_HOST_SIZE = MACHINE_HOST_MAX + 1 };

/* 1 to 255 of A-Z a-z 0-9 . _ : @ % -; neither USER nor HOST is empty or begins with '-'. Of several '@' the
 * last one divides, as it does for ssh. */
bool machine_host_valid(const char *text);

/* Why not, for people: "a host is [USER@]HOST, of …". */
extern const char MACHINE_HOST_GRAMMAR[];
