/* restartctl: the broker's XML-RPC calls from a shell, and the admin's policy commands. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/cli.h"
#include "cli/shared/hosts.h"
#include "cli/shared/in-turn.h"
#include "cli/shared/json.h"
#include "cli/shared/pager.h"
#include "cli/shared/several.h"
#include "cli/shared/side-by-side.h"
#include "cli/verbs/rolling-options.h"
#include "common/doors.h"
#include "common/verb.h"
#include "policy/paths.h"

/* What can be granted (common/verb.h) goes to cli_restart(). */
static const struct cli_verb {
    const char *name;
    int (*run)(const struct cli_options *options, int argc, char *argv[]);
    bool calls; /* the broker, and nothing else: so it can be another machine's */
} VERBS[] = {
    { "status", cli_status, true }, { "list", cli_list, true },      { "allowed", cli_allowed, true },
    { "check", cli_check, false },  { "policy", cli_policy, false }, { "passwd", cli_passwd, false },
    { "log", cli_log, false },      { "bridge", cli_bridge, false }, { "watch", cli_watch, true },
};

/* What stands behind a verb's name, and in the lines below that begin farther to the right, is its own help.
 */
static const char HELP[] =
    "Usage: restartctl [OPTION...] VERB [ARGUMENT...]\n"
    "\n"
    "Restarts and reloads what the policy lets be restarted and reloaded, and says what happened.\n"
    "\n"
    "  list [WORD|PATTERN...]    the units that may be restarted, and their state; of those in whose\n"
    "                            name or description each word is, or whose name fits 'web*';\n"
    "                            --state=failed|restarting|running|stopped: of these\n"
    "  allowed                   what you may do, and to which units\n"
    "  status UNIT|ID            one unit's state\n"
    "  restart UNIT|ID|PATTERN...\n"
    "                            restart it and wait for the outcome; several side by side\n"
    "  try-restart ...           the same if it runs\n"
    "  reload ...                have it read its configuration anew\n"
    "  reload-or-restart ...     whichever of the two it can\n"
    "                            --no-block: do not wait; --timeout=SECONDS: wait so long at most;\n"
    "                            --quiet: only what went wrong;\n"
    "                            --no-settle: do not watch it; --settle=SECONDS: watch it so long;\n"
    "                            --press=WORD: asked again with it, nothing is done twice;\n"
    "                            --reason=TEXT: why, for the record;\n"
    "                            --rolling: one after the other, each seen to stay up before the next;\n"
    "                            --max-failures=N, --pause=SECONDS, --resume: with it\n"
    "  watch [UNIT|ID|PATTERN...]\n"
    "                            a line for each change of a unit, until Ctrl-C\n"
    "  log                       who asked for what, and what came of it, for admins;\n"
    "                            --user=NAME, --unit=UNIT, --since=TIME, --lines=N: of that\n"
    "  check                     look at all six locks, and find what does not fit;\n"
    "                            --quiet: print findings alone\n"
    "                            --skip-polkit: all but polkitd's answers, at once\n"
    "  policy render             print the polkit rule that the policy file asks for\n"
    "  policy apply              install that rule, and wait until polkitd answers by it;\n"
    "                            --dry-run: show the difference, --force: over a hand-made one,\n"
    "                            --offline: install it only\n"
    "  policy table [UNIT...]    ask the running polkitd who may do what; --all: all rows\n"
    "  policy check              compare that with the policy file; find what does not fit\n"
    "  policy explain UNIT [VERB]\n"
    "                            which lock stops it, and what would open it; table and explain:\n"
    "                            --user=NAME [--group=NAME,...]: for this person\n"
    "  policy wait               until the broker that runs goes by the policy file as it is\n"
    "  passwd USER               give somebody a password to log in with;\n"
    "                            --delete: take it away; --list: print who has one\n"
    "  bridge                    hand the broker's socket to standard input and output: what ssh runs\n"
    "                            here for other machines; --authorized-key [FILE]: print the line\n"
    "                            that lets a public key do that, and nothing else\n"
    "\n"
    "  -H --host=[USER@]HOST|MACHINE|GROUP[,...]\n"
    "                            ask there, through ssh; several are asked side by side\n"
    "  -s --socket=PATH          the broker's socket (default " DOOR_CLIENTS_PATH ")\n"
    "  -p --policy=PATH          the policy file (default " POLICY_PATH ")\n"
    "  -j --json[=pretty|short|off]\n"
    "                            JSON on standard output; pretty when nothing else is said\n"
    "     --no-legend            list: no line that says how many there are\n"
    "     --no-pager             log: no pager\n"
    "  -h --help                 this text; VERB --help: of one verb\n"
    "     --version              the version\n"
    "\n"
    "Exit status: 0 done, 1 the job failed or a check found something, 2 usage, 3 refused,\n"
    "4 the broker cannot be reached, 5 outcome unknown, 6 --dry-run: something would change,\n"
    "7 --rolling: stopped as asked. More in restartctl(1).";

static bool names_verb(const char *line, const char *verb)
{
    size_t length = strlen(verb);

    return strncmp(line, "  ", 2) == 0 && strncmp(line + 2, verb, length) == 0 &&
           strchr(" \n", line[2 + length]) != NULL;
}

/* Those that can be granted take the same options, which are told once. */
static bool is_about(const char *line, const char *verb)
{
    unsigned verbs = verb_from_string(verb) ? VERB_ALL : 0;

    for (unsigned one = 1; one <= verbs; one <<= 1)
        if ((verbs & one) && names_verb(line, verb_to_string(one)))
            return true;
    return names_verb(line, verb);
}

