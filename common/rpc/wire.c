/* The tables, and answers by their kinds. */
#include "common/rpc/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-capabilities.h"
#include "common/rpc/wire-fields.h"
#include "common/rpc/wire-items.h"

#define PLAIN(member) WIRE_FIELD(struct wire_plain, member, WIRE_NEEDED)
#define RESTART(member, flags) WIRE_FIELD(struct wire_restart, member, flags)
#define STATUS(member, flags) WIRE_FIELD(struct wire_status, member, flags)
#define INSTANCE(member, flags) WIRE_FIELD(struct wire_instance, member, flags)
#define LIST(member, flags) WIRE_FIELD(struct wire_list, member, flags)
#define GRANT(member, flags) WIRE_FIELD(struct wire_grant, member, flags)
#define ALLOWED(member) WIRE_FIELD(struct wire_allowed, member, WIRE_NEEDED)
#define CHANGES(member) WIRE_FIELD(struct wire_changes, member, WIRE_NEEDED)
#define PAST(member, flags) WIRE_FIELD(struct wire_past_entry, member, flags)
#define LINE(member) WIRE_FIELD(struct wire_line, member, WIRE_NEEDED)
#define COUNTER(member) WIRE_FIELD(struct wire_counter, member, WIRE_NEEDED)
#define METRICS(member) WIRE_FIELD(struct wire_metrics, member, WIRE_NEEDED)
#define REFUSAL(member, flags) WIRE_FIELD(struct wire_refusal, member, flags)
#define PROBLEM(member, flags) WIRE_FIELD(struct wire_problem, member, flags)
#define HEALTH(member) WIRE_FIELD(struct wire_health, member, WIRE_NEEDED)

static const struct wire_field PLAIN_FIELDS[] = { PLAIN(success), PLAIN(message) };

static const struct wire_field RESTART_FIELDS[] = {
    RESTART(success, WIRE_NEEDED),
    RESTART(message, WIRE_NEEDED),
    RESTART(unit, 0),
    RESTART(verb, 0),
    RESTART(done, 0),
    RESTART(result, 0),
    RESTART(active_state, 0),
    RESTART(sub_state, 0),
    RESTART(service_result, 0),
    RESTART(exec_main_status, 0),
    RESTART(main_pid, 0),
    RESTART(invocation_id_before, 0),
    RESTART(invocation_id_after, 0),
    RESTART(milliseconds, 0),
    RESTART(callers, 0),
    RESTART(verdict, WIRE_SPARSE),
    RESTART(settle_milliseconds, 0),
    RESTART(failed_after_milliseconds, 0),
    RESTART(held_milliseconds, 0),
    RESTART(repeated, 0),
    RESTART(covered, 0),
    RESTART(began_by, WIRE_SPARSE),
    RESTART(need_daemon_reload, 0),
    RESTART(usual_milliseconds, WIRE_SPARSE),
};

static const struct wire_field STATUS_FIELDS[] = {
    STATUS(unit, WIRE_NEEDED),
    STATUS(load_state, WIRE_NEEDED),
    STATUS(active_state, WIRE_NEEDED),
    STATUS(sub_state, WIRE_NEEDED),
    STATUS(service_result, 0),
    STATUS(exec_main_status, 0),
    STATUS(main_pid, 0),
    STATUS(invocation_id, 0),
    STATUS(since, 0),
    STATUS(enabled, 0),
    STATUS(need_daemon_reload, 0),
    STATUS(description, 0),
    STATUS(verbs, 0),
    STATUS(can_reload, 0),
    STATUS(confirm, 0),
    STATUS(logs, 0),
    STATUS(reason, WIRE_SPARSE),
    STATUS(status_text, 0),
    STATUS(exec_main_code, 0),
    STATUS(start_limit_seconds, 0),
    STATUS(restarted_at, WIRE_SPARSE),
    STATUS(restarted_by, WIRE_SPARSE),
    STATUS(restarted_verdict, WIRE_SPARSE),
    STATUS(usual_milliseconds, WIRE_SPARSE),
};

