/* A table with a slot for each place, and one more for the refusals. */
#include "broker/memory/counters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/memory/pack.h"
#include "common/cleanup.h"
#include "common/refusal.h"

const unsigned COUNTERS_BOUNDS_MSEC[COUNTERS_BOUNDS] = { 10,   25,   50,   100,   250,   500,
                                                         1000, 2500, 5000, 10000, 30000, 60000 };

struct place {
    struct counter counter;
    uint64_t turn; /* when it was counted last */
};

struct counters {
    struct memory *memory;
    struct place *places[COUNTERS_MAX]; /* NULL: free */
    uint64_t refusals[COUNTERS_REFUSALS];
    uint64_t turn;
    bool failed;
};
DEFINE_CLEANUP(struct counters *, counters_free);

/* --- bytes --- */

bool counter_record_write(const struct counter *counter, uint8_t bytes[static MEMORY_RECORD_MAX],
                          struct memory_record *ret)
{
    struct pack pack = { .data = bytes, .size = MEMORY_RECORD_MAX };
    size_t key_size;

    pack_text(&pack, counter->unit);
    pack_number(&pack, counter->verb);
    key_size = pack.used;
    for (size_t i = 0; i < VERDICTS; i++)
        pack_number(&pack, counter->results[i]);
    for (size_t i = 0; i <= COUNTERS_BOUNDS; i++)
        pack_number(&pack, counter->durations[i]);
    pack_number(&pack, counter->msec);
    *ret = (struct memory_record){
        .key = bytes, .key_size = key_size, .body = bytes + key_size, .body_size = pack.used - key_size
    };
    return !pack.failed;
}

static bool read_key(const struct memory_record *record, struct counter *counter)
{
    struct unpack unpack = { .data = record->key, .size = record->key_size };
    struct unit_name name;

    unpack_text(&unpack, counter->unit, sizeof(counter->unit));
    counter->verb = (unsigned)unpack_number(&unpack);
    return unpack_is_whole(&unpack) && verb_to_string(counter->verb) &&
           (unit_template_check(counter->unit) == 0 || unit_name_parse(counter->unit, &name) == 0);
}

bool counter_record_read(const struct memory_record *record, struct counter *ret)
{
    struct unpack unpack = { .data = record->body, .size = record->body_size };
    struct counter counter = { 0 };

    if (!record->key || !record->body || !read_key(record, &counter))
        return false;
    for (size_t i = 0; i < VERDICTS; i++)
        counter.results[i] = unpack_number(&unpack);
    for (size_t i = 0; i <= COUNTERS_BOUNDS; i++)
        counter.durations[i] = unpack_number(&unpack);
    counter.msec = unpack_number(&unpack);
    if (!unpack_is_whole(&unpack))
        return false;
    *ret = counter;
    return true;
}

static void save(const struct counters *counters, unsigned place)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct memory_record record;

    if (counter_record_write(&counters->places[place]->counter, bytes, &record))
        (void)memory_write(counters->memory, place, &record);
}

static void save_refusals(const struct counters *counters)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct pack pack = { .data = bytes, .size = sizeof(bytes) };
    struct memory_record record = { .key = bytes, .body = bytes };

    for (size_t i = 0; i < COUNTERS_REFUSALS; i++)
        pack_number(&pack, counters->refusals[i]);
    record.body_size = pack.used;
    (void)memory_write(counters->memory, COUNTERS_MAX, &record);
}

static void read_refusals(struct counters *counters, const struct memory_record *record)
{
    struct unpack unpack = { .data = record->body, .size = record->body ? record->body_size : 0 };
    uint64_t refusals[COUNTERS_REFUSALS];

    for (size_t i = 0; i < COUNTERS_REFUSALS; i++)
        refusals[i] = unpack_number(&unpack);
    if (unpack_is_whole(&unpack))
        memcpy(counters->refusals, refusals, sizeof(refusals));
}

/* --- the table --- */

