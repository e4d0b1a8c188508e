/* Step by step, each from the one before, which is known to be good. */
#include "cli/rolling/folder.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted-file.h"

#define FOLDER "restarter"

__attribute__((format(printf, 2, 3))) static int unfit(char why[static FOLDER_WHY_SIZE], const char *format,
                                                       ...)
{
    va_list ap;

    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(why, FOLDER_WHY_SIZE, format, ap);
    va_end(ap);
    return FOLDER_E_UNFIT;
}

/* --- where it is --- */

/* A variable that is not a whole path is as if it were not set: so the XDG base directory specification has
 * it. */
static const char *path_of_variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value == '/' ? value : NULL;
}

static const char *home(void)
{
    const char *path = path_of_variable("HOME");
    const struct passwd *entry = path ? NULL : getpwuid(geteuid());

    return path ? path : entry && *entry->pw_dir == '/' ? entry->pw_dir : NULL;
}

/* The directory that FOLDER is in. */
static int find_base(char **ret, char why[static FOLDER_WHY_SIZE])
{
    const char *state = path_of_variable("XDG_STATE_HOME"), *base = state ? state : home();

    if (!base)
        return unfit(why, "there is no home directory to keep it in; set XDG_STATE_HOME");
    if (asprintf(ret, "%s%s", base, state ? "" : "/.local/state") < 0)
        return unfit(why, "there is no memory left");
    return 0;
}

/* --- the way there --- */

static bool is_trusted(uid_t owner)
{
    return owner == 0 || owner == geteuid();
}

/* `path` is how far it has come, for the sentence. That a link leads on is its owner's wish, which counts if
 * he is one of the two: in /tmp anybody may put one. */
static int check_link(int at, const char *name, const char *path, char why[static FOLDER_WHY_SIZE])
{
    struct stat st;

    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return unfit(why, "%s cannot be looked at: %s", path, strerror(errno));
    if (S_ISLNK(st.st_mode) && !is_trusted(st.st_uid))
        return unfit(why, "%s is a symbolic link of user %u; set XDG_STATE_HOME to a directory of your own",
                     path, (unsigned)st.st_uid);
    return 0;
}

/* Not to be read: who may only go through it may do so. */
static int open_step(int at, const char *name, const char *path, int *ret, char why[static FOLDER_WHY_SIZE])
{
    enum { FLAGS = O_PATH | O_DIRECTORY | O_CLOEXEC };
    int r, fd = openat(at, name, FLAGS | O_NOFOLLOW);

    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        r = check_link(at, name, path, why);
        if (r != 0)
            return r;
        fd = openat(at, name, FLAGS);
    }
    if (fd < 0 && errno == ENOTDIR)
        return unfit(why, "%s is not a directory", path);
    if (fd < 0)
        return unfit(why, "%s cannot be opened: %s", path, strerror(errno));
    *ret = fd;
    return 0;
}

static int check_owner(int fd, const char *path, char why[static FOLDER_WHY_SIZE])
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return unfit(why, "%s cannot be looked at: %s", path, strerror(errno));
    if (!is_trusted(st.st_uid))
        return unfit(why,
                     "%s belongs to user %u, who could put something else there; set XDG_STATE_HOME to a "
                     "directory of your own",
                     path, (unsigned)st.st_uid);
    return 0;
}

/* What is not there yet is made, for this user alone. *fd goes one step on. */
static int step(int *fd, const char *name, const char *path, char why[static FOLDER_WHY_SIZE])
{
    int next = -1, r;

    if (mkdirat(*fd, name, 0700) < 0 && errno != EEXIST)
        return unfit(why, "%s cannot be made: %s", path, strerror(errno));
    r = open_step(*fd, name, path, &next, why);
    if (r != 0)
        return r;
    (void)close(*fd);
    *fd = next;
    return check_owner(next, path, why);
}

/* `path` begins with '/', and is as it was when this returns. */
static int walk(char *path, int *ret, char why[static FOLDER_WHY_SIZE])
{
    _cleanup_(closep) int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int r = fd < 0 ? unfit(why, "/ cannot be opened: %s", strerror(errno)) : 0;
    char *name;

    assert(path);
    name = path + strspn(path, "/");
    while (r == 0 && *name) {
        char *end = name + strcspn(name, "/"), kept = *end;

        *end = '\0';
        r = step(&fd, name, path, why);
        *end = kept;
        name = end + strspn(end, "/");
    }
    if (r == 0)
        *ret = TAKE_FD(fd);
    return r;
}

int rolling_folder_open(int *ret, char **ret_path, char why[static FOLDER_WHY_SIZE])
{
    _cleanup_(freep) char *base = NULL, *path = NULL;
    _cleanup_(closep) int at = -1, fd = -1;
    struct trusted_why trusted;
    int r = find_base(&base, why);

    if (r == 0)
        r = walk(base, &at, why);
    if (r != 0)
        return r;
    if (asprintf(&path, "%s/" FOLDER, base) < 0) {
        path = NULL;
        return unfit(why, "there is no memory left");
    }
    if (mkdirat(at, FOLDER, 0700) < 0 && errno != EEXIST)
        return unfit(why, "%s cannot be made: %s", path, strerror(errno));
    if (trusted_open_directory(at, FOLDER, geteuid(), O_NOFOLLOW, &fd, &trusted) != 0)
        return unfit(why, "%s %s", path, trusted.text);
    *ret = TAKE_FD(fd);
    *ret_path = TAKE_PTR(path);
    return 0;
}
