/* restarter-broker: the part that speaks to systemd. Started by systemd with its sockets. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/broker.h"
#include "common/cleanup.h"
#include "common/journal.h"
#include "common/web-settings.h"
#include "policy/paths.h"

static int usage(FILE *out)
{
    (void)fprintf(
        out, "restarter-broker [--help | --version]\n\n"
             "Restarts the systemd services that /etc/restarter/policy.conf grants, asked by XML-RPC on its\n"
             "sockets. systemd starts it when somebody connects to one of them:\n\n"
             "    systemctl start restarter-broker.socket restarter-broker-web.socket\n\n"
             "Environment: IDLE_EXIT_SEC (30), JOB_TIMEOUT_SEC (120), POLICY_FILE.\n");
    return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
    const char *policy = secure_getenv("POLICY_FILE");
    const struct broker_setup setup = { .policy_path = policy && *policy ? policy : POLICY_PATH,
                                        .web_path = WEB_SETTINGS_PATH };
    _cleanup_(broker_freep) struct broker *broker = NULL;
    int r;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("restarter-broker %s\n", VERSION) < 0;
    if (argc > 1)
        return usage(stderr);
    r = broker_new(&setup, &broker);
    if (r < 0) {
        journal_log(LOG_ERR, "The broker cannot start: %s", strerror(-r));
        return EXIT_FAILURE;
    }
    return broker_run(broker);
}
