/* The sentences go to standard error unless all went well. */
#include "cli/rolling/tell.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/rolling/words.h"
#include "cli/shared/cli.h"
#include "cli/shared/fail.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"

static int status_of_all(const struct rolling_plan *plan)
{
    if (rolling_plan_count(plan, ROLLING_FAILED) + rolling_plan_count(plan, ROLLING_LEFT) > 0)
        return CLI_EXIT_FAILED;
    return rolling_plan_count(plan, ROLLING_REFUSED) > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_OK;
}

int rolling_exit_status(const struct rolling_plan *plan)
{
    switch (plan->end) {
    case ROLLING_STOP_FAILED:
        return CLI_EXIT_FAILED;
    case ROLLING_STOP_REFUSED:
        return CLI_EXIT_REFUSED;
    case ROLLING_STOP_NOT_REACHED:
        return CLI_EXIT_UNAVAILABLE;
    case ROLLING_STOP_ASKED:
        return CLI_EXIT_STOPPED;
    case ROLLING_ALL_DONE:
        return status_of_all(plan);
    default:
        return CLI_EXIT_UNKNOWN;
    }
}

static const char *result_of_all(const struct rolling_plan *plan)
{
    static const char *const WORDS[] = {
        [CLI_EXIT_OK] = "done",         [CLI_EXIT_FAILED] = "failed",
        [CLI_EXIT_REFUSED] = "refused", [CLI_EXIT_UNAVAILABLE] = "unavailable",
        [CLI_EXIT_UNKNOWN] = "unknown", [CLI_EXIT_STOPPED] = "stopped",
    };

    return WORDS[rolling_exit_status(plan)];
}

/* --- for people --- */

static bool is_in_pause(const struct rolling_plan *plan)
{
    return plan->at < plan->n && plan->units[plan->at].phase == ROLLING_PAUSING;
}

static void say_unknown(const struct rolling_plan *plan, const char *unit)
{
    const char *what = is_in_pause(plan) ? "it came back, and whether it stays is" : "what became of it is";

    (void)fail(CLI_EXIT_UNKNOWN, "Stopped at %s: %s unknown. 'restartctl status %s' tells its state.", unit,
               what, unit);
}

/* Before, at or after which unit. */
static void say_where(const struct rolling_plan *plan, int status)
{
    const char *unit = plan->at < plan->n ? plan->units[plan->at].unit : "";

    if (plan->end == ROLLING_STOP_UNKNOWN)
        say_unknown(plan, unit);
    else if (plan->end == ROLLING_STOP_ASKED && plan->units[plan->at].phase != ROLLING_WAITING)
        (void)fail(status, "Stopped after %s, as was asked.", unit);
    else if (plan->end == ROLLING_STOP_ASKED)
        (void)fail(status, "Stopped before %s, as was asked.", unit);
    else if (plan->end != ROLLING_ALL_DONE)
        (void)fail(status, "Stopped at %s.", unit);
}

static const char *how_to_go_on(const struct rolling_plan *plan)
{
    if (plan->end == ROLLING_STOP_UNKNOWN)
        return is_in_pause(plan) ? "This looks at it, and goes on:"
                                 : "This asks what became of it, does not do it again, and goes on:";
    return plan->end == ROLLING_STOP_ASKED ? "This goes on:" : "This goes on where it stopped:";
}

void rolling_tell(const struct rolling_plan *plan, const char *place, bool is_quiet)
{
    _cleanup_(freep) char *sum = rolling_sum(plan), *command = rolling_command(plan, place, "--resume");
    int status = rolling_exit_status(plan);

    if (status == CLI_EXIT_OK) {
        if (!is_quiet)
            (void)printf("%s\n", sum ? sum : "");
        return;
    }
    say_where(plan, status);
    (void)fail(status, "%s", sum ? sum : "");
    (void)fail(status, "%s %s", how_to_go_on(plan), command ? command : "restartctl --resume");
    if (plan->end == ROLLING_STOP_UNKNOWN)
        (void)fail(status,
                   "Where nobody can tell any more, --resume=again does it again, and --resume=skip goes on "
                   "behind it.");
}

/* --- for scripts --- */

static const char *result_of(const struct rolling_plan *plan, size_t i)
{
    static const char *const WORDS[ROLLING_PHASES] = {
        [ROLLING_WAITING] = "not-begun", [ROLLING_UNDER_WAY] = "unknown", [ROLLING_PAUSING] = "unknown",
        [ROLLING_DONE] = "done",         [ROLLING_FAILED] = "failed",     [ROLLING_REFUSED] = "refused",
        [ROLLING_LEFT] = "left",
    };

    return WORDS[plan->units[i].phase];
}

static xmlrpc_value *unit_value(const struct rolling_plan *plan, size_t i)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "unit", plan->units[i].unit);
    rpc_struct_string(&s, "result", result_of(plan, i));
    rpc_struct_string(&s, "verdict", plan->units[i].verdict);
    rpc_struct_string(&s, "message", plan->units[i].message);
    return rpc_struct_end(&s);
}

static xmlrpc_value *units_value(const struct rolling_plan *plan)
{
    xmlrpc_value *units = rpc_array_new();

    for (size_t i = 0; units && i < plan->n; i++) {
        if (rpc_array_append(units, unit_value(plan, i)))
            continue;
        xmlrpc_DECREF(units);
        return NULL;
    }
    return units;
}

void rolling_tell_json(const struct rolling_plan *plan, const char *place, enum json_layout layout)
{
    _cleanup_(freep) char *sum = rolling_sum(plan), *command = rolling_command(plan, place, "--resume");
    int status = rolling_exit_status(plan);
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *value;

    rpc_struct_string(&s, "verb", verb_to_string(plan->verb));
    rpc_struct_string(&s, "result", result_of_all(plan));
    rpc_struct_int(&s, "exit_status", status);
    rpc_struct_string(&s, "message", sum);
    rpc_struct_string(&s, "resume", status == CLI_EXIT_OK ? "" : command);
    rpc_struct_value(&s, "units", units_value(plan));
    value = rpc_struct_end(&s);
    json_print(value, layout);
    if (value)
        xmlrpc_DECREF(value);
}
