/* What outlives the broker, which ends whenever nobody needs it: records in a file of RuntimeDirectory=, on a
 * tmpfs, so that it is gone with the boot whose clock (CLOCK_MONOTONIC) its times are of. The file is a row
 * of slots of one size; a record is written into its slot in one go, and has checksums. So it is bounded,
 * nothing has to be tidied up, and what was torn or spoilt costs its own slot only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMORY_SLOT_SIZE = 2048,
    MEMORY_HEADER_SIZE = 16,
    MEMORY_RECORD_MAX = MEMORY_SLOT_SIZE - MEMORY_HEADER_SIZE, /* bytes of key and body together */
};

/* The key says whom the record is about, and has a checksum of its own: of a spoilt record one may still know
 * that. */
struct memory_record {
    const uint8_t *key, *body; /* NULL: that part is spoilt */
    size_t key_size, body_size;
};

enum { MEMORY_FREE, MEMORY_TAKEN, MEMORY_SPOILT };
/* What is in the bytes of one slot. MEMORY_SPOILT: one part at least. */
int memory_slot_read(const uint8_t slot[static MEMORY_SLOT_SIZE], struct memory_record *ret);
/* The number of bytes; 0 when the record is too big. */
size_t memory_slot_write(uint8_t slot[static MEMORY_SLOT_SIZE], const struct memory_record *record);

struct memory;
/* The file in `directory`; made if need be. Without a directory (NULL), or when the file cannot be used,
 * which is said in the journal, nothing is remembered, and all else works. -ENOMEM or 0. */
int memory_new(const char *directory, const char *name, unsigned n_slots, struct memory **ret);
struct memory *memory_free(struct memory *memory);

/* What is written outlives the broker. */
bool memory_works(const struct memory *memory);

/* Hands over each record that there is; the bytes are valid during the call. Spoilt ones as well. */
typedef void (*memory_take)(unsigned slot, const struct memory_record *record, void *userdata);
void memory_read(struct memory *memory, memory_take take, void *userdata);

/* False: it could not be written, and the broker's own end forgets it; that is said in the journal once. */
bool memory_write(struct memory *memory, unsigned slot, const struct memory_record *record);
void memory_clear(struct memory *memory, unsigned slot);
