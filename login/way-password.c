/* Files are read before anything is counted or compared: one mistake in them is one for everybody. */
#include "login/way-password.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/accounts/groups.h"
#include "common/accounts/trust.h"
#include "common/credential.h"
#include "login/password.h"

static int read_users(struct users *users, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    int r = credential_read("users", LINES_SIZE_MAX, &file, mistake);

    if (r == 0)
        r = users_read(USERS_FILE, file.data, file.size, users, mistake);
    if (r == 0 && users->n == 0)
        return mistake_set(mistake, USERS_FILE, 0,
                           "there is nobody in it who could log in; 'restartctl passwd USER' lets somebody");
    return r;
}

/* With the groups of whoever is asked for. A mistake is one for all: nobody is to lack a group by it. */
static int read_groups(struct candidate *candidate, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential file = { .data = NULL };
    const struct users *users = candidate->known;
    int r = credential_read("groups", LINES_SIZE_MAX, &file, mistake);

    if (r != 0)
        return r;
    if (users_find(users, candidate->question.user))
        (void)person_set(&candidate->person, candidate->question.user, PERSON_PASSWORD);
    return groups_read(GROUPS_FILE, file.data, file.size, users, &candidate->person, mistake);
}

static int prepare(struct candidate *candidate, struct mistake *mistake)
{
    struct users *users = calloc(1, sizeof(*users));
    int r;

    if (!users)
        return -ENOMEM;
    candidate->known = users;
    (void)snprintf(candidate->counted, sizeof(candidate->counted), "%s", candidate->question.user);
    if ((r = trust_users(USERS_FILE, mistake)) != 0 || (r = trust_groups(GROUPS_FILE, mistake)) != 0 ||
        (r = read_users(users, mistake)) != 0)
        return r;
    return read_groups(candidate, mistake);
}

static int check(struct candidate *candidate, bool *ret_good, struct mistake *mistake)
{
    return password_check(candidate->known, &candidate->key, &candidate->question, ret_good, mistake);
}

static void forget(void *known)
{
    if (known)
        users_done(known);
    free(known);
}

const struct way WAY_PASSWORD = {
    .program = "restarter-login",
    .by = "with a password",
    .prepare = prepare,
    .check = check,
    .forget = forget,
};
