/* Word for word. */
#include "common/key-value.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool value_bool(const char *value, bool *ret)
{
    static const char *const words[] = { "no", "yes", "false", "true", "off", "on", "0", "1" };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i], value) == 0) {
            *ret = i % 2 == 1;
            return true;
        }
    return false;
}

bool value_seconds(const char *value, uint64_t max, uint64_t *ret)
{
    static const struct {
        const char *name;
        uint64_t seconds;
    } units[] = { { "", 1 }, { "s", 1 }, { "sec", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 } };
    size_t n_digits = strspn(value, "0123456789");
    uint64_t seconds;

    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (n_digits == 0 || n_digits > 7 || strcmp(value + n_digits, units[i].name) != 0)
            continue;
        seconds = strtoull(value, NULL, 10) * units[i].seconds;
        if (seconds > max)
            break;
        *ret = seconds;
        return true;
    }
    return false;
}
