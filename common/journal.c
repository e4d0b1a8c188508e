/* Structured journal entries. Fields that carry what strangers sent were checked or cleaned by the caller;
 * the journal's native protocol takes any bytes without confusion. */
#include "common/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "common/journal-send.h"
#include "common/unit-name.h"

enum {
    FIELDS_MAX = JOURNAL_FIELDS_MAX,
    FIELD_SIZE = 1024,               /* bytes of "NAME=value"; a longer value is cut */
    SENTENCE_MAX = FIELD_SIZE - 256, /* bytes, which leaves room for a reason behind it */
    LIMIT_BURST = 20,                /* refusals written one by one in a … */
    LIMIT_INTERVAL = 1000000,        /* … second */
};

struct entry {
    char text[FIELDS_MAX][FIELD_SIZE];
    struct iovec iov[FIELDS_MAX];
    int n;
};

static void entry_add(struct entry *entry, const char *name, const char *value)
{
    int length;

    if (!value || !*value || entry->n == FIELDS_MAX)
        return;
    length = snprintf(entry->text[entry->n], FIELD_SIZE, "%s=%s", name, value);
    if (length < 0)
        return;
    entry->iov[entry->n].iov_base = entry->text[entry->n];
    entry->iov[entry->n].iov_len = length < FIELD_SIZE ? (size_t)length : FIELD_SIZE - 1;
    entry->n++;
}

/* For the fields that units/restarter.catalog quotes: journalctl -x leaves "@FIELD@" where one is missing. */
static void entry_add_always(struct entry *entry, const char *name, const char *value)
{
    entry_add(entry, name, value && *value ? value : "-");
}

static void entry_add_number(struct entry *entry, const char *name, uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    entry_add(entry, name, text);
}

/* What somebody gave as a reason stands last: whatever it pretends to be, the sentence is over. */
static void entry_add_message(struct entry *entry, const struct journal_decision *d)
{
    char text[FIELD_SIZE];
    bool has_reason = d->reason && *d->reason;

    (void)snprintf(text, sizeof(text), "%.*s%s%s", has_reason ? SENTENCE_MAX : FIELD_SIZE,
                   d->message ? d->message : "", has_reason ? " Reason: " : "", has_reason ? d->reason : "");
    entry_add(entry, "MESSAGE", text);
}

/* And not something that was asked for and is the name of nothing. */
static bool is_unit(const char *name)
{
    struct unit_name parsed;

    return name && unit_name_parse(name, &parsed) == 0;
}

static void entry_send(struct entry *entry, unsigned waiting_max)
{
    entry_add(entry, "SYSLOG_IDENTIFIER", program_invocation_short_name);
    journal_send(entry->iov, (size_t)entry->n, waiting_max);
}

void journal_decision(const struct journal_decision *d)
{
    struct entry entry = { .n = 0 };

    entry_add_message(&entry, d);
    entry_add(&entry, "MESSAGE_ID", d->message_id);
    entry_add_number(&entry, "PRIORITY", (uint64_t)d->priority);
    entry_add_always(&entry, "RESTARTER_USER", d->user);
    entry_add_always(&entry, "RESTARTER_KNOWN", d->known);
    entry_add(&entry, "RESTARTER_VIA", d->via);
    entry_add_always(&entry, "RESTARTER_DOOR", d->door);
    entry_add_always(&entry, "RESTARTER_PEER", d->peer);
    entry_add_always(&entry, "RESTARTER_REASON", d->reason);
    entry_add_always(&entry, "RESTARTER_MACHINE", d->machine);
    entry_add_always(&entry, "RESTARTER_UNIT", d->unit);
    entry_add_always(&entry, "RESTARTER_VERB", d->verb);
    entry_add(&entry, "RESTARTER_DECISION", d->decision);
    entry_add_always(&entry, "RESTARTER_LOCK", d->lock);
    entry_add_always(&entry, "RESTARTER_RESULT", d->result);
    entry_add_always(&entry, "RESTARTER_VERDICT", d->verdict);
    entry_add_always(&entry, "RESTARTER_INVOCATION_ID_BEFORE", d->invocation_before);
    entry_add_always(&entry, "RESTARTER_INVOCATION_ID_AFTER", d->invocation_after);
    if (d->usec > 0)
        entry_add_number(&entry, "RESTARTER_USEC", d->usec);
    /* OBJECT_ fields are what journalctl -u matches for entries that others write about a unit; only root may
     * set UNIT= to that effect, so the plain field is for people who grep. What is another machine's is none
     * of the units here. */
    if (!d->machine && is_unit(d->unit))
        entry_add(&entry, "UNIT", d->unit);
    entry_send(&entry, strcmp(d->message_id, MESSAGE_REFUSED) == 0 ? JOURNAL_WAITING_REFUSED_MAX
                                                                   : JOURNAL_WAITING_MAX);
}

static struct {
    uint64_t interval_start;
    unsigned written;
    unsigned suppressed;
} limiter;

void journal_flush_suppressed(void)
{
    char text[128], count[16];
    struct entry entry = { .n = 0 };

    if (limiter.suppressed == 0)
        return;
    (void)snprintf(text, sizeof(text), "%u more %s not written one by one.", limiter.suppressed,
                   limiter.suppressed == 1 ? "refusal was" : "refusals were");
    (void)snprintf(count, sizeof(count), "%u", limiter.suppressed);
    limiter.suppressed = 0;
    entry_add(&entry, "MESSAGE", text);
    entry_add(&entry, "MESSAGE_ID", MESSAGE_SUPPRESSED);
    entry_add_number(&entry, "PRIORITY", LOG_NOTICE);
    entry_add(&entry, "RESTARTER_SUPPRESSED", count);
    entry_send(&entry, JOURNAL_WAITING_MAX);
}

bool journal_admit(uint64_t now_usec)
{
    if (now_usec - limiter.interval_start >= LIMIT_INTERVAL) {
        journal_flush_suppressed();
        limiter.interval_start = now_usec;
        limiter.written = 0;
    }
    if (limiter.written >= LIMIT_BURST) {
        limiter.suppressed++;
        return false;
    }
    limiter.written++;
    return true;
}

void journal_decision_limited(const struct journal_decision *decision, uint64_t now_usec)
{
    if (journal_admit(now_usec))
        journal_decision(decision);
}

void journal_log(int priority, const char *format, ...)
{
    struct entry entry = { .n = 0 };
    char text[FIELD_SIZE];
    va_list ap;

    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    entry_add(&entry, "MESSAGE", text);
    entry_add_number(&entry, "PRIORITY", (uint64_t)priority);
    entry_send(&entry, JOURNAL_WAITING_MAX);
}
