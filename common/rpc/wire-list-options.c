/* Each option is a row, for the way in; the way out says those that are set. */
#include "common/rpc/wire-list-options.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-options.h"
#include "common/text.h"

/* Where the next word begins; it ends at a blank or at the text's end. */
static const char *next_word(const char *text, size_t *ret_length)
{
    text += strspn(text, " ");
    *ret_length = strcspn(text, " ");
    return text;
}

bool wire_filter_clean(const char *text, char ret_filter[static WIRE_FILTER_SIZE])
{
    _cleanup_(freep) char *clean = text_clean_copy(text);
    size_t used = 0, length;

    *ret_filter = '\0';
    if (!clean)
        return false;
    for (const char *word = next_word(clean, &length); length > 0; word = next_word(word + length, &length)) {
        if (used + (used > 0) + length > WIRE_FILTER_MAX) {
            *ret_filter = '\0';
            return false;
        }
        if (used > 0)
            ret_filter[used++] = ' ';
        memcpy(ret_filter + used, word, length);
        used += length;
        ret_filter[used] = '\0';
    }
    return true;
}

bool wire_list_options_same(const struct wire_list_options *a, const struct wire_list_options *b)
{
    return strcmp(a->filter, b->filter) == 0 && a->state == b->state && a->offset == b->offset &&
           a->limit == b->limit;
}

bool wire_list_options_empty(const struct wire_list_options *options)
{
    return wire_list_options_same(options, &(struct wire_list_options){ .filter = "" });
}

/* --- in --- */

struct reading {
    struct wire_list_options *options;
    char *machine;
};

static bool read_filter(xmlrpc_value *value, void *to)
{
    struct wire_list_options *options = ((struct reading *)to)->options;
    _cleanup_(freep) char *filter = rpc_read_any_string(value);

    return filter && wire_filter_clean(filter, options->filter);
}

static bool read_state(xmlrpc_value *value, void *to)
{
    struct wire_list_options *options = ((struct reading *)to)->options;
    _cleanup_(freep) char *word = NULL;

    if (!rpc_read_string(value, &word))
        return false;
    options->state = unit_group_from_string(word);
    return options->state != UNIT_GROUP_NONE || !*word;
}

static bool read_offset(xmlrpc_value *value, void *to)
{
    struct wire_list_options *options = ((struct reading *)to)->options;

    return rpc_read_int(value, &options->offset) && options->offset >= 0;
}

static bool read_limit(xmlrpc_value *value, void *to)
{
    struct wire_list_options *options = ((struct reading *)to)->options;

    return rpc_read_int(value, &options->limit) && options->limit >= 1 && options->limit <= WIRE_LIMIT_MAX;
}

static bool read_machine(xmlrpc_value *value, void *to)
{
    const struct reading *reading = to;

    return wire_option_machine(value, reading->machine);
}

static const struct wire_option OPTIONS[] = {
    { "filter", read_filter }, { "state", read_state },     { "offset", read_offset },
    { "limit", read_limit },   { "machine", read_machine },
};

bool wire_list_options_read(xmlrpc_value *value, struct wire_list_options *ret,
                            char ret_machine[static MACHINE_NAME_SIZE])
{
    struct reading reading = { ret, ret_machine };

    return wire_options_read(OPTIONS, sizeof(OPTIONS) / sizeof(*OPTIONS), value, &reading);
}

/* --- out --- */

xmlrpc_value *wire_list_options_value(const struct wire_list_options *options)
{
    struct rpc_struct s = rpc_struct_begin();

    if (options->filter[0])
        rpc_struct_string(&s, "filter", options->filter);
    if (options->state != UNIT_GROUP_NONE)
        rpc_struct_string(&s, "state", unit_group_to_string(options->state));
    if (options->offset > 0)
        rpc_struct_int(&s, "offset", options->offset);
    if (options->limit > 0)
        rpc_struct_int(&s, "limit", options->limit);
    return rpc_struct_end(&s);
}
