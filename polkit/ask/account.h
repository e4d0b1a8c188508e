/* Being another user for a moment, in a child process: the questions to polkitd are about a process of that
 * user, and what the bus or a file's mode denies somebody is best learned by being him. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum { ACCOUNT_NAME_SIZE = 64 };

struct account {
    char name[ACCOUNT_NAME_SIZE];
    uid_t uid;
    gid_t gid;
};

/* 0 or -ESRCH when there is no such user. */
int account_by_name(const char *name, struct account *ret);
int account_by_uid(uid_t uid, struct account *ret);

/* As fork(), but the child is that user, with the user's groups, and dies with its parent. Returns the
 * child's pid, 0 in the child, or a negative errno; a child that cannot become the user exits with 127. */
pid_t account_fork(const struct account *account);

/* Calls `work` in such a child and hands its answer (0 to 100) back, or a negative errno. */
int account_do(const struct account *account, int (*work)(void *userdata), void *userdata);
