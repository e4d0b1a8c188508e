/* What outlives the broker: the file and its slots, whatever became of them; and what a broker that comes
 * after a crash knows of presses and of starts. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/jobs/pack.h"
#include "broker/jobs/press-record.h"
#include "common/cleanup.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"

static char directory[] = "/tmp/restarter-memory-XXXXXX";

static void path_of(const char *name, char ret[static 128])
{
    (void)snprintf(ret, 128, "%s/%s", directory, name);
}

static void forget_all(void)
{
    char path[128];

    path_of("presses", path);
    (void)unlink(path);
    path_of("starts", path);
    (void)unlink(path);
}

static int make_directory(_unused_ void **state)
{
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(_unused_ void **state)
{
    forget_all();
    return rmdir(directory);
}

/* --- slots --- */

static void test_slot(_unused_ void **state)
{
    const struct memory_record record = {
        .key = (const uint8_t *)"who", .key_size = 3, .body = (const uint8_t *)"what", .body_size = 4
    };
    uint8_t slot[MEMORY_SLOT_SIZE] = { 0 };
    struct memory_record read;
    size_t size;

    assert_int_equal(memory_slot_read(slot, &read), MEMORY_FREE);
    size = memory_slot_write(slot, &record);
    assert_int_equal(size, MEMORY_HEADER_SIZE + 7);
    assert_int_equal(memory_slot_read(slot, &read), MEMORY_TAKEN);
    assert_int_equal(read.key_size, 3);
    assert_memory_equal(read.key, "who", 3);
    assert_memory_equal(read.body, "what", 4);
    /* Each bit of it that turns over is noticed, unless it makes the slot a free one. */
    for (size_t i = 0; i < 8 * size; i++) {
        slot[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(memory_slot_read(slot, &read), MEMORY_SPOILT);
        assert_int_equal(read.key != NULL, i / 8 >= MEMORY_HEADER_SIZE + 3 || (i / 8 >= 12 && i / 8 < 16) ||
                                               i / 8 == 6 || i / 8 == 7);
        slot[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

static void test_slot_is_bounded(_unused_ void **state)
{
    static const uint8_t bytes[MEMORY_SLOT_SIZE];
    uint8_t slot[MEMORY_SLOT_SIZE];
    struct memory_record record = {
        .key = bytes, .key_size = 1, .body = bytes, .body_size = MEMORY_RECORD_MAX - 1
    };

    assert_int_equal(memory_slot_write(slot, &record), MEMORY_SLOT_SIZE);
    assert_int_equal(memory_slot_read(slot, &record), MEMORY_TAKEN);
    record.key_size++;
    assert_int_equal(memory_slot_write(slot, &record), 0);
    memset(slot, 0xff, sizeof(slot));
    for (size_t i = 0; i < 4; i++)
        slot[i] = (uint8_t) "rsm1"[i];
    assert_int_equal(memory_slot_read(slot, &record), MEMORY_SPOILT);
}

/* --- the file --- */

static void count(_unused_ unsigned slot, _unused_ const struct memory_record *record, void *userdata)
{
    ++*(unsigned *)userdata;
}

static unsigned records_in(const char *where, unsigned n_slots)
{
    struct memory *memory = NULL;
    unsigned n = 0;

    assert_int_equal(memory_new(where, "presses", n_slots, &memory), 0);
    memory_read(memory, count, &n);
    memory_free(memory);
    return n;
}

static void write_records(unsigned n)
{
    const struct memory_record record = {
        .key = (const uint8_t *)"k", .key_size = 1, .body = (const uint8_t *)"b", .body_size = 1
    };
    struct memory *memory = NULL;

    assert_int_equal(memory_new(directory, "presses", 10, &memory), 0);
    assert_true(memory_works(memory));
    for (unsigned i = 0; i < n; i++)
        memory_write(memory, i, &record);
    memory_free(memory);
}

static void test_file(_unused_ void **state)
{
    struct memory *memory = NULL;
    char path[128];
    struct stat st;

    path_of("presses", path);
    write_records(11); /* one more than there is room for */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(records_in(directory, 10), 10);
    assert_int_equal(truncate(path, 3 * MEMORY_SLOT_SIZE + 17), 0);
    assert_int_equal(records_in(directory, 10), 4); /* the last one is spoilt, and that is told */
    /* Huge: no more than the slots is read. */
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    assert_int_equal(records_in(directory, 10), 4);
    assert_int_equal(memory_new(directory, "presses", 10, &memory), 0);
    memory_clear(memory, 0);
    memory_free(memory);
    assert_int_equal(records_in(directory, 10), 3);
    forget_all();
}

static void test_no_file(_unused_ void **state)
{
    struct memory *memory = NULL;
    char path[128];

    assert_int_equal(records_in(NULL, 10), 0);
    assert_int_equal(records_in("/nonexistent", 10), 0);
    path_of("presses", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(records_in(directory, 10), 0);
    forget_all();
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(memory_new(directory, "presses", 10, &memory), 0);
    assert_false(memory_works(memory));
    memory_clear(memory, 0);
    memory_free(memory);
    forget_all();
}

/* --- a press --- */

static struct press whole_press(void)
{
    struct press press = {
        .key = { .gate = 1, .uid = 1000, .text = PRESS },
        .unit = UNIT,
        .verb = VERB_RELOAD,
        .usec = 4711,
        .over = true,
        .outcome = { .unit = UNIT,
                     .verb = VERB_RELOAD,
                     .ran = true,
                     .reloaded = true,
                     .success = true,
                     .sentence = "It was restarted.",
                     .result = "done",
                     .usec = 5,
                     .callers = 3,
                     .verdict = VERDICT_FAILED,
                     .fell_usec = 40000,
                     .after = { .active_state = "failed",
                                .exec_main_status = -7,
                                .need_daemon_reload = true } },
    };

    return press;
}

static void test_press_record(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    assert_true(press_record_write(&press, bytes, &record));
    assert_true(press_record_read(&record, &read));
    assert_memory_equal(&read, &press, sizeof(read));
    /* Whatever is missing: an unknown outcome, or nothing at all; never another one. */
    for (size_t n = 0; n < press.outcome.callers + record.body_size; n++) {
        struct memory_record cut = record;

        cut.body_size = n;
        if (n != record.body_size) {
            assert_true(press_record_read(&cut, &read));
            assert_int_equal(read.outcome.refusal, REFUSAL_UNKNOWN);
        }
    }
    for (size_t n = 0; n < record.key_size; n++) {
        struct memory_record cut = record;

        cut.key_size = n;
        /* Without its last number it is of a version that knew one verb. */
        assert_int_equal(press_record_read(&cut, &read), n == record.key_size - sizeof(uint64_t));
    }
    record.body = NULL;
    assert_true(press_record_read(&record, &read));
    assert_int_equal(read.outcome.refusal, REFUSAL_UNKNOWN);
    assert_string_equal(read.key.text, PRESS);
}

/* What a version with one verb wrote: its press was carried out, and is not carried out again after the
 * upgrade. */
static void test_press_of_an_earlier_version(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    press.verb = press.outcome.verb = VERB_RESTART;
    assert_true(press_record_write(&press, bytes, &record));
    record.key_size -= sizeof(uint64_t);
    record.body_size -= sizeof(uint64_t);
    assert_true(press_record_read(&record, &read));
    assert_true(press_is_for(&read, press.unit, VERB_RESTART));
    assert_true(read.over);
    assert_int_equal(read.outcome.refusal, REFUSAL_UNKNOWN);
    assert_int_equal(read.outcome.verb, VERB_RESTART);
    assert_non_null(strstr(read.outcome.sentence, "may or may not have been restarted"));
}

static void test_longest_press_fits(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    memset(press.key.text, 'x', WIRE_PRESS_MAX);
    memset(press.unit, 'x', UNIT_NAME_SIZE - 1);
    memset(press.outcome.unit, 'x', UNIT_NAME_SIZE - 1);
    memset(press.outcome.sentence, 'x', SENTENCE_SIZE - 1);
    memset(press.outcome.result, 'x', UNIT_WORD_SIZE - 1);
    memset(press.outcome.after.active_state, 'x', UNIT_WORD_SIZE - 1);
    memset(press.outcome.after.sub_state, 'x', UNIT_WORD_SIZE - 1);
    memset(press.outcome.after.result, 'x', UNIT_WORD_SIZE - 1);
    memset(press.outcome.after.invocation_id, 'x', INVOCATION_ID_SIZE - 1);
    memset(press.outcome.invocation_before, 'x', INVOCATION_ID_SIZE - 1);
    assert_true(press_record_write(&press, bytes, &record));
    assert_true(press_record_read(&record, &read));
    assert_string_equal(read.outcome.sentence, press.outcome.sentence);
}

/* --- the broker after a crash --- */

static int set_up_remembering(void **state)
{
    struct world *w;

    (void)set_up(state);
    w = *state;
    end_broker(w);
    w->memory = directory;
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

    w->callers[i] = (struct caller){ .caller = { .done = on_done } };
    (void)snprintf(w->callers[i].caller.press.text, WIRE_PRESS_MAX + 1, "%s", press);
    jobs_ask(w->jobs, &request, &w->callers[i].caller);
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

/* --- starts --- */

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
    char path[128];
    int fd;

    path_of(name, path);
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

    assert_int_equal(memory_new(directory, "starts", STARTS_MAX, &memory), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slot),
        cmocka_unit_test(test_slot_is_bounded),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_press_record),
        cmocka_unit_test(test_press_of_an_earlier_version),
        cmocka_unit_test(test_longest_press_fits),
        cmocka_unit_test_setup_teardown(test_crash_during_the_call, set_up_remembering, tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_crash_during_the_watch, set_up_remembering,
                                        tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_crash_afterwards, set_up_remembering, tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_cooldown_without_time_stamps, set_up_remembering,
                                        tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_cooldown_during_a_crash, set_up_remembering,
                                        tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_refusal_starts_no_cooldown, set_up_remembering,
                                        tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_spoilt_starts, set_up_remembering, tear_down_forgetting),
        cmocka_unit_test_setup_teardown(test_start_limit, set_up_remembering, tear_down_forgetting),
        cmocka_unit_test(test_table_of_starts),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
