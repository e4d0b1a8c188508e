/* The way of one job, from the first look at its unit to the state after it. */
#include "broker/jobs/job-run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "broker/outcome/sentence.h"
#include "broker/outcome/sentence-ended.h"
#include "common/cleanup.h"
#include "common/clock.h"

/* --- after: what became of the unit --- */

/* A start that was refused, or skipped by a condition, counts against the limit and leaves no time stamp. */
static void note_start(struct job *job)
{
    if (job->starts && job->unit->state.last_start_usec == job->start_before_usec)
        unit_note_start(job->unit, clock_usec());
}

static void finish(struct job *job)
{
    struct outcome *o = &job->outcome;

    o->after = job->unit->state;
    o->reloaded = !job->starts && outcome_is_reload(o);
    note_start(job);
    if (job->starts || job->n_callers > 1)
        job->unit->pace = (struct pace){ .ended_usec = clock_usec(), .callers = job->n_callers };
    if (o->result[0] == '\0') {
        sentence_job_vanished(o);
        job_end(job);
    } else {
        job_hand_over(job);
    }
}

/* A unit that has ended is unloaded at once, and what is read then is of one that never ran. What PID 1 told
 * before, although it may not have told all, is of the one that was restarted. */
static bool recall(struct job *job)
{
    struct unit_state *state = &job->unit->state;

    if (state->invocation_id[0] != '\0' || strcmp(job->outcome.result, "done") != 0)
        return true;
    if (!job->starts) {
        if (job->told.invocation_id[0] != '\0')
            *state = job->told;
        return true;
    }
    if (job->told.invocation_id[0] == '\0' ||
        strcmp(job->told.invocation_id, job->outcome.invocation_before) == 0)
        return job->told_all;
    *state = job->told;
    return true;
}

static void on_read_after(enum bus_fault fault, _unused_ const char *text, void *userdata)
{
    struct job *job = userdata;

    if (fault == BUS_FAULT_NONE && recall(job)) {
        finish(job);
        return;
    }
    sentence_not_read_after(&job->outcome);
    job_end(job);
}

/* systemd sends a unit's last change before it says that the job is over, so a live unit need not be asked.
 */
void job_over(struct job *job, const char *result)
{
    struct outcome *o = &job->outcome;

    o->usec = clock_usec() - job->called_usec;
    (void)snprintf(o->result, sizeof(o->result), "%s", result);
    job->call = systemd_call_free(job->call);
    job->phase = JOB_READING;
    job->told = job->unit->state;
    job->told_all = unit_is_followed(job->unit);
    if (unit_is_live(job->unit))
        finish(job);
    else if (unit_look(job->unit, on_read_after, job) < 0)
        on_read_after(BUS_FAULT_NOT_THERE, "", job);
}

/* --- during: is it still there? --- */

static void on_checked(const struct systemd_answer *answer, void *userdata)
{
    struct job *job = userdata;

    job->call = systemd_call_free(job->call);
    if (answer->fault == BUS_FAULT_NO_OBJECT)
        job_over(job, "");
}

void job_check(struct job *job)
{
    if (job->phase == JOB_RUNNING && !job->call)
        (void)systemd_call_get(job->jobs->systemd, job->path, "org.freedesktop.systemd1.Job", "State",
                               on_checked, job, &job->call);
}

/* --- the call --- */

static void begin_running(struct job *job, const char *path)
{
    const char *result = jobs_removal(job->jobs, path);

    (void)snprintf(job->path, sizeof(job->path), "%s", path);
    job->phase = JOB_RUNNING;
    if (result)
        job_over(job, result);
}

static void on_called(const struct systemd_answer *answer, void *userdata)
{
    uint64_t now_usec = clock_usec();
    struct job *job = userdata;
    const char *path = NULL;

    job->call = systemd_call_free(job->call);
    if (answer->fault == BUS_FAULT_NONE && sd_bus_message_read(answer->message, "o", &path) >= 0) {
        begin_running(job, path);
        return;
    }
    if (job->starts && answer->fault == BUS_FAULT_NO_REPLY)
        unit_note_start(job->unit, now_usec);
    else if (job->starts)
        unit_take_back(job->unit, job->last_before_usec);
    sentence_not_done(&job->outcome, answer->fault, answer->text, now_usec - job->called_usec);
    job_end(job);
}

/* Whether a file of the unit changed on disk is told when asked only. PID 1 answers while polkitd makes up
 * its mind about the restart, so that nobody waits for it. */
static void on_file_asked(const struct systemd_answer *answer, void *userdata)
{
    struct job *job = userdata;
    int changed = 0;

    job->file_call = systemd_call_free(job->file_call);
    if (answer->fault == BUS_FAULT_NONE && sd_bus_message_read(answer->message, "v", "b", &changed) >= 0)
        job->unit->state.need_daemon_reload = changed;
}

static void ask_about_file(struct job *job)
{
    if (!job->looked)
        (void)systemd_call_get(job->jobs->systemd, job->unit->path, "org.freedesktop.systemd1.Unit",
                               "NeedDaemonReload", on_file_asked, job, &job->file_call);
}

