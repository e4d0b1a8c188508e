/* What counts as success, which error on the bus means what, and the sentences about both. */
#include "broker/outcome/outcome.h"

#include <stdio.h>
#include <string.h>

#include "broker/outcome/sentence.h"
#include "broker/outcome/sentence-ended.h"
#include "broker/systemd/bus-fault.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "tests/unit/test.h"

#define BUS "org.freedesktop.DBus"
#define PID1 ":1.1"
#define LOOK " 'journalctl -u a@1.service' may say why."

static const struct success_case {
    const char *result, *active, *service_result, *type;
    bool success;
    const char *invocation_after; /* NULL: a new one */
} SUCCESS[] = {
    { "done", "active", "success", "simple", true, NULL },
    { "done", "active", "exit-code", "notify", true, NULL },
    { "done", "reloading", "success", "notify", true, NULL },
    { "done", "refreshing", "success", "notify", true, NULL },
    { "done", "inactive", "success", "oneshot", true, NULL },
    { "done", "inactive", "success", "simple", false, NULL },
    /* Conditions that were not met: nothing was started. */
    { "done", "inactive", "success", "oneshot", false, "before" },
    { "done", "inactive", "success", "oneshot", false, "" },
    { "done", "inactive", "exit-code", "oneshot", false, NULL },
    { "done", "failed", "exit-code", "oneshot", false, NULL },
    { "done", "failed", "exit-code", "simple", false, NULL },
    { "done", "activating", "success", "simple", false, NULL },
    { "done", "deactivating", "success", "simple", false, NULL },
    { "done", "maintenance", "success", "simple", false, NULL },
    { "done", "", "", "", false, NULL },
    { "failed", "failed", "exit-code", "notify", false, NULL },
    /* The unit may well be up, but not because of this job. */
    { "failed", "active", "success", "simple", false, NULL },
    { "canceled", "active", "success", "simple", false, NULL },
    { "timeout", "active", "success", "simple", false, NULL },
    { "dependency", "active", "success", "simple", false, NULL },
    { "skipped", "active", "success", "simple", false, NULL },
    { "invalid", "active", "success", "simple", false, NULL },
    { "assert", "active", "success", "simple", false, NULL },
    { "unsupported", "active", "success", "simple", false, NULL },
    { "collected", "active", "success", "simple", false, NULL },
    { "once", "active", "success", "simple", false, NULL },
    { "frozen", "active", "success", "simple", false, NULL },
    { "frobnicated", "active", "success", "simple", false, NULL },
    { "Done", "active", "success", "simple", false, NULL },
    { "", "active", "success", "simple", false, NULL },
};

static struct outcome outcome_of(const struct success_case *c)
{
    struct outcome o = {
        .unit = "a@1.service",
        .usec = 12400,
        .invocation_before = "before",
        .after = { .exec_main_status = 66 },
    };

    (void)snprintf(o.result, sizeof(o.result), "%s", c->result);
    (void)snprintf(o.after.active_state, sizeof(o.after.active_state), "%s", c->active);
    (void)snprintf(o.after.sub_state, sizeof(o.after.sub_state), "%s", "sub");
    (void)snprintf(o.after.result, sizeof(o.after.result), "%s", c->service_result);
    (void)snprintf(o.after.invocation_id, sizeof(o.after.invocation_id), "%s",
                   c->invocation_after ? c->invocation_after : "after");
    (void)snprintf(o.after.type, sizeof(o.after.type), "%s", c->type);
    return o;
}

static void test_success(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(SUCCESS) / sizeof(*SUCCESS); i++) {
        const struct success_case *c = &SUCCESS[i];
        struct outcome o = outcome_of(c);

        if (verdict_is_good(outcome_at_end(&o)) != c->success)
            fail_msg("%s, %s, %s, %s", c->result, c->active, c->service_result, c->type);
    }
}

