/* Sorted by their names. What the journal has comes in the order of time, and what was done meanwhile goes on
 * from there. */
#include "broker/record/recents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/record/asks.h"
#include "common/array.h"
#include "common/clock.h"

struct table {
    struct recent *list;
    size_t n;
};

struct recents {
    struct asks *asks;
    struct ask *ask; /* the journal is being asked */
    struct table table;
    bool known; /* it has answered */
    void (*changed)(const char *unit, void *userdata);
    void *userdata;
    uint64_t again_usec; /* it is asked again from then on */
    unsigned revision;
};

/* --- the table --- */

/* Where it is, or would be. */
static size_t place_of(const struct table *table, const char *unit)
{
    size_t low = 0, high = table->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(table->list[middle].unit, unit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct recent *find(const struct table *table, const char *unit)
{
    size_t i = place_of(table, unit);

    return i < table->n && strcmp(table->list[i].unit, unit) == 0 ? &table->list[i] : NULL;
}

static void drop_eldest(struct table *table)
{
    size_t eldest = 0;

    for (size_t i = 1; i < table->n; i++)
        if (table->list[i].at < table->list[eldest].at)
            eldest = i;
    table->n--;
    memmove(&table->list[eldest], &table->list[eldest + 1], (table->n - eldest) * sizeof(*table->list));
}

/* NULL when out of memory. */
static struct recent *add(struct table *table, const char *unit)
{
    size_t i;

    if (table->n == RECENTS_MAX)
        drop_eldest(table);
    if (!ARRAY_ROOM(table->list, table->n))
        return NULL;
    i = place_of(table, unit);
    memmove(&table->list[i + 1], &table->list[i], (table->n - i) * sizeof(*table->list));
    table->n++;
    table->list[i] = (struct recent){ .n = 0 };
    (void)snprintf(table->list[i].unit, sizeof(table->list[i].unit), "%s", unit);
    return &table->list[i];
}

static bool is_good(const char *verdict)
{
    return strcmp(verdict, "up") == 0 || strcmp(verdict, "well-ended") == 0;
}

static void take_time(struct recent *recent, uint64_t milliseconds)
{
    if (recent->n == RECENTS_USUAL_OF)
        memmove(recent->milliseconds, recent->milliseconds + 1,
                (size_t)--recent->n * sizeof(*recent->milliseconds));
    recent->milliseconds[recent->n++] = milliseconds;
}

/* Whoever shares a job is told of it at the same moment: it took as long as for who asked first. */
static void take_times(struct recent *recent, const struct restarted *restarted)
{
    bool same = recent->at > 0 && restarted->at <= recent->at + RECENTS_SAME_SEC;

    if (!is_good(restarted->verdict) || restarted->milliseconds == 0)
        return;
    if (!same || !is_good(recent->verdict) || recent->n == 0)
        take_time(recent, restarted->milliseconds);
    else if (restarted->milliseconds > recent->milliseconds[recent->n - 1])
        recent->milliseconds[recent->n - 1] = restarted->milliseconds;
}

static void note(struct table *table, const struct restarted *restarted)
{
    struct recent *recent = find(table, restarted->unit);

    if (!recent)
        recent = add(table, restarted->unit);
    if (!recent)
        return;
    take_times(recent, restarted);
    recent->at = restarted->at;
    recent->sent_usec = restarted->sent_usec;
    (void)snprintf(recent->by, sizeof(recent->by), "%s", restarted->by);
    (void)snprintf(recent->verdict, sizeof(recent->verdict), "%s", restarted->verdict);
}

static void tell(struct recents *recents, const char *unit)
{
    recents->revision++;
    if (recents->changed)
        recents->changed(unit, recents->userdata);
}

void recents_on_change(struct recents *recents, void (*changed)(const char *unit, void *userdata),
                       void *userdata)
{
    recents->changed = changed;
    recents->userdata = userdata;
}

/* --- the journal's --- */

static void note_entry(struct table *table, const struct record_entry *entry)
{
    const struct restarted restarted = { .unit = entry->unit,
                                         .by = entry->user,
                                         .verdict = entry->verdict,
                                         .at = record_entry_at(entry),
                                         .milliseconds = entry->milliseconds };
    struct unit_name name;

    if (strcmp(entry->verb, "reload") != 0 && unit_name_parse(entry->unit, &name) == 0)
        note(table, &restarted);
}

/* What was done while the journal was asked may be in its answer, or not. */
static void take_newer(struct table *table, const struct recent *own)
{
    const struct recent *known = find(table, own->unit);
    bool is_newer = !known || own->at > known->at;

    if (is_newer)
        note(table, &(struct restarted){ .unit = own->unit,
                                         .by = own->by,
                                         .verdict = own->verdict,
                                         .at = own->at,
                                         .milliseconds = own->n > 0 ? own->milliseconds[own->n - 1] : 0,
                                         .sent_usec = own->sent_usec });
}

/* Whoever has the list open already was told it without these. */
static void tell_news(struct recents *recents, const struct table *before)
{
    for (size_t i = 0; i < recents->table.n; i++) {
        const struct recent *now = &recents->table.list[i], *was = find(before, now->unit);

        if (!was || was->at != now->at || was->n != now->n)
            tell(recents, now->unit);
    }
}

static void on_answer(const struct ask_answer *answer, void *userdata)
{
    struct recents *recents = userdata;
    struct table table = { .n = 0 }, before = recents->table;

    recents->ask = NULL;
    recents->known = answer->end == ASK_FOUND;
    if (!recents->known)
        return;
    for (size_t i = 0; i < answer->n; i++)
        note_entry(&table, &answer->lines[i].entry);
    for (size_t i = 0; i < recents->table.n; i++)
        take_newer(&table, &recents->table.list[i]);
    recents->table = table;
    recents->revision++;
    tell_news(recents, &before);
    free(before.list);
}

void recents_wake(struct recents *recents)
{
    const struct errand errand = { .kind = ERRAND_LATEST };
    uint64_t now_usec = clock_usec();

    if (recents->known || recents->ask || now_usec < recents->again_usec)
        return;
    recents->again_usec = now_usec + RECENTS_AGAIN_SEC * USEC_PER_SEC;
    (void)asks_begin(recents->asks, &errand, on_answer, recents, &recents->ask);
}

/* --- to others --- */

void recents_note(struct recents *recents, const struct restarted *restarted)
{
    note(&recents->table, restarted);
    tell(recents, restarted->unit);
}

void recents_settled(struct recents *recents, const char *unit, const char *verdict, uint64_t sent_usec)
{
    struct recent *recent = find(&recents->table, unit);

    if (!recent || strcmp(recent->verdict, "watching") != 0)
        return;
    (void)snprintf(recent->verdict, sizeof(recent->verdict), "%s", verdict);
    recent->sent_usec = sent_usec;
    tell(recents, unit);
}

unsigned recents_revision(const struct recents *recents)
{
    return recents->revision;
}

const struct recent *recents_find(const struct recents *recents, const char *unit)
{
    return find(&recents->table, unit);
}

uint64_t recents_on_its_way(const struct recents *recents, const char *unit)
{
    const struct recent *recent = find(&recents->table, unit);
    uint64_t now_usec = clock_realtime_usec();

    if (!recent || recent->sent_usec > now_usec ||
        now_usec - recent->sent_usec >= RECENTS_ARRIVES_SEC * USEC_PER_SEC)
        return 0;
    return recent->sent_usec;
}

size_t recents_count(const struct recents *recents)
{
    return recents->table.n;
}

const struct recent *recents_at(const struct recents *recents, size_t i)
{
    return &recents->table.list[i];
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

uint64_t recent_usual_milliseconds(const struct recent *recent)
{
    uint64_t sorted[RECENTS_USUAL_OF];

    if (!recent || recent->n == 0)
        return 0;
    memcpy(sorted, recent->milliseconds, recent->n * sizeof(*sorted));
    qsort(sorted, recent->n, sizeof(*sorted), compare);
    return sorted[recent->n / 2];
}

int recents_new(struct asks *asks, struct recents **ret)
{
    struct recents *recents = calloc(1, sizeof(*recents));

    if (!recents)
        return -ENOMEM;
    recents->asks = asks;
    *ret = recents;
    return 0;
}

struct recents *recents_free(struct recents *recents)
{
    if (!recents)
        return NULL;
    ask_free(recents->ask);
    free(recents->table.list);
    free(recents);
    return NULL;
}
