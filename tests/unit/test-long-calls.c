/* Who wants one thing waits for nobody who sends many calls in one: those are read one by one, between what
 * everybody else wants, and of more than a few it is not even looked at what they want. */
#include "broker/calls/long-calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/test.h"

enum { CLIENTS = 1, CROWD = LONG_CALLS_MAX + 16 };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]*\nVerbs=restart\n";

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

#define PART                                                                                                 \
    "<value><struct><member><name>methodName</name><value>system.listMethods</value></member>"               \
    "<member><name>params</name><value><array><data></data></array></value></member></struct></value>"

/* As many as may be. */
static void send_many(int fd)
{
    char body[RPC_CALL_MAX], head[160];
    size_t n = (size_t)snprintf(body, sizeof(body),
                                "<?xml version=\"1.0\"?><methodCall><methodName>system.multicall</methodName>"
                                "<params><param><value><array><data>");
    int length;

    for (int i = 0; i < WIRE_PARTS_MAX; i++)
        n += (size_t)snprintf(body + n, sizeof(body) - n, "%s", PART);
    n +=
        (size_t)snprintf(body + n, sizeof(body) - n, "</data></array></value></param></params></methodCall>");
    assert_true(n > LONG_CALL && n < sizeof(body));
    length = snprintf(
        head, sizeof(head),
        "POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n", n);
    assert_int_equal(send(fd, head, (size_t)length, 0), length);
    assert_int_equal(send(fd, body, n, 0), n);
}

static int connect_to(const struct broker_world *w)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", w->paths[CLIENTS]);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static bool is_answered(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static unsigned count_answered(const int *fds, unsigned n)
{
    unsigned answered = 0;

    for (unsigned i = 0; i < n; i++)
        answered += is_answered(fds[i]);
    return answered;
}

static void close_all(const int *fds, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        (void)close(fds[i]);
}

static void begin_crowd(const struct broker_world *w, int *fds, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        fds[i] = connect_to(w);
        send_many(fds[i]);
    }
}

static void test_one_thing_comes_between(void **state)
{
    struct broker_world *w = *state;
    int fds[LONG_CALLS_MAX];

    begin_crowd(w, fds, LONG_CALLS_MAX);
    wait_for(w, begin(w, 0, "system.listMethods", NULL));
    assert_true(count_answered(fds, LONG_CALLS_MAX) < LONG_CALLS_MAX / 2);
    while (count_answered(fds, LONG_CALLS_MAX) < LONG_CALLS_MAX)
        turn(w);
    close_all(fds, LONG_CALLS_MAX);
}

static bool is_refused(int fd)
{
    char answer[4096];
    ssize_t n = recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);

    answer[n > 0 ? n : 0] = '\0';
    return strstr(answer, "too many others wait for several calls in one") != NULL;
}

/* They are told so, as by its method, and the others are answered. */
static void test_more_than_a_few(void **state)
{
    struct broker_world *w = *state;
    int fds[CROWD];
    unsigned n_refused = 0;

    begin_crowd(w, fds, CROWD);
    while (count_answered(fds, CROWD) < CROWD)
        turn(w);
    for (unsigned i = 0; i < CROWD; i++)
        n_refused += is_refused(fds[i]);
    assert_in_range(n_refused, 1, CROWD - LONG_CALLS_MAX);
    close_all(fds, CROWD);
}

/* Who leaves before his turn leaves nothing behind. */
static void test_they_leave(void **state)
{
    struct broker_world *w = *state;
    int fds[LONG_CALLS_MAX];

    begin_crowd(w, fds, LONG_CALLS_MAX);
    turn(w);
    close_all(fds, LONG_CALLS_MAX);
    begin_crowd(w, fds, LONG_CALLS_MAX);
    wait_for(w, begin(w, 0, "system.listMethods", NULL));
    while (count_answered(fds, LONG_CALLS_MAX) < LONG_CALLS_MAX)
        turn(w);
    close_all(fds, LONG_CALLS_MAX);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_thing_comes_between),
        TEST(test_more_than_a_few),
        TEST(test_they_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
