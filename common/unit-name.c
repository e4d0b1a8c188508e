/* The closed grammar of unit names, see unit-name.h. Written without ctype.h on purpose: what is a letter
 * must not depend on a locale. */

#include "common/unit-name.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789"
                               ":_.-";

/* What the shortest prefix leaves for an instance. */
#define INSTANCE_MAX (UNIT_NAME_SIZE - 1 - strlen("x@" UNIT_NAME_SUFFIX))

const char *unit_name_outcome(int outcome)
{
    switch (outcome) {
    case 0:
        return "the unit name is valid";
    case UNIT_NAME_E_TOO_LONG:
        return "the unit name is longer than 255 characters";
    case UNIT_NAME_E_NOT_SERVICE:
        return "the unit name does not end in .service";
    case UNIT_NAME_E_TEMPLATE:
        return "the name is a template's, and lacks an instance between '@' and .service";
    case UNIT_NAME_E_NOT_TEMPLATE:
        return "the name is not of the form prefix@.service";
    default:
        return "the unit name has a character outside A-Z a-z 0-9 : _ . - or lacks a part";
    }
}

/* All of text[0..length), and not nothing. */
static bool in_alphabet(const char *text, size_t length)
{
    return length > 0 && strspn(text, alphabet) >= length;
}

/* systemd ignores unit files whose names start with a dot, and a dash at the front asks to be taken for an
 * option. */
static bool prefix_valid(const char *prefix, size_t length)
{
    return in_alphabet(prefix, length) && !strchr(":.-", prefix[0]);
}

bool unit_instance_valid(const char *instance)
{
    size_t length = strnlen(instance, UNIT_NAME_SIZE);

    return length <= INSTANCE_MAX && in_alphabet(instance, length);
}

/* Finds the suffix, which every name in this grammar has, and the first '@', if there is one before it. */
static int find_marks(const char *name, const char **ret_at, const char **ret_suffix)
{
    size_t length = strnlen(name, UNIT_NAME_SIZE);
    size_t suffix_length = strlen(UNIT_NAME_SUFFIX);
    const char *suffix;

    if (length == 0)
        return UNIT_NAME_E_INVALID;
    if (length >= UNIT_NAME_SIZE)
        return UNIT_NAME_E_TOO_LONG;
    if (length < suffix_length)
        return UNIT_NAME_E_NOT_SERVICE;

    suffix = name + length - suffix_length;
    if (strcmp(suffix, UNIT_NAME_SUFFIX) != 0)
        return UNIT_NAME_E_NOT_SERVICE;

    *ret_at = memchr(name, '@', length - suffix_length);
    *ret_suffix = suffix;
    return 0;
}

int unit_template_check(const char *template)
{
    const char *at, *suffix;
    int r;

    r = find_marks(template, &at, &suffix);
    if (r)
        return r;
    if (!prefix_valid(template, (size_t)((at ? at : suffix) - template)))
        return UNIT_NAME_E_INVALID;

    return at && at + 1 == suffix ? 0 : UNIT_NAME_E_NOT_TEMPLATE;
}

/* One and the other, and the suffix: together they are known to fit. */
static void join(const char *one, size_t one_length, const char *other, size_t other_length,
                 char ret[static UNIT_NAME_SIZE])
{
    memcpy(ret, one, one_length);
    memcpy(ret + one_length, other, other_length);
    strcpy(ret + one_length + other_length, UNIT_NAME_SUFFIX);
}

/* The prefix with its '@'. */
static void put_together(const char *prefix, size_t prefix_length, const char *instance,
                         size_t instance_length, struct unit_name *ret)
{
    join(prefix, prefix_length, instance, instance_length, ret->unit);
    join(prefix, prefix_length, "", 0, ret->template);
    memcpy(ret->instance, instance, instance_length);
    ret->instance[instance_length] = '\0';
}

static int parse_plain(const char *unit, const char *suffix, struct unit_name *ret)
{
    size_t length = (size_t)(suffix - unit);

    if (!prefix_valid(unit, length))
        return UNIT_NAME_E_INVALID;
    join(unit, length, "", 0, ret->unit);
    ret->template[0] = ret->instance[0] = '\0';
    return 0;
}

static int parse_instance(const char *unit, const char *at, const char *suffix, struct unit_name *ret)
{
    size_t prefix_length = (size_t)(at - unit) + 1, instance_length = (size_t)(suffix - (at + 1));

    if (!prefix_valid(unit, prefix_length - 1))
        return UNIT_NAME_E_INVALID;
    if (instance_length == 0)
        return UNIT_NAME_E_TEMPLATE;
    if (!in_alphabet(at + 1, instance_length))
        return UNIT_NAME_E_INVALID;

    put_together(unit, prefix_length, at + 1, instance_length, ret);
    return 0;
}

int unit_name_parse(const char *unit, struct unit_name *ret)
{
    const char *at, *suffix;
    int r;

    r = find_marks(unit, &at, &suffix);
    if (r)
        return r;
    return at ? parse_instance(unit, at, suffix, ret) : parse_plain(unit, suffix, ret);
}

int unit_name_build(const char *template, const char *instance, struct unit_name *ret)
{
    size_t prefix_length, instance_length;
    int r;

    r = unit_template_check(template);
    if (r)
        return r;

    instance_length = strnlen(instance, UNIT_NAME_SIZE);
    if (instance_length >= UNIT_NAME_SIZE)
        return UNIT_NAME_E_TOO_LONG;
    if (!in_alphabet(instance, instance_length))
        return UNIT_NAME_E_INVALID;

    prefix_length = strlen(template) - strlen(UNIT_NAME_SUFFIX);
    if (prefix_length + instance_length + strlen(UNIT_NAME_SUFFIX) >= UNIT_NAME_SIZE)
        return UNIT_NAME_E_TOO_LONG;

    put_together(template, prefix_length, instance, instance_length, ret);
    return 0;
}

/* What an id may end in to name a unit that is no service: such a name is never an instance. */
static bool names_another_type(const char *id)
{
    static const char *const TYPES[] = {
        ".automount", ".device", ".mount", ".path",   ".scope", ".slice",
        ".snapshot",  ".socket", ".swap",  ".target", ".timer",
    };
    const char *dot = strrchr(id, '.');

    for (size_t i = 0; dot && i < sizeof(TYPES) / sizeof(*TYPES); i++)
        if (strcmp(dot, TYPES[i]) == 0)
            return true;
    return false;
}

static bool ends_in_suffix(const char *id)
{
    size_t length = strlen(id), suffix = strlen(UNIT_NAME_SUFFIX);

    return length >= suffix && strcmp(id + length - suffix, UNIT_NAME_SUFFIX) == 0;
}

bool unit_id_is_name(const char *id)
{
    return strchr(id, '@') || ends_in_suffix(id);
}

int unit_id_parse(const char *id, struct unit_name *ret)
{
    char unit[UNIT_NAME_SIZE];
    size_t length = strnlen(id, UNIT_NAME_SIZE);

    if (length + strlen(UNIT_NAME_SUFFIX) >= UNIT_NAME_SIZE || ends_in_suffix(id) || names_another_type(id))
        return unit_name_parse(id, ret);
    join(id, length, "", 0, unit);
    return unit_name_parse(unit, ret);
}

int unit_id_check(const char *id)
{
    struct unit_name name;

    if (unit_id_is_name(id))
        return unit_id_parse(id, &name);
    if (strnlen(id, UNIT_NAME_SIZE) > INSTANCE_MAX)
        return UNIT_NAME_E_TOO_LONG;
    return unit_instance_valid(id) ? 0 : UNIT_NAME_E_INVALID;
}
