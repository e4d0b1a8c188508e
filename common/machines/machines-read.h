/* Reads /etc/restarter/machines.conf. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "common/machines/machines.h"
#include "common/mistake.h"

#define MACHINES_PATH "/etc/restarter/machines.conf"

enum { MACHINES_SIZE_MAX = 64 * 1024 /* of the file */ };

/* All of it, or nothing. 0; MISTAKE, with the file as it is called here, the line and the
 * reason; or -ENOMEM. The text may have NULs in it. */
int machines_read(const char *file, const char *text, size_t size, struct machines *ret,
                  struct mistake *mistake);

/* The same from a file, an absolute path, which belongs to `owner` or root, as does its directory, and which
 * nobody else may write. No file is no machines. */
int machines_load(const char *path, uid_t owner, struct machines *ret, struct mistake *mistake);
