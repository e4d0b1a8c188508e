/* Bytes go both ways, all of them and in order, however slowly somebody reads; and when one side ends, what
 * it said has arrived. */
#include "far/copy.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

struct world {
    sd_event *event;
    struct copy *copy;
    int near, far; /* the ends of those who speak */
    unsigned ended;
};

static void on_ended(void *userdata)
{
    struct world *world = userdata;

    world->ended++;
}

static void open_world(struct world *world)
{
    int near[2], far[2];

    memset(world, 0, sizeof(*world));
    assert_true(sd_event_new(&world->event) >= 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, near), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, far), 0);
    world->near = near[0];
    world->far = far[0];
    assert_int_equal(copy_new(world->event, near[1], far[1], on_ended, world, &world->copy), 0);
}

static void close_world(struct world *world)
{
    copy_free(world->copy);
    closep(&world->near);
    closep(&world->far);
    sd_event_unref(world->event);
}

/* What is ready now, and what follows from it. */
static void go_on(struct world *world)
{
    while (sd_event_run(world->event, 0) > 0)
        continue;
}

static void assert_heard(struct world *world, int fd, const char *text)
{
    char heard[64] = "";

    go_on(world);
    assert_int_equal(recv(fd, heard, sizeof(heard) - 1, 0), strlen(text));
    assert_string_equal(heard, text);
}

static void test_both_ways(_unused_ void **state)
{
    struct world world;

    open_world(&world);
    assert_int_equal(send(world.near, "question", 8, 0), 8);
    assert_heard(&world, world.far, "question");
    assert_true(copy_owes(world.copy));
    assert_int_equal(send(world.far, "answer", 6, 0), 6);
    assert_heard(&world, world.near, "answer");
    assert_false(copy_owes(world.copy));
    assert_int_equal(world.ended, 0);
    close_world(&world);
}

/* More than all buffers on the way hold. */
static void test_nobody_reads_for_a_while(_unused_ void **state)
{
    enum { SIZE = 1 << 18 };
    struct world world;
    size_t sent = 0, got = 0;

    open_world(&world);
    while (got < SIZE) {
        for (ssize_t n = 0; sent < SIZE && n >= 0; sent += n > 0) {
            unsigned char next = (unsigned char)(sent % 251);

            n = send(world.far, &next, 1, 0);
        }
        go_on(&world);
        for (ssize_t n = 1; n > 0;) {
            unsigned char heard[4096];

            n = recv(world.near, heard, sizeof(heard), 0);
            for (ssize_t i = 0; i < n; i++)
                assert_int_equal(heard[i], got++ % 251);
        }
        go_on(&world);
    }
    assert_int_equal(world.ended, 0);
    close_world(&world);
}

/* Who asks and says that he has asked all is answered. */
static void test_half_closed(_unused_ void **state)
{
    struct world world;
    char byte;

    open_world(&world);
    assert_int_equal(send(world.near, "last", 4, 0), 4);
    assert_int_equal(shutdown(world.near, SHUT_WR), 0);
    assert_heard(&world, world.far, "last");
    assert_int_equal(recv(world.far, &byte, 1, 0), 0);
    assert_int_equal(world.ended, 0);
    assert_int_equal(send(world.far, "word", 4, 0), 4);
    assert_heard(&world, world.near, "word");
    assert_int_equal(world.ended, 0);
    close_world(&world);
}

static void test_the_far_side_ends(_unused_ void **state)
{
    struct world world;

    open_world(&world);
    assert_int_equal(send(world.far, "bye", 3, 0), 3);
    closep(&world.far);
    world.far = -1;
    assert_heard(&world, world.near, "bye");
    assert_int_equal(world.ended, 1);
    close_world(&world);
}

/* Who has left waits for nothing, whatever the far side is at. */
static void test_the_near_side_leaves(_unused_ void **state)
{
    struct world world;

    open_world(&world);
    assert_int_equal(send(world.near, "question", 8, 0), 8);
    go_on(&world);
    closep(&world.near);
    world.near = -1;
    go_on(&world);
    assert_int_equal(world.ended, 1);
    close_world(&world);
}

/* An end is heard once, and nobody is busy with it. */
static void test_an_end_is_not_heard_for_ever(_unused_ void **state)
{
    struct world world;

    open_world(&world);
    assert_int_equal(shutdown(world.near, SHUT_WR), 0);
    go_on(&world);
    assert_int_equal(sd_event_run(world.event, 0), 0);
    assert_int_equal(world.ended, 0);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_nobody_reads_for_a_while),
        cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_the_far_side_ends),
        cmocka_unit_test(test_the_near_side_leaves),
        cmocka_unit_test(test_an_end_is_not_heard_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
