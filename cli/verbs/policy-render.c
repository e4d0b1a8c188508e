/* restartctl policy render: what apply would install, on standard output. */
#include "cli/verbs/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/rules/rendered.h"

static int print(const char *rule, const char *bus)
{
    if (rule && bus)
        (void)printf("==> " RULE_PATH " <==\n%s\n==> " BUS_VERBS_PATH " <==\n%s", rule, bus);
    else
        (void)fputs(rule ? rule : bus ? bus : "", stdout);
    return fflush(stdout) == EOF ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

int policy_render(const struct policy_options *options, int argc, char *argv[])
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(freep) char *rule = NULL, *bus = NULL;
    const char *which = argc == 1 ? argv[0] : "";
    int r = 0, status;

    if (argc > 1 || (argc == 1 && strcmp(which, "rule") != 0 && strcmp(which, "bus") != 0))
        return cli_usage_error("render takes 'rule', 'bus' or nothing");
    status = policy_load_or_say(options, &policy);
    if (status != CLI_EXIT_OK)
        return status;
    if (strcmp(which, "bus") != 0)
        r = rendered_rule(policy, options->source, &rule);
    if (r >= 0 && strcmp(which, "rule") != 0)
        r = rendered_bus(policy, options->source, &bus);
    return r < 0 ? policy_failed("the rule cannot be rendered", r) : print(rule, bus);
}
