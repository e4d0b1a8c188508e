/* All unit tests as one program: it is linked once, and read by valgrind once, where each by itself costs
 * more than most of them take. Each still runs in a process of its own, which the others leave nothing in.
 *   all FOLDER TEST…    runs these, leaves what each says in FOLDER/TEST, and in FOLDER/TEST.code how it
 * ended, as a shell has it in $?, and the number of its process */
#include <dlfcn.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SIDE_BY_SIDE = 2, /* most of them wait more than they compute */
    NO_SUCH_TEST = 127,
    BY_SIGNAL = 128,
};

/* The main() of a test has the name of its file by now. */
typedef int test_main(void);

struct running {
    pid_t pid; /* 0: nothing runs here */
    const char *test;
};

static void put_at(int fd, const char *path, int flags)
{
    int opened = open(path, flags, 0666);

    if (opened < 0 || dup2(opened, fd) < 0)
        err(EXIT_FAILURE, "%s", path);
    if (opened != fd)
        (void)close(opened);
}

static _Noreturn void run(const char *folder, const char *test)
{
    test_main *begin = (test_main *)dlsym(RTLD_DEFAULT, test);
    char report[4096];

    (void)snprintf(report, sizeof(report), "%s/%s", folder, test);
    put_at(STDIN_FILENO, "/dev/null", O_RDONLY);
    put_at(STDOUT_FILENO, report, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        err(EXIT_FAILURE, "%s", report);
    if (!begin)
        errx(NO_SUCH_TEST, "there is no test of this name: %s", test);
    exit(begin());
}

static void begin(struct running *place, const char *folder, const char *test)
{
    pid_t pid = fork();

    if (pid < 0)
        err(EXIT_FAILURE, "fork");
    if (pid == 0)
        run(folder, test);
    *place = (struct running){ pid, test };
}

static void write_code(const char *folder, const struct running *ended, int status)
{
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s.code", folder, ended->test);
    file = fopen(path, "we");
    if (!file)
        err(EXIT_FAILURE, "%s", path);
    (void)fprintf(file, "%d %d\n", WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status),
                  (int)ended->pid);
    if (fclose(file) != 0)
        err(EXIT_FAILURE, "%s", path);
}

/* Waits until one has ended, whose place is free then; NULL when none runs. */
static struct running *end_one(struct running running[], const char *folder)
{
    int status;
    pid_t pid = wait(&status);

    for (int i = 0; i < SIDE_BY_SIDE; i++)
        if (pid > 0 && running[i].pid == pid) {
            write_code(folder, &running[i], status);
            running[i].pid = 0;
            return &running[i];
        }
    return NULL;
}

int main(int argc, char *argv[])
{
    struct running running[SIDE_BY_SIDE] = { 0 };
    int n = 0;

    if (argc < 3)
        errx(EXIT_FAILURE, "usage: %s FOLDER TEST...", argv[0]);
    for (int i = 2; i < argc; i++) {
        struct running *place = n < SIDE_BY_SIDE ? &running[n++] : end_one(running, argv[1]);

        if (!place)
            err(EXIT_FAILURE, "wait");
        begin(place, argv[1], argv[i]);
    }
    while (end_one(running, argv[1]))
        ;
    return EXIT_SUCCESS;
}
