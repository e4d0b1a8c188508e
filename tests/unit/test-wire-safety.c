/* By which wire a request came: only whoever sits on this machine may say that it was a safe one, and whoever
 * says nothing clear is not believed. */
#include "webfront/requests/wire-safety.h"

#include "tests/unit/test.h"

#define HTTPS_PAGE "https://panel.example"
#define HTTP_PAGE "http://panel.example"

static const struct safety_case {
    struct wire_signs signs;
    enum wire_safety expected;
} CASES[] = {
    /* Nobody in between: a program, a browser, a tunnel of ssh. */
    { { .near = true, .by_loopback = true }, WIRE_LOCAL },
    { { .near = true, .by_loopback = true, .origin = "http://127.0.0.1:8080" }, WIRE_LOCAL },
    /* By another name, it came from elsewhere, through something that added nothing. */
    { { .near = true }, WIRE_CLEARTEXT },
    { { .near = true, .origin = HTTP_PAGE }, WIRE_CLEARTEXT },
    { { .near = true, .by_loopback = true, .forwarded = true }, WIRE_CLEARTEXT },
    /* A proxy on this machine that says by which wire. */
    { { .near = true, .n_protos = 1, .proto = "https" }, WIRE_TLS },
    { { .near = true, .n_protos = 1, .proto = "HTTPS", .forwarded = true }, WIRE_TLS },
    { { .near = true, .n_protos = 1, .proto = "http" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "http", .origin = HTTPS_PAGE }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "https", .origin = HTTP_PAGE }, WIRE_TLS },
    /* One that says something odd. */
    { { .near = true, .n_protos = 1, .proto = "" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "https, http" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "http, https" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "https " }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "httpsx" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 1, .proto = "wss" }, WIRE_CLEARTEXT },
    { { .near = true, .n_protos = 2, .proto = "https" }, WIRE_CLEARTEXT },
    /* One that says nothing: the page that the browser was at does. */
    { { .near = true, .forwarded = true }, WIRE_CLEARTEXT },
    { { .near = true, .forwarded = true, .origin = HTTP_PAGE }, WIRE_CLEARTEXT },
    { { .near = true, .forwarded = true, .origin = HTTPS_PAGE }, WIRE_TLS },
    { { .near = true, .origin = HTTPS_PAGE }, WIRE_TLS },
    { { .near = true, .forwarded = true, .origin = "null" }, WIRE_CLEARTEXT },
    /* From another machine, whatever it says. */
    { { .near = false }, WIRE_CLEARTEXT },
    { { .n_protos = 1, .proto = "https" }, WIRE_CLEARTEXT },
    { { .origin = HTTPS_PAGE }, WIRE_CLEARTEXT },
    { { .n_protos = 1, .proto = "https", .origin = HTTPS_PAGE, .forwarded = true }, WIRE_CLEARTEXT },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        if (wire_judge(&CASES[i].signs) != CASES[i].expected)
            fail_msg("case %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
