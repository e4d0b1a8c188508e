/* Which units are asked about. */
#include "common/doors.h"
#include "polkit/ask/matrix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "polkit/ask/sample.h"

enum { FOREIGN_MAX = 8 }; /* services that happen to be loaded; one stands for many */

struct builder {
    struct matrix *matrix;
    sd_bus *bus;
    size_t n_bases; /* names of each grant that near misses are made of */
};

static bool has_row(const struct matrix *matrix, const char *name)
{
    for (size_t i = 0; i < matrix->n_rows; i++)
        if (strcmp(matrix->rows[i].name, name) == 0)
            return true;
    return false;
}

/* The verbs that the policy file grants for a name, and the grant nearest to it. */
static uint32_t granted_verbs(const struct policy *policy, const char *name, const struct grant **ret_grant)
{
    const struct grant *grant;
    struct unit_name parsed;
    uint32_t verbs = 0;

    *ret_grant = NULL;
    if (unit_name_parse(name, &parsed) != 0)
        return 0;
    for (size_t i = 0; i < ASK_N_VERBS; i++) {
        unsigned verb = verb_from_string(ASK_VERBS[i].word);
        int r = policy_match(policy, &parsed, verb, &grant);

        if (r == 0)
            verbs |= UINT32_C(1) << i;
        if (r == 0 || !*ret_grant)
            *ret_grant = grant;
    }
    return verbs;
}

static int add_row(struct builder *b, enum row_kind kind, const char *name, const char *state)
{
    struct matrix *matrix = b->matrix;
    struct row *row;

    if (has_row(matrix, name))
        return 0;
    if (!ARRAY_ROOM(matrix->rows, matrix->n_rows))
        return -ENOMEM;
    row = &matrix->rows[matrix->n_rows++];
    *row = (struct row){ .kind = kind, .order = matrix->n_rows };
    (void)snprintf(row->name, sizeof(row->name), "%s", name);
    (void)snprintf(row->own_name, sizeof(row->own_name), "%s", name);
    (void)snprintf(row->state, sizeof(row->state), "%s", state);
    row->broker = row->granted = granted_verbs(matrix->policy, name, &row->grant);
    return 0;
}

/* What is granted by name; what is not, in the order in which it was thought of: the first ones are the
 * telling ones. */
static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    if (x->kind < ROW_NEAR_MISS)
        return strcmp(x->name, y->name);
    return x->order < y->order ? -1 : x->order > y->order;
}

static void sort_rows(struct matrix *matrix)
{
    if (matrix->n_rows > 0)
        qsort(matrix->rows, matrix->n_rows, sizeof(*matrix->rows), compare_rows);
}

/* PID 1 asks about the unit that an alias stands for. Asking loads the unit, if there is one of that name. */
static void resolve(struct builder *b, struct row *row)
{
    _cleanup_(freep) char *own_name = NULL;
    const struct grant *grant;

    if (unit_get_string(b->bus, row->name, "Unit", "Id", &own_name) < 0 ||
        strlen(own_name) >= sizeof(row->own_name))
        return;
    (void)snprintf(row->own_name, sizeof(row->own_name), "%s", own_name);
    row->granted = granted_verbs(b->matrix->policy, own_name, &grant);
}

static int add_units(struct builder *b, const struct grant *grant)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    char pattern[GRANT_PATTERN_SIZE];
    int r;

    grant_unit_pattern(grant, pattern);
    r = units_add_loaded(b->bus, pattern, &list);
    if (r >= 0 && grant_is_plain(grant))
        r = units_add_files(b->bus, pattern, &list);
    else if (r >= 0)
        r = units_add_enabled(b->bus, grant->unit, &list);
    for (size_t i = 0; i < list.n && r >= 0; i++) {
        const struct unit_entry *unit = &list.items[i];

        if (strcmp(unit->load_state, "not-found") == 0)
            continue;
        if (b->matrix->n_rows >= MATRIX_INSTANCES_MAX)
            b->matrix->truncated = true;
        else
            r = add_row(b, ROW_INSTANCE, unit->name,
                        unit->active_state[0] ? unit->active_state : unit->load_state);
    }
    return r;
}

/* What belongs to the first grant for a template, or for a plain unit, stands for all of them. */
static bool unit_seen(const struct policy *policy, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(policy->grants[j].unit, policy->grants[i].unit) == 0)
            return true;
    return false;
}

static int add_sample(struct builder *b, const char *unit)
{
    return add_row(b, sample_covered(b->matrix->policy, unit) ? ROW_SAMPLE : ROW_RULE, unit, "-");
}

static int add_samples(struct builder *b, const struct grant *grant)
{
    char instance[UNIT_NAME_SIZE];
    struct unit_name name;
    int r = 0;

    if (grant_is_plain(grant))
        return add_sample(b, grant->unit);
    for (size_t i = 0; i < grant->n_patterns; i++)
        for (unsigned variant = 0; variant < 3 && r >= 0; variant++)
            if (sample_instance(grant->pattern_texts[i], variant, instance) &&
                unit_name_build(grant->unit, instance, &name) == 0)
                r = add_sample(b, name.unit);
    return r;
}

