/* Who may log in with a password: lines "USER:HASH". */
#pragma once

#include "common/accounts/hash.h"
#include "common/accounts/lines.h"

#define USERS_FILE "/etc/restarter/users"

enum { USERS_MAX = 1024 };

struct user {
    char name[PERSON_NAME_SIZE];
    char hash[HASH_SIZE];
    unsigned line;
};

struct users {
    struct user *list;
    size_t n;
};

/* Wipes and frees them. */
void users_done(struct users *users);

/* 0, also for none; MISTAKE for a line that is none, a hash that is none or costs what it should not, a user
 * who is there twice, or too many; -ENOMEM. Then *ret is not written: one mistake, and nobody is in. `file`
 * is what it is called in a mistake. */
int users_read(const char *file, const char *text, size_t size, struct users *ret, struct mistake *mistake);

/* NULL when there is none of that name. */
const struct user *users_find(const struct users *users, const char *name);
