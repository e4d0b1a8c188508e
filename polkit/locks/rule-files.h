/* The rule files of polkit, in the order in which polkitd asks them: by name over all its directories, and
 * those of the same name by path. The first rule that answers decides. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "polkit/locks/polkit-log.h"

struct rule_file {
    char *path;
    const char *name;   /* in path */
    char *text;         /* NULL: not a file that we can read as text */
    bool counts;        /* its name ends in .rules */
    bool ours;          /* 50-restarter.rules in /etc */
    unsigned user_line; /* where it names user restarter, outside of comments; 0: nowhere */
};

struct rule_files {
    struct rule_file *items; /* in order; those that do not count among them */
    size_t n;
    const struct rule_file *ours; /* NULL: there is none */
};

/* Reads the directories that polkitd said it reads, or all that any polkitd reads. Returns 0 or -ENOMEM. */
int rule_files_read(const struct polkit_log *log, struct rule_files *ret);
void rule_files_done(struct rule_files *files);

/* Is it asked before ours? False when there is none of ours. */
bool rule_file_is_before(const struct rule_files *files, const struct rule_file *file);

/* The line of ours, or of whichever file names our user, that an admin would mend for a template or a plain
 * unit; ret_file is NULL when there is nothing to point at. */
unsigned rule_files_find_line(const struct rule_files *files, const char *unit, const char **ret_file);

/* For tests: compares as polkitd sorts, and finds the line that names a user outside of // comments. */
int rule_paths_compare(const char *a, const char *b);
unsigned rule_text_user_line(const char *text, const char *user);
