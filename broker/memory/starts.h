/* When units were last started, beyond what systemd remembers (nothing of one that has ended and was
 * collected) and beyond the broker's own life: for Cooldown=, and for the starts that count against
 * StartLimitBurst=. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/memory/memory.h"
#include "common/unit-name.h"

enum {
    STARTS_MAX = 1024,      /* units; the one that was started longest ago makes room */
    STARTS_STAMPS_MAX = 32, /* starts of one unit that count against its limit */
};

struct start_record {
    char unit[UNIT_NAME_SIZE];
    uint64_t last_usec; /* CLOCK_MONOTONIC */
    unsigned n;
    uint64_t stamps[STARTS_STAMPS_MAX];
};

struct starts;
/* Reads what there is in the memory, which stays the caller's and has STARTS_MAX slots. A start that it tells
 * of a time to come, and whatever is spoilt, counts as one now: of the unit, where that is known, or else of
 * every unit that nothing is known of. */
int starts_new(struct memory *memory, uint64_t now_usec, struct starts **ret);
struct starts *starts_free(struct starts *starts);

/* NULL when nothing is known. */
const struct start_record *starts_find(const struct starts *starts, const char *unit);
/* When the unit was last started, as far as can be told; 0: never. */
uint64_t starts_last(const struct starts *starts, const char *unit);
/* Takes the place of what was known. -ENOMEM or 0. */
int starts_set(struct starts *starts, const struct start_record *record);

/* What is set outlives the broker. */
bool starts_outlive(const struct starts *starts);

/* As bytes. */
bool start_record_write(const struct start_record *start, uint8_t bytes[static MEMORY_RECORD_MAX],
                        struct memory_record *ret);
/* False when it is not known whom it is about. Spoilt: last started at `now_usec`. */
bool start_record_read(const struct memory_record *record, uint64_t now_usec, struct start_record *ret);
