/* Hexadecimal digits are among what a press may have. */
#include "cli/shared/press.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/random.h>

int press_make(char ret[static PRESS_SIZE])
{
    unsigned char bytes[PRESS_BYTES];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return -errno;
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}
