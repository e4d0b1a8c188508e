/* The processes that polkitd is asked about. */
#include "polkit/ask/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <systemd/sd-login.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"

enum {
    PATIENCE_MSEC = 2000, /* for systemd to move a process */
    START_MSEC =
        10000, /* for a child to become the user; another process of that user may stop it meanwhile */
    PAUSE_MSEC = 5,
};

/* The 22nd field of /proc/PID/stat. The second one, the program's name, may hold anything but ends in the
 * last ')'. */
static int read_start_time(pid_t pid, uint64_t *ret)
{
    char path[64], text[1024], *field;
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (!file)
        return errno == ENOENT ? -ESRCH : -errno;
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    field = strrchr(text, ')');
    for (int i = 2; field && i < 22; i++)
        field = strchr(field + 1, ' ');
    if (!field)
        return -EIO;
    *ret = strtoull(field + 1, NULL, 10);
    return 0;
}

/* The owner of /proc/PID would be root for a process that is not dumpable, as the broker is. */
static int read_uid(pid_t pid, uid_t *ret)
{
    _cleanup_(sd_bus_creds_unrefp) sd_bus_creds *creds = NULL;
    int r = sd_bus_creds_new_from_pid(&creds, pid, SD_BUS_CREDS_UID);

    return r < 0 ? r : sd_bus_creds_get_uid(creds, ret);
}

/* A kernel without pidfds has a polkitd that asks for none: then it is -1. */
static int open_pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int subject_of(pid_t pid, struct subject *ret)
{
    struct subject subject = { .pid = pid, .pidfd = open_pidfd(pid) };
    int r = read_start_time(pid, &subject.start_time);

    if (r >= 0)
        r = read_uid(pid, &subject.uid);
    if (r < 0) {
        subject_stop(&subject);
        return r;
    }
    *ret = subject;
    return 0;
}

bool subject_runs(const struct subject *subject)
{
    struct pollfd end = { .fd = subject->pidfd, .events = POLLIN };

    if (subject->pid <= 0)
        return false;
    return subject->pidfd < 0 ? kill(subject->pid, 0) == 0 : poll(&end, 1, 0) == 0;
}

static bool in_session(pid_t pid)
{
    _cleanup_(freep) char *session = NULL;

    return sd_pid_get_session(pid, &session) >= 0;
}

/* A scope of its own, beside the services. When that fails the questions are still worth asking. */
static void leave_session(sd_bus *bus, pid_t pid)
{
    const struct timespec pause = { .tv_nsec = PAUSE_MSEC * 1000000L };
    char scope[64];

    (void)snprintf(scope, sizeof(scope), "restartctl-%d.scope", (int)pid);
    if (sd_bus_call_method(bus, "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
                           "org.freedesktop.systemd1.Manager", "StartTransientUnit", NULL, NULL,
                           "ssa(sv)a(sa(sv))", scope, "fail", 3, "PIDs", "au", 1, (uint32_t)pid, "Slice", "s",
                           "system.slice", "Description", "s",
                           "The process that restartctl asks polkitd about", 0) < 0)
        return;
    for (int waited = 0; waited < PATIENCE_MSEC && in_session(pid); waited += PAUSE_MSEC)
        (void)nanosleep(&pause, NULL);
}

/* Says that it has become the user, and waits for its end. */
static void __attribute__((noreturn)) be_subject(int ready)
{
    if (write(ready, "", 1) != 1)
        _exit(EXIT_FAILURE);
    (void)close(ready);
    for (;;)
        (void)pause();
}

static int wait_until_ready(int fd)
{
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    char c;

    if (poll(&ready, 1, START_MSEC) != 1)
        return -ETIMEDOUT;
    return read(fd, &c, 1) == 1 ? 0 : -EPERM;
}

static int start_process(const struct account *account, pid_t *ret)
{
    _cleanup_(closep) int ready = -1;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    ready = ends[0];
    pid = account_fork(account);
    if (pid == 0)
        be_subject(ends[1]);
    (void)close(ends[1]);
    if (pid < 0)
        return (int)pid;

    *ret = pid;
    return wait_until_ready(ready);
}

int subject_start(sd_bus *bus, const struct account *account, struct subject *ret)
{
    struct subject subject = SUBJECT_NONE;
    pid_t pid = 0;
    int r = start_process(account, &pid);

    if (r >= 0)
        r = subject_of(pid, &subject);
    subject.pid = pid;
    subject.ours = true;
    if (r < 0) {
        subject_stop(&subject);
        return r;
    }
    if (in_session(pid))
        leave_session(bus, pid);
    *ret = subject;
    return 0;
}

void subject_stop(struct subject *subject)
{
    if (subject->ours && subject->pid > 0) {
        (void)kill(subject->pid, SIGKILL);
        (void)waitpid(subject->pid, NULL, 0);
    }
    if (subject->pidfd >= 0)
        (void)close(subject->pidfd);
    *subject = (struct subject)SUBJECT_NONE;
}

int subject_append(const struct subject *subject, sd_bus_message *message)
{
    int r = sd_bus_message_open_container(message, 'r', "sa{sv}");

    if (r >= 0)
        r = sd_bus_message_append(message, "s", "unix-process");
    if (r >= 0)
        r = sd_bus_message_open_container(message, 'a', "{sv}");
    if (r >= 0)
        r = sd_bus_message_append(message, "{sv}{sv}{sv}", "pid", "u", (uint32_t)subject->pid, "start-time",
                                  "t", subject->start_time, "uid", "i", (int32_t)subject->uid);
    if (r >= 0 && subject->pidfd >= 0)
        r = sd_bus_message_append(message, "{sv}", "pidfd", "h", subject->pidfd);
    if (r >= 0)
        r = sd_bus_message_close_container(message);
    return r < 0 ? r : sd_bus_message_close_container(message);
}
