/* Bytes, for names are ASCII. */
#include "cli/shared/columns.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/text.h"

#define RED "\033[31m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

void cli_print_column(const char *text, int width)
{
    _cleanup_(freep) char *clean = text_clean_copy(text);

    (void)printf("%-*s ", width, clean ? clean : "?");
}

static bool has_colour(void)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no && *no) && !(terminal && strcmp(terminal, "dumb") == 0);
}

static const char *colour_of(const char *state)
{
    if (strcmp(state, "failed") == 0)
        return RED;
    return strcmp(state, "active") == 0 || strcmp(state, "running") == 0 ? GREEN : NULL;
}

void cli_print_state(const char *text, int width)
{
    const char *colour = has_colour() ? colour_of(text) : NULL;

    _cleanup_(freep) char *clean = text_clean_copy(text);

    (void)printf("%s%-*s%s%s", colour ? colour : "", width, clean ? clean : "?", colour ? PLAIN : "",
                 width > 0 ? " " : "");
}
