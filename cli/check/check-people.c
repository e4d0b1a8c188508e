/* policy check: people and groups that the policy file names, and who are not to be met at any door: not at
 * broker.sock, whose callers are accounts of this machine; nor among those who log in with a password of
 * their own. A reverse proxy may name anybody: where there is one, nothing is said. */
#include "cli/check/check.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "common/accounts/groups.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "common/trusted-file.h"
#include "common/web-in-force.h"
#include "polkit/ask/units.h"

struct others {
    char *users, *groups; /* the files, or NULL */
};

static void others_done(struct others *others)
{
    if (others->users)
        explicit_bzero(others->users, strlen(others->users));
    free(others->users);
    free(others->groups);
}

static char *read_file(const char *path)
{
    struct trusted_why why = { "" };
    char *text = NULL;
    size_t size;

    return trusted_read(AT_FDCWD, path, TRUSTED_ANY_OWNER, LINES_SIZE_MAX, &text, &size, &why) == 0 ? text
                                                                                                    : NULL;
}

static void others_find(struct others *ret)
{
    struct web_settings settings;
    struct mistake mistake;

    *ret = (struct others){ .users = NULL };
    if (web_settings_load(WEB_SETTINGS_PATH, 0, &settings, &mistake) != 0 ||
        settings.login != WEB_LOGIN_PASSWORD)
        return;
    ret->users = read_file(USERS_FILE);
    ret->groups = read_file(GROUPS_FILE);
}

/* A line "NAME:…". */
static bool has_line(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return true;
    return false;
}

static void check_names(struct check *check, const struct others *others, const struct people *people,
                        const char *file, unsigned line)
{
    const char *nor = others->users ? ", nor does one log in" : "";

    for (size_t i = 0; i < people->n_users; i++)
        if (!getpwnam(people->users[i]) && !has_line(others->users, people->users[i]))
            finding_add(&check->findings, FINDING, file, line,
                        "there is no user %s on this machine%s: nobody who comes to " DOOR_CLIENTS " is %s",
                        people->users[i], nor, people->users[i]);
    for (size_t i = 0; i < people->n_groups; i++)
        if (!getgrnam(people->groups[i]) && !has_line(others->groups, people->groups[i]))
            finding_add(&check->findings, FINDING, file, line,
                        "there is no group %s on this machine%s: nobody who comes to " DOOR_CLIENTS
                        " is in it",
                        people->groups[i], nor);
}

static bool proxy_listens(const struct check *check)
{
    _cleanup_(freep) char *state = NULL;

    return unit_get_string(check->live.bus, PROXY_UNIT, "Unit", "ActiveState", &state) >= 0 &&
           strcmp(state, "active") == 0;
}

void check_people(struct check *check)
{
    _cleanup_(others_done) struct others others;

    others_find(&others);
    if (proxy_listens(check))
        return;
    for (size_t i = 0; i < check->policy->n_grants; i++) {
        const struct grant *grant = &check->policy->grants[i];

        check_names(check, &others, &grant->people, grant->file, grant->line);
    }
    check_names(check, &others, &check->policy->admins, check->options->path, 0);
}
