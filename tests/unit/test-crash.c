/* What a broker that comes after a crash knows of presses and of starts. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "broker/memory/memory.h"
#include "common/cleanup.h"
#include "tests/unit/job-world.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"

static int set_up_remembering(void **state)
{
    struct world *w;

    (void)set_up(state);
    w = *state;
    end_broker(w);
    w->memory = memory_directory();
    start_broker(w, 60 * USEC_PER_SEC);
    settle(w);
    return 0;
}

static int tear_down_forgetting(void **state)
{
    forget_all();
    return tear_down(state);
}

static void crash(struct world *w)
{
    end_broker(w);
    start_broker(w, 60 * USEC_PER_SEC);
    settle(w);
}

static struct caller *ask(struct world *w, unsigned i, const char *press, uint64_t cooldown_usec)
{
    const struct job_request request = { .unit = UNIT,
                                         .verb = VERB_RESTART,
                                         .grant = "policy.conf:1",
                                         .start_stopped = true,
                                         .cooldown_usec = cooldown_usec,
                                         .settle_usec = 60 * USEC_PER_SEC };
    struct job_caller as = { 0 };

    (void)snprintf(as.press.text, sizeof(as.press.text), "%s", press);
    (void)ask_for(w, i, &request, &as);
    settle(w);
    return &w->callers[i];
}

static void test_crash_during_the_call(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.restart = FAKE_HOLDS;
    (void)ask(w, 0, PRESS, 0);
    assert_int_equal(w->fake.n_restarts, 1);
    crash(w);
    c = ask(w, 1, PRESS, 0);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_true(c->outcome.repeated);
    assert_non_null(strstr(c->outcome.sentence, "the broker ended"));
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_crash_during_the_watch(void **state)
{
    struct world *w = *state;
    struct caller *c;

    (void)ask(w, 0, PRESS, 0);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_int_equal(w->callers[0].outcome.verdict, VERDICT_WATCHING);
    crash(w);
    c = ask(w, 1, PRESS, 0);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_non_null(strstr(c->outcome.sentence, "was restarted in "));
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_crash_afterwards(void **state)
{
    struct world *w = *state;
    struct caller *c;

    (void)ask(w, 0, PRESS, 0);
    w->fake.active_state = "failed";
    w->fake.result = "exit-code";
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    fake_job_ends(&w->fake, "failed");
    settle(w);
    assert_int_equal(w->callers[0].outcome.verdict, VERDICT_DOWN);
    crash(w);
    c = ask(w, 1, PRESS, 0);
    assert_int_equal(c->outcome.verdict, VERDICT_DOWN);
    assert_true(c->outcome.repeated);
    assert_string_equal(c->outcome.sentence, w->callers[0].outcome.sentence);
    assert_int_equal(w->fake.n_restarts, 1);
}

#define HOUR (3600 * USEC_PER_SEC)

/* A unit that has ended and was collected, or that a condition kept from starting, has no time stamps. */
static void restart_collected(struct world *w)
{
    w->fake.active_state = "inactive";
    w->fake.last_start_usec = 0;
    (void)ask(w, 0, "", HOUR);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_int_equal(w->callers[0].answers, 1);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_cooldown_without_time_stamps(void **state)
{
    struct world *w = *state;

    restart_collected(w);
    for (unsigned i = 1; i < 4; i++) {
        struct caller *c = ask(w, i, "", HOUR);

        assert_refused(c, REFUSAL_COOLDOWN);
        assert_true(c->outcome.retry_after > 3500);
        crash(w);
    }
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_cooldown_during_a_crash(void **state)
{
    struct world *w = *state;

    w->fake.active_state = "inactive";
    w->fake.restart = FAKE_HOLDS;
    (void)ask(w, 0, "", HOUR);
    assert_int_equal(w->fake.n_restarts, 1);
    crash(w);
    assert_refused(ask(w, 1, "", HOUR), REFUSAL_COOLDOWN);
}

/* Who was refused did not start it. */
static void test_refusal_starts_no_cooldown(void **state)
{
    struct world *w = *state;

    w->fake.restart = FAKE_REFUSES;
    assert_refused(ask(w, 0, "", HOUR), REFUSAL_POLKIT);
    crash(w);
    w->fake.restart = FAKE_RESTARTS;
    (void)ask(w, 1, "", HOUR);
    assert_int_equal(w->fake.n_restarts, 2);
}

static void spoil(const char *name, off_t offset)
{
    char path[MEMORY_PATH_SIZE];
    int fd;

    memory_path(name, path);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "\xff", 1, offset), 1);
    (void)close(fd);
}

