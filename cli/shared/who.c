/* Accounts are looked up as a shell would, with all that the name service knows. */
#include "cli/shared/who.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "common/cleanup.h"

enum { GIDS_MAX = 1024 };

static int add(struct person *person, const char *group)
{
    int r = person_add_group(person, group);

    if (r == PERSON_E_NAME)
        return cli_usage_error("'%s' is not a group's name", group);
    if (r == PERSON_E_TOO_MANY)
        return cli_usage_error("more than %d groups", PERSON_GROUPS_MAX);
    return r < 0 ? policy_failed("groups", r) : CLI_EXIT_OK;
}

static int add_listed(struct person *person, const char *list)
{
    _cleanup_(freep) char *words = strdup(list);
    char *word, *rest = words;
    int r = words ? CLI_EXIT_OK : policy_failed("groups", -ENOMEM);

    while (r == CLI_EXIT_OK && (word = strtok_r(rest, ",", &rest)))
        r = add(person, word);
    return r;
}

/* Those whose names are none of ours cannot be in a policy file. */
static int add_of_account(struct person *person)
{
    const struct passwd *account = getpwnam(person->name);
    gid_t gids[GIDS_MAX];
    int n = GIDS_MAX, r = CLI_EXIT_OK;

    if (!account || getgrouplist(person->name, account->pw_gid, gids, &n) < 0)
        return CLI_EXIT_OK;
    for (int i = 0; i < n && r == CLI_EXIT_OK; i++) {
        const struct group *group = getgrgid(gids[i]);

        if (group && person_name_valid(group->gr_name))
            r = add(person, group->gr_name);
    }
    return r;
}

int who_read(const struct policy_options *options, struct person *ret)
{
    const char *user = options->user;

    *ret = (struct person){ .is_root = !user || strcmp(user, "root") == 0 };
    if (!user && options->group)
        return cli_usage_error("--group= is about the groups of --user=");
    if (!user || *user == '\0')
        return CLI_EXIT_OK;
    if (person_set(ret, user, PERSON_UID) != 0)
        return cli_usage_error("'%s' is not a person's name", user);
    return options->group ? add_listed(ret, options->group) : add_of_account(ret);
}
