/* The key is the person, the body what is signed out. */
#include <string.h>

#include "broker/memory/pack.h"
#include "broker/memory/signed-out.h"

/* Two little-endian numbers of eight bytes. */
static void pack_ticket_number(struct pack *pack, const uint8_t number[static TICKET_NUMBER_SIZE])
{
    uint64_t half[TICKET_NUMBER_SIZE / sizeof(uint64_t)];

    memcpy(half, number, sizeof(half));
    for (size_t i = 0; i < sizeof(half) / sizeof(*half); i++)
        pack_number(pack, half[i]);
}

static void unpack_ticket_number(struct unpack *unpack, uint8_t ret[static TICKET_NUMBER_SIZE])
{
    uint64_t half[TICKET_NUMBER_SIZE / sizeof(uint64_t)] = { 0 };

    for (size_t i = 0; i < sizeof(half) / sizeof(*half); i++)
        half[i] = unpack_number(unpack);
    memcpy(ret, half, sizeof(half));
}

bool signed_out_record_write(const struct signed_out_record *signed_out,
                             uint8_t bytes[static MEMORY_RECORD_MAX], struct memory_record *ret)
{
    struct pack pack = { .data = bytes, .size = MEMORY_RECORD_MAX };
    size_t key_size;

    pack_number(&pack, signed_out->known);
    pack_text(&pack, signed_out->name);
    key_size = pack.used;
    pack_number(&pack, signed_out->until);
    pack_number(&pack, signed_out->n);
    for (unsigned i = 0; i < signed_out->n; i++) {
        pack_number(&pack, signed_out->numbers[i].issued);
        pack_ticket_number(&pack, signed_out->numbers[i].number);
    }
    *ret = (struct memory_record){
        .key = bytes, .key_size = key_size, .body = bytes + key_size, .body_size = pack.used - key_size
    };
    return !pack.failed;
}

static bool read_key(const struct memory_record *record, struct signed_out_record *ret)
{
    struct unpack unpack = { .data = record->key, .size = record->key_size };
    uint64_t known;

    if (!record->key)
        return false;
    known = unpack_number(&unpack);
    unpack_text(&unpack, ret->name, sizeof(ret->name));
    ret->known = (enum person_known)known;
    return unpack_is_whole(&unpack) && known < PERSON_KNOWN &&
           (known == PERSON_NOBODY ? ret->name[0] == '\0' : person_name_valid(ret->name));
}

static bool read_body(const struct memory_record *record, struct signed_out_record *ret)
{
    struct unpack unpack = { .data = record->body, .size = record->body_size };
    uint64_t n;

    if (!record->body)
        return false;
    ret->until = unpack_number(&unpack);
    n = unpack_number(&unpack);
    if (n > SIGNED_OUT_NUMBERS_MAX)
        return false;
    for (; ret->n < n; ret->n++) {
        ret->numbers[ret->n].issued = unpack_number(&unpack);
        unpack_ticket_number(&unpack, ret->numbers[ret->n].number);
    }
    return unpack_is_whole(&unpack);
}

void signed_out_record_read(const struct memory_record *record, uint64_t now, struct signed_out_record *ret)
{
    struct signed_out_record read = { .known = PERSON_NOBODY };

    if (!read_key(record, &read))
        read = (struct signed_out_record){ .known = PERSON_NOBODY, .until = now };
    else if (!read_body(record, &read)) {
        read.until = now;
        read.n = 0;
    }
    *ret = read;
}
