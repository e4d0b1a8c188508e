/* restarter-webfront: the page with the buttons. Everything happens in webfront.c; here is only the command
 * line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "webfront/webfront.h"

static const char HELP[] =
    "restarter-webfront: serves the page with the restart buttons, and passes requests on to "
    "restarter-broker.\n"
    "\n"
    "It has no options but --help and --version. systemd starts it on the first connection to\n"
    "restarter-webfront.socket and passes the listening socket under the name 'http'; under the name "
    "'proxy'\n"
    "it is restarter-webfront-proxy.socket's, where a reverse proxy says who asks; under 'metrics' besides\n"
    "restarter-webfront-metrics.socket's, which serves nothing but /metrics. Its settings,\n"
    "/etc/restarter/webfront.conf, come as a credential. Where those do not say it, the environment may,\n"
    "usually from /etc/default/restarter:\n"
    "  IDLE_EXIT_SEC=30   seconds without a request after which it ends; 0: it stays\n"
    "  ALLOWED_HOSTS=     names, besides loopback ones, under which it may be reached; separated by spaces\n"
    "  BROKER_SOCKET=     the broker's socket for the web front (/run/restarter/web.sock, or web-proxy.sock)\n";

int main(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(HELP, stdout);
        return EXIT_SUCCESS;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)puts("restarter-webfront " VERSION);
        return EXIT_SUCCESS;
    }
    if (argc != 1) {
        (void)fprintf(stderr, "restarter-webfront: it takes no arguments; see --help.\n");
        return 2;
    }
    return webfront_run();
}
