/* Read as the login reads them: with a mistake in one of the files nobody could log in, and nobody is listed.
 */
#include "cli/verbs/passwd-list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/cli.h"
#include "common/accounts/groups.h"
#include "common/accounts/trust.h"
#include "common/cleanup.h"
#include "polkit/locks/files.h"

/* NULL when it cannot be read, and that is said; "" for one that is not there. */
static char *read_file(const char *path)
{
    char *text = NULL;
    int r = file_read(path, &text);

    if (r < 0)
        (void)fail_self(CLI_EXIT_UNAVAILABLE, "%s: %s.", path, strerror(-r));
    return r < 0 || text ? text : strdup("");
}

static int print_user(const struct user *user, const struct users *users, const char *groups,
                      struct mistake *mistake)
{
    _cleanup_(person_done) struct person person = { .name = "" };
    int r = person_set(&person, user->name, PERSON_PASSWORD);

    if (r == 0)
        r = groups_read(GROUPS_FILE, groups, strlen(groups), users, &person, mistake);
    if (r != 0)
        return r;
    (void)printf("%s", user->name);
    for (size_t i = 0; i < person.n_groups; i++)
        (void)printf("%c%s", i == 0 ? '\t' : ',', person.groups[i]);
    (void)putchar('\n');
    return 0;
}

static int print_users(const char *text, const char *groups, struct mistake *mistake)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    int r = trust_users(USERS_FILE, mistake);

    if (r == 0)
        r = trust_groups(GROUPS_FILE, mistake);
    if (r == 0)
        r = users_read(USERS_FILE, text, strlen(text), &users, mistake);
    for (size_t i = 0; i < users.n && r == 0; i++)
        r = print_user(&users.list[i], &users, groups, mistake);
    return r;
}

int passwd_list(void)
{
    struct mistake mistake = { "out of memory" };
    char *text = read_file(USERS_FILE);
    _cleanup_(freep) char *groups = text ? read_file(GROUPS_FILE) : NULL;
    int r = groups ? print_users(text, groups, &mistake) : 0;

    if (r != 0)
        (void)fail_self(CLI_EXIT_FAILED, "%s. Nobody can log in: mend that first.", mistake.text);
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    if (!groups)
        return CLI_EXIT_UNAVAILABLE;
    return r == 0 ? CLI_EXIT_OK : CLI_EXIT_FAILED;
}
