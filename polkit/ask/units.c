/* Units and unit files, over the bus. */
#include "polkit/ask/units.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define MANAGER "org.freedesktop.systemd1.Manager"

void unit_list_done(struct unit_list *list)
{
    free(list->items);
    *list = (struct unit_list){ 0 };
}

bool unit_list_has(const struct unit_list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return true;
    return false;
}

/* Once each; names too long for our own grammar are none of ours. */
static int add(struct unit_list *list, const char *name, const char *load_state, const char *active_state)
{
    struct unit_entry *entry;

    if (strlen(name) >= UNIT_NAME_SIZE || unit_list_has(list, name))
        return 0;
    if (!ARRAY_ROOM(list->items, list->n))
        return -ENOMEM;
    entry = &list->items[list->n++];
    (void)snprintf(entry->name, sizeof(entry->name), "%s", name);
    (void)snprintf(entry->load_state, sizeof(entry->load_state), "%s", load_state);
    (void)snprintf(entry->active_state, sizeof(entry->active_state), "%s", active_state);
    return 0;
}

static int list_by_pattern(sd_bus *bus, const char *method, const char *pattern, sd_bus_message **ret)
{
    return sd_bus_call_method(bus, SYSTEMD, SYSTEMD_PATH, MANAGER, method, NULL, ret, "asas", 0, 1, pattern);
}

int units_add_loaded(sd_bus *bus, const char *pattern, struct unit_list *list)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    const char *name, *load, *active;
    int r = list_by_pattern(bus, "ListUnitsByPatterns", pattern, &reply);

    if (r >= 0)
        r = sd_bus_message_enter_container(reply, 'a', "(ssssssouso)");
    while (r >= 0) {
        r = sd_bus_message_read(reply, "(ssssssouso)", &name, NULL, &load, &active, NULL, NULL, NULL, NULL,
                                NULL, NULL);
        if (r <= 0)
            break;
        r = add(list, name, load, active);
    }
    return r;
}

int units_add_files(sd_bus *bus, const char *pattern, struct unit_list *list)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    const char *path;
    int r = list_by_pattern(bus, "ListUnitFilesByPatterns", pattern, &reply);

    if (r >= 0)
        r = sd_bus_message_enter_container(reply, 'a', "(ss)");
    while (r >= 0) {
        r = sd_bus_message_read(reply, "(ss)", &path, NULL);
        if (r <= 0)
            break;
        r = add(list, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, "file", "");
    }
    return r;
}

/* What enabling leaves behind: PREFIX@INSTANCE.service in a .wants/ or its like. The grammar of unit names
 * has no character that glob() takes for something else. */
static int add_links(const char *directory, const char *template, struct unit_list *list)
{
    char pattern[4096];
    glob_t found;
    int r = 0;

    (void)snprintf(pattern, sizeof(pattern), "%s/*.{wants,requires,upholds}/%.*s?*.service", directory,
                   (int)(strchr(template, '@') + 1 - template), template);
    if (glob(pattern, GLOB_BRACE | GLOB_NOSORT, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc && r >= 0; i++)
        r = add(list, strrchr(found.gl_pathv[i], '/') + 1, "enabled", "");
    globfree(&found);
    return r;
}

int units_add_enabled(sd_bus *bus, const char *template, struct unit_list *list)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
    const char *directory;
    int r = sd_bus_get_property(bus, SYSTEMD, SYSTEMD_PATH, MANAGER, "UnitPath", NULL, &reply, "as");

    if (r >= 0)
        r = sd_bus_message_enter_container(reply, 'a', "s");
    while (r >= 0) {
        r = sd_bus_message_read(reply, "s", &directory);
        if (r <= 0)
            break;
        r = add_links(directory, template, list);
    }
    return r;
}

/* Where a unit is on the bus. */
struct place {
    char *path;
    char interface[64];
};

static int find_place(const char *unit, const char *interface, struct place *ret)
{
    (void)snprintf(ret->interface, sizeof(ret->interface), "org.freedesktop.systemd1.%s", interface);
    return sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &ret->path);
}

static void place_done(struct place *place)
{
    free(place->path);
}

void unit_hold(sd_bus *bus, const char *unit)
{
    (void)sd_bus_call_method(bus, SYSTEMD, SYSTEMD_PATH, MANAGER, "RefUnit", NULL, NULL, "s", unit);
}

int unit_get_string(sd_bus *bus, const char *unit, const char *interface, const char *property, char **ret)
{
    _cleanup_(place_done) struct place place = { 0 };
    int r = find_place(unit, interface, &place);

    return r < 0 ? r
                 : sd_bus_get_property_string(bus, SYSTEMD, place.path, place.interface, property, NULL, ret);
}

int unit_get_bool(sd_bus *bus, const char *unit, const char *interface, const char *property, bool *ret)
{
    _cleanup_(place_done) struct place place = { 0 };
    int value = 0, r = find_place(unit, interface, &place);

    if (r >= 0)
        r = sd_bus_get_property_trivial(bus, SYSTEMD, place.path, place.interface, property, NULL, 'b',
                                        &value);
    if (r >= 0)
        *ret = value != 0;
    return r;
}

int unit_get_strings(sd_bus *bus, const char *unit, const char *interface, const char *property, char ***ret)
{
    _cleanup_(place_done) struct place place = { 0 };
    int r = find_place(unit, interface, &place);

    return r < 0 ? r
                 : sd_bus_get_property_strv(bus, SYSTEMD, place.path, place.interface, property, NULL, ret);
}

int manager_call(sd_bus *bus, const char *method, const char *unit, const char *mode, char **ret_error)
{
    _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
    int r = sd_bus_call_method(bus, SYSTEMD, SYSTEMD_PATH, MANAGER, method, &error, NULL, unit ? "ss" : NULL,
                               unit, mode);

    if (r < 0 && ret_error)
        *ret_error = strdup(error.message ? error.message : strerror(-r));
    return r;
}
