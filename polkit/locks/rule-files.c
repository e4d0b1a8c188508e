/* Which rule files there are, and which of them speak of our user. */
#include "polkit/locks/rule-files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/cleanup.h"
#include "policy/paths.h"
#include "polkit/locks/files.h"
#include "polkit/locks/findings.h"

/* polkitd 122 knows the first and the last one. */
static const char *const DIRECTORIES[] = {
    RULE_DIRECTORY,
    "/run/polkit-1/rules.d",
    "/usr/local/share/polkit-1/rules.d",
    "/usr/share/polkit-1/rules.d",
    NULL,
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

int rule_paths_compare(const char *a, const char *b)
{
    int r = strcmp(base_name(a), base_name(b));

    return r != 0 ? r : strcmp(a, b);
}

/* In quotes of either kind, so that 50-restarter.rules and the like do not count. */
static bool line_names_user(const char *line, size_t length, const char *user)
{
    size_t user_length = strlen(user);

    for (size_t i = 0; i + user_length + 2 <= length; i++) {
        if (line[i] == '/' && line[i + 1] == '/')
            return false;
        if ((line[i] == '"' || line[i] == '\'') && memcmp(line + i + 1, user, user_length) == 0 &&
            line[i + 1 + user_length] == line[i])
            return true;
    }
    return false;
}

unsigned rule_text_user_line(const char *text, const char *user)
{
    unsigned number = 1;

    for (const char *line = text; line; number++) {
        size_t length = strcspn(line, "\n");

        if (line_names_user(line, length, user))
            return number;
        line = line[length] ? line + length + 1 : NULL;
    }
    return 0;
}

static int add_file(struct rule_files *files, const char *directory, const char *name)
{
    struct rule_file *file;

    if (!ARRAY_ROOM(files->items, files->n))
        return -ENOMEM;
    file = &files->items[files->n];
    *file = (struct rule_file){ 0 };
    if (asprintf(&file->path, "%s/%s", directory, name) < 0)
        return -ENOMEM;
    files->n++;
    file->name = base_name(file->path);
    file->counts = ends_in(name, ".rules");
    file->ours = strcmp(file->path, RULE_PATH) == 0;
    if (file_read(file->path, &file->text) == -ENOMEM)
        return -ENOMEM;
    file->user_line = file->text ? rule_text_user_line(file->text, RULE_USER) : 0;
    return 0;
}

static int read_directory(const char *directory, struct rule_files *files)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    int r = 0;

    while (dir && r == 0 && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            r = add_file(files, directory, entry->d_name);
    if (dir)
        closedir(dir);
    return r;
}

static int compare(const void *a, const void *b)
{
    return rule_paths_compare(((const struct rule_file *)a)->path, ((const struct rule_file *)b)->path);
}

int rule_files_read(const struct polkit_log *log, struct rule_files *ret)
{
    const char *const *directory =
        log->directories.list ? (const char *const *)log->directories.list : DIRECTORIES;
    int r = 0;

    *ret = (struct rule_files){ 0 };
    for (; *directory && r == 0; directory++)
        r = read_directory(*directory, ret);
    if (ret->n > 0)
        qsort(ret->items, ret->n, sizeof(*ret->items), compare);
    for (size_t i = 0; i < ret->n; i++)
        if (ret->items[i].ours)
            ret->ours = &ret->items[i];
    return r;
}

void rule_files_done(struct rule_files *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->items[i].path);
        free(files->items[i].text);
    }
    free(files->items);
    *files = (struct rule_files){ 0 };
}

bool rule_file_is_before(const struct rule_files *files, const struct rule_file *file)
{
    return files->ours && file->counts && file < files->ours;
}

/* The line of the tables first; else whatever line has its prefix, else where the user is named. */
static unsigned find_line(const struct rule_file *file, const char *unit)
{
    char prefix[256];
    unsigned line;

    (void)snprintf(prefix, sizeof(prefix), "unit: \"%s\"", unit);
    line = line_of(file->text, prefix);
    (void)snprintf(prefix, sizeof(prefix), "%.*s", (int)(strcspn(unit, "@")), unit);
    if (line == 0)
        line = line_of(file->text, prefix);
    return line ? line : file->user_line;
}

unsigned rule_files_find_line(const struct rule_files *files, const char *unit, const char **ret_file)
{
    *ret_file = NULL;
    if (files->ours) {
        *ret_file = files->ours->path;
        return find_line(files->ours, unit);
    }
    for (size_t i = 0; i < files->n; i++)
        if (files->items[i].counts && files->items[i].user_line) {
            *ret_file = files->items[i].path;
            return find_line(&files->items[i], unit);
        }
    return 0;
}
