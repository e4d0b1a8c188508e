/* restartctl watch: a line for each change of a unit, until somebody ends it. Only what changed is read. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/shared/call.h"
#include "cli/shared/cli.h"
#include "cli/shared/json.h"
#include "cli/shared/rows.h"
#include "cli/shared/select.h"
#include "cli/verbs/watch-states.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/text.h"

enum {
    WAIT_SEC = 50,   /* for one change, which is less than the broker allows */
    ANSWER_SEC = 15, /* that it may take beyond that */
    AGAIN_SEC = 1,   /* between two attempts at a broker that is not there */
};

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

struct watch {
    const struct cli_options *common;
    enum json_layout json;
    struct texts words;
    struct watch_states states;
    char cursor[WIRE_CURSOR_MAX + 1];
    bool is_out; /* and that was said */
};

static void watch_done(struct watch *watch)
{
    texts_done(&watch->words);
    watch_states_done(&watch->states);
}

/* --- what is printed --- */

static void write_time(bool utc, char ret[static 32])
{
    time_t now = time(NULL);
    struct tm tm = { 0 };

    (void)(utc ? gmtime_r(&now, &tm) : localtime_r(&now, &tm));
    (void)strftime(ret, 32, utc ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M:%S", &tm);
}

static xmlrpc_value *state_value(const struct watch_state *state)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "active_state", state->active_state);
    rpc_struct_string(&s, "sub_state", state->sub_state);
    return rpc_struct_end(&s);
}

/* One object a line, however JSON is to be laid out elsewhere: whoever follows reads lines. Takes the struct
 * over. */
static void print_object(struct rpc_struct *s)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = rpc_struct_end(s);

    json_print(value, JSON_SHORT);
    (void)fflush(stdout);
}

static void print_json(const char *unit, const struct watch_state *before, const struct watch_state *after)
{
    struct rpc_struct s = rpc_struct_begin();
    char when[32];

    write_time(true, when);
    rpc_struct_string(&s, "time", when);
    rpc_struct_string(&s, "unit", unit);
    rpc_struct_value(&s, "before", state_value(before));
    rpc_struct_value(&s, "after", state_value(after));
    print_object(&s);
}

static void print_state(const struct watch_state *state)
{
    (void)printf(*state->active_state ? "%s/%s" : "-", state->active_state, state->sub_state);
}

/* An id is what stands behind the @. */
static bool is_meant(const struct watch *watch, const char *unit)
{
    const char *instance = strchr(unit, '@');

    for (size_t i = 0; i < watch->words.n; i++)
        if (select_matches(watch->words.list[i], unit) ||
            (instance && select_matches(watch->words.list[i], instance + 1)))
            return true;
    return watch->words.n == 0;
}

static void on_changed(const char *unit, const struct watch_state *before, const struct watch_state *after,
                       void *userdata)
{
    const struct watch *watch = userdata;
    char when[32];

    if (!is_meant(watch, unit))
        return;
    if (watch->json) {
        print_json(unit, before, after);
        return;
    }
    write_time(false, when);
    (void)printf("%s %s ", when, unit);
    print_state(before);
    (void)fputs(" -> ", stdout);
    print_state(after);
    (void)putchar('\n');
    (void)fflush(stdout);
}

/* --- a broker that is not there --- */

static void say_outage(const struct watch *watch, bool is_over, const char *text)
{
    _cleanup_(freep) char *line = strdup(text);
    struct rpc_struct s;
    char when[32];

    for (char *at = line ? strchr(line, '\n') : NULL; at; at = strchr(at, '\n'))
        *at = ' ';
    write_time(watch->json != JSON_OFF, when);
    (void)fprintf(stderr, "%s %s\n", when, line ? line : "");
    if (!watch->json)
        return;
    s = rpc_struct_begin();
    rpc_struct_string(&s, "time", when);
    rpc_struct_bool(&s, "reachable", is_over);
    rpc_struct_string(&s, "message", line ? line : "");
    print_object(&s);
}

/* One that ends whenever nobody needs it, or was started anew, is there at the next attempt. CLI_EXIT_OK: to
 * be tried again. */
static int take_failure(struct watch *watch, const struct failure *failure, unsigned attempt)
{
    if (failure->exit_status == CLI_EXIT_REFUSED || !*watch->cursor)
        return fail_as(failure);
    if (attempt == 0)
        return CLI_EXIT_OK;
    if (!watch->is_out)
        say_outage(watch, false, failure->text ? failure->text : "The broker cannot be reached.");
    watch->is_out = true;
    (void)sleep(AGAIN_SEC);
    return CLI_EXIT_OK;
}

/* On CLI_EXIT_OK *ret is the caller's. */
static int ask(struct watch *watch, const struct wire_call *call, uint64_t timeout_usec,
               struct wire_answer *ret)
{
    int r = CLI_EXIT_OK;

