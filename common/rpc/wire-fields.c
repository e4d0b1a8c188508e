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

static bool is_left_out(const struct wire_field *field, const void *member)
{
    const char *const *string = member;
    const uint64_t *number = member;

    if (field->flags & WIRE_SAID)
        return !*string;
    if (!(field->flags & WIRE_SPARSE))
        return false;
    return field->type == WIRE_STRING ? !*string || !**string : field->type == WIRE_COUNT && *number == 0;
}

static void add(const struct wire_field *field, const void *member, struct rpc_struct *s)
{
    const char *const *string = member;
    const uint64_t *count = member;

    switch (field->type) {
    case WIRE_STRING:
        rpc_struct_string(s, field->name, *string);
        break;
    case WIRE_INT:
        rpc_struct_int(s, field->name, *(const int *)member);
        break;
    case WIRE_COUNT:
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
    for (size_t i = 0; i < n; i++) {
        const void *member = (const char *)from + fields[i].offset;

        if (!is_left_out(&fields[i], member))
            add(&fields[i], member, s);
    }
}

/* Of a string's bytes most are sent as they are; what XML has a meaning for, and what is no ASCII, becomes a
 * reference, "&amp;" or "&#8364;", of no more bytes than this for each of its own. */
static size_t text_size(const char *text)
{
    enum { REFERENCE_MAX = 6 };
    size_t size = 0;

    for (; text && *text && size < (size_t)RPC_STRING_MAX * REFERENCE_MAX; text++)
        size += strchr("&<>\r", *text) || (unsigned char)*text >= 0x7f ? REFERENCE_MAX : 1;
    return size;
}

static size_t value_size(const struct wire_field *field, const void *member)
{
    char words[VERB_WORDS_SIZE];

    switch (field->type) {
    case WIRE_STRING:
        return strlen("<string></string>") + text_size(*(const char *const *)member);
    case WIRE_VERBS:
        verbs_to_string(*(const unsigned *)member, words);
        return strlen("<string></string>") + strlen(words);
    case WIRE_BOOL:
        return strlen("<boolean>1</boolean>");
    default:
        return strlen("<i4>-2147483648</i4>");
    }
}

static size_t field_size(const struct wire_field *field, const void *member)
{
    static const char AROUND[] = "<member><name></name>\r\n<value></value></member>\r\n";

    return is_left_out(field, member) ? 0 : strlen(AROUND) + strlen(field->name) + value_size(field, member);
}

size_t wire_fields_size(const struct wire_field fields[], size_t n, const void *from)
{
    size_t size = sizeof("<value><struct>\r\n</struct></value>\r\n");

    for (size_t i = 0; i < n; i++)
        size += field_size(&fields[i], (const char *)from + fields[i].offset);
    return size;
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
