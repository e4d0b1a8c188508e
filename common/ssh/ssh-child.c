/* Spawned, listened to, and reaped. */
#include "common/ssh/ssh-child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "common/cleanup.h"
#include "common/clock.h"

DEFINE_CLEANUP(struct ssh_child *, ssh_child_free);

enum {
    ERRORS_MAX = 64,                /* pieces that are read of what a pipe holds */
    LET_GO_USEC = 2 * USEC_PER_SEC, /* to end, once it was asked to */
};

struct ssh_child {
    int errors; /* what it says on standard error */
    sd_event_source *process, *on_errors;
    sd_event_source *patience; /* NULL: it has not been let go */
    bool ended_already;
    ssh_child_ended ended;
    void *userdata;
    char complaints[SSH_COMPLAINTS_SIZE];
    size_t n;
};

/* Makes room by forgetting the first half. */
static void keep(struct ssh_child *child, const char *text, size_t size)
{
    enum { HALF = SSH_COMPLAINTS_SIZE / 2 };

    if (child->n + size >= SSH_COMPLAINTS_SIZE) {
        size_t forgotten = child->n > HALF ? child->n - HALF : 0;

        child->n -= forgotten;
        memmove(child->complaints, child->complaints + forgotten, child->n);
    }
    for (size_t i = 0; i < size; i++)
        if (text[i] != '\0')
            child->complaints[child->n++] = text[i];
    child->complaints[child->n] = '\0';
}

/* As read() has it: 0 at the end, and less when there is nothing now. */
static ssize_t read_errors(struct ssh_child *child)
{
    char buffer[SSH_COMPLAINTS_SIZE / 4];
    ssize_t n = read(child->errors, buffer, sizeof(buffer));

    if (n > 0)
        keep(child, buffer, (size_t)n);
    return n;
}

static int on_errors(sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents, void *userdata)
{
    return read_errors(userdata) != 0 ? 0 : sd_event_source_set_enabled(source, SD_EVENT_OFF);
}

/* Who writes faster than this reads could go on for ever: so much as a pipe has, and no more. */
static void read_what_is_there(struct ssh_child *child)
{
    for (unsigned i = 0; i < ERRORS_MAX && read_errors(child) > 0; i++)
        continue;
}

/* The last that is done with it: from then on it is the loop's to free. */
static int forget(struct ssh_child *child)
{
    (void)sd_event_source_set_floating(child->patience, 0);
    return sd_event_source_set_floating(child->process, 0);
}

/* Somebody who stays behind it, such as a master that keeps the connection, holds the pipe open: so it is its
 * process that ends, and not what it says. What it said before is in the pipe, which has a size. */
static int on_end(_unused_ sd_event_source *source, const siginfo_t *info, void *userdata)
{
    struct ssh_child *child = userdata;

    if (child->patience)
        return forget(child);
    child->ended_already = true;
    read_what_is_there(child);
    child->ended(info->si_code == CLD_EXITED ? info->si_status : -1, child->userdata);
    return 0;
}

/* One that is deaf, or waits for something that does not come, would keep its place among the processes. */
static int on_patience(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct ssh_child *child = userdata;

    (void)sd_event_source_send_child_signal(child->process, SIGKILL, NULL, 0);
    return 0;
}

static void leave_to_loop(sd_event_source *source)
{
    (void)sd_event_source_set_floating(source, 1);
    sd_event_source_unref(source);
}

/* It ends when it likes, for a while, and is waited for by the loop alone; a loop that ends does not wait. */
static int let_go(struct ssh_child *child)
{
    int r;

    (void)sd_event_source_send_child_signal(child->process, SIGTERM, NULL, 0);
    r = sd_event_add_time_relative(sd_event_source_get_event(child->process), &child->patience,
                                   CLOCK_MONOTONIC, LET_GO_USEC, 0, on_patience, child);
    if (r < 0)
        return r;
    (void)sd_event_source_set_destroy_callback(child->process, free);
    leave_to_loop(child->patience);
    leave_to_loop(child->process);
    return 0;
}

struct ssh_child *ssh_child_free(struct ssh_child *child)
{
    if (!child)
        return NULL;
    sd_event_source_disable_unref(child->on_errors);
    closep(&child->errors);
    if (child->process && !child->ended_already && let_go(child) >= 0)
        return NULL;
    sd_event_source_disable_unref(child->process);
    free(child);
    return NULL;
}

