/* Who comes by a name that is not ours is told nothing of the machine, however his request is refused: every
 * refusal, every kind of Host, every method and every format. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define SECRET "secret-machine-7"
#define LONG_8K /* more than a request's headers may be */ "X: " X1K X1K X1K X1K X1K X1K X1K X1K X1K "\r\n"
#define X1K X256 X256 X256 X256
#define X256 X64 X64 X64 X64
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct host {
    const char *headers;
    bool ours;
} HOSTS[] = {
    { "Host: 127.0.0.1\r\n", true },
    { "Host: localhost:8080\r\n", true },
    { "Host: button.example\r\n", true },
    { "Host: evil.example\r\n", false },
    { "Host: 127.0.0.1.evil.example\r\n", false },
    { "", false },
    { "Host:\r\n", false },
    { "Host: 127.0.0.1\r\nHost: evil.example\r\n", false },
    { "Host: evil.example\r\nHost: 127.0.0.1\r\n", false },
    { "Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n", false },
    { "Host: 127.0.0.1 evil.example\r\n", false },
    { "Host: http://127.0.0.1/\r\n", false },
    { "Host: 127.0.0.1:99999\r\n", false },
    { "Host: [::1\r\n", false },
    { "Host: \xff\xfe\r\n", false },
};

/* What else is there to refuse; "" as the method stands for all. */
static const struct trouble {
    const char *method, *path, *headers, *body, *version;
    bool always_refused; /* by whatever name */
} TROUBLES[] = {
    { "", "/", "", "", "HTTP/1.1", false },
    { "", "/nothing-here", "", "", "HTTP/1.1", true },
    { "", "/%00", "", "", "HTTP/1.1", true },
    { "", "/", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "HTTP/1.1", true },
    { "", "/", "Content-Length: 1\r\nContent-Length: 2\r\n", "xx", "HTTP/1.1", true },
    { "", "/", "Content-Length: x\r\n", "", "HTTP/1.1", true },
    { "", "/restart", "Content-Length: 99999\r\n", "", "HTTP/1.1", true },
    { "", "/", LONG_8K, "", "HTTP/1.1", true },
    { "", "/", "", "", "HTTP/1.0", false },
    { "", "/", "", "", "HTTP/1.2", true },
    { "", "/", "", "", "HTTP/9.9", true },
    { "POST", "/restart", "Content-Length: 2\r\nOrigin: http://evil.example\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/restart", "Content-Length: 2\r\nSec-Fetch-Site: cross-site\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/restart", "Content-Length: 2\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/restart", "Content-Length: 2\r\nContent-Type: text/plain\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/restart?x", "Content-Length: 2\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/restart", "Content-Length: 14\r\nContent-Type: application/x-www-form-urlencoded\r\n",
      "service_id=../", "HTTP/1.1", true },
    { "POST", "/RPC2", "Content-Length: 2\r\nContent-Type: text/xml\r\n", "xx", "HTTP/1.1", false },
    { "POST", "/RPC2", "Content-Length: 2\r\n", "xx", "HTTP/1.1", true },
    { "POST", "/", "Content-Length: 2\r\n", "xx", "HTTP/1.1", true },
    { "GET", "/restart", "", "", "HTTP/1.1", true },
    { "GET", "/api/instances", "", "", "HTTP/1.1", false },
    { "GET", "/healthz", "", "", "HTTP/1.1", false },
    { "GET", "/style.css", "", "", "HTTP/1.1", false },
};

static const char *const METHODS[] = { "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "get", "X" };
static const char *const ACCEPTS[] = {
    "",
    "Accept: text/html\r\n",
    "Accept: application/json\r\n",
    "Accept: text/plain\r\n",
    "Accept: */*\r\n",
    "Accept: \xff\r\n",
};

static unsigned answers, pages_of_ours;

static void check(const char *request, const char *answer, const struct host *host, bool refused)
{
    bool told = strstr(answer, SECRET) != NULL;

    answers += strncmp(answer, "HTTP/1.1 ", 9) == 0;
    pages_of_ours += told;
    if (told && !host->ours)
        fail_msg("%s\nis told by\n%s", request, answer);
    /* A page that says no is still to be read: its style sheet is anybody's. */
    if (strncmp(answer, "HTTP/1.1 2", 10) == 0 && (refused || !host->ours) && !strstr(request, "/style.css"))
        fail_msg("%s\nis answered\n%s", request, answer);
}

static void ask(struct web *web, const struct trouble *trouble, const char *method, const struct host *host)
{
    static char request[32 * 1024];

    for (size_t i = 0; i < sizeof(ACCEPTS) / sizeof(*ACCEPTS); i++) {
        (void)snprintf(request, sizeof(request), "%s %s %s\r\n%s%s%sConnection: close\r\n\r\n%s", method,
                       trouble->path, trouble->version, host->headers, ACCEPTS[i], trouble->headers,
                       trouble->body);
        check(request, web_ask(web, request), host, trouble->always_refused);
    }
}

/* Every one of them, or every 21st where SHARE=5: by that step each line of each table is met. */
static unsigned step(void)
{
    unsigned share = random_rounds(100);

    return share < 100 ? 100 / (share > 0 ? share : 1) + 1 : 1;
}

static void ask_all(struct web *web)
{
    unsigned n = 0, every = step();

    for (size_t t = 0; t < sizeof(TROUBLES) / sizeof(*TROUBLES); t++)
        for (size_t h = 0; h < sizeof(HOSTS) / sizeof(*HOSTS); h++)
            for (size_t m = 0; m < sizeof(METHODS) / sizeof(*METHODS); m++) {
                const char *method = *TROUBLES[t].method ? TROUBLES[t].method : METHODS[m];

                if (n++ % every == 0)
                    ask(web, &TROUBLES[t], method, &HOSTS[h]);
                if (*TROUBLES[t].method)
                    break;
            }
}

static void test_refusals(void **state)
{
    struct web *web = *state;

    (void)stpcpy(web->settings.machine, SECRET);
    answers = pages_of_ours = 0;
    ask_all(web);
    /* The test would notice: who comes by a name of ours is told. */
    assert_true(answers > 5000 / step() && pages_of_ours > 500 / step());
}

/* With nobody behind it, with too much under way, and while it ends. */
static void test_refusals_in_trouble(void **state)
{
    struct web *web = *state;

    (void)stpcpy(web->settings.machine, SECRET);
    web_stop_broker(web);
    ask_all(web);
    calls_stop(webfront_parts(web->front)->calls);
    ask_all(web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refusals, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_refusals_in_trouble, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
