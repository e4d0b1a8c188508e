/* Reads the policy file and its drop-ins, trusting nothing about them: what decides who may restart what must
 * be plain files that only root could have written, in directories of which the same is true. Nothing that
 * may lie there instead, such as a pipe or a device, can hold the broker up. */
#include "policy/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct names {
    char *list[POLICY_FILES_MAX];
    size_t n;
};

static void names_done(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->list[i]);
}

static void close_dirp(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static int fail_read(const char *file, int outcome, const struct trusted_why *why, struct policy_error *error)
{
    bool missing = outcome == TRUSTED_E_MISSING;
    int r = policy_fail(error, file, 0, "%s%s", why->text, missing ? ", so nothing is granted" : "");

    error->missing = missing;
    return r;
}

static int read_file(int dir, const char *name, const char *file, uid_t owner, policy_file_callback callback,
                     void *userdata, struct policy_error *error)
{
    _cleanup_(freep) char *text = NULL;
    struct trusted_why why = { "" };
    size_t size = 0;
    int r = trusted_read(dir, name, owner, POLICY_SIZE_MAX, &text, &size, &why);

    if (r < 0)
        return r;
    return r > 0 ? fail_read(file, r, &why, error) : callback(file, text, size, userdata, error);
}

/* A symlink to /dev/null masks a drop-in, as it does for systemd's own. */
static bool is_mask(int dir, const char *name)
{
    char target[sizeof("/dev/null") + 1];
    ssize_t n = readlinkat(dir, name, target, sizeof(target));

    return n == strlen("/dev/null") && memcmp(target, "/dev/null", (size_t)n) == 0;
}

static bool is_drop_in(const char *name)
{
    size_t length = strlen(name), suffix = strlen(".conf");

    return name[0] != '.' && length > suffix && strcmp(name + length - suffix, ".conf") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_drop_ins(DIR *dir, const char *directory, struct names *names, struct policy_error *error)
{
    const struct dirent *entry;

    for (errno = 0; (entry = readdir(dir)); errno = 0) {
        if (!is_drop_in(entry->d_name))
            continue;
        if (names->n == POLICY_FILES_MAX)
            return policy_fail(error, directory, 0, "has more than %d drop-ins", POLICY_FILES_MAX);
        names->list[names->n] = strdup(entry->d_name);
        if (!names->list[names->n])
            return -ENOMEM;
        names->n++;
    }
    if (errno)
        return policy_fail(error, directory, 0, "cannot be read: %s", strerror(errno));
    qsort(names->list, names->n, sizeof(*names->list), compare_names);
    return 0;
}

static int open_directory(int at, const char *name, const char *directory, uid_t owner, int flags, int *ret,
                          struct policy_error *error)
{
    struct trusted_why why = { "" };

    if (trusted_open_directory(at, name, owner, flags, ret, &why) == 0)
        return 0;
    return policy_fail(error, directory, 0, "%s", why.text);
}

static int read_listed(int dir, const char *directory, const struct names *names, uid_t owner,
                       policy_file_callback callback, void *userdata, struct policy_error *error)
{
    for (size_t i = 0; i < names->n; i++) {
        _cleanup_(freep) char *file = NULL;
        int r;

        if (is_mask(dir, names->list[i]))
            continue;
        if (asprintf(&file, "%s/%s", directory, names->list[i]) < 0) {
            file = NULL;
            return -ENOMEM;
        }
        r = read_file(dir, names->list[i], file, owner, callback, userdata, error);
        error->missing = false; /* it was there a moment ago: somebody is at work */
        if (r)
            return r;
    }
    return 0;
}

static int read_drop_ins(int at, const char *name, const char *directory, uid_t owner,
                         policy_file_callback callback, void *userdata, struct policy_error *error)
{
    _cleanup_(names_done) struct names names = { .n = 0 };
    _cleanup_(close_dirp) DIR *dir = NULL;
    struct stat st;
    int r, fd = -1;

    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
        return 0;
    r = open_directory(at, name, directory, owner, O_NOFOLLOW, &fd, error);
    if (r)
        return r;
    dir = fdopendir(fd);
    if (!dir) {
        (void)close(fd);
        return -ENOMEM;
    }
    r = list_drop_ins(dir, directory, &names, error);
    if (r)
        return r;
    return read_listed(fd, directory, &names, owner, callback, userdata, error);
}

int policy_read_files(const char *path, uid_t owner, policy_file_callback callback, void *userdata,
                      struct policy_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    _cleanup_(freep) char *parent = NULL, *directory = NULL;
    _cleanup_(closep) int at = -1;
    int r;

    parent = !slash ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (!parent || asprintf(&directory, "%s.d", path) < 0) {
        directory = NULL;
        return -ENOMEM;
    }

    r = open_directory(AT_FDCWD, parent, parent, owner, 0, &at, error);
    if (r)
        return r;
    r = read_file(at, name, path, owner, callback, userdata, error);
    if (r)
        return r;
    return read_drop_ins(at, strrchr(directory, '/') ? strrchr(directory, '/') + 1 : directory, directory,
                         owner, callback, userdata, error);
}
