/* "host:port", as it stands in a Host header, in an origin, and in lists of names that are answered to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct authority {
    const char *host; /* with the brackets of an IPv6 address; not copied, and not ended by a NUL */
    size_t length;
    unsigned port; /* 1 to 65535; 0: none was given */
};

/* All of the text must be one: a host of at most 253 characters (letters, digits, '.', '-', '_'; or an IPv6
 * address in brackets), and maybe a port. Written only on success. */
bool authority_parse(const char *text, size_t length, struct authority *ret);
