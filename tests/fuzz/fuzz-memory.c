/* The broker's memory: whatever is in a slot, it is read within its bounds; what is made out of a record can
 * be written again, and is the same then. The first byte says how the rest is taken: as a slot, or as the key
 * (of as many bytes as the second one says) and the body of a record whose checksums fit. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "broker/memory/memory.h"
#include "broker/memory/press-record.h"
#include "broker/memory/signed-out.h"
#include "broker/memory/starts.h"
#include "common/rpc/wire-call.h"

enum { NOW_USEC = 1000000, NOW_SEC = 1000 };

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
    FUZZ_ASSERT(wire_press_valid(press.key.text) && press.over && press.outcome.verdict < VERDICTS);
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
    FUZZ_ASSERT(strcmp(again.unit, start.unit) == 0 && again.last_usec == start.last_usec &&
                again.n == start.n);
    for (unsigned i = 0; i < start.n; i++)
        FUZZ_ASSERT(again.stamps[i] == start.stamps[i]);
}

static void check_signed_out(const struct memory_record *record)
{
    uint8_t bytes[MEMORY_RECORD_MAX];
    struct signed_out_record read, again;
    struct memory_record written;

    signed_out_record_read(record, NOW_SEC, &read);
    FUZZ_ASSERT(read.n <= SIGNED_OUT_NUMBERS_MAX && read.known < PERSON_KNOWN);
    FUZZ_ASSERT(read.known == PERSON_NOBODY ? read.name[0] == '\0' : person_name_valid(read.name));
    FUZZ_ASSERT(signed_out_record_write(&read, bytes, &written));
    signed_out_record_read(&written, NOW_SEC, &again);
    FUZZ_ASSERT(again.known == read.known && strcmp(again.name, read.name) == 0 &&
                again.until == read.until && again.n == read.n &&
                memcmp(again.numbers, read.numbers, read.n * sizeof(*read.numbers)) == 0);
}

static void check(const struct memory_record *record)
{
    check_signed_out(record);
    check_press(record);
    check_start(record);
}

/* The record in the bytes, whole or spoilt; `slot` is room for one. */
static int read_record(const uint8_t *data, size_t size, uint8_t slot[static MEMORY_SLOT_SIZE],
                       struct memory_record *ret)
{
    size_t key_size;

    if (size < 3)
        return MEMORY_FREE;
    if (data[0] == 's') {
        memcpy(slot, data + 1, size - 1 < MEMORY_SLOT_SIZE ? size - 1 : MEMORY_SLOT_SIZE);
        return memory_slot_read(slot, ret);
    }
    key_size = data[1] < size - 2 ? data[1] : size - 2;
    *ret = (struct memory_record){
        .key = data + 2, .key_size = key_size, .body = data + 2 + key_size, .body_size = size - 2 - key_size
    };
    return MEMORY_TAKEN;
}

/* It is whole, and about a press or a start. */
bool fuzz_passes(const uint8_t *data, size_t size)
{
    uint8_t slot[MEMORY_SLOT_SIZE] = { 0 };
    struct memory_record record;
    struct start_record start;
    struct press press;

    return read_record(data, size, slot, &record) == MEMORY_TAKEN &&
           (press_record_read(&record, &press) || start_record_read(&record, NOW_USEC, &start));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t slot[MEMORY_SLOT_SIZE] = { 0 };
    struct memory_record record;

    if (read_record(data, size, slot, &record) != MEMORY_FREE)
        check(&record);
    return 0;
}
