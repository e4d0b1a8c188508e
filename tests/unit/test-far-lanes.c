/* Whoever connects is carried to the bridge of the machine, or told in an HTTP answer why nothing was sent;
 * many who come at once, or say nothing, are in nobody's way. */
#include "far/lanes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "far/lane.h"
#include "far/ways.h"
#include "tests/unit/liar.h"
#include "tests/unit/test.h"

#define GREETING "printf 'restarter-bridge 1\\n'\n"
#define ECHO GREETING "exec cat"

struct world {
    sd_event *event;
    struct section section;
    struct lanes *lanes;
};

static void touched(_unused_ void *userdata)
{
}

static void open_world(struct world *world, const char *script, const char *why)
{
    *world = (struct world){ .section = { .name = "web1", .host = "far@web1" } };
    (void)snprintf(world->section.why, sizeof(world->section.why), "%s", why);
    assert_true(sd_event_new(&world->event) >= 0);
    assert_int_equal(lanes_new(world->event,
                               &(struct lanes_settings){ .section = &world->section,
                                                         .secrets = "/nowhere",
                                                         .program = liar(script),
                                                         .touched = touched },
                               &world->lanes),
                     0);
}

static void close_world(struct world *world)
{
    lanes_free(world->lanes);
    sd_event_unref(world->event);
}

/* Somebody has connected; the end that is his. */
static int connected(struct world *world)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    lanes_take(world->lanes, ends[1]);
    return ends[0];
}

static int asked(struct world *world, const char *question)
{
    int fd = connected(world);

    assert_int_equal(send(fd, question, strlen(question), 0), strlen(question));
    return fd;
}

/* Until something has come, or the end; what has come, with a NUL. */
static const char *heard(struct world *world, int fd)
{
    static char text[4096];
    ssize_t n;

    while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) < 0) {
        assert_int_equal(errno, EAGAIN);
        assert_true(sd_event_run(world->event, UINT64_MAX) >= 0);
    }
    text[n] = '\0';
    return text;
}

static void assert_turned_away(struct world *world, int fd, const char *why)
{
    const char *text = heard(world, fd);

    if (strncmp(text, "HTTP/1.1 503 ", 13) != 0 || !strstr(text, "\r\nRetry-After: 10\r\n") ||
        !strstr(text, why))
        fail_msg("%s", text);
    assert_string_equal(heard(world, fd), "");
    (void)close(fd);
}

static void test_carried(_unused_ void **state)
{
    struct world world;
    int fd;

    open_world(&world, ECHO, "");
    fd = asked(&world, "question");
    assert_string_equal(heard(&world, fd), "question");
    assert_int_equal(lanes_n_open(world.lanes), 1);
    (void)close(fd);
    while (lanes_n(world.lanes) > 0)
        assert_true(sd_event_run(world.event, UINT64_MAX) >= 0);
    close_world(&world);
}

static void test_not_carried(_unused_ void **state)
{
    static const struct {
        const char *script, *why;
    } CASES[] = {
        { "echo 'Permission denied (publickey).' >&2; exit 255",
          "web1 cannot be reached: it does not let this key in" },
        { "echo 'Host key verification failed.' >&2; exit 255", "its host key is not known here" },
        { "echo 'ssh: connect to host web1 port 22: No route to host' >&2; exit 255",
          "no way to its address" },
        { "printf 'restarter-bridge 1 the broker is not there\\n'; exit 4", "the broker is not there" },
        { "exit 0", "web1 cannot be reached: " },
        { "kill -9 $$", "web1 cannot be reached: " },
        { "exec yes", "web1 cannot be reached: " },
        { "exec cat /dev/zero", "web1 cannot be reached: " },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct world world;

        open_world(&world, CASES[i].script, "");
        assert_turned_away(&world, asked(&world, "question"), CASES[i].why);
        close_world(&world);
    }
}

static void test_nothing_to_carry_to(_unused_ void **state)
{
    struct world world;

    open_world(&world, "echo started >&2; exit 1", "web1 cannot be reached: there is no section.");
    assert_turned_away(&world, asked(&world, "question"),
                       "\r\n\r\nweb1 cannot be reached: there is no section.\n");
    close_world(&world);
}

