/* From the newest one backward: the end of a watch is met before what it is the end of. */
#include "log/past.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/verb.h"
#include "log/entry.h"
#include "log/walk.h"

static const char *const DECISIONS[] = { "RESTARTER_DECISION=allowed", "RESTARTER_DECISION=unknown" };
static const size_t MAX[ERRAND_KINDS] = {
    [ERRAND_HISTORY] = ERRAND_HISTORY_MAX,
    [ERRAND_DAY] = ERRAND_DAY_MAX,
    [ERRAND_LATEST] = ERRAND_LATEST_MAX,
};

enum { ENDS_MAX = 64 /* watches at once whose beginnings are looked for */ };

/* How a watch ended. */
struct end {
    char unit[UNIT_NAME_SIZE];
    char verdict[32];
};

struct past {
    const struct errand *errand;
    struct found found;
    struct end ends[ENDS_MAX];
    size_t next_end;
    uint64_t newest_usec; /* 0: there is none */
};

static struct end *find_end(struct past *past, const char *unit)
{
    for (size_t i = 0; i < ENDS_MAX; i++)
        if (strcmp(past->ends[i].unit, unit) == 0)
            return &past->ends[i];
    return NULL;
}

static void note_end(struct past *past, const struct entry *entry)
{
    struct end *end = find_end(past, entry->unit);

    if (!end)
        end = &past->ends[past->next_end++ % ENDS_MAX];
    (void)snprintf(end->unit, sizeof(end->unit), "%.*s", UNIT_NAME_SIZE - 1, entry->unit);
    (void)snprintf(end->verdict, sizeof(end->verdict), "%.31s", entry->verdict);
}

static void take_end(struct past *past, struct entry *entry)
{
    struct end *end = find_end(past, entry->unit);

    if (!end)
        return;
    if (strcmp(entry->verdict, "watching") == 0)
        (void)stpcpy(entry->verdict, end->verdict);
    else
        *end = (struct end){ .unit = "" };
}

/* Of all units nobody needs to know more than when, by whom, and how it ended. */
static void make_short(struct entry *entry)
{
    char *const rest[] = {
        entry->message, entry->known, entry->door, entry->from, entry->reason, entry->lock
    };

    for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
        *rest[i] = '\0';
}

static int keep(struct past *past, struct entry *entry)
{
    /* Nobody came by a door for it: it is the end of a watch. */
    if (*entry->door == '\0') {
        note_end(past, entry);
        return 0;
    }
    take_end(past, entry);
    if (past->errand->kind == ERRAND_LATEST)
        make_short(entry);
    return texts_take(&past->found.lines, entry_to_line(entry));
}

static int at_entry(sd_journal *journal, void *userdata)
{
    struct past *past = userdata;
    struct entry entry;
    int r = entry_read(journal, &entry);

    if (r < 0)
        return r;
    if (entry.realtime_usec < past->errand->since_usec)
        return WALK_END;
    if (!verb_from_string(entry.verb) || *entry.unit == '\0')
        return WALK_ON;
    if (past->newest_usec == 0)
        past->newest_usec = entry.realtime_usec;
    return past->found.lines.n == MAX[past->errand->kind] ? WALK_MORE : keep(past, &entry);
}

static int match(sd_journal *journal, const struct errand *errand)
{
    int r = walk_match(journal, "_SYSTEMD_UNIT", "restarter-broker.service");

    if (r >= 0)
        r = walk_match_any(journal, DECISIONS, sizeof(DECISIONS) / sizeof(*DECISIONS));
    return r < 0 || *errand->unit == '\0' ? r : walk_match(journal, "RESTARTER_UNIT", errand->unit);
}

/* Opened anew: files may have come, and nobody here may be told of that. */
static int look(struct past *past)
{
    _cleanup_(sd_journal_closep) sd_journal *journal = NULL;
    int r = walk_open(ENTRY_FIELD_SIZE, &journal);

    found_done(&past->found);
    *past = (struct past){ .errand = past->errand };
    if (r >= 0)
        r = match(journal, past->errand);
    if (r >= 0)
        r = walk_back(journal, past->errand->until_usec, PAST_PATIENCE_SEC * USEC_PER_SEC, at_entry, past,
                      &past->found.more);
    return r;
}

/* journald takes its time, at least on a busy machine, and is sent what was done before whoever asked for it
 * is told. What it writes down is never of an earlier time than it was sent. */
static int look_until_it_is_there(struct past *past)
{
    uint64_t until_usec = clock_usec() + PAST_ARRIVES_SEC * USEC_PER_SEC;
    int pause_msec = PAST_LOOK_MSEC, r = look(past);

    while (r >= 0 && past->newest_usec < past->errand->newest_usec && clock_usec() < until_usec) {
        (void)poll(NULL, 0, pause_msec);
        pause_msec *= 2;
        r = look(past);
    }
    return r;
}

int past_find(const struct errand *errand, struct found *ret)
{
    struct past past = { .errand = errand };
    int r = look_until_it_is_there(&past);

    if (r < 0) {
        found_done(&past.found);
        return r;
    }
    *ret = past.found;
    return 0;
}