static const struct wire_field INSTANCE_FIELDS[] = {
    INSTANCE(unit, WIRE_NEEDED),
    INSTANCE(description, WIRE_NEEDED),
    INSTANCE(load_state, WIRE_NEEDED),
    INSTANCE(active_state, WIRE_NEEDED),
    INSTANCE(sub_state, WIRE_NEEDED),
    INSTANCE(enabled, 0),
    INSTANCE(verbs, 0),
    INSTANCE(can_reload, 0),
    INSTANCE(reason, WIRE_SPARSE),
    INSTANCE(group, 0),
    INSTANCE(since, WIRE_SPARSE),
    INSTANCE(service_result, WIRE_SPARSE),
    INSTANCE(confirm, 0),
    INSTANCE(logs, 0),
    INSTANCE(machine, WIRE_SAID),
    INSTANCE(restarted_at, WIRE_SPARSE),
    INSTANCE(restarted_by, WIRE_SPARSE),
    INSTANCE(restarted_verdict, WIRE_SPARSE),
    INSTANCE(usual_milliseconds, WIRE_SPARSE),
};

/* Without the instances. */
static const struct wire_field LIST_FIELDS[] = {
    LIST(policy_ok, WIRE_NEEDED),
    LIST(policy_error, WIRE_NEEDED),
    LIST(machine, WIRE_SPARSE),
    LIST(policy_in_force, 0),
    LIST(truncated, 0),
    LIST(failed, 0),
    LIST(restarting, 0),
    LIST(running, 0),
    LIST(stopped, 0),
    LIST(exited, 0),
    LIST(matching, 0),
    LIST(offset, 0),
    LIST(cursor, 0),
    LIST(admin, 0),
};

static const struct wire_field GRANT_FIELDS[] = { GRANT(unit, WIRE_NEEDED), GRANT(instances, 0),
                                                  GRANT(verbs, 0),          GRANT(reason, WIRE_SPARSE),
                                                  GRANT(confirm, 0),        GRANT(logs, 0) };

/* Without the grants. */
static const struct wire_field ALLOWED_FIELDS[] = { ALLOWED(user), ALLOWED(admin) };

/* Without the units. */
static const struct wire_field CHANGES_FIELDS[] = { CHANGES(cursor), CHANGES(whole) };
static const struct wire_field PAST_FIELDS[] = { WIRE_FIELD(struct wire_past, more, WIRE_NEEDED) };
static const struct wire_field PAST_ENTRY_FIELDS[] = {
    PAST(at, WIRE_NEEDED),     PAST(user, WIRE_SPARSE),   PAST(known, WIRE_SPARSE), PAST(verb, 0),
    PAST(unit, WIRE_NEEDED),   PAST(result, WIRE_SPARSE), PAST(verdict, 0),         PAST(milliseconds, 0),
    PAST(reason, WIRE_SPARSE), PAST(message, 0),
};

static const struct wire_field LINES_FIELDS[] = { WIRE_FIELD(struct wire_lines, more, WIRE_NEEDED) };
static const struct wire_field LINE_FIELDS[] = { LINE(at), LINE(at_usec), LINE(priority), LINE(text) };

static const struct wire_field COUNTER_FIELDS[] = { COUNTER(unit), COUNTER(verb), COUNTER(results),
                                                    COUNTER(durations), COUNTER(milliseconds) };

/* Without the counters. */
static const struct wire_field METRICS_FIELDS[] = { METRICS(results),         METRICS(bounds),
                                                    METRICS(refusals),        METRICS(policy_ok),
                                                    METRICS(policy_in_force), METRICS(jobs) };

static const struct wire_field REFUSAL_FIELDS[] = {
    REFUSAL(success, 0), REFUSAL(message, 0), REFUSAL(code, 0),
    REFUSAL(refusal, 0), REFUSAL(lock, 0),    REFUSAL(retry_after, WIRE_SPARSE),
};

static const struct wire_field PROBLEM_FIELDS[] = {
    PROBLEM(type, 0),    PROBLEM(title, 0),
    PROBLEM(status, 0),  PROBLEM(detail, 0),
    PROBLEM(success, 0), PROBLEM(message, 0),
    PROBLEM(code, 0),    PROBLEM(refusal, 0),
    PROBLEM(lock, 0),    PROBLEM(retry_after, WIRE_SPARSE),
};

