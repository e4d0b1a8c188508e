/* The tables, and answers by their kinds. */
#include "common/rpc/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-fields.h"

#define PLAIN(member) WIRE_FIELD(struct wire_plain, member, WIRE_NEEDED)
#define RESTART(member, flags) WIRE_FIELD(struct wire_restart, member, flags)
#define STATUS(member, flags) WIRE_FIELD(struct wire_status, member, flags)
#define INSTANCE(member, flags) WIRE_FIELD(struct wire_instance, member, flags)
#define LIST(member, flags) WIRE_FIELD(struct wire_list, member, flags)
#define GRANT(member, flags) WIRE_FIELD(struct wire_grant, member, flags)
#define ALLOWED(member) WIRE_FIELD(struct wire_allowed, member, WIRE_NEEDED)
#define REFUSAL(member, flags) WIRE_FIELD(struct wire_refusal, member, flags)
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
    RESTART(need_daemon_reload, 0),
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
};

/* Without the instances. */
static const struct wire_field LIST_FIELDS[] = {
    LIST(policy_ok, WIRE_NEEDED),
    LIST(policy_error, WIRE_NEEDED),
    LIST(policy_in_force, 0),
    LIST(truncated, 0),
};

static const struct wire_field GRANT_FIELDS[] = { GRANT(unit, WIRE_NEEDED), GRANT(instances, 0),
                                                  GRANT(verbs, 0) };

/* Without the grants. */
static const struct wire_field ALLOWED_FIELDS[] = { ALLOWED(user), ALLOWED(admin) };

static const struct wire_field REFUSAL_FIELDS[] = {
    REFUSAL(success, 0), REFUSAL(message, 0), REFUSAL(code, 0),
    REFUSAL(refusal, 0), REFUSAL(lock, 0),    REFUSAL(retry_after, WIRE_SPARSE),
};

static const struct wire_field HEALTH_FIELDS[] = { HEALTH(ok), HEALTH(message), HEALTH(covers),
                                                   HEALTH(not_covered) };

#define N(table) (sizeof(table) / sizeof(*(table)))
#define ROWS(table) (table), N(table)

/* The kinds that are structs; NULL for the others. */
static const struct kind {
    const struct wire_field *fields;
    size_t n;
} KINDS[] = {
    [WIRE_PLAIN] = { ROWS(PLAIN_FIELDS) },     [WIRE_RESTART] = { ROWS(RESTART_FIELDS) },
    [WIRE_STATUS] = { ROWS(STATUS_FIELDS) },   [WIRE_LIST] = { ROWS(LIST_FIELDS) },
    [WIRE_ALLOWED] = { ROWS(ALLOWED_FIELDS) }, [WIRE_REFUSAL] = { ROWS(REFUSAL_FIELDS) },
    [WIRE_HEALTH] = { ROWS(HEALTH_FIELDS) },
};

/* All structs begin where the union does. */
static void *body(struct wire_answer *answer)
{
    return &answer->plain;
}

/* --- what is more than a struct of plain members --- */

static void instances_free(struct wire_list *list)
{
    for (size_t i = 0; i < list->n_instances; i++)
        wire_fields_free(ROWS(INSTANCE_FIELDS), &list->instances[i]);
    free(list->instances);
}

static void grants_free(struct wire_allowed *allowed)
{
    for (size_t i = 0; i < allowed->n_grants; i++)
        wire_fields_free(ROWS(GRANT_FIELDS), &allowed->grants[i]);
    free(allowed->grants);
}

static void names_free(struct wire_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free((char *)names->items[i]);
    free(names->items);
}

static xmlrpc_value *instance_value(const struct wire_instance *instance)
{
    struct rpc_struct s = rpc_struct_begin();

    wire_fields_add(ROWS(INSTANCE_FIELDS), instance, &s);
    return rpc_struct_end(&s);
}

static xmlrpc_value *instances_value(const struct wire_list *list)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < list->n_instances; i++)
        if (!rpc_array_append(array, instance_value(&list->instances[i]))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    return array;
}

static xmlrpc_value *grants_value(const struct wire_allowed *allowed)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < allowed->n_grants; i++) {
        struct rpc_struct s = rpc_struct_begin();

        wire_fields_add(ROWS(GRANT_FIELDS), &allowed->grants[i], &s);
        if (!rpc_array_append(array, rpc_struct_end(&s))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    }
    return array;
}

static xmlrpc_value *names_value(const struct wire_names *names)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < names->n; i++)
        if (!rpc_array_append(array, rpc_string_new(names->items[i]))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    return array;
}

/* Reads the items of an array into `items`, which holds them all zero; counts in *n, also the one that
 * failed. */
static bool read_items(xmlrpc_value *array, size_t max, size_t *n,
                       bool (*read)(xmlrpc_value *, void *, size_t), void *items)
{
    bool good = true;

    while (good && *n < max) {
        xmlrpc_value *item = rpc_array_item(array, (unsigned)*n);

        good = item && read(item, items, (*n)++);
        if (item)
            xmlrpc_DECREF(item);
    }
    return good;
}

