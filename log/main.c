/* restarter-log: the record, for admins. Started by systemd for each connection to log.sock, with that as
 * standard input and output; and what the broker asks for somebody, likewise. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/inquiry.h"
#include "policy/paths.h"

static int usage(FILE *out)
{
    (void)fprintf(
        out, "restarter-log [--broker | --help | --version]\n\n"
             "Answers one question about who restarted what. systemd starts one for each connection to its\n"
             "socket; restarter-log(8) has the protocol, and 'restartctl log' speaks it:\n\n"
             "    systemctl enable --now restarter-log.socket\n\n"
             "--broker: it is the broker who asks, for somebody: restarter-log-broker.socket.\n"
             "Environment: POLICY_FILE.\n");
    return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int is_socket(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

int main(int argc, char *argv[])
{
    const char *policy = secure_getenv("POLICY_FILE");
    bool broker = argc == 2 && strcmp(argv[1], "--broker") == 0;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("restarter-log %s\n", VERSION) < 0;
    if ((argc > 1 && !broker) || !is_socket(STDIN_FILENO))
        return usage(stderr);
    return inquiry_run(STDIN_FILENO, broker, policy && *policy ? policy : POLICY_PATH);
}
