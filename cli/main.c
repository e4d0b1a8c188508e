/* restartctl: the broker's XML-RPC calls from a shell, and the admin's policy commands. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/shared/cli.h"
#include "cli/shared/json.h"
#include "common/doors.h"
#include "common/verb.h"
#include "policy/paths.h"

/* What can be granted (common/verb.h) goes to cli_restart(). */
static const struct cli_verb {
    const char *name;
    int (*run)(const struct cli_options *options, int argc, char *argv[]);
} VERBS[] = {
    { "status", cli_status }, { "list", cli_list },     { "allowed", cli_allowed },
    { "check", cli_check },   { "policy", cli_policy }, { "passwd", cli_passwd },
};

static int help(void)
{
    (void)puts(
        "Usage: restartctl [OPTION...] VERB [ARGUMENT...]\n"
        "\n"
        "Restarts and reloads what the policy lets be restarted and reloaded, and says what happened.\n"
        "\n"
        "  list                      the units that may be restarted, and their state\n"
        "  allowed                   what you may do, and to which units\n"
        "  status UNIT|ID            one unit's state\n"
        "  restart UNIT|ID           restart it and wait for the outcome\n"
        "  try-restart UNIT|ID       the same if it runs\n"
        "  reload UNIT|ID            have it read its configuration anew\n"
        "  reload-or-restart UNIT|ID whichever of the two it can\n"
        "                            --no-settle: do not watch it; --settle=SECONDS: watch it so long;\n"
        "                            --press=WORD: asked again with it, nothing is done twice\n"
        "  check                     look at all six locks, and find what does not fit;\n"
        "                            --quiet: print findings alone\n"
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
        "                            --delete: take it away\n"
        "\n"
        "  -s --socket=PATH          the broker's socket (default " DOOR_CLIENTS_PATH ")\n"
        "  -p --policy=PATH          the policy file (default " POLICY_PATH ")\n"
        "  -j --json[=pretty|short|off]\n"
        "                            JSON on standard output; pretty when nothing else is said\n"
        "  -h --help                 this text\n"
        "     --version              the version\n"
        "\n"
        "Exit status: 0 done, 1 the job failed or a check found something, 2 usage, 3 refused,\n"
        "4 the broker cannot be reached, 5 outcome unknown, 6 --dry-run: something would change. More in\n"
        "restartctl(1).");
    return CLI_EXIT_OK;
}

static int run_verb(const struct cli_options *options, int argc, char *argv[])
{
    if (argc == 0)
        return cli_usage_error("a verb is needed");
    if (verb_from_string(argv[0]))
        return cli_restart(options, verb_from_string(argv[0]), argc - 1, argv + 1);
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(argv[0], VERBS[i].name) == 0)
            return VERBS[i].run(options, argc - 1, argv + 1);
    return cli_usage_error("there is no verb '%s'", argv[0]);
}

/* What was said and did not arrive, on a full disk say, is no success. */
static int end(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    (void)fprintf(stderr, "restartctl: standard output cannot be written: %s\n", strerror(errno));
    return status == CLI_EXIT_OK ? CLI_EXIT_FAILED : status;
}

int main(int argc, char *argv[])
{
    static const struct option OPTIONS[] = {
        { "socket", required_argument, NULL, 's' }, { "policy", required_argument, NULL, 'p' },
        { "json", optional_argument, NULL, 'j' },   { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },      { NULL, 0, NULL, 0 },
    };
    struct cli_options options = {
        .socket = DOOR_CLIENTS_PATH,
        .policy = POLICY_PATH,
    };

    for (int c; (c = getopt_long(argc, argv, "+s:p:jh", OPTIONS, NULL)) >= 0;) {
        switch (c) {
        case 's':
            options.socket = optarg;
            break;
        case 'p':
            options.policy = optarg;
            break;
        case 'j':
            if (json_option(optarg, &options.json) != CLI_EXIT_OK)
                return CLI_EXIT_USAGE;
            break;
        case 'h':
            return end(help());
        case 'v':
            return puts("restartctl " VERSION) < 0;
        default:
            return CLI_EXIT_USAGE;
        }
    }
    return end(run_verb(&options, argc - optind, argv + optind));
}
