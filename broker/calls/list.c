/* The survey: two lists from systemd, and for instances not seen before whether they are enabled and can
 * reload, which is kept until systemd says that unit files changed. One survey under way at most; those who
 * ask while it runs are given its result, unless something changed since it began: they wait for the next
 * one. */
#include "broker/calls/list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "broker/calls/core.h"
#include "broker/calls/instance.h"
#include "broker/calls/instance-question.h"
#include "broker/calls/list-answer.h"
#include "broker/calls/request.h"
#include "broker/jobs/sentence.h"
#include "broker/systemd/systemd-call.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "policy/policy.h"

enum {
    /* Whether an instance is enabled costs systemd a search through its directories, some 1.5 ms each. So few
     * at once that a click does not have to stand behind many of them. */
    QUERIES_MAX = 8,
    KEEP_USEC = 250 * 1000,
};

struct instance_query {
    struct lister *lister;
    const struct instance_question *question;
    size_t index; /* in `found` */
    struct systemd_call *call;
};

struct lister {
    struct broker *broker;
    struct request_list waiting, next;
    uint64_t began_usec;
    bool outdated; /* something changed since then */
    struct http_shared *kept;
    uint64_t kept_until_usec;
    struct systemd_call *units_call, *files_call;
    struct instance_query queries[QUERIES_MAX];
    size_t next_query, n_pending;
    struct instances found; /* of the survey under way */
    struct instances last;  /* of the one before: what it knew that stays the same is believed */
};

/* --- the end of a survey --- */

static void end_survey(struct lister *l)
{
    l->units_call = systemd_call_free(l->units_call);
    l->files_call = systemd_call_free(l->files_call);
    for (size_t i = 0; i < QUERIES_MAX; i++)
        l->queries[i].call = systemd_call_free(l->queries[i].call);
    l->next_query = l->n_pending = 0;
}

static void keep(struct lister *l, struct http_shared *response)
{
    uint64_t now_usec = clock_usec(), took_usec = now_usec - l->began_usec;

    l->kept = http_shared_unref(l->kept);
    if (l->outdated)
        return;
    l->kept = http_shared_ref(response);
    l->kept_until_usec = now_usec + (took_usec < KEEP_USEC ? took_usec : KEEP_USEC);
}

static void answer_all(struct lister *l, struct http_shared *response)
{
    struct request *request;

    while ((request = TAILQ_FIRST(&l->waiting))) {
        TAILQ_REMOVE(&l->waiting, request, link);
        request_answer_shared(request, response);
    }
}

static void begin_survey(struct lister *l);

static void begin_next(struct lister *l)
{
    TAILQ_CONCAT(&l->waiting, &l->next, link);
    if (!TAILQ_EMPTY(&l->waiting))
        begin_survey(l);
}

static void finish(struct lister *l)
{
    struct http_shared *response = list_answer_new(l->broker, &l->found);

    end_survey(l);
    keep(l, response);
    answer_all(l, response);
    http_shared_unref(response);
    instances_done(&l->last);
    l->last = l->found;
    l->found = (struct instances){ 0 };
    begin_next(l);
}

static void refuse_all(struct lister *l, const struct outcome *outcome)
{
    struct request *request;

    end_survey(l);
    instances_done(&l->found);
    TAILQ_CONCAT(&l->waiting, &l->next, link);
    while ((request = TAILQ_FIRST(&l->waiting))) {
        TAILQ_REMOVE(&l->waiting, request, link);
        request_fault(request, outcome->refusal, outcome->sentence, outcome->retry_after);
    }
}

static void fail(struct lister *l, enum bus_fault fault, const char *text)
{
    struct outcome outcome = { .unit = "the instances" };

    sentence_not_read(&outcome, fault, text);
    refuse_all(l, &outcome);
}

/* --- third step: which are enabled, and which can reload --- */

static void on_answer(const struct systemd_answer *answer, void *userdata);

