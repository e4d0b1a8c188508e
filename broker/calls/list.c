/* One survey under way at most; those who ask while it runs are given its result, unless something changed
 * since it began: they wait for the next one. */
#include "broker/calls/list.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "broker/calls/request.h"
#include "broker/calls/survey.h"
#include "broker/outcome/sentence.h"
#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "policy/in-force.h"

enum {
    KEEP_USEC = 250 * 1000,
    KEPT_MAX = 8, /* answers, each for those who may the same; whoever else asks gets one of his own */
};

/* What people are told of a mistake in the policy file who need not know where it is. */
#define MISTAKE "The journal of restarter-broker.service says where the mistake in the policy file is."

/* An answer, and whom it is for. */
struct kept {
    struct policy_view view;
    struct http_shared *response;
};

/* Somebody who waits. */
struct asker {
    TAILQ_ENTRY(asker) link;
    struct request *request;
};

TAILQ_HEAD(asker_list, asker);

struct lister {
    struct systemd *systemd;
    struct systemd_listener listener;
    const struct policy_in_force *policy;
    struct survey *survey;
    struct asker_list waiting, next; /* for the survey under way, and for the one after it */
    uint64_t began_usec;
    bool outdated; /* something changed since then */
    struct kept kept[KEPT_MAX];
    size_t n_kept;
    uint64_t kept_until_usec;
};

/* --- the answer, encoded once --- */

/* False when this person does not see it. Of a row that is there for admins alone, he may do nothing. */
static bool describe(const struct policy *policy, const struct person *person,
                     const struct instance *instance, struct wire_instance *ret)
{
    struct unit_name name;
    unsigned verbs = 0;

    if (policy && unit_name_parse(instance->unit, &name) == 0)
        verbs = policy_verbs(policy, person, &name);
    if (verbs == 0 && !policy_is_admin(policy, person))
        return false;
    *ret = (struct wire_instance){
        .unit = instance->unit,
        .description = instance->description,
        .load_state = instance->load_state,
        .active_state = instance->active_state,
        .sub_state = instance->sub_state,
        .enabled = instance->enabled,
        .verbs = verbs,
        .can_reload = instance->can_reload && (verbs & VERB_RELOAD),
    };
    return true;
}

/* What goes over the wire of each; the texts stay the instances'. NULL when out of memory. */
static struct wire_instance *wire_instances(const struct policy *policy, const struct person *person,
                                            const struct instances *instances, size_t *ret_n)
{
    struct wire_instance *items = calloc(instances->n + 1, sizeof(*items));

    *ret_n = 0;
    for (size_t i = 0; items && i < instances->n; i++)
        if (describe(policy, person, &instances->items[i], &items[*ret_n]))
            (*ret_n)++;
    return items;
}

/* For as many requests as it fits; NULL when out of memory. */
static struct http_shared *answer_new(const struct policy_in_force *policy, const struct person *person,
                                      const struct instances *instances)
{
    size_t n = 0;
    _cleanup_(freep) struct wire_instance *items = wire_instances(policy->policy, person, instances, &n);
    const struct wire_answer answer = {
        .kind = WIRE_LIST,
        .list = {
            .policy_ok = !policy->error,
            .policy_error = policy->error && !policy_is_admin(policy->policy, person) ? MISTAKE : policy->error,
            .policy_in_force = policy->policy != NULL,
            .truncated = instances->truncated,
            .instances = items,
            .n_instances = n,
        },
    };

    return items ? http_shared_new(request_response(&answer)) : NULL;
}

/* --- answers that are kept: for others who ask soon, unless something changed since the survey was begun ---
 */

static void forget_kept(struct lister *l)
{
    while (l->n_kept > 0)
        http_shared_unref(l->kept[--l->n_kept].response);
}

static struct http_shared *find_kept(struct lister *l, const struct policy_view *view)
{
    for (size_t i = 0; i < l->n_kept; i++)
        if (policy_view_same(&l->kept[i].view, view))
            return l->kept[i].response;
    return NULL;
}

/* The caller's to unref; NULL when out of memory. */
static struct http_shared *answer_for(struct lister *l, const struct person *person,
                                      const struct instances *instances)
{
    struct http_shared *response;
    struct policy_view view;

    policy_view(l->policy->policy, person, &view);
    response = find_kept(l, &view);
    if (response)
        return http_shared_ref(response);
    response = answer_new(l->policy, person, instances);
    if (response && l->n_kept < KEPT_MAX)
        l->kept[l->n_kept++] = (struct kept){ .view = view, .response = http_shared_ref(response) };
    return response;
}

/* --- who waits --- */

static struct request *take_first(struct asker_list *list)
{
    struct asker *asker = TAILQ_FIRST(list);
    struct request *request = asker ? asker->request : NULL;

