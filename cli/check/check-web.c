/* restartctl check: webfront.conf, and whether who is to log in can do so. What is wrong with the file is
 * told in the words in which the journal has it. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/system-check.h"
#include "common/accounts/groups.h"
#include "common/accounts/trust.h"
#include "common/cleanup.h"
#include "common/doors.h"
#include "common/trusted-file.h"
#include "common/web-in-force.h"
#include "polkit/ask/units.h"

#define PAGE_SOCKET "restarter-webfront.socket"

static bool listens(const struct system_check *check, const char *unit)
{
    _cleanup_(freep) char *state = NULL;

    return unit_get_string(check->bus, unit, "Unit", "ActiveState", &state) >= 0 &&
           strcmp(state, "active") == 0;
}

/* --- Login=none --- */

static const struct grant *first_for_people(const struct policy *policy)
{
    for (size_t i = 0; policy && i < policy->n_grants; i++)
        if (policy->grants[i].people.said)
            return &policy->grants[i];
    return NULL;
}

static void check_nobody_asked(struct system_check *check, unsigned line)
{
    const struct grant *grant = first_for_people(check->policy);

    if (grant && listens(check, PAGE_SOCKET))
        finding_add(
            check->findings, FINDING, WEB_SETTINGS_PATH, line,
            "Login=none, and the grant at %s:%u is for people: the page knows nobody, so it is open to nobody there, "
            "while all grants that name no people are open there to every account of this machine; have them log "
            "in (Login=password), or where they come by a reverse proxy or " DOOR_CLIENTS
            " alone: systemctl disable --now " PAGE_SOCKET,
            grant->file, grant->line);
}

/* --- logins --- */

static void check_login_socket(struct system_check *check, const struct web_settings *settings)
{
    const char *unit =
        settings->login == WEB_LOGIN_PAM ? "restarter-login-pam.socket" : "restarter-login.socket";

    if (!listens(check, unit))
        finding_add(
            check->findings, FINDING, WEB_SETTINGS_PATH, settings->login_line,
            "Login=%s, and %s does not listen, so that nobody can log in; 'systemctl enable --now %s' makes it",
            web_login_to_string(settings->login), unit, unit);
}

static void add_mistake(struct system_check *check, int r, const struct mistake *mistake)
{
    if (r > 0)
        finding_add_mistake(check->findings, FINDING, mistake->text, "nobody can log in");
}

/* Whoever reads as root reads what others could have written, too; that is another finding. False: there is
 * no such file. */
static bool read_file(struct system_check *check, const char *path, char **ret, size_t *ret_size)
{
    struct trusted_why why = { "" };
    int r = trusted_read(AT_FDCWD, path, TRUSTED_ANY_OWNER, LINES_SIZE_MAX, ret, ret_size, &why);

    if (r == TRUSTED_E_UNFIT)
        finding_add(check->findings, FINDING, path, 0, "%s; nobody can log in", why.text);
    return r == 0;
}

static void check_groups(struct system_check *check, const struct users *users)
{
    _cleanup_(freep) char *text = NULL;
    struct mistake mistake;
    size_t size;

    if (read_file(check, GROUPS_FILE, &text, &size))
        add_mistake(check, groups_read(GROUPS_FILE, text, size, users, NULL, &mistake), &mistake);
}

/* The files of those who log in with a password of their own: also before anybody is asked for one. */
static void check_users(struct system_check *check)
{
    _cleanup_(users_done) struct users users = { .list = NULL };
    _cleanup_(freep) char *text = NULL;
    struct mistake mistake;
    size_t size;
    int r;

    add_mistake(check, trust_users(USERS_FILE, &mistake), &mistake);
    add_mistake(check, trust_groups(GROUPS_FILE, &mistake), &mistake);
    if (!read_file(check, USERS_FILE, &text, &size))
        return;
    r = users_read(USERS_FILE, text, size, &users, &mistake);
    add_mistake(check, r, &mistake);
    if (r == 0)
        check_groups(check, &users);
    explicit_bzero(text, size);
}

static void check_anybody(struct system_check *check, const struct web_settings *settings)
{
    if (settings->login == WEB_LOGIN_PASSWORD && access(USERS_FILE, F_OK) < 0)
        finding_add(check->findings, FINDING, WEB_SETTINGS_PATH, settings->login_line,
                    "Login=password, and there is no " USERS_FILE
                    ", so that nobody can log in; 'restartctl passwd USER' makes one");
}

/* --- the file --- */

static void check_settings(struct system_check *check, const struct web_settings *settings)
{
    if (settings->login == WEB_LOGIN_NONE) {
        check_nobody_asked(check, settings->login_line);
        return;
    }
    check_login_socket(check, settings);
    check_anybody(check, settings);
    if (settings->cleartext_passwords)
        finding_add(
            check->findings, NOTE, WEB_SETTINGS_PATH, 0,
            "CleartextPasswords=yes: passwords may come from other machines as whoever is on the way can read them");
}

void check_web(struct system_check *check)
{
    struct web_settings settings;
    struct mistake mistake;
    int r = web_settings_load(WEB_SETTINGS_PATH, 0, &settings, &mistake);

    if (r > 0)
        finding_add_mistake(
            check->findings, FINDING, mistake.text,
            "the last good settings are gone by, and without any nobody is let in by way of the web");
    else if (r == 0)
        check_settings(check, &settings);
    check_users(check);
}
