/* restartctl bridge: what ssh runs here for a restartctl, or a page, on another machine. It hands bytes
 * between standard input and output and the broker's socket, and reads none of them: who asks is the account
 * that ssh let in, which the broker is told by the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/cli.h"
#include "cli/shared/public-key.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "common/file-io.h"
#include "common/ssh/greeting.h"
#include "common/unix-connect.h"

#define COMMAND "/usr/bin/restartctl bridge"

/* One way. What was taken is handed on before more is taken. */
struct lane {
    int from, to;
    char buffer[PIPE_BUF]; /* that much a pipe takes at once when it takes anything */
    size_t at, size;
};

/* 1; 0 at the end, or a negative errno. */
static int take(struct lane *lane)
{
    ssize_t n = read(lane->from, lane->buffer, sizeof(lane->buffer));

    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 1 : -errno;
    lane->at = 0;
    lane->size = (size_t)n;
    return n > 0;
}

static int hand_on(struct lane *lane)
{
    ssize_t n = write(lane->to, lane->buffer + lane->at, lane->size - lane->at);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 1 : -errno;
    lane->at += (size_t)n;
    return 1;
}

static bool has_some(const struct lane *lane)
{
    return lane->at < lane->size;
}

static void watch(const struct lane *lane, struct pollfd *ret)
{
    *ret = has_some(lane) ? (struct pollfd){ .fd = lane->to, .events = POLLOUT }
                          : (struct pollfd){ .fd = lane->from, .events = POLLIN };
}

static int step(struct lane *lane, const struct pollfd *seen)
{
    if (seen->revents == 0)
        return 1;
    return has_some(lane) ? hand_on(lane) : take(lane);
}

/* What the broker said before it hung up is still there, although it takes no more. */
static int drain(struct lane *from_broker)
{
    struct pollfd one;
    int r = 1;

    while (r > 0) {
        watch(from_broker, &one);
        if (poll(&one, 1, -1) < 0 && errno != EINTR)
            return -errno;
        r = step(from_broker, &one);
    }
    return r;
}

/* Until either of the two ends. */
static int carry(int broker)
{
    static struct lane to_broker = { .from = STDIN_FILENO }, from_broker = { .to = STDOUT_FILENO };
    int r = 1;

    to_broker.to = from_broker.from = broker;
    while (r > 0) {
        struct pollfd polls[2];

        watch(&to_broker, &polls[0]);
        watch(&from_broker, &polls[1]);
        if (poll(polls, 2, -1) < 0 && errno != EINTR)
            return -errno;
        r = step(&from_broker, &polls[1]);
        if (r > 0)
            r = step(&to_broker, &polls[0]);
        if (r == -EPIPE && has_some(&to_broker))
            return drain(&from_broker);
    }
    return r;
}

static int greet(const char *sentence)
{
    char line[GREETING_SIZE_MAX + 1];

    (void)greeting_format(sentence, line);
    return write_all(STDOUT_FILENO, line, strlen(line));
}

/* It is read by whoever asked, on the other machine. */
static void say_why_not(int error, char *ret, size_t size)
{
    if (error == EACCES)
        (void)snprintf(
            ret, size,
            "The account that ssh lets in there may not open its socket: only root and members of the "
            "group " DOOR_CLIENTS_GROUP " may.");
    else
        (void)snprintf(ret, size, "%s: look there at 'systemctl status " DOOR_CLIENTS_UNIT "'.",
                       strerror(error));
}

static int bridge(const char *socket)
{
    char why[GREETING_SENTENCE_MAX + 1];
    _cleanup_(closep) int broker = -1;
    int r = unix_connect(socket, &broker);

    /* Whoever has hung up is noticed where he is written to. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (r < 0) {
        say_why_not(-r, why, sizeof(why));
        (void)greet(why);
        return CLI_EXIT_UNAVAILABLE;
    }
    r = greet(NULL);
    if (r >= 0)
        r = carry(broker);
    return r < 0 && r != -EPIPE && r != -ECONNRESET ? CLI_EXIT_UNKNOWN : CLI_EXIT_OK;
}

static int refuse_key(const char *file, const char *why)
{
    (void)fprintf(stderr, "restartctl: %s: %s.\n", file ? file : "standard input", why);
    return CLI_EXIT_USAGE;
}

/* The line for authorized_keys on a machine that is to be asked from here. */
static int authorize(const char *file)
{
    _cleanup_(closep) int opened = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    char text[PUBLIC_KEY_SIZE_MAX];
    _cleanup_(freep) char *line = NULL;
    const char *why = "";
    size_t size = 0;
    int r;

    if (file && opened < 0)
        return refuse_key(file, strerror(errno));
    r = read_all(file ? opened : STDIN_FILENO, text, sizeof(text), &size);
    if (r < 0)
        return refuse_key(file, strerror(-r));
    line = public_key_authorize(text, size, COMMAND, &why);
    if (!line)
        return refuse_key(file, why);
    (void)puts(line);
    return CLI_EXIT_OK;
}

int cli_bridge(const struct cli_options *options, int argc, char *argv[])
{
    if (argc == 0)
        return bridge(options->place->socket);
    if (strcmp(argv[0], "--authorized-key") == 0 && argc <= 2)
        return authorize(argv[1]);
    return cli_usage_error("bridge takes nothing but --authorized-key, and maybe a file");
}