static const struct wire_field HEALTH_FIELDS[] = { HEALTH(ok), HEALTH(message), HEALTH(covers),
                                                   HEALTH(not_covered) };

#define N(table) (sizeof(table) / sizeof(*(table)))
#define ROWS(table) (table), N(table)

#define ITEMS(struct_type, member, json_name, table, ...)                                                    \
    {                                                                                                        \
        .name = (json_name), .fields = (table), .n_fields = N(table),                                        \
        .size = sizeof(*((struct_type *)0)->member), .items_offset = offsetof(struct_type, member),          \
        .n_offset = offsetof(struct_type, n_##member), __VA_ARGS__                                           \
    }

static const struct wire_items INSTANCES =
    ITEMS(struct wire_list, instances, "instances", INSTANCE_FIELDS, .max = WIRE_INSTANCES_MAX,
          .cut_offset = offsetof(struct wire_list, truncated));
static const struct wire_items GRANTS =
    ITEMS(struct wire_allowed, grants, "allowed", GRANT_FIELDS, .max = WIRE_GRANTS_MAX);

static const struct wire_items PAST_ENTRIES =
    ITEMS(struct wire_past, entries, "entries", PAST_ENTRY_FIELDS, .max = WIRE_PAST_MAX);
static const struct wire_items LINE_ITEMS =
    ITEMS(struct wire_lines, lines, "lines", LINE_FIELDS, .max = WIRE_LINES_MAX);
static const struct wire_items COUNTERS =
    ITEMS(struct wire_metrics, counters, "counters", COUNTER_FIELDS, .max = WIRE_COUNTERS_MAX);

/* The kinds that are structs; NULL for the others. */
static const struct kind {
    const struct wire_field *fields;
    size_t n;
    const struct wire_items *items; /* the array in it, if there is one */
} KINDS[] = {
    [WIRE_PLAIN] = { .fields = PLAIN_FIELDS, .n = N(PLAIN_FIELDS) },
    [WIRE_RESTART] = { .fields = RESTART_FIELDS, .n = N(RESTART_FIELDS) },
    [WIRE_STATUS] = { .fields = STATUS_FIELDS, .n = N(STATUS_FIELDS) },
    [WIRE_LIST] = { .fields = LIST_FIELDS, .n = N(LIST_FIELDS), .items = &INSTANCES },
    [WIRE_ALLOWED] = { .fields = ALLOWED_FIELDS, .n = N(ALLOWED_FIELDS), .items = &GRANTS },
    [WIRE_CHANGES] = { .fields = CHANGES_FIELDS, .n = N(CHANGES_FIELDS) },
    [WIRE_PAST] = { .fields = PAST_FIELDS, .n = N(PAST_FIELDS), .items = &PAST_ENTRIES },
    [WIRE_LINES] = { .fields = LINES_FIELDS, .n = N(LINES_FIELDS), .items = &LINE_ITEMS },
    [WIRE_METRICS] = { .fields = METRICS_FIELDS, .n = N(METRICS_FIELDS), .items = &COUNTERS },
    [WIRE_REFUSAL] = { .fields = REFUSAL_FIELDS, .n = N(REFUSAL_FIELDS) },
    [WIRE_HEALTH] = { .fields = HEALTH_FIELDS, .n = N(HEALTH_FIELDS) },
    [WIRE_PROBLEM] = { .fields = PROBLEM_FIELDS, .n = N(PROBLEM_FIELDS) },
};

/* All structs begin where the union does. */
static void *body(struct wire_answer *answer)
{
    return &answer->plain;
}

/* --- changes: an array of names among the members --- */

static bool read_changes(xmlrpc_value *value, struct wire_changes *changes)
{
    xmlrpc_value *array = rpc_get(value, "units");
    bool good = array && wire_fields_read(ROWS(CHANGES_FIELDS), value, changes) &&
                wire_names_read(array, WIRE_CHANGED_MAX, &changes->units);

    if (array)
        xmlrpc_DECREF(array);
    return good;
}

/* --- answers --- */

void wire_answer_done(struct wire_answer *answer)
{
    const struct kind *kind = &KINDS[answer->kind];

    if (answer->kind == WIRE_FAULT)
        free((char *)answer->fault.message);
    else if (answer->kind == WIRE_NAMES)
        wire_names_free(&answer->names);
    else if (answer->kind == WIRE_TEXT)
        free((char *)answer->text.text);
    else if (answer->kind == WIRE_SIGNATURES)
        wire_signatures_free(&answer->signatures);
    else
        wire_fields_free(kind->fields, kind->n, body(answer));
    if (kind->items)
        wire_items_free(kind->items, body(answer));
    if (answer->kind == WIRE_CHANGES)
        wire_names_free(&answer->changes.units);
    *answer = (struct wire_answer){ 0 };
}

static bool read_value(enum wire_kind kind, xmlrpc_value *value, struct wire_answer *answer)
{
    bool done = false;

    answer->kind = kind;
    if (kind == WIRE_NAMES)
        return wire_names_read(value, WIRE_NAMES_MAX, &answer->names);
    if (kind == WIRE_CHANGES)
        return read_changes(value, &answer->changes);
    if (kind == WIRE_TEXT)
        return rpc_read_string(value, (char **)&answer->text.text);
    if (kind == WIRE_SIGNATURES)
        return wire_signatures_read(value, &answer->signatures);
    if (kind == WIRE_CAPABILITIES)
        return wire_capabilities_read(value, &answer->capabilities.flags);
    if (kind == WIRE_DONE)
        return rpc_read_bool(value, &done) && done;
    return wire_fields_read(KINDS[kind].fields, KINDS[kind].n, value, body(answer)) &&
           (!KINDS[kind].items || wire_items_read(KINDS[kind].items, value, body(answer)));
}

int wire_answer_parse(enum wire_kind kind, const char *xml, size_t size, struct wire_answer *ret)
{
    _cleanup_(rpc_response_done) struct rpc_response response = { 0 };
    struct wire_answer answer = { 0 };
    const char *reason;

    if (rpc_response_parse(xml, size, &response, &reason) != 0)
        return WIRE_E_SENSELESS;
    if (response.fault_string) {
        answer.kind = WIRE_FAULT;
        answer.fault.code = response.fault_code;
        answer.fault.message = TAKE_PTR(response.fault_string);
    } else if (!read_value(kind, response.value, &answer)) {
        wire_answer_done(&answer);
        return WIRE_E_SENSELESS;
    }
    *ret = answer;
    return 0;
}

xmlrpc_value *wire_answer_value(const struct wire_answer *answer)
{
    const struct kind *kind = &KINDS[answer->kind];
    struct rpc_struct s;

    if (answer->kind == WIRE_NAMES)
        return wire_names_value(&answer->names);
    if (answer->kind == WIRE_TEXT)
        return rpc_string_new(answer->text.text);
    if (answer->kind == WIRE_SIGNATURES)
        return wire_signatures_value(&answer->signatures);
    if (answer->kind == WIRE_CAPABILITIES)
        return wire_capabilities_value(answer->capabilities.flags);
    if (answer->kind == WIRE_DONE)
        return rpc_true_new();
    s = rpc_struct_begin();
    wire_fields_add(kind->fields, kind->n, &answer->plain, &s);
    if (kind->items)
        wire_items_add(kind->items, &answer->plain, &s);
    if (answer->kind == WIRE_CHANGES)
        rpc_struct_value(&s, "units", wire_names_value(&answer->changes.units));
    return rpc_struct_end(&s);
}

xmlrpc_mem_block *wire_answer_encode(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block;
    xmlrpc_value *value;

    if (answer->kind == WIRE_FAULT)
        return rpc_fault_serialize(answer->fault.code, answer->fault.message);
    value = wire_answer_value(answer);
    block = rpc_response_serialize(value);
    if (value)
        xmlrpc_DECREF(value);
    return block;
}

size_t wire_instance_size(const struct wire_instance *instance)
{
    return wire_fields_size(ROWS(INSTANCE_FIELDS), instance);
}

char *wire_answer_to_json(const struct wire_answer *answer, enum json_layout layout)
{
    xmlrpc_value *value = wire_answer_value(answer);
    char *json = value ? rpc_value_to_json(value, layout) : NULL;

    if (value)
        xmlrpc_DECREF(value);
    return json;
}
