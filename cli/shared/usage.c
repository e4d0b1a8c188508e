/* What restartctl says about a command line it does not understand. */
#include "cli/shared/cli.h"

#include <stdarg.h>
#include <stdio.h>

int cli_usage_error(const char *format, ...)
{
    va_list ap;

    (void)fputs("restartctl: ", stderr);
    va_start(ap, format);
    (void)vfprintf(stderr, format, ap);
    va_end(ap);
    (void)fputs("\nTry 'restartctl --help'.\n", stderr);
    return CLI_EXIT_USAGE;
}
