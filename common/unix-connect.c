/* On a Unix socket connecting is done at once, or not at all. */
#include "common/unix-connect.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/cleanup.h"

int unix_connect(const char *path, int *ret)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    _cleanup_(closep) int fd = -1;

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    (void)stpcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    *ret = TAKE_FD(fd);
    return 0;
}

int unix_ask(int fd, const char *question, size_t size)
{
    ssize_t n = send(fd, question, size, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n == (ssize_t)size)
        (void)shutdown(fd, SHUT_WR);
    else if (n >= 0)
        return -EMSGSIZE;
    else if (errno != EPIPE && errno != ECONNRESET)
        return -errno;
    return 0;
}
