/* restartctl restart and the other verbs: the restart at once, and what became of the unit when it is known.
 * Each run is one press of the button, so that asking twice does nothing twice. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/shared/call.h"
#include "cli/shared/json.h"
#include "cli/shared/press.h"
#include "cli/shared/why.h"
#include "cli/verbs/restart-many.h"
#include "cli/verbs/restart-options.h"
#include "cli/verbs/rolling-options.h"
#include "cli/verbs/rolling.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/text.h"
#include "common/verb.h"

/* Scripts that retry, and people who lost the answer, can ask again without doing it twice. */
static void say_how_to_look(const struct restart_options *options)
{
    (void)fail(CLI_EXIT_UNKNOWN,
               "'restartctl status %s' tells its state. Asked again with --press=%s it is not %s a second "
               "time.",
               options->words[0], options->press, verb_done(options->verb));
}

static int call_once(const struct restart_options *options, int settle, struct call_end *ret)
{
    const struct wire_call call = restart_options_call(options, options->words[0], options->press, settle);

    return call_wait(options->common->place, &call, (uint64_t)options->timeout_sec * USEC_PER_SEC, ret);
}

/* Where somebody sits who can be asked, he is not told that a reason is missing: he is asked for one. */
static int call(struct restart_options *options, int settle, struct wire_answer *ret)
{
    _cleanup_(call_end_done) struct call_end end = { .reason_wanted = false };
    int r = call_once(options, settle, &end);

    if (end.reason_wanted && !*options->reason && reason_can_ask()) {
        r = reason_ask(options->verb, options->words[0], options->reason);
        if (r != CLI_EXIT_OK)
            return r;
        call_end_done(&end);
        r = call_once(options, settle, &end);
    }
    if (r != CLI_EXIT_OK)
        (void)fail_as(&end.failure);
    if (r == CLI_EXIT_UNKNOWN)
        say_how_to_look(options);
    if (r != CLI_EXIT_OK)
        return r;
    *ret = end.answer;
    end.answer = (struct wire_answer){ 0 };
    return CLI_EXIT_OK;
}

/* Quietly, only what went wrong is said. */
static int tell(const struct restart_options *options, const struct wire_answer *answer)
{
    const struct wire_restart *restart = &answer->restart;

    if (options->json) {
        json_print_answer(answer, options->json);
    } else if (!options->is_quiet || !restart->success) {
        text_print(stdout, restart->message);
        (void)putchar('\n');
    }
    (void)fflush(stdout);
    return restart->success ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

/* It was carried out, as was said; that the question about it was refused tells nothing else. */
static int tell_unknown(const struct restart_options *options, int r)
{
    if (r == CLI_EXIT_UNKNOWN)
        return r;
    (void)fail(CLI_EXIT_UNKNOWN,
               "That is the answer to the question what became of it, which was carried out.");
    say_how_to_look(options);
    return CLI_EXIT_UNKNOWN;
}

/* Nobody likes to wait without a word. */
static int restart_in_view(struct restart_options *options)
{
    _cleanup_(wire_answer_done) struct wire_answer first = { 0 }, second = { 0 };
    int r = call(options, 0, &first);

    if (r != CLI_EXIT_OK)
        return r;
    r = tell(options, &first);
    if (strcmp(first.restart.verdict, "watching") != 0)
        return r;
    r = call(options, SETTLE_OWN, &second);
    return r == CLI_EXIT_OK ? tell(options, &second) : tell_unknown(options, r);
}

static int restart_one(struct restart_options *options)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r;

    if (!options->json && !options->is_quiet && options->settle == SETTLE_OWN && isatty(STDOUT_FILENO))
        return restart_in_view(options);
    r = call(options, options->settle, &answer);
    return r == CLI_EXIT_OK ? tell(options, &answer) : r;
}

int cli_restart(const struct cli_options *common, unsigned verb, int argc, char *argv[])
{
    struct restart_options options;
    char press[PRESS_SIZE];
    int r;

    if (rolling_is_asked(argc, argv))
        return cli_rolling(common, verb, argc, argv);
    r = restart_options_parse(common, verb, argc, argv, &options);
    if (r != CLI_EXIT_OK)
        return r;
    if (options.no_block || restart_options_are_many(&options))
        return restart_many(&options);
    if (!options.press) {
        r = press_make(press);
        if (r < 0)
            return fail_self(CLI_EXIT_UNAVAILABLE, "no random number: %s; nothing was %s", strerror(-r),
                             verb_done(verb));
        options.press = press;
    }
    return restart_one(&options);
}