static void call(struct job *job)
{
    const struct unit_state *before = &job->unit->state;

    job_note_presses(job);
    if (TAILQ_EMPTY(&job->callers)) {
        job_end(job);
        return;
    }
    if (job->unit->settle)
        settle_end(job->unit->settle, sentence_cut(job->verb));

    job->outcome.ran = unit_state_is_running(before);
    memcpy(job->outcome.invocation_before, before->invocation_id, INVOCATION_ID_SIZE);
    job->start_before_usec = before->last_start_usec;
    job->called_usec = clock_usec();
    job->outcome.held_usec = job->hold_usec > 0 ? job->called_usec - job->hold_usec : 0;
    if (job->starts)
        job->last_before_usec = unit_note_asked(job->unit, job->called_usec);
    job->phase = JOB_CALLING;
    unit_follow(job->unit);
    if (systemd_call_unit(job->jobs->systemd, verb_bus_member(job->verb), job->unit->name, on_called, job,
                          &job->call) < 0) {
        if (job->starts)
            unit_take_back(job->unit, job->last_before_usec);
        sentence_unreachable(&job->outcome);
        job_end(job);
        return;
    }
    ask_about_file(job);
}

/* --- before: may it be done, and now? --- */

/* What systemd is about to do, by the state that was read last. What waits to be started again by itself is
 * started by reload-or-restart, from systemd 254 on. */
static bool starts(const struct job *job)
{
    const struct unit_state *state = &job->unit->state;

    switch (job->verb) {
    case VERB_TRY_RESTART:
        return unit_state_is_running(state);
    case VERB_RELOAD_OR_RESTART:
        return !unit_state_is_running(state) || unit_state_is_between_restarts(state) || !state->can_reload;
    default:
        return job->verb != VERB_RELOAD;
    }
}

static bool is_reloadable(struct job *job)
{
    const struct unit_state *state = &job->unit->state;

    if (!unit_state_is_running(state))
        sentence_not_running(&job->outcome, state->active_state);
    else if (!state->can_reload)
        sentence_no_reload(&job->outcome);
    else
        return true;
    return false;
}

static bool is_permitted(struct job *job)
{
    const struct unit_state *state = &job->unit->state;
    bool up = unit_state_is_up(state);

    if (state->carrier[0] != '\0')
        sentence_carrier(&job->outcome, state->carrier);
    else if (unit_is_alias(job->unit))
        sentence_alias(&job->outcome, state->own_name);
    else if (strcmp(state->load_state, "loaded") != 0)
        sentence_load_state(&job->outcome, state->load_state);
    else if (job->verb == VERB_RELOAD)
        return is_reloadable(job);
    else if (!up && verb_row(job->verb)->starts && !job->start_stopped && !unit_state_is_enabled(state))
        sentence_stopped(&job->outcome, job->grant);
    else
        return true;
    return false;
}

static int on_hold_over(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct job *job = userdata;

    job->hold = sd_event_source_disable_unref(job->hold);
    job->looked = false;
    job_proceed(job);
    return 0;
}

static void hold(struct job *job, uint64_t usec)
{
    job->phase = JOB_HELD;
    if (job->hold_usec == 0)
        job->hold_usec = clock_usec();
    if (sd_event_add_time_relative(job->jobs->event, &job->hold, CLOCK_MONOTONIC, usec, 1, on_hold_over,
                                   job) >= 0)
        return;
    sentence_no_memory(&job->outcome);
    job_end(job);
}

static void on_looked(enum bus_fault fault, const char *text, void *userdata)
{
    struct job *job = userdata;

    if (fault == BUS_FAULT_NONE) {
        job->looked = true;
        job_proceed(job);
        return;
    }
    sentence_not_read(&job->outcome, fault, text);
    job_end(job);
}

/* Of one that is stopped no more is read than it takes to refuse it. */
static enum unit_read_use look_for(const struct job *job)
{
    if (job->verb == VERB_RELOAD)
        return UNIT_READ_RESTART;
    return job->start_stopped || job->verb == VERB_TRY_RESTART ? UNIT_READ_START : UNIT_READ_RESTART;
}

static void look(struct job *job)
{
    int r;

    job->phase = JOB_LOOKING;
    /* It is not what the watch took it for, or is looked at by it just now. */
    if (job->unit->settle)
        settle_end(job->unit->settle, sentence_cut_asked(job->verb));
    r = unit_look_gently(job->unit, look_for(job), on_looked, job);
    if (r < 0)
        on_looked(r == -EAGAIN ? BUS_FAULT_TOO_OFTEN : BUS_FAULT_NOT_THERE, "", job);
}

/* What is certain to be refused is refused at once; what is only too early waits. True when it is settled. */
static bool refuse_early(struct job *job, uint64_t now_usec, uint64_t hold_usec)
{
    const struct start_limit *limit = &job->unit->state.start_limit;
    uint64_t wait_usec = unit_start_wait(job->unit, now_usec);
    uint64_t cooldown_usec = pace_cooldown(unit_last_start(job->unit), job->cooldown_usec, now_usec);

    if (cooldown_usec > hold_usec)
        sentence_cooldown(&job->outcome, job->cooldown_usec, cooldown_usec, job->grant);
    else if (wait_usec > hold_usec)
        sentence_start_limit(&job->outcome, limit, wait_usec);
    else
        return false;
    job_end(job);
    return true;
}

/* What starts nothing uses up no start limit. */
static void call_or_hold(struct job *job)
{
    static const struct start_limit NONE = { 0 };
    uint64_t now_usec = clock_usec(), hold_usec;

    job->starts = starts(job);
    hold_usec = pace_hold(&job->unit->pace, job->starts ? &job->unit->state.start_limit : &NONE, now_usec);
    if (job->starts && refuse_early(job, now_usec, hold_usec))
        return;
    if (hold_usec > 0)
        hold(job, hold_usec);
    else
        call(job);
}

void job_proceed(struct job *job)
{
    if (!job->looked && !unit_is_known(job->unit))
        look(job);
    else if (is_permitted(job))
        call_or_hold(job);
    else
        job_end(job);
}
