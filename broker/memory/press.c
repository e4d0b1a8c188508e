/* The table of presses. */
#include "broker/memory/press.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(struct presses *, presses_free);

struct presses {
    struct memory *memory;
    uint64_t now_usec; /* while it is being read */
    bool failed;
    struct press *places[PRESSES_MAX];          /* each in the slot of its index; NULL: free */
    struct press *refused[PRESSES_REFUSED_MAX]; /* a ring; NULL: not used yet */
    size_t next_refused;
};

static bool is_old(const struct press *press, uint64_t now_usec)
{
    return press->over && now_usec > press->usec && now_usec - press->usec > PRESS_USEC;
}

const struct press *presses_find(const struct presses *presses, const struct press_key *key,
                                 uint64_t now_usec)
{
    for (size_t i = 0; i < PRESSES_MAX; i++) {
        const struct press *press = presses->places[i];

        if (press && press_key_same(&press->key, key) && !is_old(press, now_usec))
            return press;
    }
    return NULL;
}

/* All are looked at, whichever it is, so that it takes as long for one that there is as for none. */
static const struct press *recall(struct press *const places[], size_t n, const struct press_key *key,
                                  uint64_t now_usec)
{
    const struct press *found = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct press *press = places[i];
        bool own = press && press_key_same_caller(&press->key, key);

        if (!press || strcmp(press->key.text, key->text) != 0 || is_old(press, now_usec))
            continue;
        if (!found || own || (press->usec < found->usec && !press_key_same_caller(&found->key, key)))
            found = press;
    }
    return found;
}

const struct press *presses_recall(const struct presses *presses, const struct press_key *key,
                                   uint64_t now_usec)
{
    const struct press *press = recall(presses->places, PRESSES_MAX, key, now_usec),
                       *refused = recall(presses->refused, PRESSES_REFUSED_MAX, key, now_usec);

    return press ? press : refused;
}

static void save(struct presses *presses, size_t place)
{
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    if (press_record_write(presses->places[place], bytes, &record))
        (void)memory_write(presses->memory, (unsigned)place, &record);
}

static void clear(struct presses *presses, size_t place)
{
    free(presses->places[place]);
    presses->places[place] = NULL;
    memory_clear(presses->memory, (unsigned)place);
}

/* Of the caller and the unit, or of all for NULL: how many there are, and the place of the one carried out
 * longest ago, or PRESSES_MAX. */
static size_t count(const struct presses *presses, const struct press_key *key, const char *unit,
                    size_t *ret_eldest)
{
    size_t eldest = PRESSES_MAX, n = 0;

    for (size_t i = 0; i < PRESSES_MAX; i++) {
        const struct press *press = presses->places[i];

        if (!press || (unit && (strcmp(press->unit, unit) != 0 || !press_key_same_caller(&press->key, key))))
            continue;
        n++;
        if (press->over && (eldest == PRESSES_MAX || press->usec < presses->places[eldest]->usec))
            eldest = i;
    }
    *ret_eldest = eldest;
    return n;
}

/* A free place; PRESSES_MAX when there is none to be had. */
static size_t make_room(struct presses *presses, const struct press_key *key, const char *unit,
                        uint64_t now_usec)
{
    size_t place;

    for (size_t i = 0; i < PRESSES_MAX; i++)
        if (presses->places[i] && is_old(presses->places[i], now_usec))
            clear(presses, i);
    if (count(presses, key, unit, &place) >= PRESSES_UNIT_MAX ||
        count(presses, key, NULL, &place) >= PRESSES_MAX) {
        if (place < PRESSES_MAX)
            clear(presses, place);
        return place;
    }
    for (place = 0; presses->places[place];)
        place++;
    return place;
}

bool press_is_for(const struct press *press, const char *unit, unsigned verb)
{
    return strcmp(press->unit, unit) == 0 && press->verb == verb;
}

static struct press *press_new(const struct press_key *key, const struct press_deed *deed, uint64_t now_usec)
{
    struct press *press = calloc(1, sizeof(*press));

