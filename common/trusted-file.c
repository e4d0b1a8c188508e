/* Opened first, looked at then. */
#include "common/trusted-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/file-io.h"

__attribute__((format(printf, 2, 3))) static int unfit(struct trusted_why *why, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(why->text, sizeof(why->text), format, ap);
    va_end(ap);
    return TRUSTED_E_UNFIT;
}

int trusted_check(const struct stat *st, uid_t owner, struct trusted_why *why)
{
    if (owner == TRUSTED_ANY_OWNER)
        return 0;
    if (st->st_uid != 0 && st->st_uid != owner)
        return unfit(why, "belongs to user %u; it must belong to root", (unsigned)st->st_uid);
    if (st->st_mode & (S_IWGRP | S_IWOTH))
        return unfit(why, "can be written by more than its owner (mode %04o); use chmod go-w",
                     (unsigned)st->st_mode & 07777);
    return 0;
}

int trusted_open_directory(int at, const char *name, uid_t owner, int flags, int *ret,
                           struct trusted_why *why)
{
    _cleanup_(closep) int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    struct stat st;
    int r;

    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return unfit(why, "is not a directory");
    if (fd < 0)
        return unfit(why, "cannot be opened: %s", strerror(errno));
    if (fstat(fd, &st) < 0)
        return unfit(why, "cannot be looked at: %s", strerror(errno));
    r = trusted_check(&st, owner, why);
    if (r == 0)
        *ret = TAKE_FD(fd);
    return r;
}

static int refuse_open(int error_number, struct trusted_why *why)
{
    if (error_number == ELOOP)
        return unfit(why, "is a symbolic link; put the file itself there");
    if (error_number != ENOENT)
        return unfit(why, "cannot be opened: %s", strerror(error_number));
    (void)unfit(why, "there is no such file");
    return TRUSTED_E_MISSING;
}

static int check_file(int fd, uid_t owner, size_t size_max, struct trusted_why *why)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return unfit(why, "cannot be looked at: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return unfit(why, "is not a regular file");
    if (st.st_size > (off_t)size_max)
        return unfit(why, "is larger than %zu KiB", size_max / 1024);
    return trusted_check(&st, owner, why);
}

/* With room for one byte more than is allowed, to tell a file that grew. */
static int read_text(int fd, size_t size_max, char **ret_text, size_t *ret_size, struct trusted_why *why)
{
    _cleanup_(freep) char *text = malloc(size_max + 2);
    size_t size = 0;
    int r;

    if (!text)
        return -ENOMEM;
    r = read_all(fd, text, size_max + 1, &size);
    if (r < 0)
        return unfit(why, "cannot be read: %s", strerror(-r));
    if (size > size_max)
        return unfit(why, "is larger than %zu KiB", size_max / 1024);
    text[size] = '\0';
    *ret_text = TAKE_PTR(text);
    *ret_size = size;
    return 0;
}

int trusted_read(int directory, const char *name, uid_t owner, size_t size_max, char **ret_text,
                 size_t *ret_size, struct trusted_why *why)
{
    _cleanup_(closep) int fd =
        openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int r = fd < 0 ? refuse_open(errno, why) : check_file(fd, owner, size_max, why);

    return r != 0 ? r : read_text(fd, size_max, ret_text, ret_size, why);
}

int trusted_read_path(const char *path, uid_t owner, size_t size_max, char **ret_text, size_t *ret_size,
                      struct mistake *mistake)
{
    const char *slash = strrchr(path, '/');
    _cleanup_(freep) char *directory = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    _cleanup_(closep) int fd = -1;
    struct trusted_why why = { "" };
    int r;

    if (!directory)
        return -ENOMEM;
    if (trusted_open_directory(AT_FDCWD, directory, owner, 0, &fd, &why) != 0)
        return mistake_set(mistake, directory, 0, "%s", why.text);
    r = trusted_read(fd, slash + 1, owner, size_max, ret_text, ret_size, &why);
    return r > 0 ? mistake_set(mistake, path, 0, "%s", why.text) : r;
}
