/* One file, replaced at one stroke. */
#include "common/last-good.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "common/cleanup.h"
#include "common/file-io.h"
#include "common/trusted-file.h"

static int open_directory(int *ret)
{
    const char *path = secure_getenv("RUNTIME_DIRECTORY");
    int fd = path && *path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd < 0)
        return path && *path ? -errno : -ENOENT;
    *ret = fd;
    return 0;
}

static int replace(int directory, const char *fresh, const char *name, const char *text, size_t size)
{
    _cleanup_(closep) int fd =
        openat(directory, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    int r = fd < 0 ? -errno : write_all(fd, text, size);

    return r == 0 && renameat(directory, fresh, directory, name) < 0 ? -errno : r;
}

int last_good_keep(const char *name, const char *text, size_t size)
{
    _cleanup_(closep) int directory = -1;
    char fresh[NAME_MAX + 1];
    int r = open_directory(&directory);

    if (r < 0)
        return r;
    (void)snprintf(fresh, sizeof(fresh), "%s.new", name);
    r = replace(directory, fresh, name, text, size);
    if (r < 0) {
        (void)unlinkat(directory, name, 0);
        (void)unlinkat(directory, fresh, 0);
    }
    return r;
}

void last_good_forget(const char *name)
{
    _cleanup_(closep) int directory = -1;

    if (open_directory(&directory) == 0)
        (void)unlinkat(directory, name, 0);
}

int last_good_recall(const char *name, size_t size_max, char **ret, size_t *ret_size)
{
    _cleanup_(closep) int directory = -1;
    struct trusted_why why = { "" };
    int r;

    *ret = NULL;
    if (open_directory(&directory) < 0)
        return 0;
    r = trusted_read(directory, name, TRUSTED_ANY_OWNER, size_max, ret, ret_size, &why);
    return r < 0 ? r : 0;
}
