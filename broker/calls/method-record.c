/* Whether he may know, then the errand, then what came of it as an answer. */
#include "broker/calls/method-record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/outcome/sentence-record.h"
#include "broker/record/asks.h"
#include "broker/record/recents.h"
#include "common/clock.h"
#include "common/text.h"
#include "policy/in-force.h"

enum {
    DAY_SEC = 24 * 60 * 60,
    /* Of an answer's bytes, what is not entries. */
    REST_MAX = 4096,
    /* Bytes of an entry as XML, beside its texts. */
    ENTRY_FRAME = 1024,
};

static void refuse(struct request *request, const struct outcome *outcome)
{
    audit_read(request->services->audit, request, outcome);
    request_refuse(request, outcome);
}

/* --- answers --- */

/* As XML, at most: what is not ASCII is sent as a number. */
static size_t text_size(const char *text)
{
    size_t size = 0;

    for (; *text; text++)
        size += (unsigned char)*text > '~' || strchr("<>&\"", *text) ? 6 : 1;
    return size;
}

static size_t entry_size(const struct wire_past_entry *entry)
{
    return ENTRY_FRAME + text_size(entry->message) + text_size(entry->reason);
}

static struct wire_past_entry entry_of(const struct record_entry *entry)
{
    return (struct wire_past_entry){ .at = record_entry_at(entry),
                                     .user = entry->user,
                                     .known = entry->known,
                                     .verb = entry->verb,
                                     .unit = entry->unit,
                                     .result = entry->result,
                                     .verdict = entry->verdict,
                                     .milliseconds = entry->milliseconds,
                                     .reason = entry->reason,
                                     .message = entry->message };
}

/* The newest ones, as many as fit into an answer. */
static void answer_past(struct request *request, const struct ask_answer *found)
{
    struct wire_past_entry entries[WIRE_PAST_MAX];
    struct wire_answer answer = { .kind = WIRE_PAST, .past = { .entries = entries, .more = found->more } };
    size_t room = RPC_RESPONSE_MAX - REST_MAX;

    for (size_t i = found->n; i > 0; i--) {
        struct wire_past_entry *entry = &entries[answer.past.n_entries];
        size_t size;

        *entry = entry_of(&found->lines[i - 1].entry);
        size = entry_size(entry);
        answer.past.more = answer.past.more || size > room;
        if (size > room)
            break;
        room -= size;
        answer.past.n_entries++;
    }
    request_answer(request, &answer, 0);
}

static void answer_lines(struct request *request, const struct ask_answer *found)
{
    struct wire_line lines[WIRE_LINES_MAX];
    const struct wire_answer answer = {
        .kind = WIRE_LINES, .lines = { .lines = lines, .n_lines = found->n, .more = found->more }
    };

    for (size_t i = 0; i < found->n; i++) {
        const struct record_text *text = &found->lines[i].text;

        lines[i] = (struct wire_line){ .at = strtoull(text->at_usec, NULL, 10) / USEC_PER_SEC,
                                       .at_usec = text->at_usec,
                                       .priority = text->priority,
                                       .text = text->text };
    }
    request_answer(request, &answer, 0);
}

static void on_answer(const struct ask_answer *found, void *userdata)
{
    struct request *request = userdata;
    struct outcome outcome = { 0 };

    if (found->end == ASK_FOUND && request->method->answer == WIRE_LINES) {
        answer_lines(request, found);
    } else if (found->end == ASK_FOUND) {
        answer_past(request, found);
    } else {
        if (found->end == ASK_REFUSED)
            sentence_record_refused(&outcome);
        else
            sentence_no_record(&outcome);
        refuse(request, &outcome);
    }
}

/* --- questions --- */

static void begin(struct request *request, struct errand *errand)
{
    struct outcome outcome = { 0 };
    struct ask *ask;

    errand->person = request->person; /* lent */
    if (asks_begin(request->services->asks, errand, on_answer, request, &ask) >= 0)
        return;
    sentence_no_record(&outcome);
    refuse(request, &outcome);
}

static void begin_about(struct request *request, enum errand_kind kind, const struct unit_name *name)
{
    struct errand errand = { .kind = kind };

    (void)snprintf(errand.unit, sizeof(errand.unit), "%s", name->unit);
    if (kind == ERRAND_HISTORY)
        errand.newest_usec = recents_on_its_way(request->services->recents, name->unit);
    begin(request, &errand);
}

void method_history(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    if (request_target(request, call->unit, &target, &outcome))
        begin_about(request, ERRAND_HISTORY, &target.name);
    else
        refuse(request, &outcome);
}

void method_logs(struct request *request, const struct wire_call *call)
{
    const struct policy *policy = request->services->policy->policy;
    struct outcome outcome = { 0 };
    struct target target;

    if (!request_target(request, call->unit, &target, &outcome)) {
        refuse(request, &outcome);
    } else if (!policy_shows_logs(policy, &request->person, &target.name)) {
        sentence_no_logs(&outcome, target.grant);
        refuse(request, &outcome);
    } else {
        begin_about(request, ERRAND_LINES, &target.name);
    }
}

/* A day of UTC, as all times here are: from its first second on. "" is today. */
static bool parse_day(const char *text, time_t *ret)
{
    struct tm tm = { 0 }, again;
    const char *end = strlen(text) == strlen("2026-11-22") ? strptime(text, "%Y-%m-%d", &tm) : NULL;

    again = tm;
    *ret = *text ? timegm(&again) : time(NULL) / DAY_SEC * DAY_SEC;
    /* The 31st of February became one in March. */
    return *text == '\0' || (end && *end == '\0' && *ret > 0 && again.tm_mday == tm.tm_mday);
}

void method_day(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct errand errand = { .kind = ERRAND_DAY };
    time_t day = 0;

    (void)text_clean(call->unit, request->asked, sizeof(request->asked));
    if (!policy_is_admin(request->services->policy->policy, &request->person)) {
        sentence_no_admin(&outcome);
        refuse(request, &outcome);
    } else if (!parse_day(call->unit, &day)) {
        sentence_no_day(&outcome, request->asked);
        refuse(request, &outcome);
    } else {
        errand.since_usec = (uint64_t)day * USEC_PER_SEC;
        errand.until_usec = errand.since_usec + DAY_SEC * USEC_PER_SEC;
        begin(request, &errand);
    }
}
