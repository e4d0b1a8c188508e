/* policy check: granted templates that are not there, and other units that run as the broker's user. */
#include "cli/check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "polkit/ask/units.h"
#include "polkit/locks/files.h"

/* Of what is granted: the template's own file, or files of its instances. */
static bool template_exists(sd_bus *bus, const struct grant *grant)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    char pattern[GRANT_PATTERN_SIZE];

    grant_unit_pattern(grant, pattern);
    if (units_add_files(bus, pattern, &list) < 0 || units_add_loaded(bus, pattern, &list) < 0)
        return true; /* not known: no finding */
    for (size_t i = 0; i < list.n; i++)
        if (strcmp(list.items[i].load_state, "not-found") != 0)
            return true;
    return false;
}

/* Which no system has until its admin writes one: nothing that anybody forgot. */
static bool is_shipped_example(const struct grant *grant)
{
    return strcmp(grant->unit, "example@.service") == 0 && strcmp(grant->instances, "[0-9]{4}") == 0;
}

static bool covers_any(const struct grant *grant, const struct unit_list *list)
{
    struct policy alone = { .grants = (struct grant *)grant, .n_grants = 1 };
    struct unit_name name;

    for (size_t i = 0; i < list->n; i++)
        if (unit_name_parse(list->items[i].name, &name) == 0 &&
            policy_match(&alone, &name, grant->verbs & -grant->verbs, NULL) == 0)
            return true;
    return false;
}

/* Of the instances that are loaded or enabled. */
static bool covers_an_instance(sd_bus *bus, const struct grant *grant)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    char pattern[GRANT_PATTERN_SIZE];

    grant_unit_pattern(grant, pattern);
    return units_add_loaded(bus, pattern, &list) < 0 || units_add_enabled(bus, grant->unit, &list) < 0 ||
           covers_any(grant, &list);
}

static void check_templates(struct check *check)
{
    for (size_t i = 0; i < check->policy->n_grants; i++) {
        const struct grant *grant = &check->policy->grants[i];

        if (!template_exists(check->live.bus, grant))
            finding_add(&check->findings, is_shipped_example(grant) ? NOTE : FINDING, grant->file,
                        grant->line, "systemd has no template %s: this grant does nothing until there is one",
                        grant->unit);
        else if (!covers_an_instance(check->live.bus, grant))
            finding_add(&check->findings, NOTE, grant->file, grant->line,
                        "this grant covers no instance of %s that is loaded or enabled", grant->unit);
    }
}

/* A template's settings are seen on an instance of it. */
static const char *loadable_name(const char *name, char buffer[static UNIT_NAME_SIZE])
{
    const char *at = strstr(name, "@.");

    if (!at || strlen(name) + strlen("restartctl-check") >= UNIT_NAME_SIZE)
        return name;
    (void)snprintf(buffer, UNIT_NAME_SIZE, "%.*s@restartctl-check%s", (int)(at - name), name, at + 1);
    return buffer;
}

static bool is_broker(const char *name)
{
    return strcmp(name, "restarter-broker.service") == 0 ||
           strncmp(name, "restarter-broker@", strlen("restarter-broker@")) == 0;
}

static bool is_user(const struct person *person, const char *user)
{
    char *end;
    unsigned long uid = strtoul(user, &end, 10);

    return strcmp(user, person->name) == 0 || (*user && !*end && uid == person->uid);
}

/* Where the setting stands: in the unit's file or one of its drop-ins. */
static void report_user(struct check *check, const char *name, const char *unit)
{
    _cleanup_(strv_freep) char **drop_ins = NULL;
    _cleanup_(freep) char *fragment = NULL, *text = NULL;
    const char *file = NULL;
    unsigned line = 0;

    (void)unit_get_strings(check->live.bus, unit, "Unit", "DropInPaths", &drop_ins);
    for (char **p = drop_ins; p && *p; p++) {
        free(text);
        text = NULL;
        if (file_read(*p, &text) == 0 && line_of(text, "User=")) {
            file = *p;
            line = line_of(text, "User=");
        }
    }
    if (!file && unit_get_string(check->live.bus, unit, "Unit", "FragmentPath", &fragment) >= 0) {
        free(text);
        text = NULL;
        (void)file_read(fragment, &text);
        file = *fragment ? fragment : NULL;
        line = line_of(text, "User=");
    }
    finding_add(
        &check->findings, FINDING, file, line,
        "%s runs as user %s: what polkit lets the broker do it may do as well; give it a user of its own",
        name, check->broker.name);
}

static void check_users(struct check *check)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };

    (void)units_add_files(check->live.bus, "*.service", &list);
    (void)units_add_loaded(check->live.bus, "*.service", &list);
    for (size_t i = 0; i < list.n; i++) {
        _cleanup_(freep) char *user = NULL;
        char buffer[UNIT_NAME_SIZE];
        const char *unit = loadable_name(list.items[i].name, buffer);

        if (!is_broker(list.items[i].name) &&
            unit_get_string(check->live.bus, unit, "Service", "User", &user) >= 0 &&
            is_user(&check->broker, user))
            report_user(check, list.items[i].name, unit);
    }
}

void check_units(struct check *check)
{
    if (check->policy)
        check_templates(check);
    check_users(check);
}
