/* What was in the file is not quoted by those who call this: files of passwords are among them. */
#include "common/mistake.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int mistake_set(struct mistake *ret, const char *file, unsigned line, const char *format, ...)
{
    va_list ap;
    size_t used;

    if (line > 0)
        (void)snprintf(ret->text, sizeof(ret->text), "%s:%u: ", file, line);
    else
        (void)snprintf(ret->text, sizeof(ret->text), "%s: ", file);
    used = strlen(ret->text);
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(ret->text + used, sizeof(ret->text) - used, format, ap);
    va_end(ap);
    return MISTAKE;
}
