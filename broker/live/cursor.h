/* A place in the order of what changed, as a text for somebody who is not to learn from it how much there was
 * that he may not see: encrypted under a key that this process made for itself. The same place is the same
 * text; of two places nobody can tell which is the later one, and none can be made up. After this process
 * there is nobody who can read it: it is then as good as none. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    CURSOR_KEY_SIZE = 32,
    CURSOR_SIZE = 32 + 1, /* hexadecimal digits, with a NUL */
};

struct cursor_key {
    uint8_t bytes[CURSOR_KEY_SIZE];
};

/* A new one. 0 or a negative errno. */
int cursor_key_make(struct cursor_key *ret);

void cursor_write(const struct cursor_key *key, uint64_t place, char ret[static CURSOR_SIZE]);

/* False when it was not written with that key, to the letter. */
bool cursor_read(const struct cursor_key *key, const char *text, uint64_t *ret);
