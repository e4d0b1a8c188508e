/* Each option on its own, and then what has to be there. */
#include "cli/verbs/restart-options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/shared/json.h"
#include "cli/shared/select.h"
#include "common/patience.h"

bool restart_options_are_many(const struct restart_options *options)
{
    return options->n_words > 1 || select_is_pattern(options->words[0]);
}

static int parse_seconds(const char *option, const char *text, int min, int max, int *ret)
{
    char *end = NULL;
    long seconds;

    errno = 0;
    seconds = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || seconds < min || seconds > max)
        return cli_usage_error("--%s=%s is not a number of seconds from %d to %d", option, text, min, max);
    *ret = (int)seconds;
    return CLI_EXIT_OK;
}

static int parse_reason(const char *text, char ret[static REASON_SIZE])
{
    if (reason_clean(text, ret) != 0)
        return cli_usage_error("--reason= is longer than %d bytes", REASON_MAX);
    return *ret ? CLI_EXIT_OK : cli_usage_error("--reason= is empty");
}

static int parse_press(const char *text, const char **ret)
{
    if (!wire_press_valid(text))
        return cli_usage_error("a press is a word of %d to %d of A-Z a-z 0-9 _ -", WIRE_PRESS_MIN,
                               WIRE_PRESS_MAX);
    *ret = text;
    return CLI_EXIT_OK;
}

static int parse_option(int c, char *argv[], struct restart_options *options)
{
    switch (c) {
    case 'j':
        return json_option(optarg, &options->json);
    case 'n':
        options->settle = 0;
        return CLI_EXIT_OK;
    case 'w':
        return parse_reason(optarg, options->reason);
    case 'r':
        return parse_press(optarg, &options->press);
    case 't':
        return parse_seconds("settle", optarg, 0, PATIENCE_SETTLE_SEC, &options->settle);
    case 'T':
        return parse_seconds("timeout", optarg, 1, TIMEOUT_MAX_SEC, &options->timeout_sec);
    case 'q':
        options->is_quiet = true;
        return CLI_EXIT_OK;
    case 'b':
        options->no_block = true;
        return CLI_EXIT_OK;
    default:
        return cli_usage_option(c, argv);
    }
}

static int check(const struct restart_options *options)
{
    if (options->n_words == 0)
        return cli_usage_error("a unit, the id of an instance, or a pattern is needed");
    if (options->press && restart_options_are_many(options))
        return cli_usage_error("a press is for one unit");
    return CLI_EXIT_OK;
}

static int parse_options(int argc, char *argv[], struct restart_options *options)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "json", optional_argument, NULL, 'j' },
        { "no-block", no_argument, NULL, 'b' },
        { "no-settle", no_argument, NULL, 'n' },
        { "press", required_argument, NULL, 'r' },
        { "quiet", no_argument, NULL, 'q' },
        { "reason", required_argument, NULL, 'w' },
        { "settle", required_argument, NULL, 't' },
        { "timeout", required_argument, NULL, 'T' },
        { NULL, 0, NULL, 0 },
    };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, ":jq", OPTIONS, NULL)) >= 0;)
        r = parse_option(c, argv, options);
    if (r != CLI_EXIT_OK)
        return r;
    options->words = argv + optind;
    options->n_words = (size_t)(argc - optind);
    return check(options);
}

int restart_options_parse(const struct cli_options *common, unsigned verb, int argc, char *argv[],
                          struct restart_options *ret)
{
    struct restart_options options = {
        .common = common, .verb = verb, .json = common->json, .settle = SETTLE_OWN
    };
    int r = parse_options(argc + 1, argv - 1, &options);

    if (r == CLI_EXIT_OK)
        *ret = options;
    return r;
}

struct wire_call restart_options_call(const struct restart_options *options, const char *unit,
                                      const char *press, int settle)
{
    struct wire_call call = {
        .method = wire_method_of_verb(options->verb),
        .unit = (char *)unit,
        .has_settle = settle != SETTLE_OWN,
        .settle = settle,
    };

    (void)snprintf(call.press, sizeof(call.press), "%s", press);
    (void)snprintf(call.reason, sizeof(call.reason), "%s", options->reason);
    return call;
}
