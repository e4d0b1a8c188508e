/* A server with more to do than there is time for leaves turns of the loop to everything else on it: answers
 * that others wait for, clients that leave, timers. */
#include "common/http/http.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

enum { TURNS = 400 };

static void answer(struct http_request *request, _unused_ void *userdata)
{
    http_reply_text(request, 200, "hello");
}

static int setup(void **state)
{
    const struct http_limits limits = { .connections = 256,
                                        .body = 1024,
                                        .headers = 8192,
                                        .read_usec = 10000000,
                                        .write_usec = 10000000,
                                        .pending_max = 256 };

    return http_setup(state, AF_INET, &limits, 0, answer);
}

static int on_readable(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t events,
                       void *userdata)
{
    unsigned *turns = userdata;

    ++*turns;
    return 0;
}

static int on_time(sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    unsigned *turns = userdata;

    ++*turns;
    (void)sd_event_source_set_time_relative(source, 0);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* At each turn of the loop a few come, ask, and are gone: there is always one to take in, to answer, or to
 * close. */
static void flood(struct http_world *f)
{
    enum { AT_ONCE = 8 };
    int fds[AT_ONCE] = { -1, -1, -1, -1, -1, -1, -1, -1 };

    for (unsigned i = 0; i < TURNS; i++) {
        int *fd = &fds[i % AT_ONCE];

        closep(fd);
        *fd = dial(f);
        transmit(*fd, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        run(f, 1);
    }
    for (unsigned i = 0; i < AT_ONCE; i++)
        closep(&fds[i]);
}

static void test_others_have_turns(void **state)
{
    _cleanup_(sd_event_source_unrefp) sd_event_source *io = NULL, *timer = NULL;
    unsigned io_turns = 0, timer_turns = 0;
    struct http_world *f = *state;
    int fds[2];

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_true(sd_event_add_io(f->event, &io, fds[0], EPOLLIN, on_readable, &io_turns) >= 0);
    assert_true(sd_event_add_time_relative(f->event, &timer, CLOCK_MONOTONIC, 0, 1, on_time, &timer_turns) >=
                0);
    flood(f);
    assert_in_range(io_turns, TURNS / 10, TURNS);
    assert_in_range(timer_turns, TURNS / 10, TURNS);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

/* And what the server has to do is done, however much there is of everything else. */
static void test_it_has_turns(void **state)
{
    _cleanup_(sd_event_source_unrefp) sd_event_source *io = NULL, *timer = NULL;
    unsigned io_turns = 0, timer_turns = 0;
    struct http_world *f = *state;
    int fds[2], fd;

    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_true(sd_event_add_io(f->event, &io, fds[0], EPOLLIN, on_readable, &io_turns) >= 0);
    assert_true(sd_event_add_time_relative(f->event, &timer, CLOCK_MONOTONIC, 0, 1, on_time, &timer_turns) >=
                0);
    fd = dial(f);
    transmit(fd, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(receive(f, fd, "hello"), " 200 "));
    (void)close(fd);
    (void)close(fds[0]);
    (void)close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_others_have_turns, setup, http_teardown),
        cmocka_unit_test_setup_teardown(test_it_has_turns, setup, http_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
