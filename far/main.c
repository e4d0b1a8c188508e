/* restarter-far: the way to the broker of another machine. Everything happens in far.c; here is only the
 * command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/machines/machines.h"
#include "far/far.h"

static const char HELP[] =
    "restarter-far NAME: carries calls to the broker of the machine that /etc/restarter/machines.conf has as\n"
    "[Machine NAME], by ssh, over connections that are kept.\n"
    "\n"
    "systemd starts it on the first connection to restarter-far@NAME.socket and passes the listening socket\n"
    "under the name 'far', and as credentials 'key' and 'known_hosts'; restarter-far(8). The environment may say,\n"
    "usually from /etc/default/restarter:\n"
    "  IDLE_EXIT_SEC=30   seconds with nobody connected after which it ends; 0: it stays\n";

int main(int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)fputs(HELP, stdout);
        return EXIT_SUCCESS;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)puts("restarter-far " VERSION);
        return EXIT_SUCCESS;
    }
    if (argc != 2) {
        (void)fprintf(stderr, "restarter-far: it takes the name of a machine; see --help.\n");
        return 2;
    }
    return far_run(argv[1]);
}
