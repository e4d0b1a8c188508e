/* Options, and the sentences of a verb that ends before it has begun. */
#include "cli/shared/policy-options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/shared/json.h"
#include "common/cleanup.h"
#include "policy/load.h"
#include "polkit/ask/ask.h"

int policy_failed(const char *what, int r)
{
    return fail_self(CLI_EXIT_UNAVAILABLE, "%s: %s", what, strerror(-r));
}

int policy_load_or_say(const struct policy_options *options, struct policy **ret)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(freep) char *text = NULL;
    int r = policy_load_owned(options->path, geteuid() == 0 ? 0 : POLICY_ANY_OWNER, ret, &error);

    if (r == 0)
        return CLI_EXIT_OK;
    if (r == POLICY_E_INVALID)
        text = policy_error_format(&error);
    return fail(CLI_EXIT_FAILED, "%s", text ? text : strerror(ENOMEM));
}

bool policy_verb_known(const struct policy_options *options)
{
    if (!options->verb || ask_verb_find(options->verb) >= 0)
        return true;
    (void)cli_usage_error("systemd never asks polkit about a verb '%s'", options->verb);
    return false;
}

bool policy_options_read(int argc, char *argv[], struct policy_options *options)
{
    static char program[] = "restartctl"; /* who complains */
    static const struct option OPTIONS[] = {
        { "policy", required_argument, NULL, 'p' },
        { "socket", required_argument, NULL, 's' },
        { "json", optional_argument, NULL, 'j' },
        { "all", no_argument, NULL, 'a' },
        { "verb", required_argument, NULL, 'v' },
        { "force", no_argument, NULL, 'f' },
        { "dry-run", no_argument, NULL, 'n' },
        { "offline", no_argument, NULL, 'o' },
        { "quiet", no_argument, NULL, 'q' },
        { "user", required_argument, NULL, 'u' },
        { "group", required_argument, NULL, 'g' },
        { "skip-polkit", no_argument, NULL, 'k' },
        { NULL, 0, NULL, 0 },
    };

    argv[0] = program;
    optind = 0; /* glibc: begin anew, with these arguments */
    for (int c; (c = getopt_long(argc, argv, ":p:s:v:u:g:jafnq", OPTIONS, NULL)) >= 0;) {
        switch (c) {
        case 'p':
            options->path = optarg;
            break;
        case 's':
            options->socket = optarg;
            break;
        case 'j':
            if (json_option(optarg, &options->json) != CLI_EXIT_OK)
                return false;
            break;
        case 'v':
            options->verb = optarg;
            break;
        case 'u':
            options->user = optarg;
            break;
        case 'g':
            options->group = optarg;
            break;
        case 'a':
            options->all = true;
            break;
        case 'f':
            options->force = true;
            break;
        case 'n':
            options->dry_run = true;
            break;
        case 'o':
            options->offline = true;
            break;
        case 'q':
            options->quiet = true;
            break;
        case 'k':
            options->skip_polkit = true;
            break;
        default:
            (void)cli_usage_option(c, argv);
            return false;
        }
    }
    return true;
}
