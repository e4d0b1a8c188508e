/* Three steps: what to ask for, the two lists, and a question at a time about what they do not say. */
#include "broker/calls/survey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/calls/instance-question.h"
#include "broker/systemd/systemd-call.h"
#include "broker/systemd/unit-read.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "policy/in-force.h"

enum {
    /* Whether an instance is enabled costs systemd a search through its directories, some 1.5 ms each. So few
     * at once that a click does not have to stand behind many of them. */
    QUERIES_MAX = 8,
};

struct instance_query {
    struct survey *survey;
    const struct instance_question *question;
    size_t index; /* in `found` */
    struct systemd_call *call;
};

struct survey {
    struct systemd *systemd;
    const struct policy_in_force *policy;
    survey_done done;
    void *userdata;
    struct systemd_call *units_call, *files_call;
    struct instance_query queries[QUERIES_MAX];
    size_t next_query, n_pending;
    struct instances found; /* by the one under way */
    struct instances last;  /* by the one before: what it knew that stays the same is believed */
};

/* --- the end --- */

static void stop_asking(struct survey *s)
{
    s->units_call = systemd_call_free(s->units_call);
    s->files_call = systemd_call_free(s->files_call);
    for (size_t i = 0; i < QUERIES_MAX; i++)
        s->queries[i].call = systemd_call_free(s->queries[i].call);
    s->next_query = s->n_pending = 0;
}

void survey_end(struct survey *s)
{
    stop_asking(s);
    instances_done(&s->found);
}

static void fail(struct survey *s, enum bus_fault fault, const char *text)
{
    survey_end(s);
    s->done(NULL, fault, text, s->userdata);
}

static void finish(struct survey *s)
{
    stop_asking(s);
    instances_done(&s->last);
    s->last = s->found;
    s->found = (struct instances){ 0 };
    s->done(&s->last, BUS_FAULT_NONE, "", s->userdata);
}

/* --- third step: which are enabled, and which can reload --- */

static void on_answer(const struct systemd_answer *answer, void *userdata);

/* Asks the next question that needs it. 0 when there is none left. */
static int ask_next(struct survey *s, struct instance_query *query)
{
    const struct instance_question *question;
    _cleanup_(freep) char *path = NULL;
    size_t index = 0;

    question = instance_question_next(&s->last, &s->found, &s->next_query, &index);
    if (!question)
        return 0;
    *query = (struct instance_query){ .survey = s, .question = question, .index = index };
    path = unit_read_path(s->found.items[query->index].unit);
    if (!path)
        return -ENOMEM;
    s->n_pending++;
    return systemd_call_get(s->systemd, path, "org.freedesktop.systemd1.Unit", question->property, on_answer,
                            query, &query->call);
}

static void go_on(struct survey *s, int r)
{
    if (r < 0)
        fail(s, BUS_FAULT_NOT_THERE, "");
    else if (s->n_pending == 0)
        finish(s);
}

static void on_answer(const struct systemd_answer *answer, void *userdata)
{
    struct instance_query *query = userdata;
    struct survey *s = query->survey;

    query->call = systemd_call_free(query->call);
    /* One that was unloaded meanwhile, say, costs its own word only. */
    if (answer->fault == BUS_FAULT_NONE)
        query->question->take(&s->found.items[query->index], answer->message);
    s->n_pending--;
    go_on(s, ask_next(s, query));
}

static void settle(struct survey *s)
{
    int r = 0;

    instances_settle(&s->found);
    for (size_t i = 0; i < QUERIES_MAX && r >= 0; i++)
        r = ask_next(s, &s->queries[i]);
    go_on(s, r);
}

/* --- second step: the two lists --- */

/* Whoever asks, everybody's answer is made of it (list.c). */
static const struct person ANYBODY = { .is_root = true };

/* Adds it, if something is granted there, to anybody. */
static struct instance *add(struct survey *s, const char *unit)
{
    struct unit_name name;
    struct instance *instance;
    unsigned verbs = 0;

    if (unit_name_parse(unit, &name) == 0 && s->policy->policy)
        verbs = policy_verbs(s->policy->policy, &ANYBODY, &name);
    instance = verbs != 0 ? instances_add(&s->found, unit) : NULL;
    if (instance)
        instance->verbs = verbs;
    return instance;
}

static void add_loaded(struct survey *s, const char *unit, const char *description, const char *load,
                       const char *active, const char *sub)
{
    struct instance *instance;

    if (strcmp(load, "not-found") == 0 || !(instance = add(s, unit)))
        return;
    instance->description = strndup(description, DESCRIPTION_MAX);
    (void)snprintf(instance->load_state, sizeof(instance->load_state), "%s", load);
    (void)snprintf(instance->active_state, sizeof(instance->active_state), "%s", active);
    (void)snprintf(instance->sub_state, sizeof(instance->sub_state), "%s", sub);
}

static int read_units(struct survey *s, sd_bus_message *m)
{
    const char *unit, *description, *load, *active, *sub;
    int r;

    r = sd_bus_message_enter_container(m, 'a', "(ssssssouso)");
    while (r >= 0) {
        r = sd_bus_message_read(m, "(ssssssouso)", &unit, &description, &load, &active, &sub, NULL, NULL,
                                NULL, NULL, NULL);
        if (r == 0)
            return 0;
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

    if (!instance_is_meant(unit, state) || !(instance = add(s, unit)))
        return;
    (void)snprintf(instance->active_state, sizeof(instance->active_state), "inactive");
    (void)snprintf(instance->sub_state, sizeof(instance->sub_state), "dead");
    instance->enabled = unit_file_state_is_enabled(state);
    instance->enabled_known = true;
}

static int read_files(struct survey *s, sd_bus_message *m)
{
    const char *path, *state;
    int r;

    r = sd_bus_message_enter_container(m, 'a', "(ss)");
    while (r >= 0) {
        r = sd_bus_message_read(m, "(ss)", &path, &state);
        if (r == 0)
            return 0;
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
        settle(s);
}

static void on_units(const struct systemd_answer *answer, void *userdata)
{
    struct survey *s = userdata;

    s->units_call = systemd_call_free(s->units_call);
    on_list(s, answer, read_units);
}

static void on_files(const struct systemd_answer *answer, void *userdata)
{
    struct survey *s = userdata;

    s->files_call = systemd_call_free(s->files_call);
    on_list(s, answer, read_files);
}

/* --- first step: what to ask for --- */

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

void survey_begin(struct survey *s)
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
    if (r >= 0)
        r = systemd_call_list_unit_files(s->systemd, patterns.list, on_files, s, &s->files_call);
    if (r < 0)
        fail(s, BUS_FAULT_NOT_THERE, "");
}

/* --- the survey --- */

void survey_forget(struct survey *s)
{
    instances_done(&s->last);
    for (size_t i = 0; i < s->found.n; i++)
        s->found.items[i].enabled_known = s->found.items[i].can_reload_known = false;
}

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
    instances_done(&s->last);
    free(s);
    return NULL;
}