static int on_near_miss(const char *name, void *userdata)
{
    return add_row(userdata, ROW_NEAR_MISS, name, "-");
}

/* The names a unit has besides its own are near misses too: PID 1 never asks by them. */
static int add_aliases(struct builder *b, const char *name)
{
    _cleanup_(strv_freep) char **names = NULL;
    int r = 0;

    if (unit_get_strings(b->bus, name, "Unit", "Names", &names) < 0)
        return 0;
    for (char **p = names; *p && r >= 0; p++)
        if (strcmp(*p, name) != 0 && strlen(*p) < UNIT_NAME_SIZE && !sample_covered(b->matrix->policy, *p))
            r = add_row(b, ROW_NEAR_MISS, *p, "alias");
    return r;
}

/* Made of the first names that the grant covers. Rows are added meanwhile, so none of them is held on to. */
static int add_near_misses(struct builder *b, const struct grant *grant)
{
    struct unit_name name;
    size_t n_rows = b->matrix->n_rows, used = 0;
    int r = 0;

    for (size_t i = 0; i < n_rows && used < b->n_bases && r >= 0; i++) {
        const struct row *row = &b->matrix->rows[i];

        if (row->grant != grant || row->broker == 0 || row->kind == ROW_NEAR_MISS)
            continue;
        if (unit_name_parse(row->name, &name) == 0)
            r = sample_near_misses(b->matrix->policy, &name, on_near_miss, b);
        if (r >= 0)
            r = add_aliases(b, name.unit);
        used++;
    }
    return r;
}

static const char *const FOREIGN[] = {
    "ssh.service",
    "sshd.service",
    "dbus.service",
    "dbus.socket",
    "polkit.service",
    "cron.service",
    "systemd-journald.service",
    "systemd-logind.service",
    "systemd-udevd.service",
    "getty@tty1.service",
    "user@0.service",
    "restarter-broker.service",
    DOOR_CLIENTS_UNIT,
    "restarter-webfront.service",
    "emergency.service",
    "rescue.target",
    "multi-user.target",
    "reboot.target",
    "poweroff.target",
    "init.scope",
    "-.mount",
    "system.slice",
    "unheard-of.service",
    "unheard-of@1.service",
};

static int add_foreign(struct builder *b)
{
    _cleanup_(unit_list_done) struct unit_list list = { 0 };
    int r = 0;

    for (size_t i = 0; i < sizeof(FOREIGN) / sizeof(*FOREIGN) && r >= 0; i++)
        r = add_row(b, ROW_FOREIGN, FOREIGN[i], "-");
    if (r >= 0)
        r = units_add_loaded(b->bus, "*.service", &list);
    for (size_t i = 0; i < list.n && i < FOREIGN_MAX && r >= 0; i++)
        r = add_row(b, ROW_FOREIGN, list.items[i].name, list.items[i].active_state);
    return r;
}

int matrix_add_samples(struct matrix *matrix, const struct policy *other)
{
    struct builder b = { .matrix = matrix };
    int r = 0;

    for (size_t i = 0; i < other->n_grants && r >= 0; i++)
        r = add_samples(&b, &other->grants[i]);
    sort_rows(matrix);
    return r;
}

int matrix_build(struct matrix *matrix, sd_bus *bus, const struct policy *policy, bool foreign)
{
    struct builder b = { .matrix = matrix, .bus = bus };
    int r = 0;

    *matrix = (struct matrix){ .policy = policy, .with_actions = foreign, .verbs = verbs_all() };
    b.n_bases = policy->n_grants <= 4 ? 2 : 1;
    for (size_t i = 0; i < policy->n_grants && r >= 0; i++)
        if (!unit_seen(policy, i))
            r = add_units(&b, &policy->grants[i]);
    for (size_t i = 0; i < policy->n_grants && r >= 0; i++)
        r = add_samples(&b, &policy->grants[i]);
    for (size_t i = 0; i < matrix->n_rows; i++)
        resolve(&b, &matrix->rows[i]);
    sort_rows(matrix);
    for (size_t i = 0; i < policy->n_grants && r >= 0; i++)
        r = add_near_misses(&b, &policy->grants[i]);
    if (r >= 0 && foreign)
        r = add_foreign(&b);
    sort_rows(matrix);
    return r;
}

int matrix_build_names(struct matrix *matrix, sd_bus *bus, const struct policy *policy, char *const *names,
                       size_t n, bool literal)
{
    struct builder b = { .matrix = matrix, .bus = bus };
    int r = 0;

    *matrix = (struct matrix){ .policy = policy, .verbs = verbs_all() };
    for (size_t i = 0; i < n && r >= 0; i++)
        if (strlen(names[i]) < UNIT_NAME_SIZE)
            r = add_row(&b, sample_covered(policy, names[i]) ? ROW_SAMPLE : ROW_FOREIGN, names[i], "-");
    for (size_t i = 0; i < matrix->n_rows && !literal; i++)
        resolve(&b, &matrix->rows[i]);
    return r;
}
