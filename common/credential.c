/* Read whole and once, into memory that is wiped. */
#include "common/credential.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "common/file-io.h"

void credential_done(struct credential *credential)
{
    if (credential->data)
        explicit_bzero(credential->data, credential->size);
    free(credential->data);
    *credential = (struct credential){ .data = NULL };
}

static int open_file(const char *name, int *ret, struct mistake *mistake)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    _cleanup_(freep) char *path = NULL;
    struct stat st;
    int fd;

    if (!directory)
        return mistake_set(mistake, name, 0,
                           "there are no credentials; systemd passes them (LoadCredential=)");
    if (asprintf(&path, "%s/%s", directory, name) < 0) {
        path = NULL;
        return -ENOMEM;
    }
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return mistake_set(mistake, name, 0, "this credential cannot be opened: %s", strerror(errno));
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        return mistake_set(mistake, name, 0, "this credential is not a regular file");
    }
    *ret = fd;
    return 0;
}

int credential_read(const char *name, size_t size_max, struct credential *ret, struct mistake *mistake)
{
    _cleanup_(credential_done) struct credential credential = { .data = NULL };
    _cleanup_(closep) int fd = -1;
    int r = open_file(name, &fd, mistake);

    if (r != 0)
        return r;
    credential.data = malloc(size_max + 2);
    if (!credential.data)
        return -ENOMEM;
    /* One byte beyond what may be there tells whether there is more. */
    r = read_all(fd, credential.data, size_max + 1, &credential.size);
    if (r < 0)
        return mistake_set(mistake, name, 0, "this credential cannot be read: %s", strerror(-r));
    if (credential.size > size_max)
        return mistake_set(mistake, name, 0, "this credential has more than %zu bytes", size_max);
    credential.data[credential.size] = '\0';
    *ret = credential;
    credential.data = NULL;
    return 0;
}
