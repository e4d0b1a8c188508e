/* The name service answers from files, or from a daemon that asks a directory: it may take a while, and may
 * not know just now, which is not the same as that there is nobody. */
#include "login/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    RECORD_SIZE = 16 * 1024,
    GROUP_RECORD_SIZE = 1024 * 1024, /* a group's record has all its members */
    GIDS_MAX = 65536,                /* the kernel's own limit */
};

int account_find(const char *name, struct account *ret)
{
    struct passwd record, *found = NULL;
    char text[RECORD_SIZE];
    int r;

    if (!person_name_valid(name))
        return ACCOUNT_E_NONE;
    r = getpwnam_r(name, &record, text, sizeof(text), &found);
    if (r != 0)
        return -r;
    if (!found || !person_name_valid(found->pw_name))
        return ACCOUNT_E_NONE;
    *ret = (struct account){ .uid = found->pw_uid, .gid = found->pw_gid };
    (void)snprintf(ret->name, sizeof(ret->name), "%s", found->pw_name);
    return 0;
}

/* 0 and the caller's list, or a negative errno. */
static int list_gids(const struct account *account, gid_t **ret, int *ret_n)
{
    gid_t *gids = NULL, *more;

    for (int size = 128, n = 128; size <= GIDS_MAX; size = n > 2 * size ? n : 2 * size) {
        more = reallocarray(gids, (size_t)size, sizeof(*gids));
        if (!more)
            break;
        gids = more;
        n = size;
        if (getgrouplist(account->name, account->gid, gids, &n) >= 0) {
            *ret = gids;
            *ret_n = n;
            return 0;
        }
    }
    free(gids);
    return -ENOMEM;
}

/* 0, PERSON_E_NAME also for one that nobody knows, PERSON_E_TOO_MANY; or a negative errno. */
static int add_group(gid_t gid, struct person *person, char *text)
{
    struct group record, *found = NULL;
    int r = getgrgid_r(gid, &record, text, GROUP_RECORD_SIZE, &found);

    if (r != 0)
        return -r;
    return found ? person_add_group(person, found->gr_name) : PERSON_E_NAME;
}

int account_groups(const struct account *account, struct person *person, size_t *ret_n)
{
    _cleanup_(freep) char *text = malloc(GROUP_RECORD_SIZE);
    _cleanup_(freep) gid_t *gids = NULL;
    size_t of_people = 0;
    int n = 0, r = text ? list_gids(account, &gids, &n) : -ENOMEM;

    for (int i = 0; i < n && r >= 0; i++) {
        r = add_group(gids[i], person, text);
        of_people += r != PERSON_E_NAME;
    }
    if (r < 0)
        return r;
    *ret_n = of_people;
    return 0;
}
