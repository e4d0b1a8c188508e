/* What changes in a file, shown by diff(1), which is on every system that this is for. */
#include "cli/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"

enum { LABEL_SIZE = 4096 };

/* A file without a name, which a child can open as /proc/self/fd/N. */
static int text_to_fd(const char *text)
{
    int fd = memfd_create("diff", 0);
    size_t size = text ? strlen(text) : 0;

    if (fd >= 0 && size > 0 && write(fd, text, size) != (ssize_t)size) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void __attribute__((noreturn)) run_diff(const char *path, int before, int after)
{
    char old_label[LABEL_SIZE], new_label[LABEL_SIZE], old_file[32], new_file[32];

    (void)snprintf(old_label, sizeof(old_label), "%s (installed)", path);
    (void)snprintf(new_label, sizeof(new_label), "%s (new)", path);
    (void)snprintf(old_file, sizeof(old_file), "/proc/self/fd/%d", before);
    (void)snprintf(new_file, sizeof(new_file), "/proc/self/fd/%d", after);
    (void)execlp("diff", "diff", "-u", "--label", old_label, "--label", new_label, old_file, new_file, NULL);
    (void)fprintf(stderr, "%s changes; diff cannot be run to show how.\n", path);
    _exit(EXIT_FAILURE);
}

void file_print_difference(const char *path, const char *before, const char *after)
{
    _cleanup_(closep) int old_fd = text_to_fd(before);
    _cleanup_(closep) int new_fd = text_to_fd(after);
    pid_t pid;

    (void)fflush(stdout);
    if (old_fd < 0 || new_fd < 0)
        return;
    pid = fork();
    if (pid == 0)
        run_diff(path, old_fd, new_fd);
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}
