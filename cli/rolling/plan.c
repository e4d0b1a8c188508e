/* Each unit goes WAITING, UNDER_WAY, PAUSING, DONE, or leaves that way where it does not come back. */
#include "cli/rolling/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void unit_done(struct rolling_unit *unit)
{
    free(unit->unit);
    free(unit->message);
    free(unit->verdict);
}

void rolling_plan_done(struct rolling_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++)
        unit_done(&plan->units[i]);
    free(plan->units);
    texts_done(&plan->words);
    *plan = (struct rolling_plan){ 0 };
}

int rolling_plan_add(struct rolling_plan *plan, const char *name)
{
    struct rolling_unit unit = { .phase = ROLLING_WAITING };

    for (size_t i = 0; i < plan->n; i++)
        if (strcmp(plan->units[i].unit, name) == 0)
            return 0;
    if (plan->n == ROLLING_UNITS_MAX)
        return -E2BIG;
    unit.unit = strdup(name);
    if (!unit.unit || !ARRAY_ROOM(plan->units, plan->n)) {
        free(unit.unit);
        return -ENOMEM;
    }
    plan->units[plan->n++] = unit;
    return 0;
}

void rolling_plan_resume(struct rolling_plan *plan)
{
    plan->at = 0;
    plan->failures = 0;
    plan->end = ROLLING_GOES_ON;
    plan->is_asked_to_stop = false;
    for (size_t i = 0; i < plan->n; i++)
        if (plan->units[i].phase == ROLLING_FAILED || plan->units[i].phase == ROLLING_REFUSED)
            plan->units[i].phase = ROLLING_WAITING;
}

static bool is_over(const struct rolling_unit *unit)
{
    return unit->phase != ROLLING_WAITING && unit->phase != ROLLING_UNDER_WAY &&
           unit->phase != ROLLING_PAUSING;
}

static enum rolling_step step_of(const struct rolling_unit *unit)
{
    if (unit->phase == ROLLING_UNDER_WAY)
        return ROLLING_STEP_ASK;
    return unit->phase == ROLLING_PAUSING ? ROLLING_STEP_LOOK : ROLLING_STEP_BEGIN;
}

/* Whatever has been begun comes first: of an earlier run it may stand behind units that failed, and are to be
 * done again. */
static size_t next_of(const struct rolling_plan *plan)
{
    size_t waiting = plan->n;

    for (size_t i = plan->n; i-- > 0;)
        if (plan->units[i].phase == ROLLING_WAITING)
            waiting = i;
        else if (!is_over(&plan->units[i]))
            return i;
    return waiting;
}

static enum rolling_end go_on(struct rolling_plan *plan)
{
    size_t next = next_of(plan);

    if (next < plan->n && plan->units[next].phase == ROLLING_WAITING && plan->is_asked_to_stop)
        return ROLLING_STOP_ASKED;
    plan->at = next;
    return next < plan->n ? ROLLING_GOES_ON : ROLLING_ALL_DONE;
}

enum rolling_step rolling_plan_next(struct rolling_plan *plan)
{
    if (plan->end == ROLLING_GOES_ON)
        plan->end = go_on(plan);
    return plan->end == ROLLING_GOES_ON ? step_of(&plan->units[plan->at]) : ROLLING_STEP_NONE;
}

void rolling_plan_begin(struct rolling_plan *plan, const char press[static WIRE_PRESS_MIN])
{
    struct rolling_unit *unit = &plan->units[plan->at];

    unit->phase = ROLLING_UNDER_WAY;
    (void)snprintf(unit->press, sizeof(unit->press), "%s", press);
}

/* Out of memory it is left out: what is done goes before what is said. */
static void say(char **text, const char *what)
{
    free(*text);
    *text = strdup(what);
}

static void count_failure(struct rolling_plan *plan, enum rolling_phase phase, enum rolling_end end)
{
    plan->units[plan->at].phase = phase;
    if (++plan->failures > plan->max_failures)
        plan->end = end;
}

/* It was answered earlier than its verdict was known: there is a time to ask for that. */
static bool is_to_be_asked(const char *verdict)
{
    return strcmp(verdict, "watching") == 0 || strcmp(verdict, "under-way") == 0;
}

