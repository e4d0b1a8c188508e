/* Both lists are asked for at once, and each is made a table as it comes. */
#include "broker/table/survey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/systemd-call.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "policy/in-force.h"

struct survey {
    struct systemd *systemd;
    const struct policy_in_force *policy;
    survey_done done;
    void *userdata;
    struct systemd_call *units_call, *files_call;
    bool has_units; /* they came */
    struct instances units, files;
};

/* --- the end --- */

bool survey_is_under_way(const struct survey *s)
{
    return s->units_call || s->files_call;
}

struct instances *survey_units(struct survey *s)
{
    return s->has_units ? &s->units : NULL;
}

void survey_end(struct survey *s)
{
    s->units_call = systemd_call_free(s->units_call);
    s->files_call = systemd_call_free(s->files_call);
    s->has_units = false;
    instances_done(&s->units);
    instances_done(&s->files);
}

static void fail(struct survey *s, enum bus_fault fault, const char *text)
{
    survey_end(s);
    s->done(NULL, NULL, fault, text, s->userdata);
}

static void finish(struct survey *s)
{
    struct instances units = s->units, files = s->files;

    s->units = s->files = (struct instances){ 0 };
    survey_end(s);
    s->done(&units, &files, BUS_FAULT_NONE, "", s->userdata);
    instances_done(&units);
    instances_done(&files);
}

/* --- the two lists --- */

/* Whoever asks, everybody's answer is made of it (list.c). */
static const struct person ANYBODY = { .is_root = true };

unsigned survey_verbs(const struct policy_in_force *policy, const char *unit)
{
    struct unit_name name;

    return policy->policy && unit_name_parse(unit, &name) == 0 ? policy_verbs(policy->policy, &ANYBODY, &name)
                                                               : 0;
}

/* Adds it, if something is granted there, to anybody. */
static struct instance *add(struct survey *s, struct instances *to, const char *unit)
{
    unsigned verbs = survey_verbs(s->policy, unit);
    struct instance *instance = verbs != 0 ? instances_add(to, unit) : NULL;

    if (instance)
        instance->verbs = verbs;
    return instance;
}

static void add_loaded(struct survey *s, const char *unit, const char *description, const char *load,
                       const char *active, const char *sub)
{
    struct instance *instance;

    if (strcmp(load, "not-found") == 0 || !(instance = add(s, &s->units, unit)))
        return;
    instance->description = strndup(description, DESCRIPTION_MAX);
    (void)snprintf(instance->load_state, sizeof(instance->load_state), "%s", load);
    instance_set_state(instance, active, sub);
}

static int read_units(struct survey *s, sd_bus_message *m)
{
    const char *unit, *description, *load, *active, *sub;
    int r;

    r = sd_bus_message_enter_container(m, 'a', "(ssssssouso)");
    while (r >= 0) {
        r = sd_bus_message_read(m, "(ssssssouso)", &unit, &description, &load, &active, &sub, NULL, NULL,
                                NULL, NULL, NULL);
        if (r == 0) {
            instances_settle(&s->units);
            return 0;
        }
        if (r > 0)
            add_loaded(s, unit, description, load, active, sub);
    }
    return r;
}

/* Only what has a unit file of its own is in this list; what a template's instances are enabled by are links
 * elsewhere, and those instances are loaded. */
static void add_file(struct survey *s, const char *path, const char *state)
{
    const char *slash = strrchr(path, '/');
    const char *unit = slash ? slash + 1 : path;
    struct instance *instance;

    if (instance_is_meant(unit, state) && (instance = add(s, &s->files, unit)))
        instance_set_unloaded(instance, unit_file_state_is_enabled(state));
}

static int read_files(struct survey *s, sd_bus_message *m)
{
    const char *path, *state;
    int r;

    r = sd_bus_message_enter_container(m, 'a', "(ss)");
    while (r >= 0) {
        r = sd_bus_message_read(m, "(ss)", &path, &state);
        if (r == 0) {
            instances_settle(&s->files);
            return 0;
        }
        if (r > 0)
            add_file(s, path, state);
    }
    return r;
}

static void on_list(struct survey *s, const struct systemd_answer *answer,
                    int (*read)(struct survey *s, sd_bus_message *m))
{
    if (answer->fault != BUS_FAULT_NONE)
        fail(s, answer->fault, answer->text);
    else if (read(s, answer->message) < 0)
        fail(s, BUS_FAULT_SYSTEMD, "its answer is not what was asked for");
    else if (!s->units_call && !s->files_call)
        finish(s);
}

static void on_units(const struct systemd_answer *answer, void *userdata)
{
    struct survey *s = userdata;

    s->units_call = systemd_call_free(s->units_call);
    s->has_units = true;
    on_list(s, answer, read_units);
}

static void on_files(const struct systemd_answer *answer, void *userdata)
{
    struct survey *s = userdata;

    s->files_call = systemd_call_free(s->files_call);
    on_list(s, answer, read_files);
}

/* --- what to ask for --- */

/* Two grants of one template give the same twice, which systemd does not mind. */
static int make_patterns(const struct policy *policy, struct texts *ret)
{
    int r = 0;

    for (size_t i = 0; i < policy->n_grants && r >= 0; i++) {
        char pattern[GRANT_PATTERN_SIZE];

        grant_unit_pattern(&policy->grants[i], pattern);
        r = texts_take(ret, strdup(pattern));
    }
    return r;
}

void survey_begin(struct survey *s, bool with_files)
{
    const struct policy *policy = s->policy->policy;
    _cleanup_(texts_done) struct texts patterns = { 0 };
    int r;

    if (!policy || policy->n_grants == 0) {
        finish(s);
        return;
    }
    r = make_patterns(policy, &patterns);
    if (r >= 0)
        r = systemd_call_list_units(s->systemd, patterns.list, on_units, s, &s->units_call);
    if (r >= 0 && with_files)
        r = systemd_call_list_unit_files(s->systemd, patterns.list, on_files, s, &s->files_call);
    if (r < 0)
        fail(s, BUS_FAULT_NOT_THERE, "");
}

/* --- the survey --- */

int survey_new(struct systemd *systemd, const struct policy_in_force *policy, survey_done done,
               void *userdata, struct survey **ret)
{
    struct survey *s = calloc(1, sizeof(*s));

    if (!s)
        return -ENOMEM;
    s->systemd = systemd;
    s->policy = policy;
    s->done = done;
    s->userdata = userdata;
    *ret = s;
    return 0;
}

struct survey *survey_free(struct survey *s)
{
    if (!s)
        return NULL;
    survey_end(s);
    free(s);
    return NULL;
}
