/* Doubts are counted: a table is as new as the doubt that there was when its reading began. */
#include "broker/table/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/systemd/systemd.h"
#include "common/natural.h"
#include "broker/table/questions.h"
#include "broker/table/survey.h"
#include "common/cleanup.h"
#include "common/clock.h"

struct table {
    const struct policy_in_force *policy;
    struct systemd *systemd;
    struct systemd_listener listener;
    struct survey *survey;
    struct questions questions;
    struct table_callbacks callbacks;
    struct instances now, files;
    uint64_t shape;
    uint64_t doubts, as_of, reading_as_of; /* so many doubts there were; when the table was read; this time */
    bool heard, was_heard;                 /* changes are told; and were on this connection */
    bool missed;                           /* some may have been while it is being read */
    bool followed;                         /* none was since it was read */
    bool reads_files;
    uint64_t began_usec, until_usec; /* of the reading; not followed, it is good until then */
    uint64_t files_until_usec;
};

/* --- how good it is --- */

static void changed(struct table *t)
{
    t->callbacks.changed(t->callbacks.userdata);
}

static void doubt(struct table *t)
{
    t->doubts++;
    changed(t);
}

/* Whatever was asked about them may be answered in another way now. */
static void forget_answers(struct instances *instances)
{
    for (size_t i = 0; i < instances->n; i++) {
        struct instance *instance = &instances->items[i];
        bool loaded = instance->load_state[0] != '\0';

        instance->can_reload_known = false;
        if (loaded)
            instance->enabled_known = instance->since_known = instance->result_known = false;
    }
}

void table_forget(struct table *t)
{
    struct instances *units = survey_units(t->survey);

    forget_answers(&t->now);
    if (units)
        forget_answers(units);
    t->files_until_usec = 0;
    doubt(t);
}

uint64_t table_since(struct table *t)
{
    uint64_t now_usec = clock_usec();

    if ((!t->followed && now_usec >= t->until_usec) || now_usec >= t->files_until_usec)
        t->doubts += t->as_of == t->doubts;
    return t->doubts;
}

bool table_serves(const struct table *t, uint64_t since)
{
    return t->as_of >= since;
}

bool table_is_followed(const struct table *t)
{
    return t->followed;
}

bool table_is_busy(const struct table *t)
{
    return survey_is_under_way(t->survey) || t->questions.about;
}

/* --- what systemd tells --- */

static bool is_loaded(const struct instance *instance)
{
    return instance && !instance->gone && instance->load_state[0] != '\0';
}

static void set_changed(struct instance *instance, const struct unit_change *change)
{
    if (change->active_state && change->sub_state) {
        instance_set_state(instance, change->active_state, change->sub_state);
        instance->since_usec = change->since_usec;
        instance->since_known = change->since_usec > 0;
    }
    if (change->result) {
        (void)snprintf(instance->result, sizeof(instance->result), "%s", change->result);
        instance->result_known = true;
    }
}

/* There may be a file all the same. */
static void set_unloaded(const struct table *t, struct instance *instance)
{
    const struct instance *file = instances_find(&t->files, instance->unit);

    if (file)
        instance_set_unloaded(instance, file->enabled);
    else
        instance->gone = true;
    instance->can_reload_known = false;
}

static void take_in(const struct table *t, struct instances *instances, const char *unit,
                    const struct unit_change *change)
{
    struct instance *instance = instances_find(instances, unit);

    if (!is_loaded(instance))
        return;
    if (change->kind == UNIT_UNLOADED)
        set_unloaded(t, instance);
    else
        set_changed(instance, change);
}

static bool tells_anything(const struct unit_change *change)
{
    return change->kind != UNIT_CHANGED || change->active_state || change->result;
}

/* One that is not known, or not to be loaded: what there is to tell of it has to be read. While it is being
 * read, it will be told with all the others. */
static bool is_new(const struct table *t, const char *unit, const struct unit_change *change)
{
    const struct instances *units = survey_units(t->survey);

    if (change->kind == UNIT_UNLOADED || (!units && survey_is_under_way(t->survey)))
        return false;
    return !is_loaded(instances_find(units ? units : &t->now, unit));
}

static void on_unit_changed(const char *unit, const struct unit_change *change, void *userdata)
{
    struct table *t = userdata;
    struct instances *units = survey_units(t->survey);

    if (!tells_anything(change) || survey_verbs(t->policy, unit) == 0)
        return;
    if (is_new(t, unit, change)) {
        doubt(t);
        return;
    }
    take_in(t, &t->now, unit, change);
    if (units)
        take_in(t, units, unit, change);
    changed(t);
}

static void on_units_heard(bool heard, void *userdata)
{
    struct table *t = userdata;

    t->missed = t->missed || !heard || t->was_heard;
    t->heard = heard;
    t->was_heard = t->was_heard || heard;
    t->followed = false;
    t->until_usec = 0;
}

