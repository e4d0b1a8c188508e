/* One member at a time, by the type in its row. */
#include "common/rpc/wire-fields.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/verb.h"

static void add_verbs(const char *name, unsigned verbs, struct rpc_struct *s)
{
    char words[VERB_WORDS_SIZE];

    verbs_to_string(verbs, words);
    rpc_struct_string(s, name, words);
}

static void add(const struct wire_field *field, const void *member, struct rpc_struct *s)
{
    const char *const *string = member;
    const uint64_t *count = member;

    switch (field->type) {
    case WIRE_STRING:
        if (!(field->flags & WIRE_SPARSE) || (*string && **string))
            rpc_struct_string(s, field->name, *string);
        break;
    case WIRE_INT:
        rpc_struct_int(s, field->name, *(const int *)member);
        break;
    case WIRE_COUNT:
        if (!(field->flags & WIRE_SPARSE) || *count > 0)
            rpc_struct_clamped(s, field->name, *count);
        break;
    case WIRE_BOOL:
        rpc_struct_bool(s, field->name, *(const bool *)member);
        break;
    case WIRE_VERBS:
        add_verbs(field->name, *(const unsigned *)member, s);
        break;
    }
}

void wire_fields_add(const struct wire_field fields[], size_t n, const void *from, struct rpc_struct *s)
{
    for (size_t i = 0; i < n; i++)
        add(&fields[i], (const char *)from + fields[i].offset, s);
}

static bool read_count(xmlrpc_value *value, uint64_t *ret)
{
    int number;

    if (!rpc_read_int(value, &number) || number < 0)
        return false;
    *ret = (uint64_t)number;
    return true;
}

/* Of words that are not known here nobody could make use. */
static bool read_verbs(xmlrpc_value *value, unsigned *ret)
{
    _cleanup_(freep) char *words = NULL;
    char *word, *rest;

    if (!rpc_read_string(value, &words))
        return false;
    for (rest = words; (word = strtok_r(rest, " ", &rest));)
        *ret |= verb_from_string(word);
    return true;
}

static bool read_member(const struct wire_field *field, xmlrpc_value *value, void *member)
{
    switch (field->type) {
    case WIRE_STRING:
        return rpc_read_string(value, (char **)member);
    case WIRE_INT:
        return rpc_read_int(value, member);
    case WIRE_COUNT:
        return read_count(value, member);
    case WIRE_BOOL:
        return rpc_read_bool(value, member);
    case WIRE_VERBS:
        return read_verbs(value, member);
    default:
        return false;
    }
}

/* What was not sent is what it is for somebody who does not know of it. */
static bool read_missing(const struct wire_field *field, void *member)
{
    char **string = member;

    if (field->flags & WIRE_NEEDED)
        return false;
    /* Before there were other verbs, nobody said that it was this one. */
    if (field->type == WIRE_VERBS)
        *(unsigned *)member = VERB_RESTART;
    if (field->type == WIRE_STRING)
        *string = strdup("");
    return field->type != WIRE_STRING || *string;
}

bool wire_fields_read(const struct wire_field fields[], size_t n, xmlrpc_value *value, void *to)
{
    bool good = true;

    for (size_t i = 0; good && i < n; i++) {
        xmlrpc_value *item = rpc_get(value, fields[i].name);
        void *member = (char *)to + fields[i].offset;

        good = item ? read_member(&fields[i], item, member) : read_missing(&fields[i], member);
        if (item)
            xmlrpc_DECREF(item);
    }
    return good;
}

void wire_fields_free(const struct wire_field fields[], size_t n, void *of)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i].type == WIRE_STRING)
            free(*(char **)((char *)of + fields[i].offset));
}