static void came_back(struct rolling_unit *unit, const struct wire_restart *answer)
{
    bool has_ended = strcmp(answer->verdict, "well-ended") == 0;

    /* What did not run and was left alone is not to be seen running, either. */
    unit->phase = strcmp(answer->verdict, "not-running") == 0 ? ROLLING_DONE : ROLLING_PAUSING;
    (void)snprintf(unit->invocation, sizeof(unit->invocation), "%s",
                   has_ended ? "" : answer->invocation_id_after);
}

void rolling_plan_answered(struct rolling_plan *plan, const struct wire_restart *answer)
{
    struct rolling_unit *unit = &plan->units[plan->at];

    say(&unit->message, answer->message);
    say(&unit->verdict, answer->verdict);
    if (is_to_be_asked(answer->verdict))
        return;
    if (answer->success)
        came_back(unit, answer);
    else
        count_failure(plan, ROLLING_FAILED, ROLLING_STOP_FAILED);
}

void rolling_plan_refused(struct rolling_plan *plan, const char *message)
{
    say(&plan->units[plan->at].message, message);
    count_failure(plan, ROLLING_REFUSED, ROLLING_STOP_REFUSED);
}

void rolling_plan_not_reached(struct rolling_plan *plan, const char *message)
{
    struct rolling_unit *unit = &plan->units[plan->at];

    say(&unit->message, message);
    unit->phase = ROLLING_WAITING;
    plan->end = ROLLING_STOP_NOT_REACHED;
}

void rolling_plan_unknown(struct rolling_plan *plan, const char *message)
{
    say(&plan->units[plan->at].message, message);
    plan->end = ROLLING_STOP_UNKNOWN;
}

/* A unit that has no process any more, and is meant to have none, is well unless it failed. */
static const char *look_at_state(const struct rolling_unit *unit, const char *state)
{
    if (strcmp(state, "failed") == 0)
        return "has failed";
    if (!*unit->invocation || strcmp(state, "active") == 0 || strcmp(state, "reloading") == 0)
        return NULL;
    if (strcmp(state, "activating") == 0)
        return "is being started again";
    return strcmp(state, "deactivating") == 0 ? "is being stopped" : "has ended";
}

const char *rolling_look(const struct rolling_unit *unit, const struct wire_status *status)
{
    const char *why = look_at_state(unit, status->active_state);

    if (why || !*unit->invocation || strcmp(unit->invocation, status->invocation_id) == 0)
        return why;
    return "has ended, and was started again";
}

/* Of what an earlier run has done no sentence is left. */
void rolling_plan_stayed(struct rolling_plan *plan)
{
    struct rolling_unit *unit = &plan->units[plan->at];

    unit->phase = ROLLING_DONE;
    if (!unit->message && asprintf(&unit->message, "%s came back, and stayed.", unit->unit) < 0)
        unit->message = NULL;
}

void rolling_plan_fell(struct rolling_plan *plan, const char *why)
{
    struct rolling_unit *unit = &plan->units[plan->at];
    char *message = NULL;

    if (asprintf(&message, "%s came back, and did not stay: it %s.", unit->unit, why) < 0)
        message = NULL;
    free(unit->message);
    unit->message = message;
    say(&unit->verdict, "fell");
    count_failure(plan, ROLLING_FAILED, ROLLING_STOP_FAILED);
}

void rolling_plan_again(struct rolling_plan *plan)
{
    plan->units[plan->at].phase = ROLLING_WAITING;
    plan->end = ROLLING_GOES_ON;
}

void rolling_plan_leave(struct rolling_plan *plan)
{
    plan->units[plan->at].phase = ROLLING_LEFT;
    plan->end = ROLLING_GOES_ON;
}

bool rolling_plan_is_told(const struct rolling_plan *plan, size_t i)
{
    return is_over(&plan->units[i]) ||
           (i == plan->at && (plan->end == ROLLING_STOP_NOT_REACHED || plan->end == ROLLING_STOP_UNKNOWN));
}

void rolling_plan_stop(struct rolling_plan *plan)
{
    plan->is_asked_to_stop = true;
}

size_t rolling_plan_count(const struct rolling_plan *plan, enum rolling_phase phase)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n; i++)
        n += plan->units[i].phase == phase;
    return n;
}