/* While changes are heard, one of these says nothing new. */
static void on_job_removed(_unused_ const char *path, _unused_ const char *result, void *userdata)
{
    struct table *t = userdata;

    if (!t->heard)
        doubt(t);
}

static void on_reloaded(_unused_ bool settled, void *userdata)
{
    table_forget(userdata);
}

/* Unit files changed. */
static void on_files_changed(void *userdata)
{
    table_forget(userdata);
}

static void on_lost(void *userdata)
{
    struct table *t = userdata;

    t->heard = t->was_heard = t->followed = false;
    t->missed = true;
    table_forget(t);
}

/* --- reading --- */

/* Both are sorted alike. */
static void recall(struct instances *found, const struct instances *last, bool followed)
{
    size_t at = 0;

    for (size_t i = 0; i < found->n; i++) {
        int order = -1;

        while (at < last->n && (order = natural_compare(last->items[at].unit, found->items[i].unit)) < 0)
            at++;
        if (at < last->n && order == 0)
            instance_recall(&found->items[i], &last->items[at], followed);
    }
}

static void add_files(struct instances *units, const struct instances *files)
{
    size_t n = units->n;

    for (size_t i = 0; i < files->n; i++) {
        struct instance *added = instances_add(units, files->items[i].unit);

        if (added)
            *added = files->items[i];
    }
    if (units->n > n)
        instances_settle(units);
}

static void keep_files(struct table *t, struct instances *files)
{
    if (!t->reads_files)
        return;
    instances_done(&t->files);
    t->files = *files;
    *files = (struct instances){ 0 };
    t->files_until_usec = t->began_usec + TABLE_FILES_MSEC * USEC_PER_MSEC;
}

static void keep(struct table *t, struct instances *units)
{
    uint64_t now_usec = clock_usec(), took_usec = now_usec - t->began_usec,
             most = TABLE_KEEP_MSEC * USEC_PER_MSEC;

    recall(units, &t->now, t->followed);
    instances_done(&t->now);
    t->now = *units;
    *units = (struct instances){ 0 };
    t->shape++;
    t->followed = t->heard && !t->missed;
    t->as_of = t->reading_as_of;
    t->until_usec = now_usec + (took_usec < most ? took_usec : most);
}

static void on_survey(struct instances *units, struct instances *files, enum bus_fault fault,
                      const char *text, void *userdata)
{
    struct table *t = userdata;

    if (units) {
        keep_files(t, files);
        add_files(units, &t->files);
        keep(t, units);
    }
    t->callbacks.was_read(fault, text, t->callbacks.userdata);
}

void table_read(struct table *t)
{
    t->began_usec = clock_usec();
    t->reading_as_of = t->doubts;
    t->reads_files = t->began_usec >= t->files_until_usec;
    /* What is not heard yet on a new connection will be: it was asked to be told before this is asked. */
    t->missed = !t->heard && t->was_heard;
    survey_begin(t->survey, t->reads_files);
}

struct instances *table_instances(struct table *t)
{
    return &t->now;
}

uint64_t table_shape(const struct table *t)
{
    return t->shape;
}

static void on_asked(void *userdata)
{
    struct table *t = userdata;

    for (size_t i = 0; i < t->now.n; i++)
        t->now.items[i].wanted = INSTANCE_UNWANTED;
    t->callbacks.asked(t->callbacks.userdata);
}

void table_ask(struct table *t)
{
    questions_ask(&t->questions, &t->now);
}

/* --- the table --- */

void table_stop(struct table *t)
{
    survey_end(t->survey);
    questions_end(&t->questions);
}

static void listen_to(struct table *t, struct systemd *systemd)
{
    t->systemd = systemd;
    t->listener = (struct systemd_listener){
        .job_removed = on_job_removed,
        .reloaded = on_reloaded,
        .unit_files_changed = on_files_changed,
        .unit_changed = on_unit_changed,
        .units_heard = on_units_heard,
        .lost = on_lost,
        .userdata = t,
    };
    systemd_listen(systemd, &t->listener);
}

int table_new(struct systemd *systemd, const struct policy_in_force *policy,
              const struct table_callbacks *callbacks, struct table **ret)
{
    _cleanup_(freep) struct table *t = calloc(1, sizeof(*t));
    int r = t ? survey_new(systemd, policy, on_survey, t, &t->survey) : -ENOMEM;

    if (r < 0)
        return r;
    t->policy = policy;
    t->callbacks = *callbacks;
    t->doubts = 1;
    t->questions = (struct questions){ .systemd = systemd, .asked = on_asked, .userdata = t };
    listen_to(t, systemd);
    *ret = TAKE_PTR(t);
    return 0;
}

struct table *table_free(struct table *t)
{
    if (!t)
        return NULL;
    systemd_listen_end(t->systemd, &t->listener);
    table_stop(t);
    survey_free(t->survey);
    instances_done(&t->now);
    instances_done(&t->files);
    free(t);
    return NULL;
}
