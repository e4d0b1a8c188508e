/* What changes in a file, shown by diff(1), which is on every system that this is for. What stands in the
 * file was written by anybody, and a terminal is to see no more of it than text. */
#include "cli/verbs/diff.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/text.h"

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

static void __attribute__((noreturn)) run_diff(const char *path, int before, int after, int out)
{
    char old_label[LABEL_SIZE], new_label[LABEL_SIZE], old_file[32], new_file[32];

    (void)snprintf(old_label, sizeof(old_label), "%s (installed)", path);
    (void)snprintf(new_label, sizeof(new_label), "%s (new)", path);
    (void)snprintf(old_file, sizeof(old_file), "/proc/self/fd/%d", before);
    (void)snprintf(new_file, sizeof(new_file), "/proc/self/fd/%d", after);
    if (dup2(out, STDOUT_FILENO) >= 0)
        (void)execlp("diff", "diff", "-u", "--label", old_label, "--label", new_label, old_file, new_file,
                     NULL);
    (void)fprintf(stderr, "%s changes; diff cannot be run to show how.\n", path);
    _exit(EXIT_FAILURE);
}

/* Line by line, until nobody writes any more. */
static void print_clean(int fd)
{
    _cleanup_(freep) char *line = NULL;
    FILE *in = fdopen(fd, "r");
    size_t size = 0;
    ssize_t length;

    if (!in) {
        (void)close(fd);
        return;
    }
    while ((length = getline(&line, &size, in)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = '\0';
        text_print(stdout, line);
        (void)putchar('\n');
    }
    (void)fclose(in);
    (void)fflush(stdout); /* what is said about it on standard error comes behind it */
}

void file_print_difference(const char *path, const char *before, const char *after)
{
    _cleanup_(closep) int old_fd = text_to_fd(before);
    _cleanup_(closep) int new_fd = text_to_fd(after);
    int ends[2];
    pid_t pid;

    (void)fflush(stdout);
    if (old_fd < 0 || new_fd < 0 || pipe2(ends, O_CLOEXEC) < 0)
        return;
    pid = fork();
    if (pid == 0)
        run_diff(path, old_fd, new_fd, ends[1]);
    (void)close(ends[1]);
    print_clean(ends[0]);
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}
