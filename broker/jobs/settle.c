/* One watch: what it takes in, who is told when, and how it ends. */
#include "broker/jobs/settle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/memory/counters.h"
#include "broker/outcome/sentence.h"
#include "broker/outcome/sentence-ended.h"
#include "broker/systemd/systemd-call.h"
#include "common/cleanup.h"
#include "common/clock.h"

enum {
    BLIND_USEC = 100 * 1000,         /* for PID 1 to notice what happened while it was reloaded */
    RETRY_USEC = 100 * 1000,         /* between two looks that fail */
    PATIENCE_USEC = 5 * 1000 * 1000, /* with them, after the end of the watch */
};

/* That it is ready a service tells of its start, and of its reload with notify-reload alone: what reloads by
 * a signal may die of it a moment later. A oneshot's commands have ended. */
uint64_t settle_usec_for_type(const char *type, bool reloaded)
{
    static const char *const PROVING[] = { "notify-reload", "oneshot", "notify", "dbus" };
    size_t n = reloaded ? 2 : sizeof(PROVING) / sizeof(*PROVING);

    for (size_t i = 0; i < n; i++)
        if (strcmp(type, PROVING[i]) == 0)
            return 0;
    return USEC_PER_SEC;
}

uint64_t settle_serial(const struct settle *s)
{
    return s->serial;
}

/* --- what is known --- */

static uint64_t elapsed(const struct settle *s)
{
    return clock_usec() - s->since_usec;
}

/* Nothing more comes of it, unless somebody starts it. */
static bool is_down(const struct unit_state *state)
{
    return (strcmp(state->active_state, "failed") == 0 || strcmp(state->active_state, "inactive") == 0) &&
           !unit_state_is_between_restarts(state);
}

static void take_in(struct settle *s)
{
    struct outcome *o = &s->outcome;
    unsigned grown;

    o->after = s->unit->state;
    /* It has ended and was unloaded, and what was read is of one that never ran. */
    if (o->after.invocation_id[0] == '\0')
        memcpy(o->after.invocation_id, s->invocation, sizeof(s->invocation));
    if (o->after.n_restarts < s->n_restarts)
        s->n_restarts = o->after.n_restarts;
    grown = o->after.n_restarts - s->n_restarts;
    if (strcmp(o->after.invocation_id, s->invocation) != 0)
        s->n_changes++;
    memcpy(s->invocation, o->after.invocation_id, sizeof(s->invocation));
    o->restarts = grown > s->n_changes ? grown : s->n_changes;
    if (!unit_state_is_active(&o->after))
        outcome_note_fall(o, elapsed(s));
}

static enum verdict verdict_now(const struct settle *s)
{
    const struct outcome *o = &s->outcome;

    if (is_down(&o->after))
        return outcome_at_end(o);
    if (o->restarts > 0 || unit_state_is_between_restarts(&o->after))
        return VERDICT_RESTARTING;
    return outcome_at_end(o);
}

/* --- answers --- */

static void set_verdict(struct settle *s, uint64_t usec)
{
    struct outcome *o = &s->outcome;

    o->verdict = verdict_now(s);
    o->watched_usec = usec;
    if (o->verdict == VERDICT_UP && usec < o->settle_usec && !o->cut)
        o->verdict = VERDICT_WATCHING;
    o->success = verdict_is_good(o->verdict);
    sentence_ended(o);
}

static void tell(struct settle *s, struct job_caller *caller)
{
    TAILQ_REMOVE(&s->callers, caller, link);
    s->n_waiting--;
    s->promised |= s->outcome.verdict == VERDICT_WATCHING;
    job_tell_caller(caller, &s->outcome);
}

static uint64_t wish(const struct settle *s, const struct job_caller *caller)
{
    return caller->settle_usec == JOB_SETTLE_OWN ? s->outcome.settle_usec : caller->settle_usec;
}

