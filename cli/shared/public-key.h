/* A public key of ssh's, as in a file that ends in .pub. */
#pragma once

#include <stddef.h>

enum { PUBLIC_KEY_SIZE_MAX = 16 * 1024 /* of the file */ };

/* The key's line for authorized_keys, with which it may have `command` run there and nothing else: no
 * terminal, nothing forwarded. NULL, and *ret_why is why not, static; or out of memory. The text may have
 * NULs in it. */
char *public_key_authorize(const char *text, size_t size, const char *command, const char **ret_why);
