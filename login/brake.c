/* Each count is one number, as in the generic cell rate algorithm: the time at which all that was charged
 * will have been worked off. What is further ahead than a full count was not written by us, and counts as
 * full. */
#include "login/brake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"

struct limit {
    uint64_t usec;
    unsigned burst;
};

static const struct limit USER = { BRAKE_USER_SEC * USEC_PER_SEC, BRAKE_USER_BURST };
static const struct limit TOTAL = { BRAKE_TOTAL_MSEC * USEC_PER_MSEC, BRAKE_TOTAL_BURST };
static const struct limit WORDS = { BRAKE_WORDS_MSEC * USEC_PER_MSEC, BRAKE_WORDS_BURST };
static const struct limit LOGINS = { BRAKE_LOGINS_MSEC * USEC_PER_MSEC, BRAKE_LOGINS_BURST };

enum { TOTAL_AT, WORDS_AT, USERS_AT, LOGINS_AT = USERS_AT + BRAKE_PLACES };

int brake_open(struct brake *ret, struct mistake *mistake)
{
    const char *directory = getenv("RUNTIME_DIRECTORY");
    _cleanup_(freep) char *path = NULL;

    if (!directory)
        return mistake_set(mistake, "RUNTIME_DIRECTORY", 0,
                           "systemd names a folder in it (RuntimeDirectory=)");
    if (asprintf(&path, "%s/brakes", directory) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    ret->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    return ret->fd >= 0 ? 0 : mistake_set(mistake, path, 0, "cannot be opened: %s", strerror(errno));
}

void brake_close(struct brake *brake)
{
    if (brake->fd >= 0)
        (void)close(brake->fd);
    brake->fd = -1;
}

/* A place that was never written is 0: nothing charged. 0 or a negative errno. */
static int read_count(const struct brake *brake, off_t at, uint64_t *ret)
{
    ssize_t n = pread(brake->fd, ret, sizeof(*ret), at * (off_t)sizeof(*ret));

    if (n < 0)
        return -errno;
    if (n < (ssize_t)sizeof(*ret))
        *ret = 0;
    return 0;
}

static int write_count(const struct brake *brake, off_t at, uint64_t count)
{
    ssize_t n = pwrite(brake->fd, &count, sizeof(count), at * (off_t)sizeof(count));

    if (n < 0)
        return -errno;
    return n == sizeof(count) ? 0 : -EIO;
}

/* With one more, if there is room: 0, or after how many microseconds there would be. `*count` is what it is
 * then; also where there is no room, so that what was never ours is worked off as well. */
static uint64_t add(const struct limit *limit, uint64_t now_usec, uint64_t *count)
{
    uint64_t full = now_usec + limit->usec * limit->burst, after;

    if (*count > full)
        *count = full;
    after = (*count > now_usec ? *count : now_usec) + limit->usec;
    if (after > full)
        return after - full;
    *count = after;
    return 0;
}

/* 0 and charged, or a time in microseconds in *ret_wait; or a negative errno. */
static int charge_one(const struct brake *brake, off_t at, const struct limit *limit, uint64_t now_usec,
                      uint64_t *ret_wait)
{
    uint64_t count = 0, before;
    int r = read_count(brake, at, &count);

    if (r < 0)
        return r;
    before = count;
    *ret_wait = add(limit, now_usec, &count);
    return count != before ? write_count(brake, at, count) : 0;
}

static int pay_back_one(const struct brake *brake, off_t at, const struct limit *limit)
{
    uint64_t count = 0;
    int r = read_count(brake, at, &count);

    if (r < 0)
        return r;
    return write_count(brake, at, count > limit->usec ? count - limit->usec : 0);
}

static off_t place_of(uint64_t place)
{
    return USERS_AT + (off_t)(place % BRAKE_PLACES);
}

static off_t logins_of(uint64_t place)
{
    return LOGINS_AT + (off_t)(place % BRAKE_PLACES);
}

/* The user's first: who has none left takes nothing from the others. */
static int charge_both(const struct brake *brake, uint64_t place, uint64_t now_usec, uint64_t *ret_wait)
{
    int r = charge_one(brake, place_of(place), &USER, now_usec, ret_wait);

    if (r < 0 || *ret_wait > 0)
        return r;
    r = charge_one(brake, TOTAL_AT, &TOTAL, now_usec, ret_wait);
    if (r < 0 || *ret_wait == 0)
        return r;
    return pay_back_one(brake, place_of(place), &USER);
}

int brake_charge(struct brake *brake, uint64_t place, uint64_t now_usec, unsigned *ret_seconds)
{
    uint64_t wait = 0;
    int r;

    if (flock(brake->fd, LOCK_EX) < 0)
        return -errno;
    r = charge_both(brake, place, now_usec, &wait);
    (void)flock(brake->fd, LOCK_UN);
    if (r < 0)
        return r;
    if (wait == 0)
        return BRAKE_GO;
    *ret_seconds = (unsigned)((wait + USEC_PER_SEC - 1) / USEC_PER_SEC);
    return BRAKE_LATER;
}

int brake_pay_back(struct brake *brake, uint64_t place)
{
    int r;

    if (flock(brake->fd, LOCK_EX) < 0)
        return -errno;
    r = pay_back_one(brake, place_of(place), &USER);
    if (r == 0)
        r = pay_back_one(brake, TOTAL_AT, &TOTAL);
    (void)flock(brake->fd, LOCK_UN);
    return r;
}

static bool admit(const struct brake *brake, off_t at, const struct limit *limit, uint64_t now_usec)
{
    uint64_t wait = 0;
    int r;

    if (flock(brake->fd, LOCK_EX) < 0)
        return true;
    r = charge_one(brake, at, limit, now_usec, &wait);
    (void)flock(brake->fd, LOCK_UN);
    return r < 0 || wait == 0;
}

bool brake_admit_words(struct brake *brake, uint64_t now_usec)
{
    return admit(brake, WORDS_AT, &WORDS, now_usec);
}

bool brake_admit_login(struct brake *brake, uint64_t place, uint64_t now_usec)
{
    return admit(brake, logins_of(place), &LOGINS, now_usec);
}
