/* The last good text of a file of settings, kept where the next process of this service finds it: in the
 * directory that systemd makes for it and leaves there from one start to the next, until the system is
 * started anew (RuntimeDirectoryPreserve=yes). So a mistake in the file takes nothing away at the next idle
 * exit. What is kept is no more trusted than who keeps it. Started by hand, without such a directory, it
 * keeps nothing. */
#pragma once

#include <stddef.h>

/* 0; -ENOENT where there is no directory; or another negative errno: then nothing is kept, the one before
 * neither, for an older one may grant what this one does not. */
int last_good_keep(const char *name, const char *text, size_t size);
void last_good_forget(const char *name);
/* 0, also when there is none, or none that can be read (*ret is NULL then), or -ENOMEM. The text is the
 * caller's to free. */
int last_good_recall(const char *name, size_t size_max, char **ret, size_t *ret_size);
