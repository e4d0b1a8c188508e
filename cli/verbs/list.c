/* restartctl list: the units there are, and how they are. */
#include "cli/shared/cli.h"
#include "cli/shared/columns.h"
#include "cli/shared/json.h"
#include "cli/shared/rows.h"
#include "cli/shared/select.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "common/text.h"

struct list_options {
    const struct cli_options *common;
    enum json_layout json;
    struct wire_list_options part;
    struct texts patterns;
    bool no_legend;
};

/* --- what is asked for --- */

static int parse_state(const char *word, struct list_options *options)
{
    options->part.state = unit_group_from_string(word);
    if (options->part.state != UNIT_GROUP_NONE)
        return CLI_EXIT_OK;
    return cli_usage_error("--state=%s is none of failed, restarting, running and stopped", word);
}

static void list_options_done(struct list_options *options)
{
    texts_done(&options->patterns);
}

/* All words together; each must occur. What has a character of a pattern in it is one: any of them will do.
 */
static int parse_words(int argc, char *argv[], struct list_options *options)
{
    char text[2 * WIRE_FILTER_SIZE] = "";
    size_t used = 0;

    for (int i = 0; i < argc && used < sizeof(text); i++) {
        if (!select_is_pattern(argv[i]))
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s ", argv[i]);
        else if (texts_take(&options->patterns, strdup(argv[i])) < 0)
            return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory");
    }
    if (used < sizeof(text) && wire_filter_clean(text, options->part.filter))
        return CLI_EXIT_OK;
    return cli_usage_error("the words to look for have more than %d bytes", WIRE_FILTER_MAX);
}

static int parse_options(int argc, char *argv[], struct list_options *options)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "json", optional_argument, NULL, 'j' },
        { "no-legend", no_argument, NULL, 'L' },
        { "state", required_argument, NULL, 't' },
        { NULL, 0, NULL, 0 },
    };
    int r = CLI_EXIT_OK;

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; r == CLI_EXIT_OK && (c = getopt_long(argc, argv, ":j", OPTIONS, NULL)) >= 0;) {
        if (c == 'j')
            r = json_option(optarg, &options->json);
        else if (c == 'L')
            options->no_legend = true;
        else
            r = c == 't' ? parse_state(optarg, options) : cli_usage_option(c, argv);
    }
    return r == CLI_EXIT_OK ? parse_words(argc - optind, argv + optind, options) : r;
}

/* --- what is printed --- */

static void print_instance(const struct wire_instance *instance)
{
    /* A masked one may run still. "": enabled, and not loaded just now. */
    bool odd = *instance->load_state && strcmp(instance->load_state, "loaded") != 0;

    cli_print_column(instance->unit, 32);
    cli_print_state(odd ? instance->load_state : instance->active_state, 12);
    cli_print_state(odd ? instance->active_state : instance->sub_state, 12);
    text_print(stdout, instance->description);
    (void)putchar('\n');
}

static void print_count(uint64_t count, enum unit_group group, const char **separator)
{
    if (count == 0)
        return;
    (void)printf("%s%" PRIu64 " %s", *separator, count, unit_group_to_string(group));
    *separator = ", ";
}

/* For who reads it; a script reads a unit a line. */
static void print_counts(const struct wire_list *list)
{
    uint64_t all = list->failed + list->restarting + list->running + list->stopped;
    const char *separator = ": ";

    if (!isatty(STDOUT_FILENO))
        return;
    (void)printf("\n%" PRIu64 " unit%s", all, all == 1 ? "" : "s");
    print_count(list->failed, UNIT_GROUP_FAILED, &separator);
    print_count(list->restarting, UNIT_GROUP_RESTARTING, &separator);
    print_count(list->running, UNIT_GROUP_RUNNING, &separator);
    print_count(list->stopped, UNIT_GROUP_STOPPED, &separator);
    (void)puts(".");
    if (list->n_instances < all)
        (void)printf("%zu of them %s as asked for.\n", list->n_instances,
                     list->n_instances == 1 ? "is" : "are");
}

static void report(const struct rows *rows)
{
    const struct wire_list *list = &rows->list;

    if (*list->policy_error) {
        (void)fprintf(stderr, "The policy file is broken%s: ",
                      list->policy_in_force ? ", and the last good one stays in force" : "");
        text_print(stderr, list->policy_error);
        (void)fputc('\n', stderr);
    }
    if (list->truncated)
        (void)fputs("There are more units than the broker tells of.\n", stderr);
    if (rows->changed)
        (void)fputs(
            "The list changed all the time that it was read: a unit may be missing, or there twice.\n",
            stderr);
}

/* Those that a pattern is about, in their order. What they point to stays. */
static void keep_matching(struct wire_list *list, const struct texts *patterns)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n_instances; i++)
        if (select_matches_any(patterns, list->instances[i].unit))
            list->instances[n++] = list->instances[i];
    list->n_instances = n;
    list->matching = n;
}

static int print(const struct list_options *options, const struct rows *rows)
{
    const struct wire_answer all = { .kind = WIRE_LIST, .list = rows->list };

    report(rows);
    if (options->json)
        json_print_answer(&all, options->json);
    for (size_t i = 0; !options->json && i < all.list.n_instances; i++)
        print_instance(&all.list.instances[i]);
    if (!options->json && !options->no_legend)
        print_counts(&all.list);
    return rows->list.policy_ok ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}

int cli_list(const struct cli_options *options, int argc, char *argv[])
{
    _cleanup_(rows_done) struct rows rows = { .parts = NULL };
    _cleanup_(list_options_done) struct list_options list = { .common = options,
                                                              .json = options->json,
                                                              .no_legend = options->no_legend };
    int r = parse_options(argc + 1, argv - 1, &list);

    if (r == CLI_EXIT_OK)
        r = rows_read(options->place, &list.part, &rows);
    if (r != CLI_EXIT_OK)
        return r;
    if (list.patterns.n > 0)
        keep_matching(&rows.list, &list.patterns);
    return print(&list, &rows);
}
