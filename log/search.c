/* From the newest entry backward. What is asked for is looked up in journald's own index; what is not in
 * there (the lines of logins have no fields of ours) is looked at one by one, for a bounded time. */
#include "log/search.h"

#include <string.h>

#include "common/clock.h"
#include "common/journal.h"
#include "log/entry.h"
#include "log/walk.h"

static const char *const UNITS[] = {
    "_SYSTEMD_UNIT=restarter-broker.service",
    "_SYSTEMD_UNIT=restarter-webfront.service",
    "_SYSTEMD_UNIT=restarter-webfront-proxy.service",
};
static const char *const DECISIONS[] = {
    "RESTARTER_DECISION=allowed",
    "RESTARTER_DECISION=refused",
    "RESTARTER_DECISION=unknown",
};
/* Of a unit for each attempt. */
static const char *const LOGINS[] = {
    "_SYSTEMD_SLICE=system-restarter\\x2dlogin.slice",
    "_SYSTEMD_SLICE=system-restarter\\x2dlogin\\x2dpam.slice",
};

#define N(table) (sizeof(table) / sizeof(*(table)))

struct search {
    const struct record_question *question;
    sd_journal *journal;
    struct found found;
};

/* --- what is looked for --- */

static int match_field(struct search *s, const char *name, const char *value)
{
    return *value ? walk_match(s->journal, name, value) : 0;
}

static int match_decisions(struct search *s)
{
    int r = walk_match_any(s->journal, UNITS, N(UNITS));

    if (r >= 0)
        r = walk_match_any(s->journal, DECISIONS, N(DECISIONS));
    if (r >= 0)
        r = match_field(s, "RESTARTER_USER", s->question->user);
    return r < 0 ? r : match_field(s, "RESTARTER_UNIT", s->question->unit);
}

static int match_logins(struct search *s)
{
    int r = sd_journal_add_disjunction(s->journal);

    return r < 0 ? r : walk_match_any(s->journal, LOGINS, N(LOGINS));
}

/* How many were not written one by one. */
static int match_suppressed(struct search *s)
{
    int r = sd_journal_add_disjunction(s->journal);

    if (r >= 0)
        r = walk_match_any(s->journal, UNITS, N(UNITS));
    return r < 0 ? r : sd_journal_add_match(s->journal, "MESSAGE_ID=" MESSAGE_SUPPRESSED, 0);
}

static int add_matches(struct search *s)
{
    int r = match_decisions(s);

    if (r >= 0 && !*s->question->unit)
        r = match_logins(s);
    if (r >= 0 && !*s->question->unit && !*s->question->user)
        r = match_suppressed(s);
    return r;
}

/* --- what is found --- */

static bool is_asked_for(const struct search *s, const struct entry *entry)
{
    return entry->is_ours && (!*s->question->user || strcmp(entry->user, s->question->user) == 0);
}

/* The entry where the journal stands. 0 or a negative errno. */
static int keep(struct search *s)
{
    struct entry entry;
    int r = entry_read(s->journal, &entry);

    return r < 0 || !is_asked_for(s, &entry) ? r : texts_take(&s->found.lines, entry_to_line(&entry));
}

static bool is_older(const struct search *s)
{
    uint64_t usec = 0;

    return sd_journal_get_realtime_usec(s->journal, &usec) >= 0 && usec < s->question->since_usec;
}

static int at_entry(_unused_ sd_journal *journal, void *userdata)
{
    struct search *s = userdata;

    if (is_older(s))
        return WALK_END;
    return s->found.lines.n == s->question->entries ? WALK_MORE : keep(s);
}

int record_search(const struct record_question *question, struct found *ret)
{
    struct search s = { .question = question };
    int r = walk_open(ENTRY_FIELD_SIZE, &s.journal);

    if (r >= 0)
        r = add_matches(&s);
    if (r >= 0)
        r = walk_back(s.journal, 0, SEARCH_PATIENCE_SEC * USEC_PER_SEC, at_entry, &s, &s.found.more);
    sd_journal_closep(&s.journal);
    if (r < 0) {
        found_done(&s.found);
        return r;
    }
    *ret = s.found;
    return 0;
}
