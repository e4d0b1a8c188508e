/* crypt(3) is called once for each question, whoever asks for whomever. */
#include "login/password.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <nettle/memops.h>
#include <stdlib.h>
#include <string.h>

#include "login/keyed.h"

static void wipe_crypt_data(struct crypt_data **data)
{
    if (*data)
        explicit_bzero(*data, sizeof(**data));
    free(*data);
}

/* 0 and whether they fit, MISTAKE when this machine's crypt(3) cannot do it, or -ENOMEM. */
static int compare(const struct user *user, const char *password, bool *ret_equal, struct mistake *mistake)
{
    _cleanup_(wipe_crypt_data) struct crypt_data *data = calloc(1, sizeof(*data));
    size_t length = strlen(user->hash);
    const char *hash;

    if (!data)
        return -ENOMEM;
    hash = crypt_rn(password, user->hash, data, sizeof(*data));
    if (!hash || hash[0] == '*')
        return mistake_set(mistake, "users", user->line, "the hash of user %s cannot be computed: %s",
                           user->name, strerror(errno));
    *ret_equal = strlen(hash) == length && memeql_sec(hash, user->hash, length);
    return 0;
}

int password_check(const struct users *users, const struct ticket_key *key, const struct question *question,
                   bool *ret_good, struct mistake *mistake)
{
    const struct user *user = users_find(users, question->user), *compared = user;
    bool equal = false;
    int r;

    assert(users->n > 0);
    if (!compared)
        compared = &users->list[keyed_number(key, "instead", question->user) % users->n];
    r = compare(compared, question->password, &equal, mistake);
    if (r != 0)
        return r;
    *ret_good = equal && user && question->password[0] != '\0';
    return 0;
}
