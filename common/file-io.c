/* What a signal interrupts, or the kernel divides, goes on. */
#include "common/file-io.h"

#include <errno.h>
#include <unistd.h>

int read_all(int fd, char *buffer, size_t size, size_t *ret_size)
{
    size_t used = 0;
    ssize_t n = 1;

    while (used < size && n != 0) {
        n = read(fd, buffer + used, size - used);
        if (n < 0 && errno != EINTR)
            return -errno;
        used += n > 0 ? (size_t)n : 0;
    }
    *ret_size = used;
    return 0;
}

int write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, text, size);

        if (n < 0 && errno != EINTR)
            return -errno;
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}