static void tell_due(struct settle *s)
{
    struct job_caller *caller, *next;
    uint64_t usec = elapsed(s);

    for (caller = TAILQ_FIRST(&s->callers); caller; caller = next) {
        next = TAILQ_NEXT(caller, link);
        if (wish(s, caller) > usec)
            continue;
        set_verdict(s, wish(s, caller));
        tell(s, caller);
    }
}

bool settle_leave(struct settle *s, struct job_caller *caller)
{
    struct job_caller *other;

    TAILQ_FOREACH(other, &s->callers, link)
        if (other == caller) {
            TAILQ_REMOVE(&s->callers, caller, link);
            s->n_waiting--;
            return true;
        }
    return false;
}

void settle_free(struct settle *s)
{
    TAILQ_REMOVE(&s->settles->list, s, link);
    s->settles->n--;
    s->unit->settle = NULL;
    unit_look_cancel(s->unit, s);
    systemd_call_free(s->confirm);
    sd_event_source_disable_unref(s->timer);
    free(s);
}

/* The outcome is what it is: everybody is told. */
static void conclude(struct settle *s)
{
    struct settles *settles = s->settles;

    presses_over(settles->presses, s->serial, &s->outcome);
    counters_count(settles->counters, &s->outcome);
    if (s->promised && settles->settled)
        settles->settled(&s->outcome, settles->userdata);
    while (!TAILQ_EMPTY(&s->callers))
        tell(s, TAILQ_FIRST(&s->callers));
    settle_free(s);
}

static void finish(struct settle *s, uint64_t usec)
{
    set_verdict(s, usec);
    conclude(s);
}

void settle_end(struct settle *s, const char *cut)
{
    uint64_t usec = elapsed(s);

    if (usec < s->outcome.settle_usec)
        s->outcome.cut = cut;
    finish(s, usec);
}

void settle_lose(struct settle *s)
{
    s->outcome.watched_usec = elapsed(s);
    sentence_settle_lost(&s->outcome, "systemd stopped answering");
    conclude(s);
}

/* `usec` after the job's end. */
static void arm(struct settle *s, uint64_t usec)
{
    uint64_t now_usec = elapsed(s);

    if (sd_event_source_set_time_relative(s->timer, usec > now_usec ? usec - now_usec : 0) < 0 ||
        sd_event_source_set_enabled(s->timer, SD_EVENT_ONESHOT) < 0)
        finish(s, now_usec);
}

static void look(struct settle *s);

/* --- it went down --- */

/* On its way to be started again a unit goes through the very states in which others stay. PID 1 does both in
 * one go, so that after it has answered a question it is one or the other; until then nobody is told. */
static void on_confirmed(const struct systemd_answer *answer, void *userdata)
{
    struct settle *s = userdata;
    const struct unit_state *after = &s->outcome.after;
    const char *word = after->sub_state;

    s->confirm = systemd_call_free(s->confirm);
    if (answer->fault == BUS_FAULT_NO_REPLY || answer->fault == BUS_FAULT_NOT_THERE) {
        settle_lose(s);
        return;
    }
    if (answer->fault == BUS_FAULT_NONE)
        (void)sd_bus_message_read(answer->message, "v", "s", &word);
    if (is_down(after) && strcmp(word, after->sub_state) == 0)
        finish(s, elapsed(s));
    else
        look(s);
}

static void confirm(struct settle *s)
{
    if (!s->confirm && systemd_call_get(s->settles->systemd, s->unit->path, "org.freedesktop.systemd1.Unit",
                                        "SubState", on_confirmed, s, &s->confirm) < 0)
        finish(s, elapsed(s));
}

static void settle_on_changed(struct settle *s)
{
    take_in(s);
    if (is_down(&s->outcome.after))
        confirm(s);
}

/* --- its times --- */

/* After everybody who is due was told. */
static void go_on(struct settle *s)
{
    uint64_t next_usec = s->total_usec;
    const struct job_caller *caller;

    TAILQ_FOREACH(caller, &s->callers, link)
        if (wish(s, caller) < next_usec)
            next_usec = wish(s, caller);
    if (elapsed(s) >= s->total_usec)
        finish(s, s->total_usec);
    else
        arm(s, next_usec);
}

