/* In the order given, where that delays none by more than a moment. */
#include "cli/shared/side-by-side.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/shared/fail.h"
#include "common/clock.h"

enum { HELD_BACK_USEC = 1000000 }; /* for those before it */

static void print_errors(const struct child *child)
{
    const char *end;

    for (const char *line = child->streams[CHILD_ERR].text; line && *line; line = end + (*end == '\n')) {
        end = line + strcspn(line, "\n");
        (void)fprintf(stderr, "%s: %.*s\n", child->name, (int)(end - line), line);
    }
}

static void show(struct child *child)
{
    const struct stream *out = &child->streams[CHILD_OUT];

    (void)printf("%s:\n", child->name);
    if (out->size > 0)
        (void)fwrite(out->text, 1, out->size, stdout);
    (void)fflush(stdout);
    print_errors(child);
    child->shown = true;
}

/* Those that have ended, unless one before them has not, and may in a moment. Returns for how long to wait
 * for that, in milliseconds; -1: as long as it takes. */
static int show_ended(struct children *children)
{
    bool in_order = true;
    int timeout = -1;

    for (struct child *child = children->list; child < children->list + children->n; child++) {
        uint64_t since = child->ended ? clock_usec() - child->ended_usec : 0;

        if (child->ended && !child->shown && (in_order || since >= HELD_BACK_USEC))
            show(child);
        else if (child->ended && !child->shown && timeout < 0)
            timeout = (int)((HELD_BACK_USEC - since) / USEC_PER_MSEC) + 1;
        in_order = in_order && child->ended;
    }
    return timeout;
}

static int worst(const struct children *children)
{
    int exit_status = CLI_EXIT_OK;

    for (size_t i = 0; i < children->n; i++)
        if (children->list[i].exit_status > exit_status)
            exit_status = children->list[i].exit_status;
    return exit_status;
}

int side_by_side(struct several *several)
{
    struct children *children = &several->children;
    int timeout = -1;

    for (size_t i = 0; i < several->hosts->n; i++)
        (void)children_begin(children, &several->hosts->list[i], several->words);
    while (children_listen(children, timeout))
        timeout = several->layout ? -1 : show_ended(children);
    if (!several->layout)
        (void)show_ended(children);
    return worst(children);
}
