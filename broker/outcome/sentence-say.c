/* Cut where there is no more room. */
#include "broker/outcome/sentence-say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sentence_say(struct outcome *o, int refusal, const char *format, ...)
{
    va_list ap;

    o->refusal = refusal;
    o->admins_from = 0;
    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(o->sentence, sizeof(o->sentence), format, ap);
    va_end(ap);
}

void sentence_tell_admins(struct outcome *o, const char *format, ...)
{
    size_t used = strlen(o->sentence);
    va_list ap;

    o->admins_from = (unsigned)used;
    va_start(ap, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): as in sentence_say() */
    (void)vsnprintf(o->sentence + used, sizeof(o->sentence) - used, format, ap);
    va_end(ap);
}
