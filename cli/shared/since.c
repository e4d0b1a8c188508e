/* Words, spans and dates, each tried in turn; nothing may be left over. */
#include "cli/shared/since.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

static time_t midnight(time_t now, int days)
{
    struct tm tm = { 0 };

    (void)localtime_r(&now, &tm);
    tm.tm_mday += days;
    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    tm.tm_isdst = -1;
    return mktime(&tm);
}

static bool parse_word(const char *text, time_t now, time_t *ret)
{
    if (strcmp(text, "now") == 0)
        *ret = now;
    else if (strcmp(text, "today") == 0)
        *ret = midnight(now, 0);
    else if (strcmp(text, "yesterday") == 0)
        *ret = midnight(now, -1);
    else
        return false;
    return true;
}

/* --- spans --- */

static const struct unit {
    const char *names; /* a blank before and behind each */
    time_t seconds;
} UNITS[] = {
    { " s sec second seconds ", 1 }, { " m min minute minutes ", 60 }, { " h hr hour hours ", 3600 },
    { " d day days ", 86400 },       { " w week weeks ", 604800 },
};

static bool find_unit(const char *name, size_t length, time_t *ret_seconds)
{
    char padded[16] = " ";

    if (length == 0 || length > sizeof(padded) - 3)
        return false;
    memcpy(padded + 1, name, length);
    memcpy(padded + 1 + length, " ", 2);
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(*UNITS); i++)
        if (strstr(UNITS[i].names, padded)) {
            *ret_seconds = UNITS[i].seconds;
            return true;
        }
    return false;
}

/* "1h", "90 min": moves behind it and the blanks that follow. */
static bool step_span(const char **at, time_t *seconds)
{
    size_t n_digits = strspn(*at, "0123456789"), length;
    const char *name = *at + n_digits + strspn(*at + n_digits, " ");
    time_t unit;

    length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    if (n_digits == 0 || n_digits > 6 || !find_unit(name, length, &unit))
        return false;
    *seconds += strtol(*at, NULL, 10) * unit;
    *at = name + length + strspn(name + length, " ");
    return true;
}

static bool parse_span(const char *text, time_t now, time_t *ret)
{
    bool minus = *text == '-';
    time_t seconds = 0;

    text += minus;
    if (!step_span(&text, &seconds))
        return false;
    while (*text && strcmp(text, "ago") != 0)
        if (!step_span(&text, &seconds))
            return false;
    /* "1h" alone would be in an hour. */
    if (minus == (*text != '\0') || seconds > now)
        return false;
    *ret = now - seconds;
    return true;
}

/* --- dates --- */

static bool takes_all(const char *text, const char *format, struct tm *tm)
{
    const char *end = strptime(text, format, tm);

    return end && *end == '\0';
}

/* mktime() would make the 3rd of March of a 31st of February. */
static bool is_there(const struct tm *asked, time_t *ret)
{
    struct tm tm = *asked;

    tm.tm_isdst = -1;
    *ret = mktime(&tm);
    return *ret > 0 && tm.tm_mday == asked->tm_mday && tm.tm_mon == asked->tm_mon &&
           tm.tm_hour == asked->tm_hour;
}

static bool parse_date(const char *text, time_t now, time_t *ret)
{
    static const char *const FORMATS[] = { "%Y-%m-%d",       "%Y-%m-%d %H:%M",    "%Y-%m-%d %H:%M:%S",
                                           "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M",
                                           "%H:%M:%S" };

    for (size_t i = 0; i < sizeof(FORMATS) / sizeof(*FORMATS); i++) {
        struct tm tm = { 0 };

        (void)localtime_r(&now, &tm);
        tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        if (takes_all(text, FORMATS[i], &tm))
            return is_there(&tm, ret);
    }
    return false;
}

bool since_parse(const char *text, time_t now, uint64_t *ret_usec)
{
    time_t moment;

    if (!parse_word(text, now, &moment) && !parse_span(text, now, &moment) && !parse_date(text, now, &moment))
        return false;
    *ret_usec = (uint64_t)moment * USEC_PER_SEC;
    return true;
}
