/* Files that decide what is let happen: plain ones that only root could have written. Nothing that may lie
 * there instead, such as a pipe or a device, can hold up who reads. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/mistake.h"

/* An owner: for drafts that will not be obeyed. Owners and modes are then not looked at. */
#define TRUSTED_ANY_OWNER ((uid_t)-1)

enum {
    TRUSTED_E_MISSING = 1, /* there is no such file */
    TRUSTED_E_UNFIT, /* it cannot be read, is no plain file, too large, or others could have written it */
};

/* Why not, for a sentence that begins with the file's name. */
struct trusted_why {
    char text[160];
};

/* Of a file or a directory that is opened already, so that it cannot be exchanged any more: it belongs to
 * `owner` or root, and nobody else may write to it. 0 or TRUSTED_E_UNFIT. */
int trusted_check(const struct stat *st, uid_t owner, struct trusted_why *why);

/* Opens it; `flags` of openat() besides. 0 or TRUSTED_E_UNFIT. */
int trusted_open_directory(int at, const char *name, uid_t owner, int flags, int *ret,
                           struct trusted_why *why);

/* Reads `name` in the directory, whose owner and mode are for the caller to look at; AT_FDCWD. The text is
 * the caller's to free; it has a NUL at its end that is not counted, and may have others. 0, TRUSTED_E_… or
 * -ENOMEM. */
int trusted_read(int directory, const char *name, uid_t owner, size_t size_max, char **ret_text,
                 size_t *ret_size, struct trusted_why *why);

/* The same by its path, an absolute one, from a directory that belongs to `owner` or root as well: who may
 * write to that may put another file there. 0; MISTAKE, which names what is unfit; or -ENOMEM. */
int trusted_read_path(const char *path, uid_t owner, size_t size_max, char **ret_text, size_t *ret_size,
                      struct mistake *mistake);
