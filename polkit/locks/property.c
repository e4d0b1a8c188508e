/* Values of properties, and the files that they come from. */
#include "polkit/locks/property.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/units.h"
#include "polkit/locks/files.h"

#define SYSTEMD "org.freedesktop.systemd1"

/* --- values --- */

/* As many bytes as any of these takes; which one it is says the type. */
union basic {
    uint8_t y;
    int b; /* as sd-bus has it */
    int16_t n;
    uint16_t q;
    int32_t i;
    uint32_t u;
    int64_t x;
    uint64_t t;
    double d;
    const char *s;
};

static void print_basic(char type, const union basic *value, FILE *out)
{
    switch (type) {
    case 'b':
        (void)fputs(value->b ? "yes" : "no", out);
        break;
    case 'y':
        (void)fprintf(out, "%" PRIu8, value->y);
        break;
    case 'n':
        (void)fprintf(out, "%" PRIi16, value->n);
        break;
    case 'q':
        (void)fprintf(out, "%" PRIu16, value->q);
        break;
    case 'i':
        (void)fprintf(out, "%" PRIi32, value->i);
        break;
    case 'u':
        (void)fprintf(out, "%" PRIu32, value->u);
        break;
    case 'x':
        (void)fprintf(out, "%" PRIi64, value->x);
        break;
    case 't':
        (void)fprintf(out, "%" PRIu64, value->t);
        break;
    case 's':
    case 'o':
    case 'g':
        (void)fputs(value->s, out);
        break;
    default: /* no unit has anything else to say */
        (void)fputc('?', out);
        break;
    }
}

/* Everything up to the end of the container that the message is in. Depth: that of the type, which is
 * systemd's. NOLINTNEXTLINE(misc-no-recursion) */
static int print_all(sd_bus_message *message, bool *first, FILE *out)
{
    union basic value;
    const char *contents;
    char type;
    int r;

    while ((r = sd_bus_message_peek_type(message, &type, &contents)) > 0) {
        if (strchr("arve", type)) {
            r = sd_bus_message_enter_container(message, type, contents);
            if (r >= 0)
                r = print_all(message, first, out);
            if (r >= 0)
                r = sd_bus_message_exit_container(message);
        } else {
            r = sd_bus_message_read_basic(message, type, &value);
            if (r >= 0 && !*first)
                (void)fputc(' ', out);
            if (r >= 0)
                print_basic(type, &value, out);
            *first = false;
        }
        if (r < 0)
            break;
    }
    return r;
}

/* Calls a method of D-Bus's for properties: `property` is NULL where it takes none. */
static int call(sd_bus *bus, const char *method, const char *unit, const char *interface,
                const char *property, sd_bus_message **ret)
{
    _cleanup_(freep) char *path = NULL;
    char name[64];
    int r = sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path);

    if (r < 0)
        return r;
    (void)snprintf(name, sizeof(name), SYSTEMD ".%s", interface);
    return sd_bus_call_method(bus, SYSTEMD, path, "org.freedesktop.DBus.Properties", method, NULL, ret,
                              property ? "ss" : "s", name, property);
}

/* All that is left of the container. */
static int print_rest(sd_bus_message *message, char **ret)
{
    _cleanup_(freep) char *text = NULL;
    bool first = true;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int r;

    if (!out)
        return -ENOMEM;
    r = print_all(message, &first, out);
    if (fclose(out) == EOF)
        return -ENOMEM;
    if (r < 0)
        return r;
    *ret = TAKE_PTR(text);
    return 0;
}

int property_text(sd_bus *bus, const char *unit, const char *interface, const char *property, char **ret)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    int r = call(bus, "Get", unit, interface, property, &reply);

    return r < 0 ? r : print_rest(reply, ret);
}

int properties_read(sd_bus *bus, const char *unit, const char *interface, sd_bus_message **ret)
{
    return call(bus, "GetAll", unit, interface, NULL, ret);
}

/* Enters the pair of that name. */
static int find_pair(sd_bus_message *all, const char *property)
{
    const char *name;
    int r = sd_bus_message_rewind(all, true);

    if (r >= 0)
        r = sd_bus_message_enter_container(all, 'a', "{sv}");
    while (r >= 0 && (r = sd_bus_message_enter_container(all, 'e', "sv")) > 0) {
        r = sd_bus_message_read(all, "s", &name);
        if (r >= 0 && strcmp(name, property) == 0)
            return 0;
        if (r >= 0)
            r = sd_bus_message_skip(all, "v");
        if (r >= 0)
            r = sd_bus_message_exit_container(all);
    }
    return r < 0 ? r : -ENOENT;
}

int properties_text(sd_bus_message *all, const char *property, char **ret)
{
    int r = find_pair(all, property);

    return r < 0 ? r : print_rest(all, ret);
}

/* --- places --- */

unsigned setting_line(const char *text, const char *key)
{
    size_t length = strlen(key);
    unsigned number = 1, found = 0;

    for (const char *line = text; line; number++) {
        line += strspn(line, " \t");
        if (strncmp(line, key, length) == 0 && line[length + strspn(line + length, " \t")] == '=')
            found = number;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return found;
}

static unsigned line_in(const char *path, const char *key)
{
    _cleanup_(freep) char *text = NULL;

    return file_read(path, &text) == 0 && text ? setting_line(text, key) : 0;
}

/* systemd lists drop-ins in the order in which it reads them. */
unsigned setting_find(sd_bus *bus, const char *unit, const char *key, char **ret_file)
{
    _cleanup_(strv_freep) char **drop_ins = NULL;
    _cleanup_(freep) char *fragment = NULL;
    const char *file = NULL;
    unsigned line = 0;

    *ret_file = NULL;
    (void)unit_get_strings(bus, unit, "Unit", "DropInPaths", &drop_ins);
    (void)unit_get_string(bus, unit, "Unit", "FragmentPath", &fragment);
    for (char **p = drop_ins; p && *p; p++)
        if (line_in(*p, key)) {
            file = *p;
            line = line_in(*p, key);
        }
    if (!file && fragment && *fragment) {
        file = fragment;
        line = line_in(fragment, key);
    }
    if (file)
        *ret_file = strdup(file);
    return line;
}
