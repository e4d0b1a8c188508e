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

/* `what` is opened already, so it can not be exchanged any more. */
static int check_trust(const char *what, const struct stat *st, uid_t owner, struct policy_error *error)
{
    if (owner == POLICY_ANY_OWNER)
        return 0;
    if (st->st_uid != 0 && st->st_uid != owner)
        return policy_fail(error, what, 0, "belongs to user %u; it must belong to root",
                           (unsigned)st->st_uid);
    if (st->st_mode & (S_IWGRP | S_IWOTH))
        return policy_fail(error, what, 0,
                           "can be written by more than its owner (mode %04o); use chmod go-w",
                           (unsigned)st->st_mode & 07777);
    return 0;
}

static int check_file(const char *file, int fd, uid_t owner, struct policy_error *error)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return policy_fail(error, file, 0, "cannot be looked at: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return policy_fail(error, file, 0, "is not a regular file");
    if (st.st_size > POLICY_SIZE_MAX)
        return policy_fail(error, file, 0, "is larger than %d KiB", POLICY_SIZE_MAX / 1024);
    return check_trust(file, &st, owner, error);
}

/* Reads to the end: *ret_text has room for one byte more than is allowed, to tell a file that grew. */
static int read_text(const char *file, int fd, char **ret_text, size_t *ret_size, struct policy_error *error)
{
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;
    ssize_t n;

    text = malloc(POLICY_SIZE_MAX + 1);
    if (!text)
        return -ENOMEM;
    while (size <= POLICY_SIZE_MAX) {
        n = read(fd, text + size, POLICY_SIZE_MAX + 1 - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return policy_fail(error, file, 0, "cannot be read: %s", strerror(errno));
        if (n == 0)
            break;
        size += (size_t)n;
    }
    if (size > POLICY_SIZE_MAX)
        return policy_fail(error, file, 0, "is larger than %d KiB", POLICY_SIZE_MAX / 1024);

    *ret_text = TAKE_PTR(text);
    *ret_size = size;
    return 0;
}

static int fail_open(const char *file, int error_number, struct policy_error *error)
{
    int r;

    if (error_number == ELOOP)
        return policy_fail(error, file, 0, "is a symbolic link; put the file itself there");
    if (error_number == ENOENT) {
        r = policy_fail(error, file, 0, "there is no such file, so nothing is granted");
        error->missing = true;
        return r;
    }
    return policy_fail(error, file, 0, "cannot be opened: %s", strerror(error_number));
}

static int read_file(int dir, const char *name, const char *file, uid_t owner, policy_file_callback callback,
                     void *userdata, struct policy_error *error)
{
    _cleanup_(freep) char *text = NULL;
    _cleanup_(closep) int fd = -1;
    size_t size = 0;
    int r;

    fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return fail_open(file, errno, error);
    r = check_file(file, fd, owner, error);
    if (r)
        return r;
    r = read_text(file, fd, &text, &size, error);
    if (r)
        return r;
    return callback(file, text, size, userdata, error);
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
    _cleanup_(closep) int fd = -1;
    struct stat st;
    int r;

    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return policy_fail(error, directory, 0, "is not a directory");
    if (fd < 0)
        return policy_fail(error, directory, 0, "cannot be opened: %s", strerror(errno));
    if (fstat(fd, &st) < 0)
        return policy_fail(error, directory, 0, "cannot be looked at: %s", strerror(errno));
    r = check_trust(directory, &st, owner, error);
    if (r)
        return r;

    *ret = TAKE_FD(fd);
    return 0;
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