static void test_end_sentences(_unused_ void **state)
{
    const struct {
        struct success_case end;
        const char *sentence;
    } cases[] = {
        { { "done", "active", "success", "simple", true, NULL }, "a@1.service was restarted in 12 ms." },
        { { "done", "inactive", "success", "oneshot", true, NULL },
          "a@1.service ran once more and ended well after 12 ms." },
        { { "done", "failed", "exit-code", "simple", false, NULL },
          "a@1.service was restarted in 12 ms, but failed at once (exit-code, exit status 66). "
          "'journalctl -u a@1.service' may say why." },
        { { "done", "failed", "signal", "simple", false, NULL },
          "a@1.service was restarted in 12 ms, but failed at once (signal 66). "
          "'journalctl -u a@1.service' may say why." },
        { { "done", "inactive", "success", "simple", false, NULL },
          "a@1.service was restarted in 12 ms, but ended at once without an error: it is inactive (sub). "
          "'journalctl -u a@1.service' may say why." },
        { { "done", "inactive", "success", "oneshot", false, "before" },
          "a@1.service was not started again, as when a condition in its unit file is not met: it is "
          "inactive "
          "(sub). 'systemctl status a@1.service' may say why." },
        { { "canceled", "activating", "success", "notify", false, NULL },
          "a@1.service was started again, but not to a good end: its job ended with 'canceled', and it is "
          "activating (sub). 'journalctl -u a@1.service' may say why." },
        { { "failed", "failed", "timeout", "notify", false, "" },
          "a@1.service was not restarted: its job ended with 'failed', and it is failed (timeout). "
          "'journalctl -u "
          "a@1.service' may say why." },
        { { "canceled", "deactivating", "success", "simple", false, "before" },
          "a@1.service was not restarted: its job ended with 'canceled', and it is deactivating (sub). "
          "'journalctl -u "
          "a@1.service' may say why." },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct outcome o = outcome_of(&cases[i].end);

        o.verdict = outcome_at_end(&o);
        unit_state_describe_result(&o.after, o.fall, sizeof(o.fall));
        o.refusal = REFUSAL_UNKNOWN;
        sentence_ended(&o);
        assert_string_equal(o.sentence, cases[i].sentence);
        assert_int_equal(o.refusal, 0);
    }
}

/* Whatever is said of the watch. */
static void test_watch_sentences(_unused_ void **state)
{
    const struct {
        struct outcome outcome;
        const char *sentence;
    } cases[] = {
        { { .verdict = VERDICT_UP, .watched_usec = 1000000 }, ", and was still up 1 s later." },
        { { .verdict = VERDICT_UP, .watched_usec = 300400, .cut = "when it was restarted anew" },
          ", and was still up 300 ms later, when it was restarted anew." },
        { { .verdict = VERDICT_WATCHING, .settle_usec = 2500000 }, ", and is being watched for 2.5 s." },
        { { .verdict = VERDICT_WATCHING, .watched_usec = 3000000, .settle_usec = 60000000 },
          ", was still up 3 s later, and is being watched for 60 s in all." },
        { { .verdict = VERDICT_FAILED, .fell_usec = 40000, .fall = "exit-code, exit status 7" },
          ", but failed 40 ms later (exit-code, exit status 7)." LOOK },
        { { .verdict = VERDICT_FAILED,
            .fell_usec = 40000,
            .fall = "signal 11",
            .restarts = 4,
            .after = { .active_state = "failed", .result = "start-limit-hit" } },
          ", but failed 40 ms later (signal 11); systemd started it again 4 times, and now it is failed "
          "(start-limit-hit)." LOOK },
        { { .verdict = VERDICT_ENDED,
            .fell_usec = 40000,
            .after = { .active_state = "inactive", .sub_state = "dead", .result = "success" } },
          ", but ended 40 ms later without an error: it is inactive (dead)." LOOK },
        { { .verdict = VERDICT_RESTARTING,
            .fell_usec = 2000,
            .fall = "exit-code, exit status 1",
            .restarts = 3,
            .watched_usec = 1000000 },
          ", but failed 2 ms later (exit-code, exit status 1); systemd is restarting it again and again (3 "
          "times "
          "in 1 s)." LOOK },
        { { .verdict = VERDICT_RESTARTING, .restarts = 1, .watched_usec = 1000000 },
          ", but did not stay up; it was started again meanwhile (once in 1 s)." LOOK },
        { { .verdict = VERDICT_RESTARTING, .fell_usec = 2000, .fall = "signal 9" },
          ", but failed 2 ms later (signal 9); systemd is about to start it again." LOOK },
        { { .verdict = VERDICT_UP, .held_usec = 850000 },
          ". (Before that it was held back for 850 ms, so that clicks do not use up its start limit.)" },
        { { .verdict = VERDICT_UP, .after = { .need_daemon_reload = true } },
          ". A file of the unit has changed on disk; systemd goes by the old one until 'systemctl "
          "daemon-reload'." },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct outcome o = cases[i].outcome;
        char sentence[SENTENCE_SIZE];

        (void)snprintf(o.unit, sizeof(o.unit), "a@1.service");
        o.usec = 11200;
        sentence_ended(&o);
        (void)snprintf(sentence, sizeof(sentence), "a@1.service was restarted in 11 ms%s", cases[i].sentence);
        assert_string_equal(o.sentence, sentence);
    }
}

