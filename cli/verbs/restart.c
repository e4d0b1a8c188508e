/* restartctl restart and the other verbs: the restart at once, and what became of the unit when it is known.
 * Each run is one press of the button, so that asking twice does nothing twice. */
#include "cli/shared/cli.h"
#include "cli/shared/json.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/patience.h"
#include "common/verb.h"

enum { PRESS_BYTES = 16, PRESS_SIZE = 2 * PRESS_BYTES + 1 };

struct restart_options {
    const struct cli_options *common;
    unsigned verb;
    const char *unit, *press;
    enum json_layout json;
    int settle; /* seconds; CLI_SETTLE_OWN: as the policy says */
};

static int parse_seconds(const char *text, int *ret)
{
    char *end = NULL;
    long seconds;

    errno = 0;
    seconds = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || seconds < 0 || seconds > PATIENCE_SETTLE_SEC)
        return cli_usage_error("--settle=%s is not a number of seconds from 0 to %d", text,
                               PATIENCE_SETTLE_SEC);
    *ret = (int)seconds;
    return CLI_EXIT_OK;
}

static int parse_option(int c, struct restart_options *options)
{
    switch (c) {
    case 'j':
        return json_option(optarg, &options->json);
    case 'n':
        options->settle = 0;
        return CLI_EXIT_OK;
    case 'r':
        options->press = optarg;
        return CLI_EXIT_OK;
    case 't':
        return parse_seconds(optarg, &options->settle);
    default:
        return CLI_EXIT_USAGE;
    }
}

static int parse_options(int argc, char *argv[], struct restart_options *options)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "json", optional_argument, NULL, 'j' },
        { "no-settle", no_argument, NULL, 'n' },
        { "press", required_argument, NULL, 'r' },
        { "settle", required_argument, NULL, 't' },
        { NULL, 0, NULL, 0 },
    };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, "j", OPTIONS, NULL)) >= 0;)
        r = parse_option(c, options);
    if (r != CLI_EXIT_OK)
        return r;
    if (argc - optind != 1)
        return cli_usage_error("one unit, or the id of an instance, is needed");
    options->unit = argv[optind];
    return CLI_EXIT_OK;
}

static int make_press(char ret[static PRESS_SIZE])
{
    unsigned char bytes[PRESS_BYTES];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return -errno;
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}

/* Scripts that retry, and people who lost the answer, can ask again without doing it twice. */
static void say_how_to_look(const struct restart_options *options)
{
    (void)fprintf(stderr,
                  "'restartctl status %s' tells its state. Asked again with --press=%s it is not %s a second "
                  "time.\n",
                  options->unit, options->press, verb_done(options->verb));
}

static int call(const struct restart_options *options, int settle, struct cli_restarted *ret)
{
    const struct cli_restart_call call = { .verb = options->verb,
                                           .unit = options->unit,
                                           .press = options->press,
                                           .settle = settle,
                                           .json = options->json };
    int r = cli_call_restart(options->common->socket, &call, ret);

    if (r == CLI_EXIT_UNKNOWN)
        say_how_to_look(options);
    return r;
}

static int tell(const struct restart_options *options, const struct cli_restarted *restarted)
{
    (void)printf("%s\n", options->json        ? restarted->json ? restarted->json : "null"
                         : restarted->message ? restarted->message
                                              : "");
    (void)fflush(stdout);
    return restarted->success ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

/* It was carried out, as was said; that the question about it was refused tells nothing else. */
static int tell_unknown(const struct restart_options *options, int r)
{
    if (r == CLI_EXIT_UNKNOWN)
        return r;
    (void)fputs("That is the answer to the question what became of it, which was carried out.\n", stderr);
    say_how_to_look(options);
    return CLI_EXIT_UNKNOWN;
}

/* Nobody likes to wait without a word. */
static int restart_in_view(const struct restart_options *options)
{
    _cleanup_(cli_restarted_done) struct cli_restarted first = { 0 }, second = { 0 };
    int r = call(options, 0, &first);

    if (r != CLI_EXIT_OK)
        return r;
    r = tell(options, &first);
    if (!first.watching)
        return r;
    r = call(options, CLI_SETTLE_OWN, &second);
    return r == CLI_EXIT_OK ? tell(options, &second) : tell_unknown(options, r);
}

static int restart(const struct restart_options *options)
{
    _cleanup_(cli_restarted_done) struct cli_restarted restarted = { 0 };
    int r;

    if (!options->json && options->settle == CLI_SETTLE_OWN && isatty(STDOUT_FILENO))
        return restart_in_view(options);
    r = call(options, options->settle, &restarted);
    return r == CLI_EXIT_OK ? tell(options, &restarted) : r;
}

int cli_restart(const struct cli_options *common, unsigned verb, int argc, char *argv[])
{
    struct restart_options options = {
        .common = common, .verb = verb, .json = common->json, .settle = CLI_SETTLE_OWN
    };
    char press[PRESS_SIZE];
    /* What stands before the arguments is the verb. */
    int r, status = parse_options(argc + 1, argv - 1, &options);

    if (status != CLI_EXIT_OK)
        return status;
    if (!options.press) {
        r = make_press(press);
        if (r < 0) {
            (void)fprintf(stderr, "restartctl: no random number: %s\n", strerror(-r));
            return CLI_EXIT_UNAVAILABLE;
        }
        options.press = press;
    }
    return restart(&options);
}