/* What is spoilt counts as a start now: of that unit, or of all of which nothing is known. It ends with its
 * time, also when the broker ends often. */
static void test_spoilt_starts(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 2; i++) {
        uint64_t lost_usec;

        forget_all();
        crash(w);
        w->fake.n_restarts = 0;
        restart_collected(w);
        end_broker(w);
        spoil("starts", i == 0 ? 4 : MEMORY_HEADER_SIZE + 2 + (off_t)strlen(UNIT));
        start_broker(w, 60 * USEC_PER_SEC);
        settle(w);
        lost_usec = starts_last(w->starts, UNIT);
        assert_true(lost_usec > 0);
        assert_int_equal(starts_last(w->starts, "a@2.service") != 0, i == 0);
        assert_refused(ask(w, 1, "", HOUR), REFUSAL_COOLDOWN);
        crash(w);
        assert_true(starts_last(w->starts, UNIT) == lost_usec);
    }
}

/* The starts that count against a unit's limit need not keep the broker from its rest. */
static void test_start_limit(void **state)
{
    struct world *w = *state;

    w->fake.limit_interval_usec = HOUR;
    w->fake.limit_burst = 2;
    for (uint64_t i = 0; i < 2; i++) {
        w->fake.last_start_usec = clock_usec() - (2 - i) * 10 * USEC_PER_SEC;
        fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InactiveExitTimestampMonotonic");
        if (i == 0)
            (void)ask(w, 0, "", 0);
        fake_job_ends(&w->fake, "done");
        settle(w);
    }
    assert_false(units_remember(w->units, clock_usec()));
    crash(w);
    assert_refused(ask(w, 1, "", 0), REFUSAL_START_LIMIT);
}

static void test_table_of_starts(_unused_ void **state)
{
    struct start_record record = { 0 };
    struct memory *memory = NULL;
    struct starts *starts = NULL;

    assert_int_equal(memory_new(memory_directory(), "starts", STARTS_MAX, &memory), 0);
    assert_int_equal(starts_new(memory, 10000, &starts), 0);
    for (unsigned i = 0; i <= STARTS_MAX; i++) {
        (void)snprintf(record.unit, sizeof(record.unit), "a@%u.service", i);
        record.last_usec = 1 + i;
        assert_int_equal(starts_set(starts, &record), 0);
    }
    starts_free(starts);
    assert_int_equal(starts_new(memory, 10000, &starts), 0);
    assert_int_equal(starts_last(starts, "a@0.service"), 0);
    assert_int_equal(starts_last(starts, "a@1.service"), 2);
    assert_int_equal(starts_last(starts, record.unit), 1 + STARTS_MAX);
    starts_free(starts);
    /* Of a time to come: another boot's, or none. */
    assert_int_equal(starts_new(memory, 2, &starts), 0);
    assert_int_equal(starts_last(starts, record.unit), 2);
    starts_free(starts);
    memory_free(memory);
    forget_all();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_remembering, tear_down_forgetting)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_crash_during_the_call),
        TEST(test_crash_during_the_watch),
        TEST(test_crash_afterwards),
        TEST(test_cooldown_without_time_stamps),
        TEST(test_cooldown_during_a_crash),
        TEST(test_refusal_starts_no_cooldown),
        TEST(test_spoilt_starts),
        TEST(test_start_limit),
        cmocka_unit_test(test_table_of_starts),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
