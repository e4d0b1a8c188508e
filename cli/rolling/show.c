/* A terminal that knows no more than a typewriter (TERM=dumb) is none. */
#include "cli/rolling/show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/text.h"

enum { WIDTH = 80, WIDTH_MAX = 400 };

#define BEGIN_ANEW "\r\033[K"

static bool is_terminal(FILE *file)
{
    const char *term = getenv("TERM");

    return isatty(fileno(file)) && term && strcmp(term, "dumb") != 0;
}

void rolling_show_begin(struct rolling_show *show, bool is_json, bool is_quiet)
{
    FILE *out = is_json ? stderr : stdout;

    *show = (struct rolling_show){ .live = !is_quiet && is_terminal(out) ? out : NULL };
    show->has_lines = !is_quiet && !is_json && !show->live;
}

static size_t width_of(FILE *file)
{
    struct winsize size;

    if (ioctl(fileno(file), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
        return WIDTH;
    return size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
}

/* The last column is left free: many a terminal goes to the next line with it. */
void rolling_show_moment(struct rolling_show *show, const struct rolling_plan *plan,
                         const struct rolling_moment *moment)
{
    char line[WIDTH_MAX];

    if (!show->live)
        return;
    (void)rolling_line(plan, moment, line, width_of(show->live));
    (void)fprintf(show->live, BEGIN_ANEW "%s", line);
    (void)fflush(show->live);
    show->has_live_line = true;
}

void rolling_show_clear(struct rolling_show *show)
{
    if (!show->has_live_line)
        return;
    (void)fputs(BEGIN_ANEW, show->live);
    (void)fflush(show->live);
    show->has_live_line = false;
}

void rolling_show_unit(struct rolling_show *show, const struct rolling_plan *plan, size_t i)
{
    const struct rolling_unit *unit = &plan->units[i];
    FILE *out = unit->phase == ROLLING_DONE ? stdout : stderr;
    const char *message = unit->message ? unit->message : "";

    if (unit->phase == ROLLING_DONE && !show->has_lines)
        return;
    rolling_show_clear(show);
    (void)fprintf(out, "%zu of %zu: ", i + 1, plan->n);
    if (!strstr(message, unit->unit))
        (void)fprintf(out, "%s: ", unit->unit);
    text_print(out, message);
    (void)fputc('\n', out);
    (void)fflush(out);
}
