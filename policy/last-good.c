/* One file, replaced at one stroke. */
#include "policy/last-good.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/journal.h"
#include "policy/load.h"

#define NAME "policy"

enum { SOURCE_MAX = (POLICY_FILES_MAX + 1) * (POLICY_SIZE_MAX + 512) };

/* Made by systemd, RuntimeDirectory=. Started by hand, the broker has none, and keeps nothing. */
static int open_directory(int *ret)
{
    const char *path = secure_getenv("RUNTIME_DIRECTORY");
    int fd = path && *path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd < 0)
        return path && *path ? -errno : -ENOENT;
    *ret = fd;
    return 0;
}

static int write_all(int fd, const char *text, size_t size)
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

static int replace(int directory, const struct policy *policy)
{
    _cleanup_(closep) int fd =
        openat(directory, NAME ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    int r = fd < 0 ? -errno : write_all(fd, policy->source, policy->source_size);

    return r == 0 && renameat(directory, NAME ".new", directory, NAME) < 0 ? -errno : r;
}

void last_good_keep(const struct policy *policy)
{
    _cleanup_(closep) int directory = -1;
    int r = open_directory(&directory);

    if (r == 0)
        r = replace(directory, policy);
    if (r >= 0 || r == -ENOENT)
        return;
    journal_log(LOG_WARNING, "The policy cannot be kept for the next broker: %s", strerror(-r));
    /* An older one may grant what this one does not. */
    (void)unlinkat(directory, NAME, 0);
    (void)unlinkat(directory, NAME ".new", 0);
}

void last_good_forget(void)
{
    _cleanup_(closep) int directory = -1;

    if (open_directory(&directory) == 0)
        (void)unlinkat(directory, NAME, 0);
}

static int read_all(int fd, char **ret, size_t *ret_size)
{
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    struct stat st;
    ssize_t n = 1;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > SOURCE_MAX)
        return -EINVAL;
    text = malloc((size_t)st.st_size + 1);
    if (!text)
        return -ENOMEM;
    while (size < (size_t)st.st_size && n > 0) {
        n = read(fd, text + size, (size_t)st.st_size - size);
        if (n < 0)
            return -errno;
        size += (size_t)n;
    }
    *ret = TAKE_PTR(text);
    *ret_size = size;
    return 0;
}

int last_good_recall(struct policy **ret)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(closep) int directory = -1, fd = -1;
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    int r;

    *ret = NULL;
    if (open_directory(&directory) < 0)
        return 0;
    fd = openat(directory, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    r = read_all(fd, &text, &size);
    if (r == 0)
        r = policy_load_source(NAME, text, size, ret, &error);
    return r == -ENOMEM ? r : 0;
}
