/* As journalctl does: $SYSTEMD_PAGER, else $PAGER, else what there is; "" and "cat" are none. */
#include "cli/shared/pager.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHATEVER "for p in pager less more; do command -v $p >/dev/null && exec $p; done; exec cat"

static bool never;

void pager_never(void)
{
    never = true;
}

static const char *command(void)
{
    const char *own = getenv("SYSTEMD_PAGER");

    if (!own)
        own = getenv("PAGER");
    return own ? own : WHATEVER;
}

FILE *pager_begin(void)
{
    const char *pager = command();
    FILE *out = NULL;

    if (never || !isatty(STDOUT_FILENO) || !*pager || strcmp(pager, "cat") == 0)
        return stdout;
    /* It ends when it fits on the screen; and it runs nothing, whoever may have become root for this. */
    (void)setenv("LESS", "FRSXMK", 0);
    (void)setenv("LESSSECURE", "1", 1);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)fflush(stdout);
    out = popen(pager, "w"); /* NOLINT(cert-env33-c): whoever set it runs this */
    return out ? out : stdout;
}

void pager_end(FILE *out)
{
    if (out != stdout)
        (void)pclose(out);
}
