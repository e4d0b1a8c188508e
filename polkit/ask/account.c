/* A child process as another user. */
#include "polkit/ask/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"

enum {
    EXIT_NOT_BECOME = 127,
    PATIENCE_MSEC = 30000,
};

static int account_from_entry(const struct passwd *entry, struct account *ret)
{
    if (!entry || strlen(entry->pw_name) >= sizeof(ret->name))
        return -ESRCH;
    *ret = (struct account){ .uid = entry->pw_uid, .gid = entry->pw_gid };
    (void)snprintf(ret->name, sizeof(ret->name), "%s", entry->pw_name);
    return 0;
}

int account_by_name(const char *name, struct account *ret)
{
    return account_from_entry(getpwnam(name), ret);
}

int account_by_uid(uid_t uid, struct account *ret)
{
    return account_from_entry(getpwuid(uid), ret);
}

/* The kernel forgets who should be told of the parent's death when the user changes: so that comes last. */
static bool become(const struct account *account, pid_t parent)
{
    return initgroups(account->name, account->gid) == 0 &&
           setresgid(account->gid, account->gid, account->gid) == 0 &&
           setresuid(account->uid, account->uid, account->uid) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

pid_t account_fork(const struct account *account)
{
    pid_t parent = getpid(), pid = fork();

    if (pid < 0)
        return -errno;
    if (pid == 0 && !become(account, parent))
        _exit(EXIT_NOT_BECOME);
    return pid;
}

/* Whoever else is that user can stop the child with a signal: then it is waited for no longer. */
static bool ends_in_time(pid_t pid)
{
    _cleanup_(closep) int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd end = { .fd = fd, .events = POLLIN };

    return fd < 0 || poll(&end, 1, PATIENCE_MSEC) == 1;
}

int account_do(const struct account *account, int (*work)(void *userdata), void *userdata)
{
    pid_t pid = account_fork(account);
    bool in_time;
    int status;

    if (pid < 0)
        return (int)pid;
    if (pid == 0)
        _exit(work(userdata));
    in_time = ends_in_time(pid);
    if (!in_time)
        (void)kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    if (!in_time)
        return -ETIMEDOUT;
    if (!WIFEXITED(status) || WEXITSTATUS(status) == EXIT_NOT_BECOME)
        return -EPERM;
    return WEXITSTATUS(status);
}
