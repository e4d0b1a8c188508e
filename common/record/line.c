/* One table for each kind; a kind is known by the member that the others lack. */
#include "common/record/line.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/rpc/wire-fields.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

#define ENTRY(member, flags) WIRE_FIELD(struct record_entry, member, flags)
#define END(member) WIRE_FIELD(struct record_end, member, WIRE_NEEDED)
#define TEXT(member) WIRE_FIELD(struct record_text, member, WIRE_NEEDED)
#define REFUSAL(member) WIRE_FIELD(struct record_refusal, member, WIRE_NEEDED)

static const struct wire_field ENTRY_FIELDS[] = {
    ENTRY(time, WIRE_NEEDED),         ENTRY(user, WIRE_SPARSE),     ENTRY(known, WIRE_SPARSE),
    ENTRY(via, WIRE_SPARSE),          ENTRY(door, WIRE_SPARSE),     ENTRY(from, WIRE_SPARSE),
    ENTRY(verb, WIRE_SPARSE),         ENTRY(unit, WIRE_SPARSE),     ENTRY(reason, WIRE_SPARSE),
    ENTRY(machine, WIRE_SPARSE),      ENTRY(decision, WIRE_SPARSE), ENTRY(lock, WIRE_SPARSE),
    ENTRY(result, WIRE_SPARSE),       ENTRY(verdict, WIRE_SPARSE),  ENTRY(message, WIRE_NEEDED),
    ENTRY(milliseconds, WIRE_SPARSE),
};
static const struct wire_field END_FIELDS[] = { END(entries), END(more) };
static const struct wire_field TEXT_FIELDS[] = { TEXT(at_usec), TEXT(priority), TEXT(text) };
static const struct wire_field REFUSAL_FIELDS[] = { REFUSAL(error), REFUSAL(message) };

#define ROWS(table) (table), sizeof(table) / sizeof(*(table))

static const struct kind {
    const char *mark;
    const struct wire_field *fields;
    size_t n;
} KINDS[] = {
    [RECORD_ENTRY] = { "time", ROWS(ENTRY_FIELDS) },
    [RECORD_END] = { "entries", ROWS(END_FIELDS) },
    [RECORD_REFUSAL] = { "error", ROWS(REFUSAL_FIELDS) },
    [RECORD_TEXT] = { "text", ROWS(TEXT_FIELDS) },
};
#define KINDS_COUNT (sizeof(KINDS) / sizeof(*KINDS))

void record_line_done(struct record_line *line)
{
    wire_fields_free(KINDS[line->kind].fields, KINDS[line->kind].n, &line->entry);
    *line = (struct record_line){ .kind = RECORD_NONE };
}

char *record_line_write(const struct record_line *line)
{
    struct rpc_struct s = rpc_struct_begin();
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;

    wire_fields_add(KINDS[line->kind].fields, KINDS[line->kind].n, &line->entry, &s);
    value = rpc_struct_end(&s);
    return value ? rpc_value_to_json(value, JSON_SHORT) : NULL;
}

static enum record_kind find_kind(xmlrpc_value *value)
{
    for (size_t kind = RECORD_ENTRY; kind < KINDS_COUNT; kind++) {
        xmlrpc_value *mark = rpc_get(value, KINDS[kind].mark);

        if (!mark)
            continue;
        xmlrpc_DECREF(mark);
        return (enum record_kind)kind;
    }
    return RECORD_NONE;
}

bool record_line_parse(const char *text, struct record_line *ret)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value =
        strnlen(text, RECORD_LINE_MAX) < RECORD_LINE_MAX ? rpc_value_from_json(text) : NULL;
    struct record_line line = { .kind = value ? find_kind(value) : RECORD_NONE };

    if (line.kind == RECORD_NONE)
        return false;
    if (!wire_fields_read(KINDS[line.kind].fields, KINDS[line.kind].n, value, &line.entry)) {
        record_line_done(&line);
        return false;
    }
    *ret = line;
    return true;
}

uint64_t record_entry_at(const struct record_entry *entry)
{
    struct tm tm = { 0 };
    const char *end = strptime(entry->time, "%Y-%m-%dT%H:%M:%S", &tm);
    time_t at = end && *end == '.' ? timegm(&tm) : 0;

    return at > 0 ? (uint64_t)at : 0;
}