/* PID 1 may be executing itself anew. */
static void look_again(struct settle *s)
{
    if (elapsed(s) < s->total_usec + PATIENCE_USEC)
        arm(s, elapsed(s) + RETRY_USEC);
    else
        settle_lose(s);
}

static void on_looked(enum bus_fault fault, _unused_ const char *text, void *userdata)
{
    struct settle *s = userdata;

    if (fault != BUS_FAULT_NONE) {
        look_again(s);
        return;
    }
    take_in(s);
    if (is_down(&s->outcome.after)) {
        finish(s, elapsed(s));
        return;
    }
    if (clock_usec() - s->reloaded_usec < BLIND_USEC) {
        arm(s, elapsed(s) + BLIND_USEC);
        return;
    }
    tell_due(s);
    go_on(s);
}

static void look(struct settle *s)
{
    if (!s->unit->read && unit_look(s->unit, on_looked, s) < 0)
        look_again(s);
}

static int on_timer(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct settle *s = userdata;

    if (s->confirm)
        return 0; /* which goes on */
    if (s->reloaded_usec > 0 || !unit_is_live(s->unit)) {
        look(s);
        return 0;
    }
    tell_due(s);
    go_on(s);
    return 0;
}

void settle_check(struct settle *s)
{
    s->reloaded_usec = clock_usec();
    if (!s->unit->job)
        look(s);
}

void settle_join(struct settle *s, struct job_caller *caller)
{
    struct outcome outcome = { 0 };

    if (s->n_waiting >= JOB_CALLERS_MAX) {
        sentence_busy(&outcome, "too many wait for that very unit");
        job_refuse(caller, &outcome, s->unit->name);
        return;
    }
    TAILQ_INSERT_TAIL(&s->callers, caller, link);
    s->n_waiting++;
    if (wish(s, caller) > s->total_usec)
        s->total_usec = wish(s, caller);
    if (s->confirm)
        return;
    tell_due(s);
    go_on(s);
}

/* --- the beginning --- */

static struct settle *settle_new(struct settles *settles, struct unit *unit)
{
    struct settle *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->settles = settles;
    s->unit = unit;
    TAILQ_INIT(&s->callers);
    if (sd_event_add_time_relative(settles->event, &s->timer, CLOCK_MONOTONIC, 0, 1, on_timer, s) < 0 ||
        sd_event_source_set_enabled(s->timer, SD_EVENT_OFF) < 0) {
        sd_event_source_disable_unref(s->timer);
        free(s);
        return NULL;
    }
    unit->settle = s;
    unit->changed = settle_on_changed;
    TAILQ_INSERT_TAIL(&settles->list, s, link);
    settles->n++;
    return s;
}

static void begin(struct settle *s, const struct outcome *outcome, uint64_t serial,
                  struct job_caller_list *callers)
{
    struct job_caller *caller;

    s->serial = serial;
    s->outcome = *outcome;
    s->outcome.verdict = VERDICT_WATCHING;
    s->n_restarts = outcome->after.n_restarts;
    memcpy(s->invocation, outcome->after.invocation_id, sizeof(s->invocation));
    s->since_usec = clock_usec();
    s->reloaded_usec = units_forgotten(s->settles->units);
    TAILQ_CONCAT(&s->callers, callers, link);
    TAILQ_FOREACH(caller, &s->callers, link)
        s->n_waiting++;
}

bool settle_start(struct settles *settles, struct unit *unit, const struct outcome *outcome,
                  uint64_t total_usec, uint64_t serial, struct job_caller_list *callers)
{
    struct settle *s = settle_new(settles, unit);

    if (!s)
        return false;
    begin(s, outcome, serial, callers);
    s->total_usec = total_usec;
    presses_note_outcome(settles->presses, serial, &s->outcome);
    take_in(s);
    if (is_down(&s->outcome.after)) {
        confirm(s);
        return true;
    }
    tell_due(s);
    go_on(s);
    return true;
}
