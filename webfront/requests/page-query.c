/* By hand, since whatever is not ours is passed over here; each value is decoded strictly by the fields'
 * reader. */
#include "webfront/requests/page-query.h"

#include <stdlib.h>
#include <string.h>

#include "webfront/requests/fields.h"

enum {
    PAGE_MAX = 100 * 1000,
};

struct reading {
    struct wire_list_options *part;
    int rows;
};

static int take_filter(const char *value, void *userdata)
{
    struct reading *reading = userdata;

    return wire_filter_clean(value, reading->part->filter) ? 0 : PAGE_QUERY_E_TOO_LONG;
}

static int take_state(const char *value, void *userdata)
{
    struct reading *reading = userdata;

    reading->part->state = unit_group_from_string(value);
    return 0;
}

static int take_page(const char *value, void *userdata)
{
    struct reading *reading = userdata;
    size_t length = strlen(value);
    unsigned long page =
        length > 0 && length <= 6 && strspn(value, "0123456789") == length ? strtoul(value, NULL, 10) : 1;

    if (page > 1 && page <= PAGE_MAX)
        reading->part->offset = (int)(page - 1) * reading->rows;
    return 0;
}

int page_query_read(const char *query, int rows, struct wire_list_options *ret)
{
    static const struct field FIELDS[] = { { "q", take_filter },
                                           { "state", take_state },
                                           { "page", take_page } };
    struct wire_list_options part = { .limit = rows };
    struct reading reading = { &part, rows };
    int r = 0;

    while (*query && r != PAGE_QUERY_E_TOO_LONG) {
        size_t length = strcspn(query, "&");
        unsigned seen;

        r = length > FIELDS_SIZE_MAX
                ? PAGE_QUERY_E_TOO_LONG
                : fields_read(query, length, FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), &reading, &seen);
        query += length;
        query += *query == '&';
    }
    if (r == PAGE_QUERY_E_TOO_LONG)
        return r;
    *ret = part;
    return 0;
}
