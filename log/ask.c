/* Read to its end, which is bounded in bytes and in seconds, before any of it is looked at. */
#include "log/ask.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"

/* Until there is something to read. False when that takes too long. */
static bool wait_for_bytes(int fd, uint64_t deadline_usec)
{
    struct pollfd pollfd = { .fd = fd, .events = POLLIN };
    uint64_t now = clock_usec();

    return now < deadline_usec && poll(&pollfd, 1, (int)((deadline_usec - now) / USEC_PER_MSEC) + 1) > 0;
}

int ask_read(int fd, char *ret, size_t size)
{
    uint64_t deadline = clock_usec() + ASK_PATIENCE_SEC * USEC_PER_SEC;
    size_t have = 0;
    ssize_t n = 1;

    while (n != 0) {
        if (have == size || !wait_for_bytes(fd, deadline))
            return RECORD_E_MALFORMED;
        n = read(fd, ret + have, size - have);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        have += n > 0 ? (size_t)n : 0;
    }
    if (have == size || memchr(ret, '\0', have))
        return RECORD_E_MALFORMED;
    ret[have] = '\0';
    return 0;
}
