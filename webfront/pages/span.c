/* Tenths are what one can tell apart. */
#include "webfront/pages/span.h"

#include <inttypes.h>
#include <stdio.h>

const char *span_format(enum language language, uint64_t milliseconds, char ret[static SPAN_SIZE])
{
    if (milliseconds < 1000)
        (void)snprintf(ret, SPAN_SIZE, "%" PRIu64 " ms", milliseconds);
    else
        (void)snprintf(ret, SPAN_SIZE, "%" PRIu64 "%s%" PRIu64 " s", milliseconds / 1000,
                       language_text(language, WORD_DECIMAL_POINT), milliseconds % 1000 / 100);
    return ret;
}

const char *span_format_known(enum language language, uint64_t milliseconds, char ret[static SPAN_SIZE])
{
    return milliseconds > 0 ? span_format(language, milliseconds, ret) : NULL;
}
