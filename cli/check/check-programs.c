/* restartctl check: whoever could write what the locks are made of would have the key to all of them. */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check/shipped.h"
#include "cli/check/system-check.h"
#include "cli/check/tree.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/units.h"
#include "polkit/locks/property.h"

static const char *const TREES[] = { "/usr/libexec/restarter", "/etc/restarter", NULL };
static const char *const FILES[] = { "/usr/bin/restartctl",
                                     BUS_PATH,
                                     BUS_VERBS_PATH,
                                     RULE_PATH,
                                     "/etc/default/restarter",
                                     "/usr/lib/sysusers.d/restarter.conf",
                                     NULL };

/* The mode of a link is no one's. polkitd may own its rules' folder, as Debian 12 has it: it answers as it
 * likes anyway. */
static bool is_roots_alone(const char *path, const struct stat *st)
{
    const struct passwd *polkitd = strcmp(path, RULE_DIRECTORY) == 0 ? getpwnam("polkitd") : NULL;

    return (st->st_uid == 0 || (polkitd && st->st_uid == polkitd->pw_uid)) &&
           (S_ISLNK(st->st_mode) || (st->st_mode & (S_IWGRP | S_IWOTH)) == 0);
}

static void look(const char *path, const struct stat *st, void *userdata)
{
    struct system_check *check = userdata;

    if (!is_roots_alone(path, st))
        finding_add(
            check->findings, FINDING, path, 0,
            "%s (owner %u, mode %04o): whoever may write here decides what the locks are; 'chown root "
            "%s' and 'chmod go-w %s' mend it",
            st->st_uid != 0 ? "this is not root's" : "others than root may write this", (unsigned)st->st_uid,
            (unsigned)st->st_mode & 07777, path, path);
}

/* A unit that is masked is a link to what everybody may write, and nobody reads. */
static void look_at(struct system_check *check, const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && !S_ISCHR(st.st_mode))
        look(path, &st, check);
}

/* A file is as safe as the folders that it is in. */
static void look_at_way(struct system_check *check, const char *path)
{
    char way[4096];
    struct stat st;

    look_at(check, path);
    (void)snprintf(way, sizeof(way), "%s", path);
    for (char *slash; (slash = strrchr(way, '/')) && slash != way;) {
        *slash = '\0';
        if (stat(way, &st) == 0 && !(st.st_mode & S_ISVTX))
            look(way, &st, check);
    }
}

static void check_unit_files(struct system_check *check, const char *unit)
{
    _cleanup_(strv_freep) char **drop_ins = NULL;
    _cleanup_(freep) char *fragment = NULL;

    (void)unit_get_string(check->bus, unit, "Unit", "FragmentPath", &fragment);
    (void)unit_get_strings(check->bus, unit, "Unit", "DropInPaths", &drop_ins);
    if (fragment && *fragment)
        look_at_way(check, fragment);
    for (char **p = drop_ins; p && *p; p++)
        look_at_way(check, *p);
}

void check_programs(struct system_check *check)
{
    const struct tree_walk walk = { .look = look, .userdata = check };

    for (const char *const *tree = TREES; *tree; tree++) {
        _cleanup_(freep) char *where = NULL;

        if (tree_walk(&walk, *tree, &where) != TREE_DONE)
            finding_add(check->findings, FINDING, *tree, 0, "this folder cannot be looked at as a whole");
    }
    for (const char *const *file = FILES; *file; file++)
        look_at_way(check, *file);
    for (const char *const *tree = TREES; *tree; tree++)
        look_at_way(check, *tree);
    for (const char *const *unit = SHIPPED_UNITS; *unit; unit++)
        check_unit_files(check, *unit);
}
