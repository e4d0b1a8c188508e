/* The terminal is put right again whatever happens, as readpassphrase(3) does: a signal that would end or
 * stop this is held until then. And what was typed is left in no core, as Ctrl-\ would make one. */
#include "cli/shared/secret.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/shared/fail.h"

static volatile sig_atomic_t caught;

static void catch (int number)
{
    caught = number;
}

static const int SIGNALS[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGALRM, SIGPIPE
};
enum { N_SIGNALS = sizeof(SIGNALS) / sizeof(*SIGNALS) };

struct signals {
    struct sigaction before[N_SIGNALS];
    sigset_t mask; /* before */
};

/* They come while it waits and at no other time: one that came just before it does would be seen after the
 * next line only. */
static void catch_signals(struct signals *signals)
{
    const struct sigaction action = { .sa_handler = catch };
    sigset_t all;

    caught = 0;
    (void)sigemptyset(&all);
    for (size_t i = 0; i < N_SIGNALS; i++) {
        (void)sigaddset(&all, SIGNALS[i]);
        (void)sigaction(SIGNALS[i], &action, &signals->before[i]);
    }
    (void)sigprocmask(SIG_BLOCK, &all, &signals->mask);
}

static void release_signals(const struct signals *signals)
{
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaction(SIGNALS[i], &signals->before[i], NULL);
    (void)sigprocmask(SIG_SETMASK, &signals->mask, NULL);
    if (caught)
        (void)raise(caught);
}

/* False when a signal came in its place. */
static bool wait_for_line(const struct signals *signals)
{
    struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };

    return ppoll(&terminal, 1, NULL, &signals->mask) >= 0 || errno != EINTR;
}

static bool complain(const char *what)
{
    (void)fail_self(CLI_EXIT_FAILED, "%s; nothing was changed.", what);
    return false;
}

/* Up to the end of what there is, or of a line that a terminal sends, for which signals are caught (NULL: it
 * is none). False when it is none, or too much. */
static bool read_line(const struct signals *signals, char ret[static PASSWORD_SIZE])
{
    char bytes[PASSWORD_SIZE + 1] = "";
    size_t size = 0;
    ssize_t n = 1;
    bool good;

    while (!caught && size < sizeof(bytes) && n != 0 && !(signals && size > 0)) {
        if (signals && !wait_for_line(signals))
            continue;
        n = read(STDIN_FILENO, bytes + size, sizeof(bytes) - size);
        if (n < 0 && errno != EINTR)
            break;
        size += n > 0 ? (size_t)n : 0;
    }
    if (size > 0 && bytes[size - 1] == '\n')
        size--;
    good =
        n >= 0 && !caught && size < PASSWORD_SIZE && !memchr(bytes, '\n', size) && !memchr(bytes, '\0', size);
    if (good) {
        memcpy(ret, bytes, size);
        ret[size] = '\0';
    }
    explicit_bzero(bytes, sizeof(bytes));
    return good;
}

static bool ask(const char *prompt, const char *user, char ret[static PASSWORD_SIZE])
{
    struct signals signals;
    struct termios shown, hidden;
    bool good;

    if (tcgetattr(STDIN_FILENO, &shown) < 0)
        return false;
    catch_signals(&signals);
    hidden = shown;
    hidden.c_lflag &= (tcflag_t) ~(ECHO | ECHONL);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    (void)fprintf(stderr, "%s of %s: ", prompt, user);
    good = read_line(&signals, ret);
    (void)fputc('\n', stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    release_signals(&signals);
    return good;
}

static bool ask_twice(const char *user, char ret[static PASSWORD_SIZE])
{
    char again[PASSWORD_SIZE] = "";
    bool same;

    if (!ask("New password", user, ret) || !ask("The same once more, new password", user, again))
        return complain("a password is one line of at most 511 bytes");
    same = strcmp(ret, again) == 0;
    explicit_bzero(again, sizeof(again));
    return same || complain("these were two different passwords");
}

bool secret_read(const char *user, char ret[static PASSWORD_SIZE])
{
    (void)prctl(PR_SET_DUMPABLE, 0);
    if (isatty(STDIN_FILENO)) {
        if (!ask_twice(user, ret))
            return false;
    } else if (!read_line(NULL, ret)) {
        return complain("standard input is to have one line, the password, of at most 511 bytes");
    }
    return *ret != '\0' || complain("a password cannot be empty");
}
