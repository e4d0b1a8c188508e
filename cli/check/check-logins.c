/* restartctl check: the ways by which somebody could run a process as the broker's user, other than the
 * account itself: keys, jobs of cron, rules of sudo, a user manager that is started at boot. */
#include <glob.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/system-check.h"
#include "common/cleanup.h"
#include "polkit/locks/files.h"

enum { PATH_SIZE = 4096 };

/* --- files that are there or not --- */

static void check_absent(struct system_check *check, const char *path, const char *what)
{
    if (access(path, F_OK) == 0)
        finding_add(check->findings, FINDING, path, 0,
                    "%s: by this somebody may run what he likes as user %s; take it away", what,
                    check->broker.name);
}

/* Where sshd looks unless it was told otherwise. The home of a system user is / on Debian. */
static void check_keys(struct system_check *check)
{
    static const char *const NAMES[] = { ".ssh/authorized_keys", ".ssh/authorized_keys2", ".shosts",
                                         ".rhosts" };
    const struct passwd *entry = getpwnam(check->broker.name);
    char path[PATH_SIZE];

    for (size_t i = 0; entry && i < sizeof(NAMES) / sizeof(*NAMES); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", strcmp(entry->pw_dir, "/") == 0 ? "" : entry->pw_dir,
                       NAMES[i]);
        check_absent(check, path, "keys or hosts that may log in without a password");
    }
}

static void check_files_of_user(struct system_check *check)
{
    static const struct {
        const char *folder, *what;
    } PLACES[] = {
        { "/var/spool/cron/crontabs", "a crontab" },
        { "/etc/ssh/authorized_keys", "keys that may log in" },
        { "/etc/ssh/authorized_keys.d", "keys that may log in" },
        { "/var/lib/systemd/linger",
          "a user manager that is started at boot ('loginctl disable-linger' ends it)" },
    };
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof(PLACES) / sizeof(*PLACES); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", PLACES[i].folder, check->broker.name);
        check_absent(check, path, PLACES[i].what);
    }
}

/* --- lines that name the user --- */

static bool is_part_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '@';
}

/* As a word of its own, in a line that is no comment. */
static bool names_user(const char *line, const char *user)
{
    size_t length = strlen(user), end = strcspn(line, "\n");

    for (const char *p = strstr(line, user); p && p < line + end; p = strstr(p + 1, user))
        if ((p == line || !is_part_of_name(p[-1])) && !is_part_of_name(p[length]))
            return line[strspn(line, " \t")] != '#';
    return false;
}

static void check_lines(struct system_check *check, const char *path, const char *what)
{
    _cleanup_(freep) char *text = NULL;
    unsigned number = 1;

    (void)file_read(path, &text);
    for (const char *line = text; line && *line; number++) {
        if (names_user(line, check->broker.name))
            finding_add(check->findings, FINDING, path, number,
                        "%s names user %s: nobody but the broker should run as that user, and it should run "
                        "nothing else",
                        what, check->broker.name);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
}

static void check_jobs_and_rules(struct system_check *check)
{
    static const struct {
        const char *pattern, *what;
    } FILES[] = {
        { "/etc/crontab", "a job of cron" },       { "/etc/cron.d/*", "a job of cron" },
        { "/etc/anacrontab", "a job of anacron" }, { "/etc/sudoers", "a rule of sudo" },
        { "/etc/sudoers.d/*", "a rule of sudo" },  { "/etc/doas.conf", "a rule of doas" },
    };

    for (size_t i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        glob_t found;

        if (glob(FILES[i].pattern, GLOB_NOSORT, NULL, &found) != 0)
            continue;
        for (size_t j = 0; j < found.gl_pathc; j++)
            check_lines(check, found.gl_pathv[j], FILES[i].what);
        globfree(&found);
    }
}

void check_logins(struct system_check *check)
{
    check_keys(check);
    check_files_of_user(check);
    check_jobs_and_rules(check);
}
