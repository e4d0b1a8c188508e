/* Where somebody sits: what a proxy on this machine says last, and otherwise the sender's own address. */
#include "webfront/requests/client.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

static const struct http_limits LIMITS = { .connections = 8,
                                           .body = 64,
                                           .headers = 8192,
                                           .read_usec = 10000000,
                                           .write_usec = 10000000,
                                           .pending_max = 4 };

static void handle(struct http_request *request, _unused_ void *userdata)
{
    char address[HTTP_ADDRESS_SIZE];

    assert_true(http_request_is_near(request));
    http_reply_text(request, 200, client_address(request, address));
}

static int setup_unix(void **state)
{
    return http_setup(state, AF_UNIX, &LIMITS, 0, handle);
}

static int setup_loopback(void **state)
{
    return http_setup(state, AF_INET, &LIMITS, 0, handle);
}

static const char *ask(struct http_world *world, const char *headers)
{
    char request[2048], *answer;
    int fd = dial(world);

    (void)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n",
                   headers);
    transmit(fd, request);
    answer = receive(world, fd, NULL);
    (void)close(fd);
    assert_non_null(strstr(answer, "\r\n\r\n"));
    answer = strstr(answer, "\r\n\r\n") + 4;
    answer[strcspn(answer, "\n")] = '\0';
    return answer;
}

/* NULL: the sender's own. */
static const struct forwarded_case {
    const char *headers, *address;
} CASES[] = {
    { "", NULL },
    { "X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7" },
    { "x-forwarded-for:   192.0.2.7  \r\n", "192.0.2.7" },
    { "X-Forwarded-For: 192.0.2.7:4711\r\n", "192.0.2.7" },
    { "X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n", "192.0.2.7" },
    { "X-Forwarded-For: junk <b>,192.0.2.7\r\n", "192.0.2.7" },
    { "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7" },
    { "X-Forwarded-For: 2001:DB8:0::1\r\n", "[2001:db8::1]" },
    { "X-Forwarded-For: [2001:db8::1]\r\n", "[2001:db8::1]" },
    { "X-Forwarded-For: [2001:db8::1]:4711\r\n", "[2001:db8::1]" },
    { "X-Forwarded-For:\r\n", NULL },
    { "X-Forwarded-For: ,\r\n", NULL },
    { "X-Forwarded-For: 192.0.2.7,\r\n", NULL },
    { "X-Forwarded-For: 192.0.2.7, junk\r\n", NULL },
    { "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: junk\r\n", NULL },
    { "X-Forwarded-For: 192.0.2.7 192.0.2.8\r\n", NULL },
    { "X-Forwarded-For: 192.0.2.777\r\n", NULL },
    { "X-Forwarded-For: 0300.0.2.7\r\n", NULL },
    { "X-Forwarded-For: 192.0.2\r\n", NULL },
    { "X-Forwarded-For: unknown\r\n", NULL },
    { "X-Forwarded-For: local\r\n", NULL },
    { "X-Forwarded-For: fe80::1%eth0\r\n", NULL },
    { "X-Forwarded-For: [2001:db8::1\r\n", NULL },
    { "X-Forwarded-For: 1111111111111111111111111111111111111111111111111111111111111111111111111\r\n",
      NULL },
    { "Forwarded: for=192.0.2.7\r\nX_Forwarded_For: 192.0.2.7\r\nX-Real-IP: 192.0.2.7\r\n", NULL },
};

static void check_cases(struct http_world *world, const char *own)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const char *address = ask(world, CASES[i].headers), *wanted = CASES[i].address;

        if (wanted ? strcmp(address, wanted) != 0 : strncmp(address, own, strlen(own)) != 0)
            fail_msg("%s was taken for: %s", CASES[i].headers, address);
    }
}

static void test_by_a_unix_socket(void **state)
{
    check_cases(*state, "local");
}

static void test_over_loopback(void **state)
{
    check_cases(*state, "127.0.0.1:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_a_unix_socket, setup_unix, http_teardown),
        cmocka_unit_test_setup_teardown(test_over_loopback, setup_loopback, http_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
