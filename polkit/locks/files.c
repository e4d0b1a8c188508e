/* Reading with suspicion, and replacing at one stroke. */
#include "polkit/locks/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

static int read_all(int fd, size_t size, char **ret)
{
    _cleanup_(freep) char *text = malloc(size + 1);
    size_t used = 0;
    ssize_t n;

    if (!text)
        return -ENOMEM;
    while (used < size && (n = read(fd, text + used, size - used)) != 0) {
        if (n < 0 && errno != EINTR)
            return -errno;
        used += n > 0 ? (size_t)n : 0;
    }
    if (memchr(text, '\0', used))
        return -EINVAL;
    text[used] = '\0';
    *ret = TAKE_PTR(text);
    return 0;
}

int file_read(const char *path, char **ret)
{
    _cleanup_(closep) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;

    *ret = NULL;
    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EINVAL;
    if (st.st_size > FILE_SIZE_MAX)
        return -EFBIG;
    return read_all(fd, (size_t)st.st_size, ret);
}

static int write_all(int fd, const char *text)
{
    ssize_t n;

    for (size_t left = strlen(text); left > 0; text += n, left -= (size_t)n) {
        n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return -errno;
        n = n < 0 ? 0 : n;
    }
    return 0;
}

static int write_new(int directory, const char *name, mode_t mode, const char *text)
{
    _cleanup_(closep) int fd = -1;
    int r;

    (void)unlinkat(directory, name, 0); /* one that a killed process left */
    fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    r = write_all(fd, text);
    if (r == 0 && (fchown(fd, 0, 0) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0))
        r = -errno;
    return r;
}

/* The lock keeps two that replace at the same time from sharing the new file. */
static int open_directory(const char *path, int *ret)
{
    _cleanup_(freep) char *name = strndup(path, (size_t)(strrchr(path, '/') - path));
    _cleanup_(closep) int fd = -1;

    if (!name)
        return -ENOMEM;
    fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) < 0)
        return -errno;
    *ret = TAKE_FD(fd);
    return 0;
}

int file_replace(const char *path, mode_t mode, const char *text)
{
    const char *name = strrchr(path, '/') + 1;
    _cleanup_(closep) int directory = -1;
    char new_name[256];
    int r = open_directory(path, &directory);

    if (r < 0)
        return r;
    /* Neither polkitd nor the bus reads a file of such a name. */
    (void)snprintf(new_name, sizeof(new_name), ".%s.new", name);
    r = write_new(directory, new_name, mode, text);
    if (r == 0 && (renameat(directory, new_name, directory, name) < 0 || fsync(directory) < 0))
        r = -errno;
    if (r < 0)
        (void)unlinkat(directory, new_name, 0);
    return r;
}

int file_remove(const char *path)
{
    _cleanup_(closep) int directory = -1;
    int r = open_directory(path, &directory);

    if (r < 0)
        return r == -ENOENT ? 0 : r;
    if (unlinkat(directory, strrchr(path, '/') + 1, 0) < 0 && errno != ENOENT)
        return -errno;
    return fsync(directory) < 0 ? -errno : 0;
}
