/* A file of this size is looked through from end to end: nothing about it is clever. */
#include "common/accounts/users.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void users_done(struct users *users)
{
    if (users->list)
        explicit_bzero(users->list, USERS_MAX * sizeof(*users->list));
    free(users->list);
    *users = (struct users){ .list = NULL };
}

const struct user *users_find(const struct users *users, const char *name)
{
    for (size_t i = 0; i < users->n; i++)
        if (strcmp(users->list[i].name, name) == 0)
            return &users->list[i];
    return NULL;
}

static int add_user(const struct line *line, void *userdata, struct mistake *mistake)
{
    struct users *users = userdata;
    const struct user *before = users_find(users, line->name);
    const char *wrong = hash_mistake(line->value);
    struct user *user;

    if (before)
        return mistake_set(mistake, line->file, line->number, "user %s is already in line %u", line->name,
                           before->line);
    if (wrong)
        return mistake_set(mistake, line->file, line->number, "user %s: the hash %s", line->name, wrong);
    if (users->n == USERS_MAX)
        return mistake_set(mistake, line->file, line->number, "these are more than %d users", USERS_MAX);
    user = &users->list[users->n++];
    (void)snprintf(user->name, sizeof(user->name), "%s", line->name);
    (void)snprintf(user->hash, sizeof(user->hash), "%.*s", HASH_SIZE - 1, line->value);
    user->line = line->number;
    return 0;
}

int users_read(const char *file, const char *text, size_t size, struct users *ret, struct mistake *mistake)
{
    _cleanup_(users_done) struct users users = { .list = calloc(USERS_MAX, sizeof(*users.list)) };
    int r;

    if (!users.list)
        return -ENOMEM;
    r = lines_read(file, text, size, add_user, &users, mistake);
    if (r != 0)
        return r;
    *ret = users;
    users.list = NULL;
    return 0;
}
