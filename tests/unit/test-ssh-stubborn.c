/* An ssh that does not stop: what it says is read with a bound, and who does not end when asked is ended. */
#include "common/ssh/ssh-session.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/liar.h"
#include "tests/unit/opened-ssh.h"
#include "tests/unit/test.h"

enum { TOO_LONG_SEC = 120 /* for the whole of it, beside whatever else this machine has to do */ };

/* A pipe that has more in it each time, as no real writer can be relied on to keep it; it ends the test. */
enum { FLOOD_READS_MAX = 10000 };
static unsigned n_reads;
static bool flooded;

static bool is_pipe(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

ssize_t read(int fd, void *buffer, size_t size)
{
    if (!flooded || !is_pipe(fd))
        return syscall(SYS_read, fd, buffer, size);
    if (++n_reads > FLOOD_READS_MAX)
        fail_msg("it was read %u times", n_reads);
    for (size_t i = 0; i < size; i++)
        ((char *)buffer)[i] = i % 2 == 0 ? 'y' : '\n';
    return (ssize_t)size;
}

/* It is silent, and its pipe begins to speak when the time is over: nothing listens to it before. */
static void test_flood_at_the_timeout(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    flooded = true;
    open_ssh((struct ssh_request){ .program = liar("exec sleep 60"), .timeout_usec = 50000 }, &seen,
             &session);
    flooded = false;
    assert_string_equal(seen.why,
                        "far@web1 cannot be reached: no answer in 0 seconds; the last that ssh said is: y.");
    close_ssh(&seen, session);
}

/* What is asked about a connection that was there meets the same. */
static void test_flood_at_the_end(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;
    char why[SSH_WHY_SIZE] = "";

    open_ssh((struct ssh_request){ .program = liar(BRIDGE_GREETS "read line; exit 255") }, &seen, &session);
    assert_int_equal(write(seen.fd, "end\n", 4), 4);
    flooded = true;
    while (!*why) {
        assert_true(sd_event_run(seen.event, 10000) >= 0);
        ssh_session_why_ended(session, why);
    }
    flooded = false;
    assert_string_equal(why, "far@web1 cannot be reached: ssh says: y.");
    close_ssh(&seen, session);
}

static bool is_there(pid_t pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

/* It greets when it has become deaf, and says who it is. */
static void test_deaf_to_sigterm(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;
    char number[16] = "";
    pid_t pid;

    open_ssh((struct ssh_request){ .program = liar("trap '' TERM PIPE\n" BRIDGE_GREETS
                                                   "read line\necho $$\nwhile :; do sleep 1; done") },
             &seen, &session);
    assert_int_equal(write(seen.fd, "who\n", 4), 4);
    while (read(seen.fd, number, sizeof(number) - 1) < 0 && errno == EAGAIN)
        (void)usleep(1000);
    pid = (pid_t)strtol(number, NULL, 10);
    assert_true(pid > 1 && is_there(pid));
    closep(&seen.fd);
    clock_hold();
    ssh_session_free(session);
    while (is_there(pid))
        assert_true(sd_event_run(seen.event, 1000000) >= 0);
    sd_event_unref(seen.event);
}

/* A loop that ends before they have is not waited for. */
static void test_a_loop_that_ends(_unused_ void **state)
{
    struct opened_ssh seen;
    struct ssh_session *session = NULL;

    open_ssh((struct ssh_request){ .program = liar(BRIDGE_GREETS "exec cat") }, &seen, &session);
    close_ssh(&seen, session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flood_at_the_timeout),
        cmocka_unit_test(test_flood_at_the_end),
        cmocka_unit_test(test_a_loop_that_ends),
        cmocka_unit_test(test_deaf_to_sigterm),
    };

    (void)alarm(TOO_LONG_SEC);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
