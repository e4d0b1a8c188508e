/* A table of units, each in the slot of its index. */
#include "broker/memory/starts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/memory/pack.h"
#include "common/cleanup.h"

DEFINE_CLEANUP(struct starts *, starts_free);

struct starts {
    struct memory *memory;
    struct start_record *places[STARTS_MAX]; /* NULL: free */
    uint64_t now_usec;                       /* while the memory is being read */
    uint64_t lost_usec; /* then it was noticed that something is not known any more; 0: all is */
    bool failed;
};

/* --- bytes --- */

bool start_record_write(const struct start_record *start, uint8_t bytes[static MEMORY_RECORD_MAX],
                        struct memory_record *ret)
{
    struct pack pack = { .data = bytes, .size = MEMORY_RECORD_MAX };
    size_t key_size;

    pack_text(&pack, start->unit);
    key_size = pack.used;
    pack_number(&pack, start->last_usec);
    pack_number(&pack, start->n);
    for (unsigned i = 0; i < start->n; i++)
        pack_number(&pack, start->stamps[i]);
    *ret = (struct memory_record){
        .key = bytes, .key_size = key_size, .body = bytes + key_size, .body_size = pack.used - key_size
    };
    return !pack.failed;
}

static bool read_times(const struct memory_record *record, uint64_t now_usec, struct start_record *start)
{
    struct unpack unpack = { .data = record->body, .size = record->body_size };
    uint64_t n;

    if (!record->body)
        return false;
    start->last_usec = unpack_number(&unpack);
    n = unpack_number(&unpack);
    if (n > STARTS_STAMPS_MAX || start->last_usec > now_usec)
        return false;
    for (; start->n < n; start->n++) {
        start->stamps[start->n] = unpack_number(&unpack);
        if (start->stamps[start->n] > now_usec)
            return false;
    }
    return unpack_is_whole(&unpack);
}

bool start_record_read(const struct memory_record *record, uint64_t now_usec, struct start_record *ret)
{
    struct unpack unpack = { .data = record->key, .size = record->key_size };
    struct start_record start = { 0 };

    if (!record->key)
        return false;
    unpack_text(&unpack, start.unit, sizeof(start.unit));
    if (!unpack_is_whole(&unpack))
        return false;
    if (!read_times(record, now_usec, &start)) {
        memset(start.stamps, 0, sizeof(start.stamps));
        start.last_usec = now_usec;
        start.n = 0;
    }
    *ret = start;
    return true;
}

/* --- the table --- */

static void save(struct starts *starts, unsigned place)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct memory_record record;

    if (start_record_write(starts->places[place], bytes, &record))
        (void)memory_write(starts->memory, place, &record);
}

static unsigned find(const struct starts *starts, const char *unit)
{
    unsigned place = 0;

    while (place < STARTS_MAX && (!starts->places[place] || strcmp(starts->places[place]->unit, unit) != 0))
        place++;
    return place;
}

/* A free place, or that of who was started longest ago. */
static unsigned choose(const struct starts *starts)
{
    unsigned eldest = 0;

    for (unsigned i = 0; i < STARTS_MAX; i++) {
        if (!starts->places[i])
            return i;
        if (starts->places[i]->last_usec < starts->places[eldest]->last_usec)
            eldest = i;
    }
    return eldest;
}

const struct start_record *starts_find(const struct starts *starts, const char *unit)
{
    unsigned place = find(starts, unit);

    return place < STARTS_MAX ? starts->places[place] : NULL;
}

uint64_t starts_last(const struct starts *starts, const char *unit)
{
    const struct start_record *start = starts_find(starts, unit);

    return start ? start->last_usec : starts->lost_usec;
}

int starts_set(struct starts *starts, const struct start_record *record)
{
    unsigned place = find(starts, record->unit);

    if (place == STARTS_MAX)
        place = choose(starts);
    if (!starts->places[place])
        starts->places[place] = calloc(1, sizeof(*record));
    if (!starts->places[place])
        return -ENOMEM;
    *starts->places[place] = *record;
    save(starts, place);
    return 0;
}

bool starts_outlive(const struct starts *starts)
{
    return memory_works(starts->memory);
}

/* --- what the memory tells --- */

/* The record about no unit is the one of what was lost. */
static void take(unsigned slot, const struct memory_record *record, void *userdata)
{
    struct starts *starts = userdata;
    struct start_record start;

    if (!start_record_read(record, starts->now_usec, &start)) {
        memory_clear(starts->memory, slot);
        starts->lost_usec = starts->now_usec;
        return;
    }
    if (start.unit[0] == '\0' && start.last_usec > starts->lost_usec)
        starts->lost_usec = start.last_usec;
    starts->places[slot] = calloc(1, sizeof(start));
    starts->failed |= !starts->places[slot];
    if (!starts->places[slot])
        return;
    *starts->places[slot] = start;
    /* Or it would be a start anew each time that the broker begins. */
    if (start.last_usec == starts->now_usec)
        save(starts, slot);
}

/* What is not known any more will not be known by the next one either. */
static int note_loss(struct starts *starts)
{
    const struct start_record lost = { .last_usec = starts->lost_usec };

    return starts->lost_usec == starts->now_usec ? starts_set(starts, &lost) : 0;
}

int starts_new(struct memory *memory, uint64_t now_usec, struct starts **ret)
{
    _cleanup_(starts_freep) struct starts *starts = calloc(1, sizeof(*starts));

    if (!starts)
        return -ENOMEM;
    starts->memory = memory;
    starts->now_usec = now_usec;
    memory_read(memory, take, starts);
    if (starts->failed || note_loss(starts) < 0)
        return -ENOMEM;
    *ret = TAKE_PTR(starts);
    return 0;
}

struct starts *starts_free(struct starts *starts)
{
    if (!starts)
        return NULL;
    for (unsigned i = 0; i < STARTS_MAX; i++)
        free(starts->places[i]);
    free(starts);
    return NULL;
}
