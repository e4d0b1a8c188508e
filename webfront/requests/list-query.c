/* A form's fields, in the address. */
#include "webfront/requests/list-query.h"

#include <string.h>

struct reading {
    struct wire_list_options options;
    char machine[MACHINE_NAME_SIZE];
};

static int take_machine(const char *value, void *userdata)
{
    struct reading *reading = userdata;

    if (*value && !machine_name_valid(value))
        return LIST_QUERY_E_MACHINE;
    (void)stpcpy(reading->machine, value);
    return 0;
}

static int take_filter(const char *value, void *userdata)
{
    struct wire_list_options *options = &((struct reading *)userdata)->options;

    return wire_filter_clean(value, options->filter) ? 0 : LIST_QUERY_E_FILTER;
}

/* "" is all of them, as for the page. */
static int take_state(const char *value, void *userdata)
{
    struct wire_list_options *options = &((struct reading *)userdata)->options;

    options->state = unit_group_from_string(value);
    return options->state != UNIT_GROUP_NONE || *value == '\0' ? 0 : LIST_QUERY_E_STATE;
}

static int read_number(const char *value, int min, int max, int *ret)
{
    int number = 0;

    if (*value == '\0' || strlen(value) > 7 || value[strspn(value, "0123456789")] != '\0')
        return LIST_QUERY_E_NUMBER;
    for (; *value; value++)
        number = number * 10 + (*value - '0');
    *ret = number;
    return number >= min && number <= max ? 0 : LIST_QUERY_E_NUMBER;
}

static int take_offset(const char *value, void *userdata)
{
    struct wire_list_options *options = &((struct reading *)userdata)->options;

    return read_number(value, 0, 9999999, &options->offset);
}

static int take_limit(const char *value, void *userdata)
{
    struct wire_list_options *options = &((struct reading *)userdata)->options;

    return read_number(value, 1, WIRE_LIMIT_MAX, &options->limit);
}

int list_query_read(const char *query, struct wire_list_options *ret,
                    char ret_machine[static MACHINE_NAME_SIZE])
{
    static const struct field FIELDS[] = { { "machine", take_machine },
                                           { "q", take_filter },
                                           { "state", take_state },
                                           { "offset", take_offset },
                                           { "limit", take_limit } };
    struct reading reading = { .machine = "" };
    unsigned seen;
    int r = fields_read(query, strlen(query), FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), &reading, &seen);

    if (r != 0)
        return r < 0 ? LIST_QUERY_E_FIELD : r;
    *ret = reading.options;
    (void)stpcpy(ret_machine, reading.machine);
    return 0;
}

const char *list_query_text(int outcome)
{
    switch (outcome) {
    case LIST_QUERY_E_FILTER:
        return "q is a text of at most 100 bytes.";
    case LIST_QUERY_E_STATE:
        return "state is failed, restarting, running or stopped.";
    case LIST_QUERY_E_NUMBER:
        return "offset is a number from 0, and limit one from 1 to 500.";
    case LIST_QUERY_E_MACHINE:
        return "machine is a name of machines.conf: 1 to 63 of A-Z a-z 0-9 . and -, first a letter or a digit.";
    default:
        return "Behind the question mark there may be machine, q, state, offset and limit, each once, and properly "
               "encoded.";
    }
}
