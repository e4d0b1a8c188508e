/* Each option on its own, and then what has to be there. */
#include "cli/verbs/rolling-options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/fail.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"
#include "common/text.h"

struct parsing {
    struct rolling_options options;
    bool is_rolling;
};

bool rolling_is_asked(int argc, char *argv[])
{
    static const char *const OPTIONS[] = { "--rolling", "--max-failures", "--pause", "--resume" };

    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        for (size_t j = 0; j < sizeof(OPTIONS) / sizeof(*OPTIONS); j++)
            if (strncmp(argv[i], OPTIONS[j], strlen(OPTIONS[j])) == 0)
                return true;
    return false;
}

static int parse_number(const char *option, const char *text, unsigned max, unsigned *ret)
{
    char *end = NULL;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > (long)max)
        return cli_usage_error("--%s=%s is not a number from 0 to %u", option, text, max);
    *ret = (unsigned)number;
    return CLI_EXIT_OK;
}

static int parse_resume(const char *word, struct rolling_options *options)
{
    options->is_resume = true;
    options->lost = ROLLING_LOST_STOP;
    if (!word)
        return CLI_EXIT_OK;
    if (strcmp(word, "again") == 0)
        options->lost = ROLLING_LOST_AGAIN;
    else if (strcmp(word, "skip") == 0)
        options->lost = ROLLING_LOST_SKIP;
    else
        return cli_usage_error("--resume=%s is none of again and skip", word);
    return CLI_EXIT_OK;
}

static int parse_reason(const char *text, char ret[static REASON_SIZE])
{
    if (reason_clean(text, ret) != 0)
        return cli_usage_error("--reason= is longer than %d bytes", REASON_MAX);
    return *ret ? CLI_EXIT_OK : cli_usage_error("--reason= is empty");
}

static int parse_option(int c, char *argv[], struct parsing *parsing)
{
    struct rolling_options *options = &parsing->options;

    switch (c) {
    case 'j':
        return json_option(optarg, &options->json);
    case 'q':
        options->is_quiet = true;
        return CLI_EXIT_OK;
    case 'R':
        parsing->is_rolling = true;
        return CLI_EXIT_OK;
    case 'm':
        return parse_number("max-failures", optarg, ROLLING_FAILURES_MAX, &options->max_failures);
    case 'p':
        return parse_number("pause", optarg, ROLLING_PAUSE_MAX_SEC, &options->pause_sec);
    case 'g':
        return parse_resume(optarg, options);
    case 'w':
        return parse_reason(optarg, options->reason);
    default:
        return cli_usage_option(c, argv);
    }
}

/* They are written down, and printed to be typed again. */
static int check_word(const char *word)
{
    _cleanup_(freep) char *clean = text_clean_copy(word);

    if (strlen(word) > ROLLING_WORD_MAX)
        return cli_usage_error("a unit or a pattern has more than %d bytes", ROLLING_WORD_MAX);
    return clean && *word && strcmp(clean, word) == 0
               ? CLI_EXIT_OK
               : cli_usage_error("'%s' is no unit and no pattern", word);
}

static int check(const struct parsing *parsing)
{
    const struct rolling_options *options = &parsing->options;
    int r = CLI_EXIT_OK;

    if (!parsing->is_rolling)
        return cli_usage_error("--max-failures=, --pause= and --resume go with --rolling");
    if (options->n_words == 0)
        return cli_usage_error("a unit, the id of an instance, or a pattern is needed");
    if (options->n_words > ROLLING_WORDS_MAX)
        return cli_usage_error("there are more than %d units and patterns", ROLLING_WORDS_MAX);
    for (size_t i = 0; i < options->n_words && r == CLI_EXIT_OK; i++)
        r = check_word(options->words[i]);
    return r;
}

int rolling_options_parse(const struct cli_options *common, int argc, char *argv[],
                          struct rolling_options *ret)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "json", optional_argument, NULL, 'j' },   { "max-failures", required_argument, NULL, 'm' },
        { "pause", required_argument, NULL, 'p' },  { "quiet", no_argument, NULL, 'q' },
        { "reason", required_argument, NULL, 'w' }, { "resume", optional_argument, NULL, 'g' },
        { "rolling", no_argument, NULL, 'R' },      { NULL, 0, NULL, 0 },
    };
    struct parsing parsing = { .options = { .json = common->json, .pause_sec = ROLLING_PAUSE_SEC } };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, ":jq", OPTIONS, NULL)) >= 0;)
        r = parse_option(c, argv, &parsing);
    if (r != CLI_EXIT_OK)
        return r;
    parsing.options.words = argv + optind;
    parsing.options.n_words = (size_t)(argc - optind);
    r = check(&parsing);
    if (r == CLI_EXIT_OK)
        *ret = parsing.options;
    return r;
}