static bool read_instance(xmlrpc_value *value, void *items, size_t i)
{
    return wire_fields_read(ROWS(INSTANCE_FIELDS), value, (struct wire_instance *)items + i);
}

static bool read_name(xmlrpc_value *value, void *items, size_t i)
{
    return rpc_read_string(value, (char **)items + i);
}

static bool read_instances(xmlrpc_value *array, struct wire_list *list)
{
    unsigned n = rpc_array_size(array);

    if (n > WIRE_INSTANCES_MAX) {
        list->truncated = true;
        n = WIRE_INSTANCES_MAX;
    }
    list->instances = calloc(n + 1, sizeof(*list->instances));
    return list->instances && read_items(array, n, &list->n_instances, read_instance, list->instances);
}

static bool read_list(xmlrpc_value *value, struct wire_list *list)
{
    xmlrpc_value *array = rpc_get(value, "instances");
    bool good = array && xmlrpc_value_type(array) == XMLRPC_TYPE_ARRAY &&
                wire_fields_read(ROWS(LIST_FIELDS), value, list) && read_instances(array, list);

    if (array)
        xmlrpc_DECREF(array);
    return good;
}

static bool read_grant(xmlrpc_value *value, void *items, size_t i)
{
    return wire_fields_read(ROWS(GRANT_FIELDS), value, (struct wire_grant *)items + i);
}

static bool read_grants(xmlrpc_value *array, struct wire_allowed *allowed)
{
    unsigned n = rpc_array_size(array);

    if (n > WIRE_GRANTS_MAX)
        return false;
    allowed->grants = calloc(n + 1, sizeof(*allowed->grants));
    return allowed->grants && read_items(array, n, &allowed->n_grants, read_grant, allowed->grants);
}

static bool read_allowed(xmlrpc_value *value, struct wire_allowed *allowed)
{
    xmlrpc_value *array = rpc_get(value, "allowed");
    bool good = array && xmlrpc_value_type(array) == XMLRPC_TYPE_ARRAY &&
                wire_fields_read(ROWS(ALLOWED_FIELDS), value, allowed) && read_grants(array, allowed);

    if (array)
        xmlrpc_DECREF(array);
    return good;
}

static bool read_names(xmlrpc_value *array, struct wire_names *names)
{
    unsigned n = rpc_array_size(array);

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY || n > WIRE_NAMES_MAX)
        return false;
    names->items = calloc(n + 1, sizeof(*names->items));
    return names->items && read_items(array, n, &names->n, read_name, names->items);
}

/* --- answers --- */

void wire_answer_done(struct wire_answer *answer)
{
    const struct kind *kind = &KINDS[answer->kind];

    if (answer->kind == WIRE_FAULT)
        free((char *)answer->fault.message);
    else if (answer->kind == WIRE_NAMES)
        names_free(&answer->names);
    else
        wire_fields_free(kind->fields, kind->n, body(answer));
    if (answer->kind == WIRE_LIST)
        instances_free(&answer->list);
    if (answer->kind == WIRE_ALLOWED)
        grants_free(&answer->allowed);
    *answer = (struct wire_answer){ 0 };
}

static bool read_value(enum wire_kind kind, xmlrpc_value *value, struct wire_answer *answer)
{
    answer->kind = kind;
    if (kind == WIRE_NAMES)
        return read_names(value, &answer->names);
    if (kind == WIRE_LIST)
        return read_list(value, &answer->list);
    if (kind == WIRE_ALLOWED)
        return read_allowed(value, &answer->allowed);
    return wire_fields_read(KINDS[kind].fields, KINDS[kind].n, value, body(answer));
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

/* The caller's; NULL when out of memory. */
static xmlrpc_value *answer_value(const struct wire_answer *answer)
{
    const struct kind *kind = &KINDS[answer->kind];
    struct rpc_struct s;

    if (answer->kind == WIRE_NAMES)
        return names_value(&answer->names);
    s = rpc_struct_begin();
    wire_fields_add(kind->fields, kind->n, &answer->plain, &s);
    if (answer->kind == WIRE_LIST)
        rpc_struct_value(&s, "instances", instances_value(&answer->list));
    if (answer->kind == WIRE_ALLOWED)
        rpc_struct_value(&s, "allowed", grants_value(&answer->allowed));
    return rpc_struct_end(&s);
}

xmlrpc_mem_block *wire_answer_encode(const struct wire_answer *answer)
{
    xmlrpc_mem_block *block;
    xmlrpc_value *value;

    if (answer->kind == WIRE_FAULT)
        return rpc_fault_serialize(answer->fault.code, answer->fault.message);
    value = answer_value(answer);
    block = rpc_response_serialize(value);
    if (value)
        xmlrpc_DECREF(value);
    return block;
}

char *wire_answer_to_json(const struct wire_answer *answer, enum json_layout layout)
{
    xmlrpc_value *value = answer_value(answer);
    char *json = value ? rpc_value_to_json(value, layout) : NULL;

    if (value)
        xmlrpc_DECREF(value);
    return json;
}