static int help_of(const char *verb)
{
    bool is_its = false;

    (void)printf("Usage: restartctl [OPTION...] %s ...\n\n", verb);
    for (const char *line = HELP; *line; line += strcspn(line, "\n") + 1) {
        int length = (int)strcspn(line, "\n");

        if (strncmp(line, "   ", 3) != 0)
            is_its = is_about(line, verb);
        if (is_its)
            (void)printf("%.*s\n", length, line);
        if (!line[length])
            break;
    }
    (void)puts("\nAll of it: restartctl --help, restartctl(1).");
    return CLI_EXIT_OK;
}

/* Wherever it stands: whoever writes it does not want anything done. */
static bool wants_help(int argc, char *argv[])
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static bool is_verb(const char *word)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(word, VERBS[i].name) == 0)
            return true;
    return verb_from_string(word) != 0;
}

static int run_verb(const struct cli_options *options, int argc, char *argv[])
{
    if (argc == 0)
        return cli_usage_error("a verb is needed");
    if (is_verb(argv[0]) && wants_help(argc, argv))
        return help_of(argv[0]);
    if (verb_from_string(argv[0]))
        return cli_restart(options, verb_from_string(argv[0]), argc - 1, argv + 1);
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(argv[0], VERBS[i].name) == 0)
            return VERBS[i].run(options, argc - 1, argv + 1);
    return cli_usage_error("there is no verb '%s'", argv[0]);
}

static bool is_for_here(const char *verb)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(verb, VERBS[i].name) == 0)
            return !VERBS[i].calls;
    return false;
}

/* argv[0], if there is one, is the verb. */
static int run_there(const struct hosts *hosts, const struct cli_options *options, struct cli_place *place,
                     int argc, char *argv[])
{
    *place = host_place(&hosts->list[0]);
    if (argc > 0 && is_for_here(argv[0]))
        return cli_usage_error(
            "%s is about this machine, and asks no other one; 'ssh %s restartctl %s' runs it "
            "there",
            argv[0], place->host, argv[0]);
    if (hosts->n > 1 && argc > 0 && strcmp(argv[0], "watch") == 0)
        return cli_usage_error("watch goes on without end, and is for one machine at a time");
    if (hosts->n > 1)
        return several_run(hosts, argv, options->json ? options->json : fail_guess(), options->no_legend,
                           argc > 0 && rolling_is_asked(argc - 1, argv + 1) ? in_turn : side_by_side);
    return run_verb(options, argc, argv);
}

/* What another machine runs here is for here, whatever it has in its environment. */
static int run_anywhere(struct hosts *hosts, const struct cli_options *options, struct cli_place *place,
                        int argc, char *argv[])
{
    const char *host = getenv("RESTARTER_HOST");
    bool named = hosts->n > 0 || place->socket || (argc > 0 && strcmp(argv[0], "bridge") == 0);
    int r = !named && host && *host ? hosts_add(hosts, host) : CLI_EXIT_OK;

    if (r != CLI_EXIT_OK)
        return r;
    if (hosts->n > 0 && place->socket)
        return cli_usage_error("--host and --socket do not go together: a socket is of this machine");
    if (hosts->n > 0)
        return run_there(hosts, options, place, argc, argv);
    if (!place->socket)
        place->socket = DOOR_CLIENTS_PATH;
    return run_verb(options, argc, argv);
}

/* What was said and did not arrive, on a full disk say, is no success. */
static int end(int status)
{
    fail_end(status);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    (void)fprintf(stderr, "restartctl: standard output cannot be written: %s\n", strerror(errno));
    return status == CLI_EXIT_OK ? CLI_EXIT_FAILED : status;
}

int main(int argc, char *argv[])
{
    static const struct option OPTIONS[] = {
        { "host", required_argument, NULL, 'H' },
        { "socket", required_argument, NULL, 's' },
        { "policy", required_argument, NULL, 'p' },
        { "json", optional_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },
        { "no-legend", no_argument, NULL, 'L' },
        { "no-pager", no_argument, NULL, 'P' },
        { NULL, 0, NULL, 0 },
    };
    static struct hosts hosts;
    struct cli_place place = { .socket = NULL };
    struct cli_options options = {
        .place = &place,
        .policy = POLICY_PATH,
    };
    int r;

    fail_begin(argc, argv);
    for (int c; (c = getopt_long(argc, argv, "+:H:s:p:jh", OPTIONS, NULL)) >= 0;) {
        switch (c) {
        case 'H':
            r = hosts_add(&hosts, optarg);
            if (r != CLI_EXIT_OK)
                return end(r);
            break;
        case 's':
            place.socket = optarg;
            break;
        case 'p':
            options.policy = optarg;
            break;
        case 'j':
            if (json_option(optarg, &options.json) != CLI_EXIT_OK)
                return end(CLI_EXIT_USAGE);
            break;
        case 'L':
            options.no_legend = true;
            break;
        case 'P':
            pager_never();
            break;
        case 'h':
            (void)puts(HELP);
            return end(CLI_EXIT_OK);
        case 'v':
            (void)puts("restartctl " VERSION);
            return end(CLI_EXIT_OK);
        default:
            return end(cli_usage_option(c, argv));
        }
    }
    r = end(run_anywhere(&hosts, &options, &place, argc - optind, argv + optind));
    hosts_done(&hosts);
    return r;
}
