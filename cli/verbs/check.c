/* restartctl check: all six locks. What `policy check` finds belongs to it. */
#include "cli/check/system-check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/check.h"
#include "cli/shared/cli.h"
#include "common/cleanup.h"
#include "policy/paths.h"

/* A part that cannot be looked at may hide anything. Why it cannot was said on standard error. */
static int look_at_policy(struct check *check)
{
    int r = check_policy(check);

    if (r == CLI_EXIT_UNAVAILABLE && check->live.bus) {
        finding_add(&check->findings, FINDING, NULL, 0,
                    "locks 3 to 5 could not be looked at, since not everybody answers who has to be asked; "
                    "'restartctl policy check' says who");
        r = CLI_EXIT_OK;
    }
    return r;
}

static void look_at_system(struct check *check)
{
    struct system_check system = { .findings = &check->findings,
                                   .bus = check->live.bus,
                                   .policy = check->policy };

    check_services(&system);
    check_sockets(&system);
    check_web(&system);
    check_far(&system);
    check_programs(&system);
    if (account_by_name(RULE_USER, &system.broker) < 0) {
        finding_add(&check->findings, FINDING, "/etc/passwd", 0,
                    "there is no user " RULE_USER ", which the broker runs as; 'systemd-sysusers' makes it");
        return;
    }
    check_accounts(&system);
    check_logins(&system);
    check_strays(&system);
}

int cli_check(const struct cli_options *options, int argc, char *argv[])
{
    struct policy_options parsed = { .path = options->policy,
                                     .source = options->policy,
                                     .socket = options->place->socket,
                                     .json = options->json };
    _cleanup_(check_done) struct check check = { .options = &parsed };
    int r;

    /* The verb itself is in front of its arguments. */
    if (!policy_options_read(argc + 1, argv - 1, &parsed))
        return CLI_EXIT_USAGE;
    if (optind != argc + 1)
        return cli_usage_error("check takes no argument");
    if (!policy_verb_known(&parsed))
        return CLI_EXIT_USAGE;
    if (geteuid() != 0)
        return fail_self(CLI_EXIT_UNAVAILABLE,
                         "'check' must be run as root: nobody else can look at all of the locks.");
    r = look_at_policy(&check);
    if (r != CLI_EXIT_OK)
        return r;
    look_at_system(&check);
    return check_report(&check, "nothing was found at the six locks; ");
}