static bool is_for(const struct place *place, const char *unit, unsigned verb)
{
    return place && place->counter.verb == verb && strcmp(place->counter.unit, unit) == 0;
}

/* Its place, a free one, or that of who has not been counted for longest. */
static unsigned find(const struct counters *counters, const char *unit, unsigned verb)
{
    unsigned best = 0;

    for (unsigned i = 0; i < COUNTERS_MAX; i++)
        if (is_for(counters->places[i], unit, verb))
            return i;
    for (unsigned i = 0; i < COUNTERS_MAX; i++) {
        if (!counters->places[i])
            return i;
        if (counters->places[i]->turn < counters->places[best]->turn)
            best = i;
    }
    return best;
}

static struct counter *take_place(struct counters *counters, const char *unit, unsigned verb, unsigned *ret_i)
{
    unsigned i = find(counters, unit, verb);
    struct place *place = counters->places[i];

    if (!place)
        place = counters->places[i] = calloc(1, sizeof(*place));
    if (!place)
        return NULL;
    if (!is_for(place, unit, verb)) {
        place->counter = (struct counter){ .verb = verb };
        (void)snprintf(place->counter.unit, sizeof(place->counter.unit), "%s", unit);
    }
    place->turn = ++counters->turn;
    *ret_i = i;
    return &place->counter;
}

static void note_duration(struct counter *counter, uint64_t usec)
{
    size_t i = 0;

    while (i < COUNTERS_BOUNDS && usec > UINT64_C(1000) * COUNTERS_BOUNDS_MSEC[i])
        i++;
    counter->durations[i]++;
    counter->msec += (usec + 500) / 1000;
}

void counters_count(struct counters *counters, const struct outcome *outcome)
{
    struct counter *counter;
    struct unit_name name;
    unsigned i;

    if (!counters || (outcome->refusal != 0 && outcome->refusal != REFUSAL_UNKNOWN) ||
        unit_name_parse(outcome->unit, &name) != 0)
        return;
    counter = take_place(counters, unit_name_is_plain(&name) ? name.unit : name.template, outcome->verb, &i);
    if (!counter)
        return;
    counter->results[outcome->refusal == 0 ? outcome->verdict : VERDICT_NONE]++;
    if (outcome->refusal == 0)
        note_duration(counter, outcome->usec);
    save(counters, i);
}

void counters_refuse(struct counters *counters, int refusal)
{
    if (!counters || refusal <= 0 || refusal >= COUNTERS_REFUSALS || refusal == REFUSAL_UNKNOWN)
        return;
    counters->refusals[refusal]++;
    save_refusals(counters);
}

const struct counter *counters_at(const struct counters *counters, unsigned i)
{
    return counters->places[i] ? &counters->places[i]->counter : NULL;
}

uint64_t counters_refused(const struct counters *counters, int refusal)
{
    return counters->refusals[refusal];
}

/* --- what the memory tells --- */

static void take(unsigned slot, const struct memory_record *record, void *userdata)
{
    struct counters *counters = userdata;
    struct counter counter;

    if (slot == COUNTERS_MAX) {
        read_refusals(counters, record);
    } else if (!counter_record_read(record, &counter)) {
        memory_clear(counters->memory, slot);
    } else {
        counters->places[slot] = calloc(1, sizeof(struct place));
        counters->failed |= !counters->places[slot];
        if (counters->places[slot])
            counters->places[slot]->counter = counter;
    }
}

int counters_new(struct memory *memory, struct counters **ret)
{
    _cleanup_(counters_freep) struct counters *counters = calloc(1, sizeof(*counters));

    if (!counters)
        return -ENOMEM;
    counters->memory = memory;
    memory_read(memory, take, counters);
    if (counters->failed)
        return -ENOMEM;
    *ret = TAKE_PTR(counters);
    return 0;
}

struct counters *counters_free(struct counters *counters)
{
    if (!counters)
        return NULL;
    for (unsigned i = 0; i < COUNTERS_MAX; i++)
        free(counters->places[i]);
    free(counters);
    return NULL;
}
