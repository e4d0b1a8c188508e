/* A list that comes in parts is read anew when something in it changed meanwhile: a row may stand elsewhere
 * then. */
#include "cli/shared/rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/shared/call.h"
#include "common/array.h"

enum {
    TRIES = 5, /* to read it while nothing in it changes, when it comes in parts */
    /* Of what systemd's list does not say the broker asks it unit by unit, the first time: so few that an
     * answer comes in time however busy the machine is, and no more than it tells all about. */
    PART_ROWS = 100,
    /* Far more than a broker lists, 20,000 units: one that never comes to an end is left. */
    PARTS_MAX = 500,
};

void rows_done(struct rows *rows)
{
    for (size_t i = 0; i < rows->n_parts; i++)
        wire_answer_done(&rows->parts[i]);
    free(rows->parts);
    free(rows->list.instances);
    *rows = (struct rows){ .parts = NULL };
}

static const struct wire_list *last(const struct rows *rows)
{
    return &rows->parts[rows->n_parts - 1].list;
}

/* A broker that answers with another part than was asked for has no more to tell. */
static bool is_stuck(const struct rows *rows)
{
    return rows->n_parts > 1 && last(rows)->offset <= rows->parts[rows->n_parts - 2].list.offset;
}

static bool is_whole(const struct rows *rows)
{
    const struct wire_list *list = last(rows);

    return !list->truncated || list->n_instances == 0 || list->offset + list->n_instances >= list->matching ||
           is_stuck(rows) || rows->n_parts == PARTS_MAX;
}

static int read_part(const struct cli_place *place, struct wire_list_options part, struct rows *rows)
{
    int r;

    if (!ARRAY_ROOM(rows->parts, rows->n_parts))
        return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
    part.limit = PART_ROWS;
    part.offset = rows->n_parts > 0 ? (int)(last(rows)->offset + last(rows)->n_instances) : 0;
    r = call_read(place, &(struct wire_call){ .method = &WIRE_METHODS[WIRE_METHOD_LIST], .list = part },
                  &rows->parts[rows->n_parts]);
    if (r == CLI_EXIT_OK)
        rows->n_parts++;
    return r;
}

static int read_all(const struct cli_place *place, const struct wire_list_options *options, struct rows *rows)
{
    int r;

    do {
        r = read_part(place, *options, rows);
        if (r == CLI_EXIT_OK)
            rows->changed = rows->changed || strcmp(last(rows)->cursor, rows->parts[0].list.cursor) != 0;
    } while (r == CLI_EXIT_OK && !is_whole(rows));
    return r;
}

static int join(struct rows *rows)
{
    size_t n = 0;

    for (size_t i = 0; i < rows->n_parts; i++)
        n += rows->parts[i].list.n_instances;
    rows->list = rows->parts[0].list;
    rows->list.truncated = last(rows)->truncated;
    rows->list.n_instances = 0;
    rows->list.instances = calloc(n + 1, sizeof(*rows->list.instances));
    for (size_t i = 0; rows->list.instances && i < rows->n_parts; i++) {
        const struct wire_list *list = &rows->parts[i].list;

        memcpy(&rows->list.instances[rows->list.n_instances], list->instances,
               list->n_instances * sizeof(*list->instances));
        rows->list.n_instances += list->n_instances;
    }
    return rows->list.instances ? CLI_EXIT_OK : fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
}

int rows_read(const struct cli_place *place, const struct wire_list_options *options, struct rows *ret)
{
    struct rows rows = { .changed = true };
    int r = CLI_EXIT_OK;

    for (int i = 0; i < TRIES && r == CLI_EXIT_OK && rows.changed; i++) {
        rows_done(&rows);
        r = read_all(place, options, &rows);
    }
    if (r == CLI_EXIT_OK)
        r = join(&rows);
    if (r == CLI_EXIT_OK)
        *ret = rows;
    else
        rows_done(&rows);
    return r;
}