/* One failure is told to all who wait for it: the script would fail differently for each. */
static void test_one_failure_for_all(_unused_ void **state)
{
    char directory[] = "/tmp/far-XXXXXX", script[256], command[128];
    struct world world;
    int fds[5];

    assert_non_null(mkdtemp(directory));
    (void)snprintf(
        script, sizeof(script),
        "mkdir %s/first || { echo 'a second one' >&2; exit 255; }\nsleep 0.2\necho the first one >&2\nexit 255",
        directory);
    open_world(&world, script, "");
    for (size_t i = 0; i < 5; i++)
        fds[i] = asked(&world, "question");
    for (size_t i = 0; i < 5; i++)
        assert_turned_away(&world, fds[i], "the first one");
    close_world(&world);
    (void)snprintf(command, sizeof(command), "%s/first", directory);
    (void)rmdir(command);
    (void)rmdir(directory);
}

/* Who says nothing gets no ssh, and goes first when there are too many. */
static void test_silent_ones(_unused_ void **state)
{
    struct world world;
    int fds[200], honest;

    open_world(&world, ECHO, "");
    for (size_t i = 0; i < 200; i++)
        fds[i] = connected(&world);
    assert_int_equal(lanes_n(world.lanes), LANES_MAX);
    honest = asked(&world, "question");
    assert_string_equal(heard(&world, honest), "question");
    (void)close(honest);
    for (size_t i = 0; i < 200; i++)
        (void)close(fds[i]);
    close_world(&world);
}

/* All places taken: as soon as somebody leaves, the next one is carried. */
static void test_more_than_there_are_places(_unused_ void **state)
{
    struct world world;
    int fds[WAYS_MAX + 1];

    open_world(&world, ECHO, "");
    for (size_t i = 0; i < WAYS_MAX; i++) {
        fds[i] = asked(&world, "question");
        assert_string_equal(heard(&world, fds[i]), "question");
    }
    fds[WAYS_MAX] = asked(&world, "the last one");
    while (sd_event_run(world.event, 50000) > 0)
        continue;
    assert_int_equal(lanes_n_open(world.lanes), WAYS_MAX);
    (void)close(fds[0]);
    assert_string_equal(heard(&world, fds[WAYS_MAX]), "the last one");
    for (size_t i = 1; i <= WAYS_MAX; i++)
        (void)close(fds[i]);
    close_world(&world);
}

/* So many that they all ask: the rest is told at once. */
static void test_far_too_many(_unused_ void **state)
{
    struct world world;
    int fds[LANES_MAX], one_more;

    open_world(&world, "sleep 30", "");
    for (size_t i = 0; i < LANES_MAX; i++) {
        fds[i] = asked(&world, "question");
        while (sd_event_run(world.event, 0) > 0)
            continue;
    }
    one_more = connected(&world);
    assert_turned_away(&world, one_more, "too many calls");
    for (size_t i = 0; i < LANES_MAX; i++)
        (void)close(fds[i]);
    close_world(&world);
}

/* At the end whoever is owed an answer stays for it, and nobody else. */
static void test_stopped(_unused_ void **state)
{
    struct world world;
    int owed, answered;

    open_world(&world, GREETING "read line; read line; echo answer; exec cat", "");
    owed = asked(&world, "half a question");
    while (lanes_n_open(world.lanes) < 1)
        assert_true(sd_event_run(world.event, UINT64_MAX) >= 0);
    answered = asked(&world, "a whole\nquestion\n");
    assert_string_equal(heard(&world, answered), "answer\n");
    lanes_stop(world.lanes);
    assert_string_equal(heard(&world, answered), "");
    assert_int_equal(lanes_n(world.lanes), 1);
    assert_int_equal(send(owed, "\nand the rest\n", 14, 0), 14);
    assert_string_equal(heard(&world, owed), "answer\n");
    (void)close(owed);
    (void)close(answered);
    close_world(&world);
}

/* Those who have been let in and not been heard yet: nothing of theirs was sent, and they are told so, also
 * when their question is there already, which an end without an answer would leave in doubt. */
static void test_stopped_before_they_are_heard(_unused_ void **state)
{
    struct world world;
    int spoke, silent;

    open_world(&world, ECHO, "");
    spoke = asked(&world, "question");
    silent = connected(&world);
    lanes_stop(world.lanes);
    assert_turned_away(&world, spoke, "about to end. Nothing was done.");
    assert_int_equal(send(silent, "question", 8, MSG_NOSIGNAL), 8);
    assert_turned_away(&world, silent, "about to end. Nothing was done.");
    while (lanes_n(world.lanes) > 0)
        assert_true(sd_event_run(world.event, UINT64_MAX) >= 0);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_not_carried),
        cmocka_unit_test(test_nothing_to_carry_to),
        cmocka_unit_test(test_one_failure_for_all),
        cmocka_unit_test(test_silent_ones),
        cmocka_unit_test(test_more_than_there_are_places),
        cmocka_unit_test(test_far_too_many),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_stopped_before_they_are_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
