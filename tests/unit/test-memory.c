/* What outlives the broker: the file and its slots, whatever became of them. */
#include "broker/memory/memory.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/test.h"

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

    assert_int_equal(memory_new(memory_directory(), "presses", 10, &memory), 0);
    assert_true(memory_works(memory));
    for (unsigned i = 0; i < n; i++)
        memory_write(memory, i, &record);
    memory_free(memory);
}

static void test_file(_unused_ void **state)
{
    struct memory *memory = NULL;
    char path[MEMORY_PATH_SIZE];
    struct stat st;

    memory_path("presses", path);
    write_records(11); /* one more than there is room for */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(records_in(memory_directory(), 10), 10);
    assert_int_equal(truncate(path, 3 * MEMORY_SLOT_SIZE + 17), 0);
    assert_int_equal(records_in(memory_directory(), 10), 4); /* the last one is spoilt, and that is told */
    /* Huge: no more than the slots is read. */
    assert_int_equal(truncate(path, (off_t)1 << 40), 0);
    assert_int_equal(records_in(memory_directory(), 10), 4);
    assert_int_equal(memory_new(memory_directory(), "presses", 10, &memory), 0);
    memory_clear(memory, 0);
    memory_free(memory);
    assert_int_equal(records_in(memory_directory(), 10), 3);
    forget_all();
}

static void test_no_file(_unused_ void **state)
{
    struct memory *memory = NULL;
    char path[MEMORY_PATH_SIZE];

    assert_int_equal(records_in(NULL, 10), 0);
    assert_int_equal(records_in("/nonexistent", 10), 0);
    memory_path("presses", path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(records_in(memory_directory(), 10), 0);
    forget_all();
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(memory_new(memory_directory(), "presses", 10, &memory), 0);
    assert_false(memory_works(memory));
    memory_clear(memory, 0);
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
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
