/* Numbers and texts put into bytes one after the other, and taken out again with every bound looked at. What
 * does not fit, or is not there, makes the whole fail; one check at the end is enough. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pack {
    uint8_t *data;
    size_t size, used;
    bool failed;
};

struct unpack {
    const uint8_t *data;
    size_t size, used;
    bool failed;
};

void pack_number(struct pack *pack, uint64_t value);
void pack_text(struct pack *pack, const char *text); /* of 65535 bytes at most */

uint64_t unpack_number(struct unpack *unpack); /* 0 when it fails */
/* Into `size` bytes, with its NUL: printable ASCII only. "" when it fails. */
void unpack_text(struct unpack *unpack, char *ret, size_t size);
/* Nothing failed, and nothing is left over. */
bool unpack_is_whole(const struct unpack *unpack);
