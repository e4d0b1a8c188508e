/* What restartctl does for several machines it does by itself, once for each. */
#include "cli/shared/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/shared/fail.h"
#include "common/cleanup.h"
#include "common/clock.h"

#define SELF "/proc/self/exe"

enum {
    PRINTED_MAX = 16 * 1024 * 1024, /* bytes of one stream that are kept */
    READ_SIZE = 64 * 1024,
};

void children_done(struct children *children)
{
    for (struct child *child = children->list; child < children->list + children->n; child++)
        for (size_t i = 0; i < CHILD_STREAMS; i++) {
            closep(&child->streams[i].fd);
            free(child->streams[i].text);
        }
}

/* --- the beginning --- */

/* Nobody sits at its standard input: several who ask at once would be no help. */
static int add_ends(posix_spawn_file_actions_t *actions, const int ends[CHILD_STREAMS])
{
    int r = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

    if (r == 0)
        r = posix_spawn_file_actions_adddup2(actions, ends[CHILD_OUT], STDOUT_FILENO);
    return r == 0 ? posix_spawn_file_actions_adddup2(actions, ends[CHILD_ERR], STDERR_FILENO) : r;
}

/* With its standard streams at those ends, or, with NULL, where ours are. */
static int spawn(struct child *child, char *const words[], const int *ends)
{
    posix_spawn_file_actions_t actions;
    int r;

    (void)posix_spawn_file_actions_init(&actions);
    r = ends ? add_ends(&actions, ends) : 0;
    if (r == 0)
        r = posix_spawn(&child->pid, SELF, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return -r;
}

static int begin(struct child *child, char *const words[])
{
    _cleanup_(closep) int out = -1, err = -1;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    child->streams[CHILD_OUT].fd = ends[0];
    out = ends[1];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    child->streams[CHILD_ERR].fd = ends[0];
    err = ends[1];
    return spawn(child, words, (const int[]){ out, err });
}

static void fail_child(struct child *child, int error)
{
    struct stream *stream = &child->streams[CHILD_ERR];
    FILE *out = open_memstream(&stream->text, &stream->size);

    child->pid = 0;
    child->exit_status = CLI_EXIT_UNAVAILABLE;
    if (out) {
        (void)fprintf(out, "Nothing was done: %s\n", strerror(error));
        (void)fclose(out);
    }
    for (size_t i = 0; i < CHILD_STREAMS; i++) {
        closep(&child->streams[i].fd);
        child->streams[i].fd = -1;
    }
}

static struct child *add_child(struct children *children, const struct host *host)
{
    struct child *child = &children->list[children->n++];

    *child = (struct child){ .name = host->name, .streams = { { .fd = -1 }, { .fd = -1 } } };
    return child;
}

struct child *children_begin(struct children *children, const struct host *host, char *words[])
{
    struct child *child = add_child(children, host);
    int r;

    words[CHILD_HOST_WORD] = host->name;
    r = begin(child, words);
    if (r < 0)
        fail_child(child, -r);
    return child;
}

int children_begin_in_view(struct children *children, const struct host *host, char *words[],
                           struct child **ret)
{
    struct child *child = add_child(children, host);
    int r;

    words[CHILD_HOST_WORD] = host->name;
    r = spawn(child, words, NULL);
    if (r < 0)
        child->pid = 0;
    *ret = child;
    return r;
}

/* --- what they say --- */

static void take(struct stream *stream)
{
    char buffer[READ_SIZE];
    ssize_t n = read(stream->fd, buffer, sizeof(buffer));
    char *grown;

    if (n <= 0) {
        (void)close(stream->fd);
        stream->fd = -1;
        return;
    }
    /* What is more than anybody says is read, and forgotten. */
    grown =
        stream->size + (size_t)n < PRINTED_MAX ? realloc(stream->text, stream->size + (size_t)n + 1) : NULL;
    if (!grown)
        return;
    memcpy(grown + stream->size, buffer, (size_t)n);
    stream->text = grown;
    stream->size += (size_t)n;
    grown[stream->size] = '\0';
}

void child_wait(struct child *child)
{
    int status = 0;

    if (child->pid > 0 && waitpid(child->pid, &status, 0) == child->pid)
        child->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : CLI_EXIT_UNKNOWN;
}

static void reap(struct child *child)
{
    if (child->ended || child->streams[CHILD_OUT].fd >= 0 || child->streams[CHILD_ERR].fd >= 0)
        return;
    child_wait(child);
    child->ended = true;
    child->ended_usec = clock_usec();
}

bool children_listen(struct children *children, int timeout)
{
    struct pollfd polls[HOSTS_MAX * CHILD_STREAMS];
    struct stream *streams[HOSTS_MAX * CHILD_STREAMS];
    nfds_t n = 0;

    for (struct child *child = children->list; child < children->list + children->n; child++)
        for (size_t i = 0; i < CHILD_STREAMS; i++)
            if (child->streams[i].fd >= 0) {
                polls[n] = (struct pollfd){ .fd = child->streams[i].fd, .events = POLLIN };
                streams[n++] = &child->streams[i];
            }
    if (n > 0 && poll(polls, n, timeout) > 0)
        for (nfds_t i = 0; i < n; i++)
            if (polls[i].revents)
                take(streams[i]);
    for (struct child *child = children->list; child < children->list + children->n; child++)
        reap(child);
    return n > 0;
}