    if (!asker)
        return NULL;
    TAILQ_REMOVE(list, asker, link);
    free(asker);
    return request;
}

static void begin_survey(struct lister *l)
{
    l->began_usec = clock_usec();
    l->outdated = false;
    survey_begin(l->survey);
}

static void answer_all(struct lister *l, const struct instances *instances)
{
    uint64_t now_usec = clock_usec(), took_usec = now_usec - l->began_usec;
    struct request *request;

    forget_kept(l);
    l->kept_until_usec = now_usec + (took_usec < KEEP_USEC ? took_usec : KEEP_USEC);
    while ((request = take_first(&l->waiting))) {
        struct http_shared *response = answer_for(l, &request->person, instances);

        request_answer_shared(request, response);
        http_shared_unref(response);
    }
    if (l->outdated)
        forget_kept(l);
    TAILQ_CONCAT(&l->waiting, &l->next, link);
    if (!TAILQ_EMPTY(&l->waiting))
        begin_survey(l);
}

static void refuse_all(struct lister *l, const struct outcome *outcome)
{
    struct request *request;

    TAILQ_CONCAT(&l->waiting, &l->next, link);
    while ((request = take_first(&l->waiting)))
        request_refuse(request, outcome);
}

static void on_survey(const struct instances *instances, enum bus_fault fault, const char *text,
                      void *userdata)
{
    struct outcome outcome = { .unit = "the instances" };
    struct lister *l = userdata;

    if (instances) {
        answer_all(l, instances);
        return;
    }
    sentence_not_read(&outcome, fault, text);
    refuse_all(l, &outcome);
}

static void wait_in(struct asker_list *list, struct request *request)
{
    struct asker *asker = calloc(1, sizeof(*asker));

    if (!asker) {
        request_no_memory(request);
        return;
    }
    asker->request = request;
    TAILQ_INSERT_TAIL(list, asker, link);
}

static struct http_shared *kept_for(struct lister *l, const struct person *person)
{
    struct policy_view view;

    if (l->n_kept == 0 || clock_usec() >= l->kept_until_usec)
        return NULL;
    policy_view(l->policy->policy, person, &view);
    return find_kept(l, &view);
}

void lister_ask(struct lister *l, struct request *request)
{
    struct http_shared *kept = kept_for(l, &request->person);
    bool idle = TAILQ_EMPTY(&l->waiting);

    if (kept) {
        request_answer_shared(request, kept);
        return;
    }
    wait_in(!idle && l->outdated ? &l->next : &l->waiting, request);
    if (idle && !TAILQ_EMPTY(&l->waiting))
        begin_survey(l);
}

/* --- what changes --- */

/* Some unit's state is another one now: who asks from now on gets nothing from before. */
static void outdate(struct lister *l)
{
    forget_kept(l);
    l->outdated = true;
}

void lister_forget(struct lister *l)
{
    outdate(l);
    survey_forget(l->survey);
}

static void on_job_removed(_unused_ const char *path, _unused_ const char *result, void *userdata)
{
    outdate(userdata);
}

static void on_reloaded(_unused_ bool settled, void *userdata)
{
    lister_forget(userdata);
}

/* Unit files changed, or nobody knows what did. */
static void on_doubt(void *userdata)
{
    lister_forget(userdata);
}

/* --- the lister --- */

void lister_stop(struct lister *l)
{
    struct outcome outcome = { 0 };

    sentence_stopping_before(&outcome);
    survey_end(l->survey);
    refuse_all(l, &outcome);
}

static void listen_to(struct lister *l, struct systemd *systemd)
{
    l->systemd = systemd;
    l->listener = (struct systemd_listener){
        .job_removed = on_job_removed,
        .reloaded = on_reloaded,
        .unit_files_changed = on_doubt,
        .lost = on_doubt,
        .userdata = l,
    };
    systemd_listen(systemd, &l->listener);
}

int lister_new(struct systemd *systemd, const struct policy_in_force *policy, struct lister **ret)
{
    _cleanup_(freep) struct lister *l = calloc(1, sizeof(*l));
    int r = l ? survey_new(systemd, policy, on_survey, l, &l->survey) : -ENOMEM;

    if (r < 0)
        return r;
    l->policy = policy;
    TAILQ_INIT(&l->waiting);
    TAILQ_INIT(&l->next);
    listen_to(l, systemd);
    *ret = TAKE_PTR(l);
    return 0;
}

struct lister *lister_free(struct lister *l)
{
    if (!l)
        return NULL;
    systemd_listen_end(l->systemd, &l->listener);
    survey_free(l->survey);
    forget_kept(l);
    free(l);
    return NULL;
}
