/* The terminal's own line editing is all that is needed. */
#include "cli/shared/why.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/shared/cli.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "common/verb.h"

bool reason_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static int refuse(unsigned verb, const char *why)
{
    return fail(CLI_EXIT_REFUSED, "Nothing was %s: %s.", verb_done(verb), why);
}

int reason_ask(unsigned verb, const char *unit, char ret[static REASON_SIZE])
{
    _cleanup_(freep) char *line = NULL;
    size_t size = 0;

    (void)fprintf(stderr, "A %s of ", verb_to_string(verb));
    text_print(stderr, unit);
    (void)fputs(" needs a reason, which is recorded. Why? ", stderr);
    if (getline(&line, &size, stdin) < 0) {
        (void)fputc('\n', stderr);
        return refuse(verb, "no reason was given");
    }
    if (reason_clean(line, ret) != 0)
        return refuse(verb, "a reason has at most 200 bytes");
    return *ret ? CLI_EXIT_OK : refuse(verb, "no reason was given");
}
