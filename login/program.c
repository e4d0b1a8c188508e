/* systemd starts a process for each connection, with that as standard input and output. */
#include "login/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "login/attempt.h"

static int usage(const struct way *way, FILE *out)
{
    (void)fprintf(
        out,
        "%s [--help | --version]\n\n"
        "Answers one question, user and password, with a ticket or a refusal. systemd starts one for\n"
        "each connection to its socket; restarter-login(8) has the protocol:\n\n"
        "    systemctl enable --now %s.socket\n\n"
        "Environment: TICKET_LIFETIME_SEC (43200), where webfront.conf does not say it.\n",
        way->program, way->program);
    return out == stdout ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int is_socket(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* What it reads is left nowhere: no core, no debugger. (That it is not swapped out is the unit's to say.) */
static int keep_secrets(void)
{
    const struct rlimit none = { 0, 0 };

    return prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0 ? 0 : -1;
}

/* journald finds out whose lines these are when it reads the first one, and of a process that has ended it
 * cannot. So it is given one to read while there is still work to do: an empty one, which it does not keep.
 */
static void introduce_to_journal(void)
{
    (void)fputc('\n', stderr);
}

int program_run(const struct way *way, int argc, char *argv[])
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(way, stdout);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("%s %s\n", way->program, VERSION) < 0;
    if (argc > 1 || !is_socket(STDIN_FILENO) || !is_socket(STDOUT_FILENO))
        return usage(way, stderr);
    if (keep_secrets() < 0) {
        (void)fprintf(stderr, "<3>%s: %s\n", way->program, strerror(errno));
        return EXIT_FAILURE;
    }
    introduce_to_journal();
    return attempt_run(way, STDIN_FILENO, STDOUT_FILENO);
}
