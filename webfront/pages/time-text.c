/* In UTC, since the machine's own zone says nothing of the reader's. */
#include "webfront/pages/time-text.h"

#include <time.h>

struct time_text time_text_of(uint64_t seconds)
{
    struct time_text text = { 0 };
    time_t at = (time_t)seconds;
    struct tm tm;

    if (seconds == 0 || !gmtime_r(&at, &tm))
        return text;
    (void)strftime(text.iso, sizeof(text.iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
    (void)strftime(text.clock, sizeof(text.clock), "%Y-%m-%d %H:%M:%S UTC", &tm);
    return text;
}
