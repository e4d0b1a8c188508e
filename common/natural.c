/* Runs of digits are compared as numbers of any length, the rest byte by byte. */
#include "common/natural.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct part {
    const char *at, *end;
};

static bool is_digit(const struct part *part)
{
    return part->at < part->end && *part->at >= '0' && *part->at <= '9';
}

/* What stands at the beginning, without its zeros, is stepped over. */
static struct part take_number(struct part *part)
{
    struct part number;

    while (part->at < part->end && *part->at == '0')
        part->at++;
    number.at = part->at;
    while (is_digit(part))
        part->at++;
    number.end = part->at;
    return number;
}

static int compare_numbers(struct part *a, struct part *b)
{
    struct part x = take_number(a), y = take_number(b);
    ptrdiff_t longer = (x.end - x.at) - (y.end - y.at);

    if (longer != 0)
        return longer < 0 ? -1 : 1;
    return memcmp(x.at, y.at, (size_t)(x.end - x.at));
}

static int compare_parts(struct part a, struct part b)
{
    int order = 0;

    while (order == 0 && a.at < a.end && b.at < b.end) {
        if (is_digit(&a) && is_digit(&b))
            order = compare_numbers(&a, &b);
        else
            order = (unsigned char)*a.at++ - (unsigned char)*b.at++;
    }
    return order != 0 ? order : (a.at < a.end) - (b.at < b.end);
}

/* Without what all of them end in, ".service". */
static struct part name_of(const char *unit)
{
    const char *dot = strrchr(unit, '.');

    return (struct part){ unit, dot ? dot : unit + strlen(unit) };
}

/* What stands before the "@" is stepped over. */
static struct part take_template(struct part *name)
{
    struct part template = *name;

    while (name->at < name->end && *name->at != '@')
        name->at++;
    template.end = name->at;
    return template;
}

int natural_compare(const char *unit, const char *other)
{
    struct part a = name_of(unit), b = name_of(other);
    int order = compare_parts(take_template(&a), take_template(&b));

    if (order == 0)
        order = compare_parts(a, b);
    return order != 0 ? order : strcmp(unit, other);
}
