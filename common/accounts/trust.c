/* Looked at where they are shipped to be; a drop-in that takes them from elsewhere has somebody who watches
 * that place. */
#include "common/accounts/trust.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int check_file(const char *path, mode_t never, const char *words, struct mistake *mistake)
{
    struct stat st;

    if (lstat(path, &st) < 0)
        return errno == ENOENT ? 0
                               : mistake_set(mistake, path, 0, "cannot be looked at: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return mistake_set(mistake, path, 0, "is not a regular file");
    if (st.st_uid != 0)
        return mistake_set(mistake, path, 0, "does not belong to root; use chown root");
    if (st.st_mode & never)
        return mistake_set(mistake, path, 0, "can be %s more than its owner (mode %04o); use %s", words,
                           (unsigned)st.st_mode & 07777,
                           never & S_IROTH ? "chmod 0600, and have new passwords made" : "chmod go-w");
    return 0;
}

int trust_users(const char *path, struct mistake *mistake)
{
    return check_file(path, S_IRWXG | S_IRWXO, "read or written by", mistake);
}

int trust_groups(const char *path, struct mistake *mistake)
{
    return check_file(path, S_IWGRP | S_IWOTH, "written by", mistake);
}
