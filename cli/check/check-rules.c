/* policy check: rule files that polkitd does not load, and those it asks before ours. */
#include "cli/check/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "policy/paths.h"

/* Left behind on purpose by editors and package managers: nobody expects these to count. */
static bool is_backup(const char *name)
{
    static const char *const MARKS[] = { ".dpkg-", ".ucf-", ".bak", ".old", ".orig",
                                         ".save",  ".swp",  ".rpm", "~" };

    if (name[0] == '.' || name[0] == '#')
        return true;
    for (size_t i = 0; i < sizeof(MARKS) / sizeof(*MARKS); i++)
        if (strstr(name, MARKS[i]))
            return true;
    return false;
}

/* What concerns our user fails the check; what does not is worth a word. */
static enum finding_level level_of(const struct rule_file *file)
{
    return file->ours || file->user_line || strstr(file->name, "restarter") ? FINDING : NOTE;
}

static int can_open(void *userdata)
{
    _cleanup_(closep) int fd = open(userdata, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    return fd < 0;
}

/* NULL: polkitd loads it, as far as can be known. */
static char *why_not_loaded(const struct check *check, const struct rule_file *file)
{
    const char *complaint = polkit_log_find(&check->log, file->path);
    char *why = NULL;
    int r = 0;

    if (!file->counts)
        r = asprintf(&why, "its name does not end in .rules");
    else if (check->polkitd_known && account_do(&check->polkitd, can_open, file->path) != 0)
        r = asprintf(&why, "user %s, which it runs as, may not read it; use chmod 644", check->polkitd.name);
    else if (complaint)
        r = asprintf(&why, "%s", complaint);
    return r < 0 ? NULL : why;
}

static void check_loaded(struct check *check, const struct rule_file *file)
{
    _cleanup_(freep) char *why = why_not_loaded(check, file);

    if (!why || (!file->counts && (is_backup(file->name) || level_of(file) == NOTE)))
        return;
    check->rule_not_loaded = check->rule_not_loaded || file->ours;
    finding_add(&check->findings, level_of(file), file->path, 0, "polkitd does not load this file: %s", why);
}

static void check_order(struct check *check, const struct rule_file *file)
{
    if (rule_file_is_before(&check->files, file) && file->user_line)
        finding_add(&check->findings, FINDING, file->path, file->user_line,
                    "this rule names user %s and is asked before " RULE_NAME
                    ": where it answers, that one does not count",
                    check->broker.name);
}

static void check_origin(struct check *check)
{
    switch (check->origin) {
    case ORIGIN_NONE:
        finding_add(&check->findings, NOTE, RULE_PATH, 0,
                    "there is no such file; 'restartctl policy apply' makes it");
        break;
    case ORIGIN_STALE:
        finding_add(&check->findings, FINDING, RULE_PATH, 0,
                    "this rule was not rendered from %s as it is now; 'restartctl policy apply' does it",
                    check->options->path);
        break;
    case ORIGIN_HAND:
        finding_add(&check->findings, NOTE, RULE_PATH, 0, "tuned by hand; judged by what polkitd answers");
        break;
    default:
        break;
    }
}

void check_rules(struct check *check)
{
    for (size_t i = 0; i < check->files.n; i++) {
        check_loaded(check, &check->files.items[i]);
        check_order(check, &check->files.items[i]);
    }
    if (check->policy)
        check_origin(check);
}
