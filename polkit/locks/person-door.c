/* Three doors: broker.sock goes by the account, the page by a login, the proxy's by what the proxy says. */
#include "polkit/locks/person-door.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/doors.h"
#include "common/web-in-force.h"
#include "polkit/ask/units.h"

enum { GIDS_MAX = 1024 };

static bool is_listed(const struct group *group, const char *name)
{
    for (char **member = group->gr_mem; *member; member++)
        if (strcmp(*member, name) == 0)
            return true;
    return false;
}

/* The kernel goes by the account, whatever groups the question was about. */
static bool is_client(const char *name)
{
    const struct group *group = getgrnam(DOOR_CLIENTS_GROUP);
    gid_t clients = group ? group->gr_gid : 0, gids[GIDS_MAX];
    bool listed = group && is_listed(group, name);
    const struct passwd *account = getpwnam(name);
    int n = GIDS_MAX;

    if (!group || !account)
        return false;
    if (listed || getgrouplist(name, account->pw_gid, gids, &n) < 0)
        return listed;
    for (int i = 0; i < n; i++)
        if (gids[i] == clients)
            return true;
    return false;
}

static bool listens(const struct question *question, const char *unit)
{
    _cleanup_(freep) char *state = NULL;

    return unit_get_string(question->bus, unit, "Unit", "ActiveState", &state) >= 0 &&
           strcmp(state, "active") == 0;
}

/* What nobody in particular may, everybody may who reaches a page without a login. */
static bool nobody_may(const struct question *question)
{
    static const struct person NOBODY = { .known = PERSON_NOBODY };

    return question->policy && question->resolved == 0 &&
           policy_permits(question->policy, &NOBODY, &question->resolution.name, question->verb, NULL) == 0;
}

static void say_unknown(const struct question *question, struct lock *lock)
{
    const char *name = question->person.name;

    if (nobody_may(question))
        lock_set(
            lock, true,
            DOOR_CLIENTS
            " does not let %s in, who is no member of " DOOR_CLIENTS_GROUP
            "; the page does, from this machine, as nobody in particular (Login=none in " WEB_SETTINGS_PATH
            ").",
            name);
    else
        lock_set(lock, false,
                 "no door knows %s: " DOOR_CLIENTS " lets in members of " DOOR_CLIENTS_GROUP
                 " ('usermod --append --groups=" DOOR_CLIENTS_GROUP
                 " %s' would add one), the page asks nobody who they are (Login=none in " WEB_SETTINGS_PATH
                 "), and " PROXY_UNIT " does not listen for a reverse proxy that would say so.",
                 name, name);
}

void person_door(const struct question *question, struct lock *lock)
{
    const char *name = question->person.name;
    bool client = is_client(name);
    struct web_settings settings;
    struct mistake mistake;

    if (web_settings_load(WEB_SETTINGS_PATH, 0, &settings, &mistake) != 0)
        settings.login = WEB_LOGIN_NONE;
    if (client)
        lock_set(lock, true, DOOR_CLIENTS " lets %s in, a member of " DOOR_CLIENTS_GROUP ".", name);
    else if (settings.login != WEB_LOGIN_NONE)
        lock_set(lock, true,
                 DOOR_CLIENTS " does not let %s in, who is no member of " DOOR_CLIENTS_GROUP
                              "; the page does, for who logs in by that name (Login=%s).",
                 name, web_login_to_string(settings.login));
    else if (listens(question, PROXY_UNIT))
        lock_set(lock, true,
                 DOOR_CLIENTS " does not let %s in, who is no member of " DOOR_CLIENTS_GROUP
                              "; " DOOR_WEB_PROXY " does, for whom the reverse proxy calls so.",
                 name);
    else
        say_unknown(question, lock);
}
