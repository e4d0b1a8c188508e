/* The text of /metrics, out of what the front has seen and the broker told, however odd. */
#include "webfront/pages/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static char *text_of(const struct wire_counter *counter, const char *results, const char *bounds,
                     const char *refusals)
{
    static const struct metrics_front FRONT = { .answered = { 0, 9, 0, 2, 1 },
                                                .logins = { 5, 4, 3, 2, 1 },
                                                .refusals = { [0] = 8, [15] = 6 },
                                                .connections = 3,
                                                .open_pages = 2,
                                                .start = 1000 };
    struct wire_counter counters[] = { *counter };
    const struct wire_metrics broker = { .results = results,
                                         .bounds = bounds,
                                         .refusals = refusals,
                                         .policy_in_force = true,
                                         .jobs = 1,
                                         .counters = counters,
                                         .n_counters = 1 };
    size_t size = 0;
    char *text = metrics_text(&FRONT, results ? &broker : NULL, &size);

    assert_int_equal(size, strlen(text));
    assert_int_equal(text[size - 1], '\n');
    return text;
}

static void assert_line(const char *text, const char *line)
{
    char copy[256] = "\n";

    (void)stpcpy(stpcpy(copy + 1, line), "\n");
    if (!strstr(text, copy))
        fail_msg("no %s in\n%s", line, text);
}

static const struct wire_counter WORKER = { "worker@.service", "restart", "1 7 0", "3 4 2",
                                            "12345678901234" };
#define WORKERS "{template=\"worker@.service\",verb=\"restart\""

static void test_all(_unused_ void **state)
{
    _cleanup_(freep) char *text = text_of(&WORKER, "unknown up failed", "10 250", "1 23");

    assert_line(text, "restarter_broker_up 1");
    assert_line(text, "restarter_policy_ok 0");
    assert_line(text, "restarter_policy_in_force 1");
    assert_line(text, "restarter_jobs 1");
    assert_line(text, "restarter_restarts_total" WORKERS ",result=\"unknown\"} 1");
    assert_line(text, "restarter_restarts_total" WORKERS ",result=\"up\"} 7");
    assert_null(strstr(text, "result=\"failed\""));
    assert_line(text, "restarter_restart_duration_seconds_bucket" WORKERS ",le=\"0.010\"} 3");
    assert_line(text, "restarter_restart_duration_seconds_bucket" WORKERS ",le=\"0.250\"} 7");
    assert_line(text, "restarter_restart_duration_seconds_bucket" WORKERS ",le=\"+Inf\"} 9");
    assert_line(text, "restarter_restart_duration_seconds_count" WORKERS "} 9");
    assert_line(text, "restarter_restart_duration_seconds_sum" WORKERS "} 12345678901.234");
    assert_line(text, "restarter_refusals_total{by=\"broker\",lock=\"policy file\",refusal=\"no-grant\"} 23");
    assert_line(text,
                "restarter_refusals_total{by=\"webfront\",lock=\"web front\",refusal=\"cross-site\"} 6");
    assert_line(text, "restarter_logins_total{outcome=\"passed\"} 5");
    assert_line(text, "restarter_logins_total{outcome=\"unavailable\"} 1");
    assert_line(text, "restarter_http_requests_total{code=\"2xx\"} 9");
    assert_line(text, "restarter_http_requests_total{code=\"5xx\"} 1");
    assert_line(text, "restarter_http_connections 3");
    assert_line(text, "restarter_open_pages 2");
    assert_line(text, "restarter_webfront_start_time_seconds 1000");
}

/* What the front knows is told without a broker. */
static void test_no_broker(_unused_ void **state)
{
    _cleanup_(freep) char *text = text_of(&WORKER, NULL, NULL, NULL);

    assert_line(text, "restarter_logins_total{outcome=\"wrong\"} 4");
    assert_non_null(strstr(text, "\nrestarter_broker_up 0\n"));
    assert_null(strstr(text, "restarts_total"));
    assert_null(strstr(text, "by=\"broker\""));
    assert_null(strstr(text, "machine"));
}

/* A broker that was taken over makes no label, and breaks no line. */
static void test_lies(_unused_ void **state)
{
    static const struct wire_counter COUNTERS[] = {
        { "a\"} 1\nevil 2", "restart", "1", "1", "1" },    { "", "restart", "1", "1", "1" },
        { "a@b@.service", "restart", "1", "1", "1" },      { "worker@.service", "start", "1", "1", "1" },
        { "worker@.service", "restart\"", "1", "1", "1" },
    };
    static const char *const NUMBERS[] = {
        "", "-1", "+1", " 1", "1x", "0x1", "1.5", "nan", "1\n2", "99999999999999999999999999", "a",
    };

    for (size_t i = 0; i < sizeof(COUNTERS) / sizeof(*COUNTERS); i++) {
        _cleanup_(freep) char *text = text_of(&COUNTERS[i], "up", "10", "1");

        assert_null(strstr(text, "evil"));
        assert_null(strstr(text, "template="));
    }
    for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(*NUMBERS); i++) {
        const struct wire_counter counter = { "worker@.service", "restart", NUMBERS[i], NUMBERS[i],
                                              NUMBERS[i] };
        _cleanup_(freep) char *text = text_of(&counter, "up", NUMBERS[i], NUMBERS[i]);

        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "} -"));
        assert_null(strstr(text, "x\n"));
    }
}

static void test_odd_words(_unused_ void **state)
{
    static const char *const WORDS[] = { "up\" 1\nevil", "UP",
                                         "up  up",       "",
                                         "a\xc3\xa9",    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

    for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++) {
        _cleanup_(freep) char *text = text_of(&WORKER, WORDS[i], "10", "1");

        assert_null(strstr(text, "evil"));
        assert_null(strstr(text, "UP"));
        assert_null(strstr(text, "aaaa"));
        assert_null(strstr(text, "result=\"\""));
    }
}

/* Those of other machines have a label with its name, in families of their own; nobody's silence is told that
 * was not asked. */
static void test_machines(_unused_ void **state)
{
    static const struct metrics_machine MACHINES[] = {
        { .name = "web1", .ended = { 1, 2, 3, 4, 5 }, .asked = true, .silent_sec = 40 },
        { .name = "web2.example.com", .asked = true },
        { .name = "web3" },
    };
    const struct metrics_front front = { .machines = MACHINES, .n_machines = 3 };
    size_t size = 0;
    _cleanup_(freep) char *text = metrics_text(&front, NULL, &size);

    assert_line(text, "# TYPE restarter_machine_restarts_total counter");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web1\",outcome=\"up\"} 1");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web1\",outcome=\"failed\"} 2");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web1\",outcome=\"refused\"} 3");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web1\",outcome=\"unknown\"} 4");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web1\",outcome=\"left\"} 5");
    assert_line(text, "restarter_machine_restarts_total{machine=\"web3\",outcome=\"up\"} 0");
    assert_line(text, "restarter_machine_silent_seconds{machine=\"web1\"} 40");
    assert_line(text, "restarter_machine_silent_seconds{machine=\"web2.example.com\"} 0");
    assert_null(strstr(text, "silent_seconds{machine=\"web3\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),       cmocka_unit_test(test_no_broker), cmocka_unit_test(test_lies),
        cmocka_unit_test(test_odd_words), cmocka_unit_test(test_machines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