    for (unsigned attempt = 0; r == CLI_EXIT_OK; attempt++) {
        _cleanup_(call_end_done) struct call_end end = { .reason_wanted = false };

        if (call_wait(watch->common->place, call, timeout_usec, &end) != CLI_EXIT_OK) {
            r = take_failure(watch, &end.failure, attempt);
            continue;
        }
        if (watch->is_out)
            say_outage(watch, true, "The broker answers again.");
        watch->is_out = false;
        *ret = end.answer;
        end.answer = (struct wire_answer){ 0 };
        return CLI_EXIT_OK;
    }
    return r;
}

/* --- what changed --- */

/* No broker has that cursor: it answers that all is to be read anew. */
static void forget(struct watch *watch)
{
    (void)snprintf(watch->cursor, sizeof(watch->cursor), "0");
}

static int read_all(struct watch *watch, bool is_first)
{
    static const struct wire_list_options ALL = { .offset = 0 };
    _cleanup_(rows_done) struct rows rows = { .parts = NULL };
    _cleanup_(watch_states_done) struct watch_states states = { .list = NULL };
    int r = rows_read(watch->common->place, &ALL, &rows);

    if (r != CLI_EXIT_OK && !is_first && r != CLI_EXIT_REFUSED) {
        /* Meanwhile it may have gone again. */
        forget(watch);
        (void)sleep(AGAIN_SEC);
        return CLI_EXIT_OK;
    }
    if (r != CLI_EXIT_OK)
        return r;
    if (watch_states_read(&rows.list, &states) < 0)
        return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
    if (!is_first) {
        watch_states_replace(&watch->states, &states, on_changed, watch);
        return CLI_EXIT_OK;
    }
    watch->states = states;
    states = (struct watch_states){ .list = NULL };
    return CLI_EXIT_OK;
}

/* What may not be seen any more is no unit of the list. */
static void read_one(struct watch *watch, const char *unit)
{
    const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS], .unit = (char *)unit };
    _cleanup_(call_end_done) struct call_end end = { .reason_wanted = false };

    if (!is_meant(watch, unit))
        return;
    if (call_wait(watch->common->place, &call, 0, &end) == CLI_EXIT_OK)
        watch_states_update(&watch->states, &end.answer.status, on_changed, watch);
    else
        forget(watch);
}

static int ask_changes(struct watch *watch, int seconds, struct wire_answer *ret)
{
    struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_CHANGES], .seconds = seconds };
    int r;

    (void)snprintf(call.cursor, sizeof(call.cursor), "%s", watch->cursor);
    r = ask(watch, &call, (uint64_t)(seconds + ANSWER_SEC) * USEC_PER_SEC, ret);
    if (r == CLI_EXIT_OK)
        (void)snprintf(watch->cursor, sizeof(watch->cursor), "%s", ret->changes.cursor);
    return r;
}

static int follow(struct watch *watch)
{
    int r = CLI_EXIT_OK;

    while (r == CLI_EXIT_OK) {
        _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };

        r = ask_changes(watch, WAIT_SEC, &answer);
        if (r == CLI_EXIT_OK && answer.changes.whole)
            r = read_all(watch, false);
        for (size_t i = 0; r == CLI_EXIT_OK && !answer.changes.whole && i < answer.changes.units.n; i++)
            read_one(watch, answer.changes.units.items[i]);
    }
    return r;
}

static int watch(struct watch *watch)
{
    struct wire_answer answer = { 0 };
    int r = ask_changes(watch, 0, &answer);

    if (r == CLI_EXIT_OK)
        wire_answer_done(&answer);
    if (r == CLI_EXIT_OK)
        r = read_all(watch, true);
    return r == CLI_EXIT_OK ? follow(watch) : r;
}

/* --- the command line --- */

/* Each line is out as soon as it is printed, and there is nothing to put right. */
static void on_signal(_unused_ int number)
{
    _exit(CLI_EXIT_OK);
}

static int parse_options(int argc, char *argv[], struct watch *watch)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = { { "json", optional_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, ":j", OPTIONS, NULL)) >= 0;)
        r = c == 'j' ? json_option(optarg, &watch->json) : cli_usage_option(c, argv);
    for (; r == CLI_EXIT_OK && optind < argc; optind++)
        if (texts_take(&watch->words, strdup(argv[optind])) < 0)
            r = fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
    return r;
}

int cli_watch(const struct cli_options *common, int argc, char *argv[])
{
    _cleanup_(watch_done) struct watch options = { .common = common, .json = common->json };
    /* What stands before the arguments is the verb. */
    int r = parse_options(argc + 1, argv - 1, &options);

    if (r != CLI_EXIT_OK)
        return r;
    (void)signal(SIGINT, on_signal);
    (void)signal(SIGTERM, on_signal);
    return watch(&options);
}
