/* A credential: a file that systemd read for this service, as root, and left where only the service sees it
 * (LoadCredential=, $CREDENTIALS_DIRECTORY). */
#pragma once

#include <stddef.h>

#include "common/mistake.h"

struct credential {
    char *data; /* `size` bytes and a NUL that is not counted; they may have NULs in them */
    size_t size;
};

/* Wipes it, and leaves none. */
void credential_done(struct credential *credential);

/* 0; MISTAKE for one that is not there, is no plain file, cannot be read, or has more than `size_max` bytes;
 * -ENOMEM. An empty one is read, and is for the caller to judge. */
int credential_read(const char *name, size_t size_max, struct credential *ret, struct mistake *mistake);
