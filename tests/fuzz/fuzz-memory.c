/* The broker's memory: whatever is in a slot, it is read within its bounds; what is made out of a record can
 * be written again, and is the same then. The first byte says how the rest is taken: as a slot, or as the key
 * (of as many bytes as the second one says) and the body of a record whose checksums fit. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "broker/memory.h"
#include "broker/press-record.h"
#include "broker/starts.h"

enum { NOW_USEC = 1000000 };

static void check_text(const char *text, size_t size)
{
    FUZZ_ASSERT(strnlen(text, size) < size);
    for (; *text; text++)
        FUZZ_ASSERT(*text >= ' ' && *text <= '~');
}

static void check_press(const struct memory_record *record)
{
    uint8_t bytes[PRESS_BYTES_MAX];
    struct memory_record written;
    struct press press, again;

    if (!press_record_read(record, &press))
        return;
    FUZZ_ASSERT(press_valid(press.key.text) && press.over && press.outcome.verdict < VERDICTS);
    check_text(press.unit, sizeof(press.unit));
    check_text(press.outcome.sentence, sizeof(press.outcome.sentence));
    check_text(press.outcome.result, sizeof(press.outcome.result));
    FUZZ_ASSERT(press_record_write(&press, bytes, &written) && press_record_read(&written, &again));
    FUZZ_ASSERT(strcmp(again.outcome.sentence, press.outcome.sentence) == 0 && again.usec == press.usec &&
                again.outcome.refusal == press.outcome.refusal);
}

static void check_start(const struct memory_record *record)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct memory_record written;
    struct start_record start, again;

    if (!start_record_read(record, NOW_USEC, &start))
        return;
    check_text(start.unit, sizeof(start.unit));
    FUZZ_ASSERT(start.last_usec <= NOW_USEC && start.n <= STARTS_STAMPS_MAX);
    FUZZ_ASSERT(start_record_write(&start, bytes, &written) && start_record_read(&written, NOW_USEC, &again));
    FUZZ_ASSERT(memcmp(&again, &start, sizeof(start)) == 0);
}

static void check_slot(const uint8_t *data, size_t size)
{
    uint8_t slot[MEMORY_SLOT_SIZE] = { 0 };
    struct memory_record record;

    memcpy(slot, data, size < sizeof(slot) ? size : sizeof(slot));
    if (memory_slot_read(slot, &record) == MEMORY_FREE)
        return;
    check_press(&record);
    check_start(&record);
}

static void check_record(const uint8_t *data, size_t size)
{
    size_t key_size = data[0] < size - 1 ? data[0] : size - 1;
    const struct memory_record record = {
        .key = data + 1, .key_size = key_size, .body = data + 1 + key_size, .body_size = size - 1 - key_size
    };

    check_press(&record);
    check_start(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == 's')
        check_slot(data + 1, size - 1);
    else if (size > 1)
        check_record(data + 1, size - 1);
    return 0;
}
