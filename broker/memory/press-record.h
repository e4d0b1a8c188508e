/* A press: whose, of what, and what became of it; and the same as bytes, for the broker's memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/memory/memory.h"
#include "broker/outcome/outcome.h"
#include "common/person.h"
#include "common/rpc/wire-call.h"

/* The same word of another caller is another press, and so is that of another person who comes by the same
 * web front. */
struct press_key {
    uint32_t gate;
    uint32_t uid;
    char person[PERSON_NAME_SIZE]; /* "": nobody who is known, or the uid says it */
    char text[WIRE_PRESS_MAX + 1]; /* "": none */
};
bool press_key_same_caller(const struct press_key *a, const struct press_key *b);
/* None is the same as no other. */
bool press_key_same(const struct press_key *a, const struct press_key *b);

struct press {
    struct press_key key;
    char unit[UNIT_NAME_SIZE];
    unsigned verb;
    bool covered;           /* by a job that somebody else's press had begun */
    uint64_t serial;        /* of its job; 0: from before the broker was started */
    uint64_t usec;          /* CLOCK_MONOTONIC, when it was carried out */
    bool over;              /* the outcome is known, or will not be */
    struct outcome outcome; /* then */
};

enum { PRESS_BYTES_MAX = MEMORY_RECORD_MAX };

/* False when it does not fit. The record points into `bytes`. */
bool press_record_write(const struct press *press, uint8_t bytes[static PRESS_BYTES_MAX],
                        struct memory_record *ret);

/* False when one cannot know whose press it was. Of one whose job was not over, whose unit was still being
 * watched, or whose record is spoilt, the outcome is unknown. */
bool press_record_read(const struct memory_record *record, struct press *ret);
