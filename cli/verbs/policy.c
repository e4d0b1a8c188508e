/* restartctl policy: the table of its verbs. */
#include "cli/verbs/policy.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"

static const struct policy_verb {
    const char *name;
    bool root;
    int (*run)(const struct policy_options *options, int argc, char *argv[]);
} VERBS[] = {
    { "render", false, policy_render }, { "apply", true, policy_apply },     { "table", true, policy_table },
    { "check", true, policy_check },    { "explain", true, policy_explain }, { "wait", true, policy_wait },
};

static int run_verb(const struct policy_verb *verb, const struct policy_options *options, int argc,
                    char *argv[])
{
    if (verb->root && geteuid() != 0)
        return fail_self(CLI_EXIT_UNAVAILABLE,
                         "'policy %s' must be run as root: only root may ask polkitd about another user.",
                         verb->name);
    return verb->run(options, argc, argv);
}

int cli_policy(const struct cli_options *options, int argc, char *argv[])
{
    struct policy_options parsed = { .path = options->policy,
                                     .socket = options->place->socket,
                                     .json = options->json };
    _cleanup_(freep) char *source = NULL;

    if (argc == 0)
        return cli_usage_error(
            "policy needs a verb of its own: render, apply, table, check, explain or wait");
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(argv[0], VERBS[i].name) == 0) {
            if (!policy_options_read(argc, argv, &parsed))
                return CLI_EXIT_USAGE;
            source = realpath(parsed.path, NULL);
            parsed.source = source ? source : parsed.path;
            return run_verb(&VERBS[i], &parsed, argc - optind, argv + optind);
        }
    return cli_usage_error("there is no verb 'policy %s'", argv[0]);
}