    if (!press)
        return NULL;
    press->key = *key;
    press->verb = press->outcome.verb = deed->verb;
    press->serial = deed->serial;
    press->covered = deed->covered;
    press->usec = now_usec;
    (void)snprintf(press->unit, sizeof(press->unit), "%s", deed->unit);
    (void)snprintf(press->outcome.unit, sizeof(press->outcome.unit), "%s", deed->unit);
    if (deed->began_by)
        (void)snprintf(press->outcome.began_by, sizeof(press->outcome.began_by), "%s", deed->began_by);
    return press;
}

int presses_note(struct presses *presses, const struct press_key *key, const struct press_deed *deed,
                 uint64_t now_usec)
{
    const struct press *known = presses_find(presses, key, now_usec);
    struct press *press;
    size_t place;

    if (known)
        return press_is_for(known, deed->unit, deed->verb) ? 0 : PRESS_E_OTHER;
    place = make_room(presses, key, deed->unit, now_usec);
    if (place == PRESSES_MAX)
        return PRESS_E_FULL;
    press = press_new(key, deed, now_usec);
    if (!press)
        return -ENOMEM;
    presses->places[place] = press;
    save(presses, place);
    return 0;
}

static void set_outcome(struct presses *presses, uint64_t serial, const struct outcome *outcome, bool over)
{
    for (size_t i = 0; i < PRESSES_MAX; i++) {
        struct press *press = presses->places[i];

        if (!press || press->serial != serial)
            continue;
        press->over = over;
        press->outcome = *outcome;
        save(presses, i);
    }
}

void presses_note_outcome(struct presses *presses, uint64_t serial, const struct outcome *outcome)
{
    set_outcome(presses, serial, outcome, false);
}

void presses_over(struct presses *presses, uint64_t serial, const struct outcome *outcome)
{
    set_outcome(presses, serial, outcome, true);
}

void presses_forget(struct presses *presses, uint64_t serial)
{
    for (size_t i = 0; i < PRESSES_MAX; i++)
        if (presses->places[i] && presses->places[i]->serial == serial)
            clear(presses, i);
}

void presses_note_refusal(struct presses *presses, const struct press_key *key, const struct outcome *outcome,
                          uint64_t now_usec)
{
    const struct press_deed deed = { .unit = outcome->unit, .verb = outcome->verb };
    struct press *press = press_new(key, &deed, now_usec),
                 **place = &presses->refused[presses->next_refused++ % PRESSES_REFUSED_MAX];

    free(*place);
    *place = press;
    if (!press)
        return;
    press->outcome = *outcome;
    press->over = true;
}

/* --- what the memory tells --- */

static void take(unsigned slot, const struct memory_record *record, void *userdata)
{
    struct presses *presses = userdata;
    struct press press;

    if (!press_record_read(record, &press) || press.usec > presses->now_usec ||
        is_old(&press, presses->now_usec)) {
        memory_clear(presses->memory, slot);
        return;
    }
    presses->places[slot] = calloc(1, sizeof(press));
    presses->failed |= !presses->places[slot];
    if (presses->places[slot])
        *presses->places[slot] = press;
}

int presses_new(struct memory *memory, uint64_t now_usec, struct presses **ret)
{
    _cleanup_(presses_freep) struct presses *presses = calloc(1, sizeof(*presses));

    if (!presses)
        return -ENOMEM;
    presses->memory = memory;
    presses->now_usec = now_usec;
    memory_read(memory, take, presses);
    if (presses->failed)
        return -ENOMEM;
    *ret = TAKE_PTR(presses);
    return 0;
}

struct presses *presses_free(struct presses *presses)
{
    if (!presses)
        return NULL;
    for (size_t i = 0; i < PRESSES_MAX; i++)
        free(presses->places[i]);
    for (size_t i = 0; i < PRESSES_REFUSED_MAX; i++)
        free(presses->refused[i]);
    free(presses);
    return NULL;
}
