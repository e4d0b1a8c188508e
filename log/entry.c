/* Field by field. Those of the login are in its sentence. */
#include "log/entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/record/line.h"
#include "common/text.h"
#include "log/login-line.h"

static const struct field {
    const char *name;
    size_t offset;
} FIELDS[] = {
    { "_SYSTEMD_UNIT", offsetof(struct entry, service) },
    { "MESSAGE", offsetof(struct entry, message) },
    { "RESTARTER_USER", offsetof(struct entry, user) },
    { "RESTARTER_KNOWN", offsetof(struct entry, known) },
    { "RESTARTER_VIA", offsetof(struct entry, via) },
    { "RESTARTER_DOOR", offsetof(struct entry, door) },
    { "RESTARTER_PEER", offsetof(struct entry, from) },
    { "RESTARTER_REASON", offsetof(struct entry, reason) },
    { "RESTARTER_MACHINE", offsetof(struct entry, machine) },
    { "RESTARTER_UNIT", offsetof(struct entry, unit) },
    { "RESTARTER_VERB", offsetof(struct entry, verb) },
    { "RESTARTER_DECISION", offsetof(struct entry, decision) },
    { "RESTARTER_LOCK", offsetof(struct entry, lock) },
    { "RESTARTER_RESULT", offsetof(struct entry, result) },
    { "RESTARTER_VERDICT", offsetof(struct entry, verdict) },
};

/* "" for one that is not there. 0 or a negative errno. */
static int read_field(sd_journal *journal, const char *name, char ret[static ENTRY_FIELD_SIZE])
{
    size_t size, begin = strlen(name) + 1;
    const void *data;
    char text[ENTRY_FIELD_SIZE];
    int r = sd_journal_get_data(journal, name, &data, &size);

    *ret = '\0';
    if (r == -ENOENT)
        return 0;
    if (r < 0 || size < begin)
        return r < 0 ? r : -EBADMSG;
    size -= begin;
    size = size < sizeof(text) ? size : sizeof(text) - 1;
    memcpy(text, (const char *)data + begin, size);
    text[size] = '\0';
    (void)text_clean(strcmp(text, "-") == 0 ? "" : text, ret, ENTRY_FIELD_SIZE);
    return 0;
}

static int read_usec(sd_journal *journal, uint64_t *ret)
{
    char text[ENTRY_FIELD_SIZE];
    int r = read_field(journal, "RESTARTER_USEC", text);

    *ret = strtoull(text, NULL, 10);
    return r;
}

/* A login is of a unit of its own. Whatever else is in its slice has no business there. */
static void take_login(struct entry *entry)
{
    static const char TEMPLATE[] = "restarter-login";
    struct login_line login;

    if (entry->decision[0] != '\0' || strncmp(entry->service, TEMPLATE, strlen(TEMPLATE)) != 0)
        return;
    login_line_read(entry->message, &login);
    (void)stpcpy(entry->user, login.user);
    (void)stpcpy(entry->decision, login.decision);
    (void)stpcpy(entry->verb, "login");
}

/* A web front refuses, and is at a loss; it lets nobody do anything, and knows nobody. Whatever else is in
 * its entries is written by who has taken it over. */
static void take_front(struct entry *entry)
{
    char *const not_its[] = { entry->user,   entry->known,  entry->via,    entry->door,
                              entry->reason, entry->result, entry->verdict };

    if (strcmp(entry->service, "restarter-webfront.service") != 0 &&
        strcmp(entry->service, "restarter-webfront-proxy.service") != 0)
        return;
    for (size_t i = 0; i < sizeof(not_its) / sizeof(*not_its); i++)
        *not_its[i] = '\0';
    if (strcmp(entry->decision, "allowed") == 0)
        entry->is_ours = false;
}

int entry_read(sd_journal *journal, struct entry *ret)
{
    int r = sd_journal_get_realtime_usec(journal, &ret->realtime_usec);

    for (size_t i = 0; i < sizeof(FIELDS) / sizeof(*FIELDS) && r >= 0; i++)
        r = read_field(journal, FIELDS[i].name, (char *)ret + FIELDS[i].offset);
    if (r >= 0)
        r = read_usec(journal, &ret->usec);
    if (r < 0)
        return r;
    ret->is_ours = strncmp(ret->service, "restarter-", strlen("restarter-")) == 0;
    take_login(ret);
    take_front(ret);
    return 0;
}

static void format_time(uint64_t usec, char *ret, size_t size)
{
    time_t seconds = (time_t)(usec / USEC_PER_SEC);
    struct tm tm = { 0 };
    size_t used;

    (void)gmtime_r(&seconds, &tm);
    used = strftime(ret, size, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(ret + used, size - used, ".%06" PRIu64 "Z", usec % USEC_PER_SEC);
}

char *entry_to_line(const struct entry *e)
{
    char when[64];
    const struct record_line line = {
        .kind = RECORD_ENTRY,
        .entry = { .time = when,
                   .message = e->message,
                   .user = e->user,
                   .known = e->known,
                   .via = e->via,
                   .door = e->door,
                   .from = e->from,
                   .reason = e->reason,
                   .machine = e->machine,
                   .unit = e->unit,
                   .verb = e->verb,
                   .decision = e->decision,
                   .lock = e->lock,
                   .result = e->result,
                   .verdict = e->verdict,
                   .milliseconds = (e->usec + 500) / 1000 },
    };

    format_time(e->realtime_usec, when, sizeof(when));
    return record_line_write(&line);
}