/* Asks the next question that needs it. 0 when there is none left. */
static int ask_next(struct lister *l, struct instance_query *query)
{
    const struct instance_question *question;
    _cleanup_(freep) char *path = NULL;
    size_t index = 0;

    question = instance_question_next(&l->last, &l->found, &l->next_query, &index);
    if (!question)
        return 0;
    *query = (struct instance_query){ .lister = l, .question = question, .index = index };
    path = unit_read_path(l->found.items[query->index].unit);
    if (!path)
        return -ENOMEM;
    l->n_pending++;
    return systemd_call_get(l->broker->systemd, path, "org.freedesktop.systemd1.Unit", question->property,
                            on_answer, query, &query->call);
}

static void go_on(struct lister *l, int r)
{
    if (r < 0)
        fail(l, BUS_FAULT_NOT_THERE, "");
    else if (l->n_pending == 0)
        finish(l);
}

static void on_answer(const struct systemd_answer *answer, void *userdata)
{
    struct instance_query *query = userdata;
    struct lister *l = query->lister;

    query->call = systemd_call_free(query->call);
    /* One that was unloaded meanwhile, say, costs its own word only. */
    if (answer->fault == BUS_FAULT_NONE)
        query->question->take(&l->found.items[query->index], answer->message);
    l->n_pending--;
    go_on(l, ask_next(l, query));
}

static void settle(struct lister *l)
{
    int r = 0;

    instances_settle(&l->found);
    for (size_t i = 0; i < QUERIES_MAX && r >= 0; i++)
        r = ask_next(l, &l->queries[i]);
    go_on(l, r);
}

/* --- second step: the two lists --- */

/* Adds it, if something is granted there. */
static struct instance *add(struct lister *l, const char *unit)
{
    struct unit_name name;
    struct instance *instance;
    unsigned verbs = 0;

    if (unit_name_parse(unit, &name) == 0 && l->broker->policy)
        verbs = policy_verbs(l->broker->policy, &name);
    instance = verbs != 0 ? instances_add(&l->found, unit) : NULL;
    if (instance)
        instance->verbs = verbs;
    return instance;
}

static void add_loaded(struct lister *l, const char *unit, const char *description, const char *load,
                       const char *active, const char *sub)
{
    struct instance *instance;

    if (strcmp(load, "not-found") == 0 || !(instance = add(l, unit)))
        return;
    instance->description = strndup(description, DESCRIPTION_MAX);
    (void)snprintf(instance->load_state, sizeof(instance->load_state), "%s", load);
    (void)snprintf(instance->active_state, sizeof(instance->active_state), "%s", active);
    (void)snprintf(instance->sub_state, sizeof(instance->sub_state), "%s", sub);
}

static int read_units(struct lister *l, sd_bus_message *m)
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
            add_loaded(l, unit, description, load, active, sub);
    }
    return r;
}

/* Only what has a unit file of its own is in this list; what a template's instances are enabled by are links
 * elsewhere, and those instances are loaded. */
static void add_file(struct lister *l, const char *path, const char *state)
{
    const char *slash = strrchr(path, '/');
    const char *unit = slash ? slash + 1 : path;
    struct instance *instance;

    if (!instance_is_meant(unit, state) || !(instance = add(l, unit)))
        return;
    (void)snprintf(instance->active_state, sizeof(instance->active_state), "inactive");
    (void)snprintf(instance->sub_state, sizeof(instance->sub_state), "dead");
    instance->enabled = unit_file_state_is_enabled(state);
    instance->enabled_known = true;
}

static int read_files(struct lister *l, sd_bus_message *m)
{
    const char *path, *state;
    int r;

    r = sd_bus_message_enter_container(m, 'a', "(ss)");
    while (r >= 0) {
        r = sd_bus_message_read(m, "(ss)", &path, &state);
        if (r == 0)
            return 0;
        if (r > 0)
            add_file(l, path, state);
    }
    return r;
}

