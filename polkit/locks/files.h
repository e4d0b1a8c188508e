/* Files of the system that restartctl looks at and replaces. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { FILE_SIZE_MAX = 1024 * 1024 };

/* Reads a regular file as text, never following a link in its last part. *ret is NULL when there is none.
 * Returns 0 or a negative errno: -ELOOP: a symbolic link; -EINVAL: not a regular file, or not text; -EFBIG.
 */
int file_read(const char *path, char **ret);

/* Puts a new file of that mode, root's, in the place of the old one: whoever looks sees the whole old one or
 * the whole new one, also after a crash. 0 or a negative errno, and the old one is untouched. */
int file_replace(const char *path, mode_t mode, const char *text);
/* The same for taking it away; one that is not there is fine. */
int file_remove(const char *path);
