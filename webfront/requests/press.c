/* Random letters, and a digest where they stand for more than one button. */
#include "webfront/requests/press.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define PAGE_PREFIX "page-"

enum {
    PREFIX_LENGTH = sizeof(PAGE_PREFIX) - 1,
    RANDOM_LENGTH = PRESS_PAGE_LENGTH - PREFIX_LENGTH,
};

/* 64 letters, six bits of each byte: 132 bits in all. */
bool press_make(char ret[static PRESS_PAGE_LENGTH])
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    unsigned char bytes[RANDOM_LENGTH];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return false;
    memcpy(ret, PAGE_PREFIX, PREFIX_LENGTH);
    for (size_t i = 0; i < RANDOM_LENGTH; i++)
        ret[PREFIX_LENGTH + i] = LETTERS[bytes[i] % 64];
    return true;
}

/* FNV-1a. Two buttons of one page whose digests are alike would at worst be refused as one press for two
 * of them. */
static uint64_t digest(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

void press_of_button(char press[static WIRE_PRESS_MAX + 1], const char *service_id, const char *verb)
{
    uint64_t hash = digest(digest(UINT64_C(0xcbf29ce484222325), verb), service_id);

    if (strncmp(press, PAGE_PREFIX, strlen(PAGE_PREFIX)) == 0 && strlen(press) == PRESS_PAGE_LENGTH)
        (void)snprintf(press + PRESS_PAGE_LENGTH, WIRE_PRESS_MAX + 1 - PRESS_PAGE_LENGTH, "-%016" PRIx64,
                       hash);
}
