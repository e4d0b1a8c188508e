/* A table of people, each in the slot of its index; the first one is everybody. */
#include "broker/memory/signed-out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(struct signed_out *, signed_out_free);

enum { EVERYBODY = 0 };

struct signed_out {
    struct memory *memory;
    uint64_t now; /* while the memory is being read */
    bool failed;
    struct signed_out_record everybody;
    struct signed_out_record *people[SIGNED_OUT_MAX]; /* NULL: free; that of EVERYBODY always is */
};

/* --- the table --- */

static unsigned find(const struct signed_out *s, const struct person *person)
{
    unsigned place = EVERYBODY + 1;

    while (place < SIGNED_OUT_MAX && (!s->people[place] || s->people[place]->known != person->known ||
                                      strcmp(s->people[place]->name, person->name) != 0))
        place++;
    return place;
}

static unsigned find_free(const struct signed_out *s)
{
    unsigned place = EVERYBODY + 1;

    while (place < SIGNED_OUT_MAX && s->people[place])
        place++;
    return place;
}

static const struct signed_out_record *record_at(const struct signed_out *s, unsigned place)
{
    return place == EVERYBODY ? &s->everybody : s->people[place];
}

/* 0 or SIGNED_OUT_E_LOST. */
static int save(struct signed_out *s, unsigned place)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct memory_record record;

    return signed_out_record_write(record_at(s, place), bytes, &record) &&
                   memory_write(s->memory, place, &record)
               ? 0
               : SIGNED_OUT_E_LOST;
}

static bool has_number(const struct signed_out_record *record,
                       const uint8_t number[static TICKET_NUMBER_SIZE])
{
    for (unsigned i = 0; i < record->n; i++)
        if (memcmp(record->numbers[i].number, number, TICKET_NUMBER_SIZE) == 0)
            return true;
    return false;
}

bool signed_out_has(const struct signed_out *s, const struct person *person, uint64_t issued,
                    const uint8_t number[static TICKET_NUMBER_SIZE])
{
    unsigned place = find(s, person);

    return issued <= s->everybody.until || (place < SIGNED_OUT_MAX && (issued <= s->people[place]->until ||
                                                                       has_number(s->people[place], number)));
}

/* --- what is noted --- */

/* Those that are covered by it anyway are forgotten. */
static void raise_to(struct signed_out_record *record, uint64_t until)
{
    unsigned kept = 0;

    if (until > record->until)
        record->until = until;
    for (unsigned i = 0; i < record->n; i++)
        if (record->numbers[i].issued > record->until)
            record->numbers[kept++] = record->numbers[i];
    record->n = kept;
}

static uint64_t find_eldest(const struct signed_out_record *record)
{
    uint64_t eldest = UINT64_MAX;

    for (unsigned i = 0; i < record->n; i++)
        if (record->numbers[i].issued < eldest)
            eldest = record->numbers[i].issued;
    return eldest;
}

static void add_number(struct signed_out_record *record, uint64_t issued,
                       const uint8_t number[static TICKET_NUMBER_SIZE])
{
    if (issued <= record->until || has_number(record, number))
        return;
    if (record->n == SIGNED_OUT_NUMBERS_MAX)
        raise_to(record, find_eldest(record));
    if (issued <= record->until)
        return;
    record->numbers[record->n].issued = issued;
    memcpy(record->numbers[record->n++].number, number, TICKET_NUMBER_SIZE);
}

static bool is_covered(const struct signed_out_record *record, uint64_t until)
{
    uint64_t youngest = record->until;

    for (unsigned i = 0; i < record->n; i++)
        if (record->numbers[i].issued > youngest)
            youngest = record->numbers[i].issued;
    return youngest <= until;
}

/* Whom everybody's moment covers takes no place any more. */
static void drop_covered(struct signed_out *s)
{
    for (unsigned i = EVERYBODY + 1; i < SIGNED_OUT_MAX; i++)
        if (s->people[i] && is_covered(s->people[i], s->everybody.until)) {
            free(s->people[i]);
            s->people[i] = NULL;
            memory_clear(s->memory, i);
        }
}

/* The table is full: from then on everybody is signed out up to that moment, which makes all of it needless
 * that is older. */
static int note_everybody(struct signed_out *s, uint64_t until)
{
    int r;

    if (until > s->everybody.until)
        s->everybody.until = until;
    r = save(s, EVERYBODY);
    if (r == 0)
        drop_covered(s);
    return r;
}

static int take_place(struct signed_out *s, const struct person *person, unsigned *ret)
{
    unsigned place = find(s, person);

    if (place == SIGNED_OUT_MAX) {
        place = find_free(s);
        if (place == SIGNED_OUT_MAX) {
            *ret = place;
            return 0;
        }
        s->people[place] = calloc(1, sizeof(*s->people[place]));
        if (!s->people[place])
            return -ENOMEM;
        s->people[place]->known = person->known;
        (void)snprintf(s->people[place]->name, PERSON_NAME_SIZE, "%s", person->name);
    }
    *ret = place;
    return 0;
}

int signed_out_note(struct signed_out *s, const struct person *person, uint64_t issued,
                    const uint8_t number[static TICKET_NUMBER_SIZE])
{
    unsigned place;
    int r = take_place(s, person, &place);

    if (r < 0)
        return r;
    if (place == SIGNED_OUT_MAX)
        return note_everybody(s, issued);
    add_number(s->people[place], issued, number);
    return save(s, place);
}

int signed_out_note_all(struct signed_out *s, const struct person *person, uint64_t until)
{
    unsigned place;
    int r = take_place(s, person, &place);

    if (r < 0)
        return r;
    if (place == SIGNED_OUT_MAX)
        return note_everybody(s, until);
    raise_to(s->people[place], until);
    return save(s, place);
}

/* --- what the memory tells --- */

static void take(unsigned slot, const struct memory_record *bytes, void *userdata)
{
    struct signed_out *s = userdata;
    struct signed_out_record record;

    signed_out_record_read(bytes, s->now, &record);
    if (record.known == PERSON_NOBODY) {
        if (record.until > s->everybody.until)
            s->everybody.until = record.until;
        if (slot != EVERYBODY)
            memory_clear(s->memory, slot);
        return;
    }
    if (slot == EVERYBODY) /* nobody's place: written by no broker */
        return;
    s->people[slot] = calloc(1, sizeof(record));
    s->failed |= !s->people[slot];
    if (s->people[slot])
        *s->people[slot] = record;
}

int signed_out_new(struct memory *memory, uint64_t now, struct signed_out **ret)
{
    _cleanup_(signed_out_freep) struct signed_out *s = calloc(1, sizeof(*s));

    if (!s)
        return -ENOMEM;
    s->memory = memory;
    s->now = now;
    memory_read(memory, take, s);
    if (s->failed)
        return -ENOMEM;
    if (!memory_works(memory))
        s->everybody.until = now;
    /* First what must not be lost, then what it makes needless. */
    else if (s->everybody.until > 0 && save(s, EVERYBODY) == 0)
        drop_covered(s);
    *ret = TAKE_PTR(s);
    return 0;
}

struct signed_out *signed_out_free(struct signed_out *s)
{
    if (!s)
        return NULL;
    for (unsigned i = 0; i < SIGNED_OUT_MAX; i++)
        free(s->people[i]);
    free(s);
    return NULL;
}
