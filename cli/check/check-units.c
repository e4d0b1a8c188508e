/* policy check: granted units and templates that are not there, grants of what carries us under another name,
 * and other units that run as the broker's user. */
#include "cli/check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "policy/carrier.h"
#include "polkit/ask/units.h"
#include "polkit/locks/files.h"

/* Of what is granted: the unit's or the template's own file, or files of the template's instances. */
static bool unit_exists(sd_bus *bus, const struct grant *grant)
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
    return strcmp(grant->unit, "example@.service") == 0 && grant->instances &&
           strcmp(grant->instances, "[0-9]{4}") == 0;
}

/* With any verb. */
static bool covers(const struct policy *alone, const char *unit)
{
    const struct grant *grant = &alone->grants[0];
    struct unit_name name;

    return unit_name_parse(unit, &name) == 0 &&
           policy_match(alone, &name, grant->verbs & -grant->verbs, NULL) == 0;
}

/* Of the template, whether they are covered or not. */
static int find_instances(sd_bus *bus, const struct grant *grant, struct unit_list *list)
{
    char pattern[GRANT_PATTERN_SIZE];
    int r;

    grant_unit_pattern(grant, pattern);
    r = units_add_loaded(bus, pattern, list);
    return r < 0 ? r : units_add_enabled(bus, grant->unit, list);
}

static bool covers_an_instance(sd_bus *bus, const struct grant *grant)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    struct policy alone = { .grants = (struct grant *)grant, .n_grants = 1 };

    if (find_instances(bus, grant, &list) < 0)
        return true; /* not known: no finding */
    for (size_t i = 0; i < list.n; i++)
        if (covers(&alone, list.items[i].name))
            return true;
    return false;
}

/* What carries us may have another name, too, and that one was granted. */
static void check_names(struct check *check, const struct grant *grant, const char *unit)
{
    _cleanup_(strv_freep) char **names = NULL;
    const struct carrier *carrier;

    if (unit_get_strings(check->live.bus, unit, "Unit", "Names", &names) < 0)
        return;
    for (char **p = names; *p; p++)
        if ((carrier = carrier_find(*p))) {
            finding_add(
                &check->findings, FINDING, grant->file, grant->line,
                "%s is the same unit as %s, which cannot be granted: it %s. The broker refuses it; take "
                "it out of this grant",
                unit, *p, carrier->why);
            return;
        }
}

/* Of a template, those that are loaded or enabled. */
static void check_aliases(struct check *check, const struct grant *grant)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    struct policy alone = { .grants = (struct grant *)grant, .n_grants = 1 };

    if (grant_is_plain(grant)) {
        check_names(check, grant, grant->unit);
        return;
    }
    if (find_instances(check->live.bus, grant, &list) < 0)
        return;
    for (size_t i = 0; i < list.n; i++)
        if (covers(&alone, list.items[i].name))
            check_names(check, grant, list.items[i].name);
}

static void check_grants(struct check *check)
{
    for (size_t i = 0; i < check->policy->n_grants; i++) {
        const struct grant *grant = &check->policy->grants[i];

        check_aliases(check, grant);
        if (!unit_exists(check->live.bus, grant))
            finding_add(&check->findings, is_shipped_example(grant) ? NOTE : FINDING, grant->file,
                        grant->line, "systemd has no %s %s: this grant does nothing until there is one",
                        grant_is_plain(grant) ? "unit" : "template", grant->unit);
        else if (!grant_is_plain(grant) && !covers_an_instance(check->live.bus, grant))
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

static bool is_user(const struct account *account, const char *user)
{
    char *end;
    unsigned long uid = strtoul(user, &end, 10);

    return strcmp(user, account->name) == 0 || (*user && !*end && uid == account->uid);
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
        check_grants(check);
    check_users(check);
}
