/* restartctl policy: the verbs around the policy file. */
#include "cli/cli.h"

#include "common/cleanup.h"

int cli_policy(_unused_ const struct cli_options *options, int argc, char *argv[])
{
    if (argc == 0)
        return cli_usage_error("policy needs a verb of its own");
    return cli_usage_error("there is no verb 'policy %s'", argv[0]);
}
