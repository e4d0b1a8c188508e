/* The table of presses. */
#include "broker/press.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

struct presses {
    struct press *places[PRESSES_MAX]; /* NULL: free */
};

static bool is_same(const struct press_key *a, const struct press_key *b)
{
    return a->gate == b->gate && a->uid == b->uid && strcmp(a->text, b->text) == 0;
}

static bool is_old(const struct press *press, uint64_t now_usec)
{
    return press->over && now_usec > press->usec && now_usec - press->usec > PRESS_USEC;
}

const struct press *presses_find(const struct presses *presses, const struct press_key *key,
                                 uint64_t now_usec)
{
    for (size_t i = 0; i < PRESSES_MAX; i++) {
        const struct press *press = presses->places[i];

        if (press && is_same(&press->key, key) && !is_old(press, now_usec))
            return press;
    }
    return NULL;
}

static void clear(struct press **place)
{
    free(*place);
    *place = NULL;
}

/* Of the unit, or of all for NULL: how many there are, and the place of the one carried out longest ago. */
static size_t count(struct presses *presses, const char *unit, struct press ***ret_oldest)
{
    struct press **oldest = NULL;
    size_t n = 0;

    for (struct press **place = presses->places; place < presses->places + PRESSES_MAX; place++) {
        if (!*place || (unit && strcmp((*place)->unit, unit) != 0))
            continue;
        n++;
        if ((*place)->over && (!oldest || (*place)->usec < (*oldest)->usec))
            oldest = place;
    }
    *ret_oldest = oldest;
    return n;
}

/* NULL when there is no place to be had. */
static struct press **make_room(struct presses *presses, const char *unit, uint64_t now_usec)
{
    struct press **oldest;

    for (size_t i = 0; i < PRESSES_MAX; i++)
        if (presses->places[i] && is_old(presses->places[i], now_usec))
            clear(&presses->places[i]);
    if (count(presses, unit, &oldest) < PRESSES_UNIT_MAX && count(presses, NULL, &oldest) < PRESSES_MAX) {
        for (oldest = presses->places; *oldest;)
            oldest++;
    } else if (oldest) {
        clear(oldest);
    }
    return oldest;
}

int presses_note(struct presses *presses, const struct press_key *key, const char *unit, uint64_t serial,
                 uint64_t now_usec)
{
    const struct press *known = presses_find(presses, key, now_usec);
    struct press **place;

    if (known)
        return strcmp(known->unit, unit) == 0 ? 0 : PRESS_E_OTHER;
    place = make_room(presses, unit, now_usec);
    if (!place)
        return PRESS_E_FULL;
    *place = calloc(1, sizeof(**place));
    if (!*place)
        return -ENOMEM;
    (*place)->key = *key;
    (*place)->serial = serial;
    (*place)->usec = now_usec;
    (void)snprintf((*place)->unit, sizeof((*place)->unit), "%s", unit);
    return 0;
}

void presses_over(struct presses *presses, uint64_t serial, const struct outcome *outcome)
{
    for (size_t i = 0; i < PRESSES_MAX; i++) {
        struct press *press = presses->places[i];

        if (press && press->serial == serial) {
            press->over = true;
            press->outcome = *outcome;
        }
    }
}

void presses_forget(struct presses *presses, uint64_t serial)
{
    for (size_t i = 0; i < PRESSES_MAX; i++)
        if (presses->places[i] && presses->places[i]->serial == serial)
            clear(&presses->places[i]);
}

int presses_new(struct presses **ret)
{
    *ret = calloc(1, sizeof(**ret));
    return *ret ? 0 : -ENOMEM;
}

struct presses *presses_free(struct presses *presses)
{
    if (!presses)
        return NULL;
    for (size_t i = 0; i < PRESSES_MAX; i++)
        free(presses->places[i]);
    free(presses);
    return NULL;
}
