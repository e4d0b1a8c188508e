/* The terminal is put right again whatever happens, as readpassphrase(3) does: a signal that would end or
 * stop this is held until then. */
#include "cli/shared/secret.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void catch (int number)
{
    caught = number;
}

static const int SIGNALS[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGALRM, SIGPIPE
};
enum { N_SIGNALS = sizeof(SIGNALS) / sizeof(*SIGNALS) };

static void catch_signals(struct sigaction before[static N_SIGNALS])
{
    const struct sigaction action = { .sa_handler = catch };

    caught = 0;
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaction(SIGNALS[i], &action, &before[i]);
}

static void release_signals(const struct sigaction before[static N_SIGNALS])
{
    for (size_t i = 0; i < N_SIGNALS; i++)
        (void)sigaction(SIGNALS[i], &before[i], NULL);
    if (caught)
        (void)raise(caught);
}

static bool complain(const char *what)
{
    (void)fprintf(stderr, "restartctl: %s; nothing was changed.\n", what);
    return false;
}

/* Up to the end of what there is, or of a line that a terminal sends. False when it is none, or too much. */
static bool read_line(char ret[static PASSWORD_SIZE])
{
    char bytes[PASSWORD_SIZE + 1] = "";
    size_t size = 0;
    ssize_t n = 1;
    bool good;

    while (!caught && size < sizeof(bytes) && n != 0 && !(isatty(STDIN_FILENO) && size > 0)) {
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
    struct sigaction before[N_SIGNALS];
    struct termios shown, hidden;
    bool good;

    if (tcgetattr(STDIN_FILENO, &shown) < 0)
        return false;
    catch_signals(before);
    hidden = shown;
    hidden.c_lflag &= (tcflag_t) ~(ECHO | ECHONL);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    (void)fprintf(stderr, "%s of %s: ", prompt, user);
    good = read_line(ret);
    (void)fputc('\n', stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    release_signals(before);
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
    if (isatty(STDIN_FILENO)) {
        if (!ask_twice(user, ret))
            return false;
    } else if (!read_line(ret)) {
        return complain("standard input is to have one line, the password, of at most 511 bytes");
    }
    return *ret != '\0' || complain("a password cannot be empty");
}
