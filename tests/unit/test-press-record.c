/* A press as it is kept for the next broker: read back it is the same, and what is cut off is never another
 * one. */
#include "broker/memory/press-record.h"

#include <string.h>

#include "broker/memory/press.h"
#include "common/cleanup.h"
#include "common/refusal.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"

/* At the end of a key, one after the other: what earlier versions did not write. */
enum {
    VERB_BYTES = sizeof(uint64_t),
    NO_PERSON_BYTES = sizeof(uint16_t),
    NOBODY_BEGAN_BYTES = sizeof(uint64_t) + sizeof(uint16_t), /* and whether he is somebody else */
};

static struct press whole_press(void)
{
    struct press press = {
        .key = { .gate = 1, .uid = 1000, .text = PRESS },
        .unit = "a@1.service",
        .verb = VERB_RELOAD,
        .usec = 4711,
        .over = true,
        .outcome = { .unit = "a@1.service",
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
        /* Without who began it is of a version that did not tell; without a person of one that knew no
         * people, and without the number before of one that knew one verb. */
        assert_int_equal(press_record_read(&cut, &read),
                         n == record.key_size - NOBODY_BEGAN_BYTES ||
                             n == record.key_size - NOBODY_BEGAN_BYTES - NO_PERSON_BYTES ||
                             n == record.key_size - NOBODY_BEGAN_BYTES - NO_PERSON_BYTES - VERB_BYTES);
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
    record.key_size -= NOBODY_BEGAN_BYTES + NO_PERSON_BYTES + VERB_BYTES;
    record.body_size -= sizeof(uint64_t);
    assert_true(press_record_read(&record, &read));
    assert_true(press_is_for(&read, press.unit, VERB_RESTART));
    assert_true(read.over);
    assert_int_equal(read.outcome.refusal, REFUSAL_UNKNOWN);
    assert_int_equal(read.outcome.verb, VERB_RESTART);
    assert_non_null(strstr(read.outcome.sentence, "may or may not have been restarted"));
}

static void test_press_of_a_person(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    press.key.uid = 0;
    (void)stpcpy(press.key.person, "anna");
    assert_true(press_record_write(&press, bytes, &record));
    assert_true(press_record_read(&record, &read));
    assert_memory_equal(&read, &press, sizeof(read));
    /* One that is cut is nobody else's. */
    for (size_t n = 1; n < NO_PERSON_BYTES + strlen("anna"); n++) {
        struct memory_record cut = record;

        cut.key_size -= NOBODY_BEGAN_BYTES + n;
        assert_false(press_record_read(&cut, &read));
    }
}

/* Who pressed while somebody else's was being carried out is told so by the next broker, too. */
static void test_press_that_was_covered(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    press.covered = true;
    (void)stpcpy(press.outcome.began_by, "anna");
    assert_true(press_record_write(&press, bytes, &record));
    assert_true(press_record_read(&record, &read));
    assert_memory_equal(&read, &press, sizeof(read));
    record.body = NULL;
    assert_true(press_record_read(&record, &read));
    assert_int_equal(read.outcome.refusal, REFUSAL_UNKNOWN);
    assert_string_equal(read.outcome.began_by, "anna");
}

static void test_longest_press_fits(_unused_ void **state)
{
    struct press press = whole_press(), read;
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record record;

    memset(press.key.text, 'x', WIRE_PRESS_MAX);
    memset(press.key.person, 'x', PERSON_NAME_MAX);
    memset(press.outcome.began_by, 'x', PERSON_NAME_MAX);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_press_record),       cmocka_unit_test(test_press_of_an_earlier_version),
        cmocka_unit_test(test_press_of_a_person),  cmocka_unit_test(test_press_that_was_covered),
        cmocka_unit_test(test_longest_press_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