static void on_list(struct lister *l, const struct systemd_answer *answer,
                    int (*read)(struct lister *l, sd_bus_message *m))
{
    if (answer->fault != BUS_FAULT_NONE)
        fail(l, answer->fault, answer->text);
    else if (read(l, answer->message) < 0)
        fail(l, BUS_FAULT_SYSTEMD, "its answer is not what was asked for");
    else if (!l->units_call && !l->files_call)
        settle(l);
}

static void on_units(const struct systemd_answer *answer, void *userdata)
{
    struct lister *l = userdata;

    l->units_call = systemd_call_free(l->units_call);
    on_list(l, answer, read_units);
}

static void on_files(const struct systemd_answer *answer, void *userdata)
{
    struct lister *l = userdata;

    l->files_call = systemd_call_free(l->files_call);
    on_list(l, answer, read_files);
}

/* --- first step: what to ask for --- */

/* Two grants of one template give the same twice, which systemd does not mind. */
static char **make_patterns(const struct policy *policy)
{
    char **patterns = calloc(policy->n_grants + 1, sizeof(*patterns));

    for (size_t i = 0; patterns && i < policy->n_grants; i++) {
        char pattern[GRANT_PATTERN_SIZE];

        grant_unit_pattern(&policy->grants[i], pattern);
        patterns[i] = strdup(pattern);
        if (!patterns[i])
            break;
    }
    return patterns;
}

static void free_patterns(char **patterns)
{
    for (char **p = patterns; p && *p; p++)
        free(*p);
    free(patterns);
}

static void begin_survey(struct lister *l)
{
    const struct policy *policy = l->broker->policy;
    struct systemd *systemd = l->broker->systemd;
    char **patterns;
    int r;

    l->began_usec = clock_usec();
    l->outdated = false;
    if (!policy || policy->n_grants == 0) {
        finish(l);
        return;
    }
    patterns = make_patterns(policy);
    r = patterns ? systemd_call_list_units(systemd, patterns, on_units, l, &l->units_call) : -ENOMEM;
    if (r >= 0)
        r = systemd_call_list_unit_files(systemd, patterns, on_files, l, &l->files_call);
    free_patterns(patterns);
    if (r < 0)
        fail(l, BUS_FAULT_NOT_THERE, "");
}

void lister_ask(struct lister *l, struct request *request)
{
    if (l->kept && clock_usec() < l->kept_until_usec) {
        request_answer_shared(request, l->kept);
    } else if (TAILQ_EMPTY(&l->waiting)) {
        TAILQ_INSERT_TAIL(&l->waiting, request, link);
        begin_survey(l);
    } else {
        TAILQ_INSERT_TAIL(l->outdated ? &l->next : &l->waiting, request, link);
    }
}

/* --- the lister --- */

void lister_changed(struct lister *l)
{
    l->kept = http_shared_unref(l->kept);
    l->outdated = true;
}

void lister_forget(struct lister *l)
{
    lister_changed(l);
    instances_done(&l->last);
    for (size_t i = 0; i < l->found.n; i++)
        l->found.items[i].enabled_known = l->found.items[i].can_reload_known = false;
}

void lister_stop(struct lister *l)
{
    struct outcome outcome = { 0 };

    sentence_stopping_before(&outcome);
    refuse_all(l, &outcome);
}

int lister_new(struct broker *broker, struct lister **ret)
{
    struct lister *l = calloc(1, sizeof(*l));

    if (!l)
        return -ENOMEM;
    l->broker = broker;
    TAILQ_INIT(&l->waiting);
    TAILQ_INIT(&l->next);
    *ret = l;
    return 0;
}

struct lister *lister_free(struct lister *l)
{
    if (!l)
        return NULL;
    end_survey(l);
    l->kept = http_shared_unref(l->kept);
    instances_done(&l->found);
    instances_done(&l->last);
    free(l);
    return NULL;
}
