/* restartctl policy wait: until the broker goes by the policy file as it is, and whether it can go by
 * webfront.conf. The last part of a reload, see restarter-broker.service. */
#include "cli/verbs/policy-wait.h"

#include <stdio.h>
#include <string.h>

#include "cli/verbs/policy.h"
#include "common/cleanup.h"
#include "common/web-in-force.h"
#include "policy/load.h"
#include "polkit/locks/in-force.h"
#include "polkit/rules/rule.h"

static int say_why_not(enum in_force state, const char *path)
{
    if (state == IN_FORCE_UNKNOWN)
        return fail_self(CLI_EXIT_UNAVAILABLE, "systemd does not tell which policy " RULE_UNIT
                                               " goes by; 'systemctl status " RULE_UNIT "' may say why");
    return fail(
        CLI_EXIT_FAILED,
        RULE_UNIT
        " does not go by %s as it is. 'restartctl list' says why, if the broker cannot read it; or it "
        "was told to go by another file (POLICY_FILE=).",
        path);
}

static int say_who(enum in_force state, const char *path)
{
    if (state == IN_FORCE_SAME)
        (void)printf(RULE_UNIT " goes by %s.\n", path);
    else
        (void)printf(RULE_UNIT " does not run, and goes by %s when it is started.\n", path);
    return CLI_EXIT_OK;
}

/* Who starts a broker in the next moment is to find the file that was meant. */
static bool is_still_the_file(const struct policy *policy, const char *path)
{
    _cleanup_(policy_freep) struct policy *now = NULL;
    _cleanup_(policy_error_done) struct policy_error error = { 0 };

    if (policy_load(path, &now, &error) == 0 && strcmp(now->checksum, policy->checksum) == 0)
        return true;
    (void)fail(CLI_EXIT_FAILED, "%s was changed meanwhile: apply it again.", path);
    return false;
}

int policy_wait_in_force(sd_bus *bus, const struct policy *policy, const char *path, bool reload)
{
    enum in_force state = in_force_wait(bus, policy, reload);

    if (!in_force_settled(state))
        return say_why_not(state, path);
    return is_still_the_file(policy, path) ? say_who(state, path) : CLI_EXIT_FAILED;
}

/* The same reload has the broker read webfront.conf; whoever has edited that is to learn here that it was of
 * no use. */
static int say_web(void)
{
    struct web_settings settings;
    struct mistake mistake;
    int r = web_settings_load(WEB_SETTINGS_PATH, 0, &settings, &mistake);

    if (r < 0)
        return policy_failed(WEB_SETTINGS_PATH, r);
    if (r == 0)
        return CLI_EXIT_OK;
    return fail(
        CLI_EXIT_FAILED,
        "%s; the last good settings stay in force, and without any nobody is let in by way of the web.",
        mistake.text);
}

int policy_wait(const struct policy_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(policy_freep) struct policy *policy = NULL;
    _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
    int r, status;

    if (argc != 0)
        return cli_usage_error("wait takes no argument");
    status = policy_load_or_say(options, &policy);
    if (status != CLI_EXIT_OK)
        return status;
    r = sd_bus_open_system(&bus);
    if (r < 0)
        return policy_failed("the system bus cannot be reached", r);
    status = policy_wait_in_force(bus, policy, options->path, false);
    return status == CLI_EXIT_OK ? say_web() : status;
}