static void test_faults(_unused_ void **state)
{
    const struct {
        const char *name, *sender;
        enum bus_fault fault;
    } cases[] = {
        { "org.freedesktop.DBus.Error.AccessDenied", PID1, BUS_FAULT_RULE },
        { "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", PID1, BUS_FAULT_RULE },
        { "org.freedesktop.PolicyKit1.Error.Failed", PID1, BUS_FAULT_RULE },
        { "org.freedesktop.DBus.Error.AccessDenied", BUS, BUS_FAULT_POLICY },
        { "org.freedesktop.DBus.Error.NoReply", PID1, BUS_FAULT_STALLED },
        { "org.freedesktop.DBus.Error.TimedOut", PID1, BUS_FAULT_STALLED },
        { "org.freedesktop.DBus.Error.NoReply", BUS, BUS_FAULT_NO_REPLY },
        { "org.freedesktop.DBus.Error.NoReply", NULL, BUS_FAULT_NO_REPLY },
        { "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Local", BUS_FAULT_NO_REPLY },
        { "org.freedesktop.DBus.Error.ServiceUnknown", BUS, BUS_FAULT_NOT_THERE },
        { "org.freedesktop.DBus.Error.LimitsExceeded", BUS, BUS_FAULT_NOT_THERE },
        { "org.freedesktop.DBus.Error.Spawn.ChildExited", BUS, BUS_FAULT_NOT_THERE },
        { "org.freedesktop.DBus.Error.UnknownObject", PID1, BUS_FAULT_NO_OBJECT },
        { "org.freedesktop.systemd1.NoSuchUnit", PID1, BUS_FAULT_NO_UNIT },
        { "org.freedesktop.systemd1.OnlyByDependency", PID1, BUS_FAULT_BY_DEPENDENCY },
        { "org.freedesktop.systemd1.OnlyByDependency", BUS, BUS_FAULT_NOT_THERE },
        { "org.freedesktop.systemd1.UnitMasked", PID1, BUS_FAULT_SYSTEMD },
        { "org.freedesktop.systemd1.BadUnitSetting", PID1, BUS_FAULT_SYSTEMD },
        { "what.is.This", PID1, BUS_FAULT_SYSTEMD },
        { NULL, PID1, BUS_FAULT_NO_REPLY },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (bus_fault_from_error(cases[i].name, cases[i].sender) != cases[i].fault)
            fail_msg("%s from %s", cases[i].name ? cases[i].name : "NULL",
                     cases[i].sender ? cases[i].sender : "NULL");
}

static void test_fault_sentences(_unused_ void **state)
{
    const struct {
        const char *names; /* what the sentence has to name */
        uint64_t seconds;
        enum bus_fault fault;
        int refusal;
    } cases[] = {
        { "/etc/polkit-1/rules.d/50-restarter.rules", 0, BUS_FAULT_RULE, REFUSAL_POLKIT },
        { "polkitd", 15, BUS_FAULT_RULE, REFUSAL_STALLED },
        { "25 s", 25, BUS_FAULT_STALLED, REFUSAL_STALLED },
        { "/usr/share/dbus-1/system.d/restarter.conf", 0, BUS_FAULT_POLICY, REFUSAL_BUS },
        { "a@1.service", 0, BUS_FAULT_NO_UNIT, REFUSAL_NO_UNIT },
        { "RefuseManualStop=", 0, BUS_FAULT_BY_DEPENDENCY, REFUSAL_SYSTEMD },
        { "its own words", 0, BUS_FAULT_SYSTEMD, REFUSAL_SYSTEMD },
        { "its own words", 0, BUS_FAULT_NO_OBJECT, REFUSAL_SYSTEMD },
        { "Nothing was restarted", 0, BUS_FAULT_NOT_THERE, REFUSAL_UNAVAILABLE },
        { "may or may not", 60, BUS_FAULT_NO_REPLY, REFUSAL_UNKNOWN },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct outcome o = { .unit = "a@1.service" };

        sentence_not_done(&o, cases[i].fault, "its own words", cases[i].seconds * USEC_PER_SEC);
        assert_int_equal(o.refusal, cases[i].refusal);
        assert_non_null(strstr(o.sentence, cases[i].names));
        /* Who is told that nothing was restarted may try again; else he must look first. */
        assert_true((strstr(o.sentence, "Nothing was restarted") != NULL) == (o.refusal != REFUSAL_UNKNOWN));
    }
}

static void test_read_faults(_unused_ void **state)
{
    const struct {
        enum bus_fault fault;
        int refusal;
    } cases[] = {
        { BUS_FAULT_POLICY, REFUSAL_BUS },
        { BUS_FAULT_NO_REPLY, REFUSAL_UNAVAILABLE },
        { BUS_FAULT_NOT_THERE, REFUSAL_UNAVAILABLE },
        { BUS_FAULT_SYSTEMD, REFUSAL_SYSTEMD },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct outcome o = { .unit = "a@1.service" };

        sentence_not_read(&o, cases[i].fault, "text");
        assert_int_equal(o.refusal, cases[i].refusal);
        assert_ptr_equal(strstr(o.sentence, "Nothing was restarted: "), o.sentence);
    }
}

/* The longest names fit, with room for what is said about them. */
static void test_long_names(_unused_ void **state)
{
    struct outcome o = { .result = "failed", .after = { .active_state = "failed", .result = "exit-code" } };

    memset(o.unit, 'x', sizeof(o.unit) - 1);
    o.verdict = VERDICT_DOWN;
    o.held_usec = 900000;
    o.after.need_daemon_reload = true;
    sentence_ended(&o);
    assert_non_null(strstr(o.sentence, "may say why."));
    assert_non_null(strstr(o.sentence, "'systemctl daemon-reload'."));
    sentence_load_state(&o, "error");
    assert_non_null(strstr(o.sentence, "says why."));
    sentence_start_limit(&o, &(struct start_limit){ .interval_usec = 1, .burst = 1 }, UINT64_MAX);
    assert_non_null(strstr(o.sentence, "would open it."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),         cmocka_unit_test(test_end_sentences),
        cmocka_unit_test(test_watch_sentences), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_fault_sentences), cmocka_unit_test(test_read_faults),
        cmocka_unit_test(test_long_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