const char *ssh_child_complaints(struct ssh_child *child)
{
    if (!child->ended_already)
        read_what_is_there(child);
    return child->complaints;
}

/* --- the beginning --- */

/* What a terminal sends to each of its processes. */
static const int TERMINALS[] = { SIGINT, SIGHUP };
enum { N_TERMINALS = sizeof(TERMINALS) / sizeof(*TERMINALS) };

/* Whoever holds one of them back hears it himself, and may go on: so must ssh, which leaves one alone that it
 * finds ignored. Notes in `before` what it was here, and takes it out of those that ssh hears. */
static void spare_ssh(sigset_t *heard, void (*before[static N_TERMINALS])(int))
{
    sigset_t held_back;

    (void)sigprocmask(SIG_BLOCK, NULL, &held_back);
    for (size_t i = 0; i < N_TERMINALS; i++) {
        before[i] = SIG_ERR;
        if (!sigismember(&held_back, TERMINALS[i]))
            continue;
        (void)sigdelset(heard, TERMINALS[i]);
        before[i] = signal(TERMINALS[i], SIG_IGN);
    }
}

/* Held back, none of them was lost meanwhile. */
static void hear_again(void (*const before[static N_TERMINALS])(int))
{
    for (size_t i = 0; i < N_TERMINALS; i++)
        if (before[i] != SIG_ERR)
            (void)signal(TERMINALS[i], before[i]); /* NOLINT(cert-err33-c): it cannot fail */
}

/* Everything of ours closes by itself; the three that it has are put in their places. */
static int spawn(char *const argv[], int stream, int errors, pid_t *ret)
{
    posix_spawn_file_actions_t actions;
    void (*before[N_TERMINALS])(int);
    posix_spawnattr_t attributes;
    sigset_t none, heard;
    int r;

    (void)sigemptyset(&none);
    (void)sigfillset(&heard);
    spare_ssh(&heard, before);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &heard);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    r = posix_spawn_file_actions_adddup2(&actions, stream, STDIN_FILENO);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(&actions, stream, STDOUT_FILENO);
    if (r == 0)
        r = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    if (r == 0)
        r = posix_spawnp(ret, argv[0], &actions, &attributes, argv, environ);
    hear_again(before);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return -r;
}

static int start(struct ssh_child *child, char *const argv[], pid_t *ret_pid, int *ret_fd)
{
    _cleanup_(closep) int ours = -1, its = -1, errors = -1;
    int pair[2], r;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return -errno;
    ours = pair[0];
    its = pair[1];
    if (pipe2(pair, O_CLOEXEC) < 0)
        return -errno;
    child->errors = pair[0];
    errors = pair[1];
    /* Ours alone: what it has blocks, as programs expect. */
    if (fcntl(ours, F_SETFL, O_NONBLOCK) < 0 || fcntl(child->errors, F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    r = spawn(argv, its, errors, ret_pid);
    if (r >= 0)
        *ret_fd = TAKE_FD(ours);
    return r;
}

/* As sd_event_add_child() wants it. */
static int block_sigchld(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGCHLD);
    return sigprocmask(SIG_BLOCK, &set, NULL) < 0 ? -errno : 0;
}

static int listen_to(struct ssh_child *child, sd_event *event, pid_t pid)
{
    int r = sd_event_add_child(event, &child->process, pid, WEXITED, on_end, child);

    if (r < 0)
        (void)kill(pid, SIGKILL);
    if (r >= 0)
        r = sd_event_add_io(event, &child->on_errors, child->errors, EPOLLIN, on_errors, child);
    return r;
}

int ssh_child_new(sd_event *event, char *const argv[], ssh_child_ended ended, void *userdata,
                  struct ssh_child **ret, int *ret_fd)
{
    _cleanup_(ssh_child_freep) struct ssh_child *child = calloc(1, sizeof(*child));
    _cleanup_(closep) int fd = -1;
    pid_t pid = 0;
    int r;

    if (!child)
        return -ENOMEM;
    child->errors = -1;
    child->ended = ended;
    child->userdata = userdata;
    r = block_sigchld();
    if (r >= 0)
        r = start(child, argv, &pid, &fd);
    if (r >= 0)
        r = listen_to(child, event, pid);
    if (r < 0)
        return r;
    *ret_fd = TAKE_FD(fd);
    *ret = TAKE_PTR(child);
    return 0;
}
