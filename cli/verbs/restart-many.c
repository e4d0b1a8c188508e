/* Each unit is a press of its own. What fails of one stops none of the others. */
#include "cli/verbs/restart-many.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/call.h"
#include "cli/shared/json.h"
#include "cli/shared/press.h"
#include "cli/shared/select.h"
#include "cli/verbs/restart-taken.h"
#include "common/clock.h"
#include "common/text.h"
#include "common/verb.h"

/* A person has 24 places for restarts with the broker, and others may be at it for the same one. */
enum { SIDE_BY_SIDE = 8 };

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

struct one {
    struct many *many;
    const char *unit;
    char press[WIRE_PRESS_MAX + 1];
    struct call_end end;
    int exit_status;
};

struct many {
    const struct restart_options *options;
    sd_event *event;
    struct one *ones;
    size_t n, begun, ended;
};

static void many_done(struct many *many)
{
    for (size_t i = 0; i < many->n; i++)
        call_end_done(&many->ones[i].end);
    free(many->ones);
    sd_event_unref(many->event);
}

/* --- what is said of one --- */

static void print_sentence(FILE *out, const struct one *one, const char *text)
{
    if (!strstr(text, one->unit))
        (void)fprintf(out, "%s: ", one->unit);
    text_print(out, text);
    (void)fputc('\n', out);
}

static bool is_taken(const struct one *one)
{
    return one->many->options->no_block && taken_only(&one->end.answer);
}

static void add_how_to_look(struct one *one)
{
    struct failure *failure = &one->end.failure;

    if (failure->exit_status == CLI_EXIT_UNKNOWN)
        (void)failure_say(failure, CLI_EXIT_UNKNOWN, 0,
                          "'restartctl status %s' tells its state. Asked again with --press=%s it is not %s "
                          "a second time.",
                          one->unit, one->press, verb_done(one->many->options->verb));
}

/* One alone is told as it is without --no-block. */
static void tell_failure(const struct one *one)
{
    const struct failure *failure = &one->end.failure;

    if (restart_options_are_many(one->many->options))
        print_sentence(stderr, one, failure->text ? failure->text : "out of memory");
    else
        (void)fail_as(failure);
}

static void print_taken(const struct one *one)
{
    (void)printf(
        "Not waited for: 'restartctl %s --press=%s %s' waits for the outcome, and 'restartctl status "
        "%s' tells the state.\n",
        verb_to_string(one->many->options->verb), one->press, one->unit, one->unit);
}

static void tell(const struct one *one)
{
    const struct restart_options *options = one->many->options;

    if (one->end.failure.exit_status != CLI_EXIT_OK) {
        tell_failure(one);
    } else if (!options->json && (!options->is_quiet || one->exit_status != CLI_EXIT_OK)) {
        print_sentence(stdout, one, one->end.answer.restart.message);
        if (is_taken(one))
            print_taken(one);
    }
    (void)fflush(stdout);
}

/* --- side by side --- */

static void begin_next(struct many *many);

static void end_one(struct one *one)
{
    struct many *many = one->many;

    one->exit_status = one->end.failure.exit_status;
    if (one->exit_status == CLI_EXIT_OK && !one->end.answer.restart.success && !is_taken(one))
        one->exit_status = CLI_EXIT_FAILED;
    add_how_to_look(one);
    tell(one);
    many->ended++;
    begin_next(many);
}

static void on_end(struct call_end *end, void *userdata)
{
    struct one *one = userdata;

    one->end = *end;
    end_one(one);
}

static int begin(struct one *one)
{
    const struct restart_options *options = one->many->options;
    struct wire_call call;
    int r = 0;

    if (options->press)
        (void)snprintf(one->press, sizeof(one->press), "%s", options->press);
    else
        r = press_make(one->press);
    if (r < 0)
        return r;
    call = restart_options_call(options, one->unit, one->press, options->settle);
    return (options->no_block ? taken_start : call_start)(one->many->event, options->common->place, &call,
                                                          (uint64_t)options->timeout_sec * USEC_PER_SEC,
                                                          on_end, one);
}

