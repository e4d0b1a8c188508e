/* One bucket for all units, and one each for those that were looked at last. */
#include "broker/systemd/look-rate.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"

struct measure {
    unsigned burst;
    uint64_t usec; /* for one to come back */
};

static const struct measure ALL = { LOOK_RATE_BURST, LOOK_RATE_MSEC *USEC_PER_MSEC };
static const struct measure UNIT = { LOOK_UNIT_BURST, LOOK_UNIT_MSEC *USEC_PER_MSEC };

static unsigned spent_now(const struct look_bucket *bucket, const struct measure *measure, uint64_t now_usec)
{
    uint64_t back = (now_usec - bucket->since_usec) / measure->usec;

    return back >= bucket->spent ? 0 : bucket->spent - (unsigned)back;
}

static bool is_empty(const struct look_bucket *bucket, const struct measure *measure, uint64_t now_usec)
{
    return spent_now(bucket, measure, now_usec) >= measure->burst;
}

static void spend(struct look_bucket *bucket, const struct measure *measure, uint64_t now_usec)
{
    unsigned spent = spent_now(bucket, measure, now_usec);

    if (spent == 0)
        bucket->since_usec = now_usec;
    else
        bucket->since_usec += (bucket->spent - spent) * measure->usec;
    bucket->spent = spent + 1;
}

static struct look_unit *find(struct look_rate *rate, const char *name)
{
    for (size_t i = 0; i < LOOK_UNITS_MAX; i++)
        if (strcmp(rate->units[i].name, name) == 0)
            return &rate->units[i];
    return NULL;
}

/* In the place of the one that was seen longest ago. */
static struct look_unit *add(struct look_rate *rate, const char *name)
{
    struct look_unit *oldest = rate->units;

    for (size_t i = 1; i < LOOK_UNITS_MAX; i++)
        if (rate->units[i].seen_usec < oldest->seen_usec)
            oldest = &rate->units[i];
    *oldest = (struct look_unit){ 0 };
    (void)snprintf(oldest->name, sizeof(oldest->name), "%s", name);
    return oldest;
}

bool look_rate_take(struct look_rate *rate, const char *unit, uint64_t now_usec)
{
    struct look_unit *one = find(rate, unit);

    if (!one)
        one = add(rate, unit);
    one->seen_usec = now_usec;
    if (is_empty(&rate->all, &ALL, now_usec) || is_empty(&one->bucket, &UNIT, now_usec))
        return false;
    spend(&rate->all, &ALL, now_usec);
    spend(&one->bucket, &UNIT, now_usec);
    return true;
}

bool look_rate_refuses(const struct look_rate *rate, const char *unit, uint64_t now_usec)
{
    for (size_t i = 0; i < LOOK_UNITS_MAX; i++) {
        const struct look_unit *one = &rate->units[i];

        if (strcmp(one->name, unit) == 0)
            return now_usec - one->seen_usec < LOOK_FRESH_MSEC * USEC_PER_MSEC &&
                   (is_empty(&rate->all, &ALL, now_usec) || is_empty(&one->bucket, &UNIT, now_usec));
    }
    return false;
}
