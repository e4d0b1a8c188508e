/* restartctl policy wait: until the broker goes by the policy file as it is. The last part of a reload, see
 * restarter-broker.service. */
#include "cli/policy.h"

#include "cli/in-force.h"

int policy_wait(const struct policy_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    int r;

    if (argc != 0)
        return cli_usage_error("wait takes no argument");
    r = policy_load_or_say(options, &policy);
    if (r != CLI_EXIT_OK)
        return r;
    r = sd_bus_open_system(&bus);
    if (r < 0)
        return policy_failed("the system bus cannot be reached", r);
    return in_force_wait(bus, policy, options->path, false);
}
