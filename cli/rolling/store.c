/* A lock of fcntl(2), of which the kernel tells who has it; it ends with that process, however that ends. It
 * is on a file of its own, since the other one is exchanged. */
#include "cli/rolling/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/file-io.h"
#include "common/trusted-file.h"

__attribute__((format(printf, 2, 3))) static int unfit(struct store_why *why, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(why->text, sizeof(why->text), format, ap);
    va_end(ap);
    return STORE_E_UNFIT;
}

void rolling_store_close(struct rolling_store *store)
{
    closep(&store->lock);
    closep(&store->directory);
    free(store->path);
    *store = ROLLING_STORE_CLOSED;
}

/* FNV-1a. The record has the place itself, which is compared. */
static uint64_t hash(const char *text)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return sum;
}

static void name_file(const char *place, char *ret, size_t size)
{
    if (*place)
        (void)snprintf(ret, size, "rolling-%016" PRIx64, hash(place));
    else
        (void)snprintf(ret, size, "rolling");
}

/* --- the lock --- */

static int take_lock(int fd, struct store_why *why)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    if (fcntl(fd, F_SETLK, &lock) == 0)
        return 0;
    if (errno != EAGAIN && errno != EACCES)
        return unfit(why, "the lock cannot be taken: %s", strerror(errno));
    lock = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
    why->pid = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0 ? lock.l_pid : 0;
    return STORE_E_LOCKED;
}

static int check_lock(const struct rolling_store *store, struct store_why *why)
{
    struct trusted_why trusted;
    struct stat st;

    if (fstat(store->lock, &st) < 0 || !S_ISREG(st.st_mode))
        return unfit(why, "%s/%s.lock is not a regular file", store->path, store->name);
    if (trusted_check(&st, geteuid(), &trusted) != 0)
        return unfit(why, "%s/%s.lock %s", store->path, store->name, trusted.text);
    return 0;
}

static int open_lock(struct rolling_store *store, struct store_why *why)
{
    enum { FLAGS = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
    char name[sizeof(store->name) + 8];
    int r;

    (void)snprintf(name, sizeof(name), "%s.lock", store->name);
    store->lock = openat(store->directory, name, FLAGS, 0600);
    if (store->lock < 0)
        return unfit(why, "%s/%s cannot be opened: %s", store->path, name, strerror(errno));
    r = check_lock(store, why);
    return r == 0 ? take_lock(store->lock, why) : r;
}

int rolling_store_open(const char *place, struct rolling_store *ret, struct store_why *why)
{
    _cleanup_(rolling_store_close) struct rolling_store store = ROLLING_STORE_CLOSED;
    int r = rolling_folder_open(&store.directory, &store.path, why->text) == 0 ? 0 : STORE_E_UNFIT;

    name_file(place, store.name, sizeof(store.name));
    if (r == 0)
        r = open_lock(&store, why);
    if (r != 0 && r != STORE_E_LOCKED)
        return r;
    *ret = store;
    store = ROLLING_STORE_CLOSED;
    return r;
}

/* --- the file --- */

static int say_unreadable(const struct rolling_store *store, int r, struct store_why *why)
{
    if (r == ROLLING_E_VERSION)
        return unfit(why, "%s/%s was written by another version of restartctl", store->path, store->name);
    return r == ROLLING_E_SPOILT ? unfit(why, "%s/%s is spoilt", store->path, store->name) : r;
}

int rolling_store_read(const struct rolling_store *store, struct rolling_record *ret, struct store_why *why)
{
    _cleanup_(freep) char *text = NULL;
    struct trusted_why trusted;
    size_t size = 0;
    int r =
        trusted_read(store->directory, store->name, geteuid(), ROLLING_RECORD_MAX, &text, &size, &trusted);

    if (r < 0)
        return r;
    if (r == TRUSTED_E_MISSING)
        return STORE_E_NONE;
    if (r != 0)
        return unfit(why, "%s/%s %s", store->path, store->name, trusted.text);
    return say_unreadable(store, rolling_record_read(text, size, ret), why);
}

static int write_file(int directory, const char *name, const char *text)
{
    _cleanup_(closep) int fd =
        openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int r = fd < 0 ? -errno : write_all(fd, text, strlen(text));

    if (r == 0 && fsync(fd) < 0)
        r = -errno;
    return r;
}

int rolling_store_write(const struct rolling_store *store, const char *text, struct store_why *why)
{
    char name[sizeof(store->name) + 8];
    int r;

    (void)snprintf(name, sizeof(name), "%s.new", store->name);
    /* Of somebody who was killed at it: whoever has the lock is alone. */
    (void)unlinkat(store->directory, name, 0);
    r = write_file(store->directory, name, text);
    if (r == 0 && renameat(store->directory, name, store->directory, store->name) < 0)
        r = -errno;
    return r == 0 ? 0 : unfit(why, "%s/%s cannot be written: %s", store->path, store->name, strerror(-r));
}

void rolling_store_forget(const struct rolling_store *store)
{
    (void)unlinkat(store->directory, store->name, 0);
}
