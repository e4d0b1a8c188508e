/* restartctl restart --rolling: what is to be done, or to be gone on with; then it is done, and told. */
#include "cli/verbs/rolling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/rolling/run.h"
#include "cli/rolling/tell.h"
#include "cli/rolling/words.h"
#include "cli/shared/cli.h"
#include "cli/shared/fail.h"
#include "cli/verbs/rolling-options.h"
#include "cli/verbs/rolling-units.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "common/verb.h"

struct rolling {
    const struct cli_options *common;
    struct rolling_options options;
    struct rolling_store store;
    struct rolling_plan plan;
    const char *place; /* as in rolling_record_write() */
};

static void rolling_done(struct rolling *rolling)
{
    rolling_plan_done(&rolling->plan);
    rolling_store_close(&rolling->store);
}

static const char *place_of(const struct cli_options *common)
{
    if (common->place->host)
        return common->place->host;
    return strcmp(common->place->socket, DOOR_CLIENTS_PATH) == 0 ? "" : common->place->socket;
}

static int nothing_done(const struct rolling *rolling, int status, const char *why)
{
    return fail(status, "Nothing was %s: %s.", verb_done(rolling->plan.verb), why);
}

/* --- who has it, and what was begun --- */

static int say_who_runs(const struct rolling *rolling, pid_t pid)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    _cleanup_(freep) char *command = NULL, *sum = NULL;
    struct store_why why = { .pid = 0 };
    char who[64] = "another process";

    if (pid > 0)
        (void)snprintf(who, sizeof(who), "process %d", (int)pid);
    if (rolling_store_read(&rolling->store, &record, &why) == 0) {
        command = rolling_command(&record.plan, record.place, "");
        sum = rolling_sum(&record.plan);
    }
    return fail(CLI_EXIT_UNAVAILABLE, "Nothing was %s: %s is at it%s%s%s%s", verb_done(rolling->plan.verb),
                who, command ? ", with: " : ".", command ? command : "", sum ? ": " : "", sum ? sum : "");
}

static int open_store(struct rolling *rolling)
{
    struct store_why why = { .pid = 0 };
    int r = rolling_store_open(rolling->place, &rolling->store, &why);

    if (r == STORE_E_LOCKED)
        return say_who_runs(rolling, why.pid);
    return r == 0 ? CLI_EXIT_OK : nothing_done(rolling, CLI_EXIT_UNAVAILABLE, why.text);
}

/* The words as they were, in their order. */
static bool is_same(const struct rolling *rolling, const struct rolling_record *record)
{
    const struct rolling_options *options = &rolling->options;

    if (record->plan.verb != rolling->plan.verb || strcmp(record->place, rolling->place) != 0 ||
        record->plan.words.n != options->n_words)
        return false;
    for (size_t i = 0; i < options->n_words; i++)
        if (strcmp(record->plan.words.list[i], options->words[i]) != 0)
            return false;
    return true;
}

static int say_other(const struct rolling *rolling, const struct rolling_record *record)
{
    _cleanup_(freep) char *command = rolling_command(&record->plan, record->place, "--resume");

    (void)nothing_done(rolling, CLI_EXIT_USAGE, "what was begun is not what this asks for");
    return fail(CLI_EXIT_USAGE, "This goes on with it: %s", command ? command : "");
}

static int take_up(struct rolling *rolling, struct rolling_record *record)
{
    if (!is_same(rolling, record))
        return say_other(rolling, record);
    rolling->plan = record->plan;
    record->plan = (struct rolling_plan){ .verb = 0 };
    rolling->plan.max_failures = rolling->options.max_failures;
    rolling->plan.pause_sec = rolling->options.pause_sec;
    rolling_plan_resume(&rolling->plan);
    return CLI_EXIT_OK;
}

static int resume(struct rolling *rolling)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    struct store_why why = { .pid = 0 };
    int r = rolling_store_read(&rolling->store, &record, &why);

    if (r == 0)
        return take_up(rolling, &record);
    if (r == STORE_E_NONE)
        return nothing_done(rolling, CLI_EXIT_USAGE, "there is nothing to go on with");
    if (r != STORE_E_UNFIT)
        return nothing_done(rolling, CLI_EXIT_UNAVAILABLE, "there is no memory left");
    (void)nothing_done(rolling, CLI_EXIT_UNAVAILABLE, why.text);
    return fail(CLI_EXIT_UNAVAILABLE, "It is not obeyed. Without --resume all units are begun with anew.");
}

/* --- what is to be done --- */

/* What is put in its place cannot be gone on with any more. */
static void say_what_is_given_up(const struct rolling *rolling)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    _cleanup_(freep) char *command = NULL, *sum = NULL;
    struct store_why why = { .pid = 0 };

    if (rolling->options.is_quiet || rolling_store_read(&rolling->store, &record, &why) != 0)
        return;
    command = rolling_command(&record.plan, record.place, "");
    sum = rolling_sum(&record.plan);
    (void)fprintf(stderr, "What was begun earlier is not gone on with: %s: %s\n", command ? command : "",
                  sum ? sum : "");
}

static int choose(struct rolling *rolling)
{
    const struct rolling_options *options = &rolling->options;
    int r = rolling_units_choose(&rolling->plan, rolling->common->place, options->words, options->n_words);

    if (r == CLI_EXIT_OK)
        say_what_is_given_up(rolling);
    return r;
}

/* --- all of it --- */

static int tell(const struct rolling *rolling)
{
    const struct rolling_options *options = &rolling->options;

    if (options->json)
        rolling_tell_json(&rolling->plan, rolling->place, options->json);
    rolling_tell(&rolling->plan, rolling->place, options->is_quiet || options->json);
    return rolling_exit_status(&rolling->plan);
}

static int go(struct rolling *rolling)
{
    const struct rolling_options *options = &rolling->options;
    struct rolling_run run = { .common = rolling->common,
                               .plan = &rolling->plan,
                               .store = &rolling->store,
                               .place = rolling->place,
                               .lost = options->lost };
    int r;

    (void)snprintf(run.reason, sizeof(run.reason), "%s", options->reason);
    rolling_show_begin(&run.show, options->json, options->is_quiet);
    r = rolling_run(&run);
    if (r < 0)
        return nothing_done(rolling, CLI_EXIT_UNAVAILABLE, strerror(-r));
    if (rolling_exit_status(&rolling->plan) == CLI_EXIT_OK)
        rolling_store_forget(&rolling->store);
    return tell(rolling);
}

int cli_rolling(const struct cli_options *common, unsigned verb, int argc, char *argv[])
{
    _cleanup_(rolling_done) struct rolling rolling = {
        .common = common, .store = ROLLING_STORE_CLOSED, .plan = { .verb = verb }, .place = place_of(common)
    };
    int r = rolling_options_parse(common, argc + 1, argv - 1, &rolling.options);

    if (r != CLI_EXIT_OK)
        return r;
    rolling.plan.max_failures = rolling.options.max_failures;
    rolling.plan.pause_sec = rolling.options.pause_sec;
    r = open_store(&rolling);
    if (r == CLI_EXIT_OK)
        r = rolling.options.is_resume ? resume(&rolling) : choose(&rolling);
    return r == CLI_EXIT_OK ? go(&rolling) : r;
}