static void begin_next(struct many *many)
{
    while (many->begun < many->n && many->begun - many->ended < SIDE_BY_SIDE) {
        struct one *one = &many->ones[many->begun++];
        int r = begin(one);

        if (r >= 0)
            continue;
        (void)failure_say(&one->end.failure, CLI_EXIT_UNAVAILABLE, 0, "Nothing was %s: %s.",
                          verb_done(many->options->verb), strerror(-r));
        one->exit_status = CLI_EXIT_UNAVAILABLE;
        tell(one);
        many->ended++;
    }
    if (many->ended == many->n)
        (void)sd_event_exit(many->event, 0);
}

/* --- what is said of all --- */

static void print_count(size_t n, const char *what, const char **separator)
{
    if (n > 0)
        (void)printf("%s%zu %s", *separator, n, what);
    *separator = n > 0 ? ", " : *separator;
}

static void print_summary(const struct many *many)
{
    static const char *const WORDS[] = { [CLI_EXIT_FAILED] = "failed",
                                         [CLI_EXIT_REFUSED] = "refused",
                                         [CLI_EXIT_UNAVAILABLE] = "not reached",
                                         [CLI_EXIT_UNKNOWN] = "unknown" };
    const char *separator = ": ";
    size_t counts[CLI_EXIT_UNKNOWN + 1] = { 0 };

    for (size_t i = 0; i < many->n; i++)
        counts[many->ones[i].exit_status]++;
    (void)printf("%zu unit%s", many->n, many->n == 1 ? "" : "s");
    print_count(counts[CLI_EXIT_OK],
                many->options->no_block ? "not waited for" : verb_done(many->options->verb), &separator);
    for (int status = CLI_EXIT_FAILED; status <= CLI_EXIT_UNKNOWN; status++)
        print_count(counts[status], WORDS[status] ? WORDS[status] : "", &separator);
    (void)puts(".");
}

static xmlrpc_value *one_value(const struct one *one)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "unit", one->unit);
    rpc_struct_int(&s, "exit_status", one->exit_status);
    if (one->end.failure.exit_status != CLI_EXIT_OK)
        rpc_struct_value(&s, "error", failure_value(&one->end.failure));
    else
        rpc_struct_value(&s, "answer", wire_answer_value(&one->end.answer));
    return rpc_struct_end(&s);
}

static void print_json(const struct many *many)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = NULL;
    xmlrpc_value *list = rpc_array_new();
    struct rpc_struct s = rpc_struct_begin();

    for (size_t i = 0; i < many->n; i++)
        (void)rpc_array_append(list, one_value(&many->ones[i]));
    rpc_struct_value(&s, "units", list);
    value = rpc_struct_end(&s);
    json_print(value, many->options->json);
}

static void print_json_of_one(const struct many *many)
{
    if (many->options->json && many->ones[0].end.failure.exit_status == CLI_EXIT_OK)
        json_print_answer(&many->ones[0].end.answer, many->options->json);
}

static int tell_all(const struct many *many)
{
    int worst = CLI_EXIT_OK;

    for (size_t i = 0; i < many->n; i++)
        worst = many->ones[i].exit_status > worst ? many->ones[i].exit_status : worst;
    if (!restart_options_are_many(many->options))
        print_json_of_one(many);
    else if (many->options->json)
        print_json(many);
    else if (!many->options->is_quiet)
        print_summary(many);
    return worst;
}

static int run(struct many *many, const struct texts *units)
{
    many->ones = calloc(units->n, sizeof(*many->ones));
    if (!many->ones || sd_event_new(&many->event) < 0)
        return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory; nothing was %s",
                         verb_done(many->options->verb));
    many->n = units->n;
    for (size_t i = 0; i < units->n; i++)
        many->ones[i] = (struct one){ .many = many, .unit = units->list[i] };
    begin_next(many);
    if (sd_event_loop(many->event) < 0)
        return fail_self(CLI_EXIT_UNKNOWN, "the answers cannot be waited for");
    return tell_all(many);
}

int restart_many(const struct restart_options *options)
{
    _cleanup_(texts_done) struct texts units = { .n = 0 };
    _cleanup_(many_done) struct many many = { .options = options };
    int r = select_units(options->common->place, options->words, options->n_words, &units);

    return r == CLI_EXIT_OK ? run(&many, &units) : r;
}
